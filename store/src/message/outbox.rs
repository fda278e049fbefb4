//! Sending: messages claimed, handed over, tried again, given up.

use super::{Content, channel, content};
use crate::{MessageId, Pool, Result, SiteId};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::{Channel, Notice};
use sqlx::types::Json;

/// How often sending is tried before the message counts as failed.
pub const TRIES: i16 = 8;

/// The wait after the first failure; it doubles with each further one.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);

/// A message that is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its name: the same at every try, so that whoever takes it can tell a second handing over from a second message.
    pub id: MessageId,
    /// By which way.
    pub channel: Channel,
    /// The telephone number, the mail address, or the name of the browser's subscription.
    pub recipient: String,
    /// [`super::CODE`], or the notice's kind.
    pub kind: String,
    /// What it says.
    pub content: Content,
    /// Which try this is, from 1. Names the claim: an older claim's outcome is not taken any more.
    pub attempt: i16,
    /// Which try this is since somebody asked to try again.
    pub patience: i16,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Takes at most `limit` messages of a channel that are due, oldest first. They are this caller's for `lease`; then, unless [`sent`],
/// [`failed`] or [`given_up`] was said, anybody may take them again. Two callers never take one message at the same time.
pub async fn claim_due(
    pool: &Pool,
    site: SiteId,
    by: Channel,
    limit: u16,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"
        update message set attempts = attempts + 1, due_at = $3
        where site_id = $1 and message_id in (
            select message_id from message
            where site_id = $1 and channel = $5 and due_at <= $2 and sent_at is null and failed_at is null
                and (expires_at is null or expires_at > $2)
            order by due_at limit $4 for update skip locked
        )
        returning message_id, channel, recipient, kind, subject, body, notice as "notice: Json<Notice>", language,
            attempts, attempts_before, created_at
        "#,
        site.0,
        now.to_sqlx(),
        (now + lease).to_sqlx(),
        i64::from(limit),
        by.as_str(),
    )
    .fetch_all(pool)
    .await?;
    let mut due = rows
        .into_iter()
        .map(|row| {
            Ok(Due {
                id: MessageId(row.message_id),
                channel: channel(&row.channel)?,
                recipient: row.recipient,
                kind: row.kind,
                content: content(row.subject, row.body, row.notice, &row.language)?,
                attempt: row.attempts,
                patience: row.attempts - row.attempts_before,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    due.sort_by_key(|one| (one.created_at, one.id));
    Ok(due)
}

/// The message was handed over. False when the claim is not this caller's any more.
pub async fn sent(pool: &Pool, site: SiteId, due: &Due, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "update message set sent_at = $4, last_error = null
         where site_id = $1 and message_id = $2 and attempts = $3 and sent_at is null and failed_at is null",
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
    let doublings = u32::try_from(due.patience - 1).unwrap_or(0).min(16);
    let retry_at = now + FIRST_WAIT * 2_i32.pow(doublings);
    end(pool, site, due, error, retry_at, due.patience >= TRIES, now).await
}

/// Sending failed with `error` in a way that no further try can mend. False when the claim is not this caller's any more.
pub async fn given_up(pool: &Pool, site: SiteId, due: &Due, error: &str, now: Timestamp) -> Result<bool> {
    end(pool, site, due, error, now, true, now).await
}

async fn end(
    pool: &Pool,
    site: SiteId,
    due: &Due,
    error: &str,
    due_at: Timestamp,
    for_good: bool,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "update message set last_error = $4, due_at = $5, failed_at = case when $6 then $7::timestamptz end
         where site_id = $1 and message_id = $2 and attempts = $3 and sent_at is null and failed_at is null",
        site.0,
        due.id.0,
        due.attempt,
        error,
        due_at.to_sqlx(),
        for_good,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives up what is of no use any more: a code that came to its end before it could be sent. What somebody is sending just now is
/// theirs. Returns how many.
pub async fn expire(pool: &Pool, site: SiteId, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "update message set failed_at = $2, last_error = coalesce(last_error, 'expired')
         where site_id = $1 and due_at <= $2 and expires_at <= $2 and sent_at is null and failed_at is null",
        site.0,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
