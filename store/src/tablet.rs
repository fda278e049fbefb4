//! Tablets (核验终端) and the one-time codes they enrol with.

use crate::{AccountId, Conflict, Error, Pool, Result, SiteId, error::OnConstraint};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::{CheckpointId, PublicKey, TabletId, TabletPublic};
use uuid::Uuid;

/// How long an enrolment code works.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// An enrolled tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tablet {
    /// Its name and key.
    pub public: TabletPublic,
    /// Where it stands.
    pub checkpoint: CheckpointId,
    /// What people call it.
    pub name: String,
    /// When it enrolled.
    pub enrolled_at: Timestamp,
    /// When it last talked to the server.
    pub last_seen_at: Timestamp,
    /// The highest contiguous number of its events that the server holds.
    pub acknowledged: u64,
    /// Since when it is trusted no more.
    pub revoked_at: Option<Timestamp>,
}

/// A code that is to be shown to a tablet.
#[derive(Clone, Copy, Debug)]
pub struct NewCode<'a> {
    /// SHA-256 over site and code.
    pub code_hash: &'a [u8; 32],
    /// Where the tablet will stand.
    pub checkpoint: CheckpointId,
    /// What the tablet will be called.
    pub name: &'a str,
    /// The administrator.
    pub by: AccountId,
}

/// Makes an enrolment code. Returns until when it works.
///
/// # Errors
/// [`Conflict::Unknown`] when the site has no such checkpoint or account.
pub async fn create_code(pool: &Pool, site: SiteId, new: NewCode<'_>, now: Timestamp) -> Result<Timestamp> {
    let expires_at = now + CODE_LIFETIME;
    sqlx::query!(
        "insert into enrolment_code
             (site_id, code_hash, checkpoint_id, name, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        site.0,
        new.code_hash.as_slice(),
        Uuid::from_bytes(new.checkpoint.0),
        new.name,
        new.by.0,
        now.to_sqlx(),
        expires_at.to_sqlx(),
    )
    .execute(pool)
    .await
    .on_constraint("enrolment_code_site_id_checkpoint_id_fkey", Conflict::Unknown)
    .on_constraint("enrolment_code_site_id_created_by_fkey", Conflict::Unknown)?;
    Ok(expires_at)
}

/// The tablets that a clause picks.
macro_rules! tablets {
    ($which:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "select tablet_id, checkpoint_id, name, public_key, enrolled_at, last_seen_at, acknowledged, revoked_at
             from tablet " + $which,
            $($argument),+
        )
    };
}

/// Enrols a tablet with a code. One statement uses the code up and makes the tablet, so of two at once exactly one enrols. While the code
/// is not over, the same key is answered with the same tablet again: the first answer may have been lost. `None` when the code is unknown,
/// over, or used with another key, or its checkpoint closed.
///
/// # Errors
/// [`Conflict::KeyEnrolled`] when the key enrolled with another code; then this one is not used up.
pub async fn enrol(
    pool: &Pool,
    site: SiteId,
    code_hash: &[u8; 32],
    key: &PublicKey,
    now: Timestamp,
) -> Result<Option<Tablet>> {
    let row = sqlx::query_as!(
        Row,
        "with used as (
             update enrolment_code e set used_at = $5, tablet_id = $3
             from checkpoint c
             where e.site_id = $1 and e.code_hash = $2 and e.used_at is null and e.expires_at > $5
                 and c.site_id = e.site_id and c.checkpoint_id = e.checkpoint_id and c.closed_at is null
             returning e.checkpoint_id, e.name
         )
         insert into tablet (site_id, tablet_id, checkpoint_id, name, public_key, enrolled_at, last_seen_at)
         select $1, $3, checkpoint_id, name, $4, $5, $5 from used
         returning tablet_id, checkpoint_id, name, public_key, enrolled_at, last_seen_at, acknowledged, revoked_at",
        site.0,
        code_hash.as_slice(),
        Uuid::new_v4(),
        key.as_bytes().as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(pool)
    .await
    .on_constraint("tablet_public_key_key", Conflict::KeyEnrolled)?;
    match row {
        Some(row) => Tablet::try_from(row).map(Some),
        None => enrolled_before(pool, site, code_hash, key, now).await,
    }
}

