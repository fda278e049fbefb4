//! Who is asking: sessions, found by the hash of the cookie's token.

use crate::{
    AccountId, HouseholdId, Pool, Result, SiteId, UnitId,
    account::{self, Grant},
    household::Household,
    person::{self, Person},
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::{household::Address, role::Role};

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without being used.
    pub idle: SignedDuration,
    /// In all.
    pub most: SignedDuration,
}

/// Who asks, with everything a page needs to know to decide what they may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The site that was asked.
    pub site: SiteId,
    /// Who.
    pub account: AccountId,
    /// The name people see; may be empty.
    pub display_name: String,
    /// Their telephone.
    pub phone: Option<String>,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// The household that the office confirmed for them.
    pub household: Option<Household>,
    /// Who they are in the register of staff and students, unless they left.
    pub person: Option<Person>,
}

impl Viewer {
    /// Whether they have a role in the whole site. One granted for a zone alone says nothing about the site's common affairs.
    pub fn has(&self, role: Role) -> bool {
        self.grants.contains(&Grant::whole(role))
    }

    /// The roles they have: in the whole site, or in a part of it where that is enough.
    pub fn duties(&self) -> Vec<Role> {
        let held = |grant: &&Grant| grant.role.reaches_to(grant.at.reach());
        self.grants.iter().filter(held).map(|grant| grant.role).collect()
    }
}

/// Begins a session for somebody who proved to have the account's telephone. `token_hash` is SHA-256 of the cookie's token. False when
/// the account may not sign in.
pub async fn begin(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    token_hash: &[u8; 32],
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<bool> {
    insert(pool, site, account, None, token_hash, lifetime, now).await
}

/// [`begin`] for somebody who proved to know the password with the hash `verified`. False also when it is another one by now: hashing
/// takes a while, and a session must not outlive the password it began with.
pub async fn begin_with_password(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    verified: &str,
    token_hash: &[u8; 32],
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<bool> {
    insert(pool, site, account, Some(verified), token_hash, lifetime, now).await
}

async fn insert(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    verified: Option<&str>,
    token_hash: &[u8; 32],
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<bool> {
    let ends_at = now + lifetime.most;
    let done = sqlx::query!(
        // The lock lets a change of the account end first, and looks at what it left; or that change waits, and ends this session.
        "insert into session
             (site_id, token_hash, account_id, created_at, last_seen_at, expires_at, idle_seconds, ends_at)
         select site_id, $2, account_id, $4, $4, $5, $6, $7 from account
         where site_id = $1 and account_id = $3 and disabled_at is null
             and ($8::text is null or password_hash = $8
                 -- A password is given to those who belong to the site.
                 and not exists (select from person p
                     where p.site_id = $1 and p.account_id = $3 and p.left_at is not null))
         for share",
        site.0,
        token_hash.as_slice(),
        account.0,
        now.to_sqlx(),
        (now + lifetime.idle).min(ends_at).to_sqlx(),
        i32::try_from(lifetime.idle.as_secs()).unwrap_or(i32::MAX),
        ends_at.to_sqlx(),
        verified,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who has the session, in one query. Using it prolongs it; that is written down at most once a minute, so that reading pages
/// seldom writes.
pub async fn viewer(
    pool: &Pool,
    site: SiteId,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Viewer>> {
    let row = sqlx::query!(
        r#"
        with prolonged as (
            update session set
                last_seen_at = $3,
                expires_at = least(ends_at, $3::timestamptz + make_interval(secs => idle_seconds))
            where site_id = $1 and token_hash = $2 and expires_at > $3 and last_seen_at <= $4
        )
        select a.account_id, a.display_name, a.phone,
            array(select role from role_grant g
                  where g.site_id = $1 and g.account_id = a.account_id and l.left_at is null order by grant_id) as "roles!",
            array(select zone_no from role_grant g
                  where g.site_id = $1 and g.account_id = a.account_id and l.left_at is null order by grant_id)
                as "zones!: Vec<Option<i16>>",
            array(select unit_id from role_grant g
                  where g.site_id = $1 and g.account_id = a.account_id and l.left_at is null order by grant_id)
                as "units!: Vec<Option<uuid::Uuid>>",
            p.number as "number?", p.kind as "kind?", p.unit_id as "unit_id?",
            h.household_id as "household_id?", h.community as "community?", h.building as "building?",
            h.door as "door?", h.householder as "householder?"
        from session s
        join account a on a.site_id = s.site_id and a.account_id = s.account_id
        left join household_claim c
            on c.site_id = s.site_id and c.account_id = s.account_id and c.state = 'confirmed'
        left join household h on h.site_id = c.site_id and h.household_id = c.household_id
        left join person p on p.site_id = s.site_id and p.account_id = s.account_id and p.left_at is null
        -- Whoever left keeps what they were granted, and may do none of it until they are back.
        left join person l on l.site_id = s.site_id and l.account_id = s.account_id
        where s.site_id = $1 and s.token_hash = $2 and s.expires_at > $3 and a.disabled_at is null
        "#,
        site.0,
        token_hash.as_slice(),
        now.to_sqlx(),
        (now - SignedDuration::from_mins(1)).to_sqlx(),
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let household = match (
        row.household_id,
        row.community,
        row.building,
        row.door,
        row.householder,
    ) {
        (Some(id), Some(community), Some(building), Some(door), Some(householder)) => Some(Household {
            id: HouseholdId(id),
            address: Address {
                community,
                building,
                door,
            },
            householder,
        }),
        _ => None,
    };
    let person = match (row.number, row.kind, row.unit_id) {
        (Some(number), Some(kind), Some(unit)) => Some(Person {
            account: AccountId(row.account_id),
            number,
            name: row.display_name.clone(),
            kind: person::kind(&kind)?,
            unit: UnitId(unit),
        }),
        _ => None,
    };
    let places = row.zones.into_iter().zip(row.units);
    let grants = row.roles.into_iter().zip(places);
    Ok(Some(Viewer {
        site,
        account: AccountId(row.account_id),
        display_name: row.display_name,
        phone: row.phone,
        grants: account::grants(grants.map(|(role, (zone, unit))| (role, zone, unit)))?,
        household,
        person,
    }))
}

/// Ends a session.
pub async fn end(pool: &Pool, site: SiteId, token_hash: &[u8; 32]) -> Result<()> {
    sqlx::query!(
        "delete from session where site_id = $1 and token_hash = $2",
        site.0,
        token_hash.as_slice()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Ends every session of an account. Returns how many.
pub async fn end_all(pool: &Pool, site: SiteId, account: AccountId) -> Result<u64> {
    let done = sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2",
        site.0,
        account.0
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets sessions that are over. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from session where site_id = $1 and expires_at <= $2",
        site.0,
        now.to_sqlx()
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
