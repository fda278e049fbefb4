//! Signing in at the site's own sign-in: who is on their way there, which tickets were shown, and whose number it is.

use crate::{AccountId, Pool, Result, SiteId, session::Way};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;

/// How long somebody may take to come back.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How long a ticket that was shown is remembered: longer than any CAS server honours one.
pub const TICKET_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who sets out.
#[derive(Clone, Copy, Debug)]
pub struct NewAttempt<'a> {
    /// SHA-256 of the state that will come back in the address.
    pub state_hash: &'a [u8; 32],
    /// SHA-256 of the browser's cookie.
    pub browser_hash: &'a [u8; 32],
    /// Where they go.
    pub destination: Destination<'a>,
    /// The path of ours to go on to afterwards.
    pub next: &'a str,
}

/// Where somebody goes to sign in.
#[derive(Clone, Copy, Debug)]
pub enum Destination<'a> {
    /// The OpenID provider.
    Oidc {
        /// What the ID token has to repeat.
        nonce: &'a str,
        /// The PKCE verifier (RFC 7636).
        verifier: &'a str,
    },
    /// The CAS server.
    Cas,
}

impl Destination<'_> {
    fn way(self) -> Way {
        match self {
            Destination::Oidc { .. } => Way::Oidc,
            Destination::Cas => Way::Cas,
        }
    }
}

/// Somebody who came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What the ID token has to repeat; empty for CAS.
    pub nonce: String,
    /// The PKCE verifier; empty for CAS.
    pub verifier: String,
    /// The path of ours to go on to.
    pub next: String,
}

/// Notes that somebody sets out.
pub async fn set_out(pool: &Pool, site: SiteId, new: NewAttempt<'_>, now: Timestamp) -> Result<()> {
    let (nonce, verifier) = match new.destination {
        Destination::Oidc { nonce, verifier } => (Some(nonce), Some(verifier)),
        Destination::Cas => (None, None),
    };
    sqlx::query!(
        "insert into sign_in_attempt
             (site_id, state_hash, browser_hash, way, nonce, verifier, next, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        site.0,
        new.state_hash.as_slice(),
        new.browser_hash.as_slice(),
        new.destination.way().as_str(),
        nonce,
        verifier,
        new.next,
        now.to_sqlx(),
        (now + LIFETIME).to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Whoever set out in this browser with this state, once: of two returns at the same time one finds it. `None` for everybody else, whose
/// asking uses nothing up.
pub async fn come_back(
    pool: &Pool,
    site: SiteId,
    way: Way,
    state_hash: &[u8; 32],
    browser_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Attempt>> {
    let row = sqlx::query!(
        "delete from sign_in_attempt
         where site_id = $1 and state_hash = $2 and browser_hash = $3 and way = $4 and expires_at > $5
         returning nonce, verifier, next",
        site.0,
        state_hash.as_slice(),
        browser_hash.as_slice(),
        way.as_str(),
        now.to_sqlx(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Attempt {
        nonce: row.nonce.unwrap_or_default(),
        verifier: row.verifier.unwrap_or_default(),
        next: row.next,
    }))
}

/// Spends a CAS ticket. False when it was shown before.
pub async fn spend_ticket(pool: &Pool, site: SiteId, ticket_hash: &[u8; 32], now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "insert into spent_ticket (site_id, ticket_hash, expires_at) values ($1, $2, $3)
         on conflict (site_id, ticket_hash) do nothing",
        site.0,
        ticket_hash.as_slice(),
        (now + TICKET_MEMORY).to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What the register says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has it.
    Unknown,
    /// Whoever has it belongs to the site no more.
    Left,
    /// The account of whoever has it may not sign in.
    Disabled,
    /// Whose it is.
    Known(AccountId),
}

/// Whose number it is, written as [`pass::person::person_number`] keeps it.
pub async fn whose(pool: &Pool, site: SiteId, number: &str) -> Result<Standing> {
    let row = sqlx::query!(
        r#"
        select p.account_id, p.left_at is not null as "left!", a.disabled_at is not null as "disabled!"
        from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
        where p.site_id = $1 and p.number = $2
        "#,
        site.0,
        number,
    )
    .fetch_optional(pool)
    .await?;
    Ok(match row {
        None => Standing::Unknown,
        Some(row) if row.left => Standing::Left,
        Some(row) if row.disabled => Standing::Disabled,
        Some(row) => Standing::Known(AccountId(row.account_id)),
    })
}

/// Forgets who never came back, and tickets that no server honours any more. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, now: Timestamp) -> Result<u64> {
    let attempts = sqlx::query!(
        "delete from sign_in_attempt where site_id = $1 and expires_at <= $2",
        site.0,
        now.to_sqlx()
    )
    .execute(pool)
    .await?;
    let tickets = sqlx::query!(
        "delete from spent_ticket where site_id = $1 and expires_at <= $2",
        site.0,
        now.to_sqlx()
    )
    .execute(pool)
    .await?;
    Ok(attempts.rows_affected() + tickets.rows_affected())
}