/// The tablet that this key enrolled as with this code, while the code is not over.
async fn enrolled_before(
    pool: &Pool,
    site: SiteId,
    code_hash: &[u8; 32],
    key: &PublicKey,
    now: Timestamp,
) -> Result<Option<Tablet>> {
    let row = tablets!(
        "where site_id = $1 and public_key = $2 and revoked_at is null and tablet_id = (
             select e.tablet_id from enrolment_code e
             where e.site_id = $1 and e.code_hash = $3 and e.expires_at > $4
         )",
        site.0,
        key.as_bytes().as_slice(),
        code_hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_optional(pool)
    .await?;
    row.map(Tablet::try_from).transpose()
}

/// Whether there is a code that was never used and is over, so that its reader can be told to ask for another.
pub async fn code_is_over(pool: &Pool, site: SiteId, code_hash: &[u8; 32], now: Timestamp) -> Result<bool> {
    let over = sqlx::query_scalar!(
        r#"
        select exists (
            select from enrolment_code
            where site_id = $1 and code_hash = $2 and used_at is null and expires_at <= $3
        ) as "over!"
        "#,
        site.0,
        code_hash.as_slice(),
        now.to_sqlx(),
    )
    .fetch_one(pool)
    .await?;
    Ok(over)
}

/// A tablet.
pub async fn get(pool: &Pool, site: SiteId, id: TabletId) -> Result<Option<Tablet>> {
    let row = tablets!(
        "where site_id = $1 and tablet_id = $2",
        site.0,
        Uuid::from_bytes(id.0)
    )
    .fetch_optional(pool)
    .await?;
    row.map(Tablet::try_from).transpose()
}

/// The tablets of the site, the newest first; revoked ones too.
pub async fn list(pool: &Pool, site: SiteId) -> Result<Vec<Tablet>> {
    let rows = tablets!("where site_id = $1 order by enrolled_at desc, tablet_id", site.0)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Tablet::try_from).collect()
}

/// Notes that a tablet talked to the server.
pub async fn seen(pool: &Pool, site: SiteId, id: TabletId, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "update tablet set last_seen_at = $3 where site_id = $1 and tablet_id = $2 and last_seen_at < $3",
        site.0,
        Uuid::from_bytes(id.0),
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Trusts a tablet no more. What it sent before stays. False when it was revoked before or there is none.
pub async fn revoke(pool: &Pool, site: SiteId, id: TabletId, by: AccountId, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "update tablet set revoked_at = $3, revoked_by = $4
         where site_id = $1 and tablet_id = $2 and revoked_at is null",
        site.0,
        Uuid::from_bytes(id.0),
        now.to_sqlx(),
        by.0,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets enrolment codes that nobody used and that expired before an instant. Returns how many.
pub async fn purge_codes(pool: &Pool, site: SiteId, before: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from enrolment_code where site_id = $1 and used_at is null and expires_at < $2",
        site.0,
        before.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

struct Row {
    tablet_id: Uuid,
    checkpoint_id: Uuid,
    name: String,
    public_key: Vec<u8>,
    enrolled_at: jiff_sqlx::Timestamp,
    last_seen_at: jiff_sqlx::Timestamp,
    acknowledged: i64,
    revoked_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Tablet {
    type Error = Error;

    fn try_from(row: Row) -> Result<Tablet> {
        let id = TabletId(row.tablet_id.into_bytes());
        Ok(Tablet {
            public: TabletPublic {
                id,
                key: crate::public_key(&row.public_key)?,
            },
            checkpoint: CheckpointId(row.checkpoint_id.into_bytes()),
            name: row.name,
            enrolled_at: row.enrolled_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
            acknowledged: row.acknowledged.unsigned_abs(),
            revoked_at: row.revoked_at.map(|at| at.to_jiff()),
        })
    }
}
