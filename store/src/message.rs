//! The outbox: messages are written in the transaction of what caused them, and sent by a job afterwards.

use crate::{Cursor, MessageId, Page, Pool, Result, SiteId, page};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

/// How often sending is tried before the message counts as failed.
pub const TRIES: i16 = 8;

/// The wait after the first failure; it doubles with each further one.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// A message that is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub id: MessageId,
    /// The telephone number.
    pub recipient: String,
    /// What it says.
    pub body: String,
    /// Which try this is, from 1. Names the claim: an older claim's outcome is not taken any more.
    pub attempt: i16,
}

/// A message as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub id: MessageId,
    /// The telephone number.
    pub recipient: String,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was handed over.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub failed_at: Option<Timestamp>,
    /// How often sending was tried.
    pub attempts: i16,
    /// What the last try met.
    pub last_error: Option<String>,
}

/// Writes an SMS in the caller's transaction.
pub async fn enqueue(
    connection: &mut PgConnection,
    site: SiteId,
    recipient: &str,
    body: &str,
    now: Timestamp,
) -> Result<MessageId> {
    let id = MessageId::new();
    sqlx::query!(
        "insert into message (site_id, message_id, channel, recipient, body, created_at, due_at)
         values ($1, $2, 'sms', $3, $4, $5, $5)",
        site.0,
        id.0,
        recipient,
        body,
        now.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Takes at most `limit` messages that are due, oldest first. They are this caller's for `lease`; then, unless [`sent`] or [`failed`] was
/// said, anybody may take them again. Two callers never take one message at the same time.
pub async fn claim_due(
    pool: &Pool,
    site: SiteId,
    limit: u16,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<Vec<Due>> {
    let rows = sqlx::query!(
        "update message set attempts = attempts + 1, due_at = $3
         where site_id = $1 and message_id in (
             select message_id from message
             where site_id = $1 and due_at <= $2 and sent_at is null and failed_at is null
             order by due_at limit $4 for update skip locked
         )
         returning message_id, recipient, body, attempts, created_at",
        site.0,
        now.to_sqlx(),
        (now + lease).to_sqlx(),
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    let mut due: Vec<_> = rows
        .into_iter()
        .map(|row| (row.created_at, row.message_id, row))
        .collect();
    due.sort_by_key(|(at, id, _)| (*at, *id));
    Ok(due
        .into_iter()
        .map(|(_, id, row)| Due {
            id: MessageId(id),
            recipient: row.recipient,
            body: row.body,
            attempt: row.attempts,
        })
        .collect())
}

/// The message was handed over. False when the claim is not this caller's any more.
pub async fn sent(pool: &Pool, site: SiteId, due: &Due, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "update message set sent_at = $4, last_error = null
         where site_id = $1 and message_id = $2 and attempts = $3 and sent_at is null",
        site.0,
        due.id.0,
        due.attempt,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sending failed with `error` (for the operator): it is tried again later, or given up after [`TRIES`]. False when the claim is not this
/// caller's any more.
pub async fn failed(pool: &Pool, site: SiteId, due: &Due, error: &str, now: Timestamp) -> Result<bool> {
    let doublings = u32::try_from(due.attempt - 1).unwrap_or(0).min(16);
    let retry_at = now + FIRST_WAIT * 2_i32.pow(doublings);
    let done = sqlx::query!(
        "update message set
             last_error = $4, due_at = $5, failed_at = case when attempts >= $6 then $7::timestamptz end
         where site_id = $1 and message_id = $2 and attempts = $3 and sent_at is null",
        site.0,
        due.id.0,
        due.attempt,
        error,
        retry_at.to_sqlx(),
        TRIES,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The site's messages, newest first.
pub async fn list(pool: &Pool, site: SiteId, after: Option<Cursor>, limit: u16) -> Result<Page<Message>> {
    let (at, id) = page::parts(after);
    let rows = sqlx::query!(
        "select message_id, recipient, body, created_at, sent_at, failed_at, attempts, last_error
         from message
         where site_id = $1 and ($2::timestamptz is null or (created_at, message_id) < ($2, $3::uuid))
         order by created_at desc, message_id desc limit $4",
        site.0,
        at as _,
        id,
        page::ask(limit),
    )
    .fetch_all(pool)
    .await?;
    let rows = rows
        .into_iter()
        .map(|row| Message {
            id: MessageId(row.message_id),
            recipient: row.recipient,
            body: row.body,
            created_at: row.created_at.to_jiff(),
            sent_at: row.sent_at.map(|at| at.to_jiff()),
            failed_at: row.failed_at.map(|at| at.to_jiff()),
            attempts: row.attempts,
            last_error: row.last_error,
        })
        .collect();
    Ok(page::page(rows, limit, |row: &Message| Cursor {
        at: row.created_at,
        id: row.id.0,
    }))
}

/// Forgets what was sent or given up before an instant: messages hold telephone numbers and codes. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, before: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from message
         where site_id = $1 and created_at < $2 and (sent_at is not null or failed_at is not null)",
        site.0,
        before.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
