//! How often something may be done: counted windows, each held by one guarded statement.

use crate::{Pool, Result, SiteId};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

/// At most `most` times in a window of `window`, which begins with the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is limited, a fixed word.
    pub scope: &'static str,
    /// How often, at least 1.
    pub most: u32,
    /// How long.
    pub window: SignedDuration,
}

/// What came of asking for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is counted and may be done.
    Ok,
    /// The window is spent.
    Spent {
        /// When a new window begins.
        retry_at: Timestamp,
    },
}

/// Counts one for `key` (a telephone, an address; empty for the site's own count), unless the limit is reached.
pub async fn take(pool: &Pool, site: SiteId, limit: &Limit, key: &str, now: Timestamp) -> Result<Taken> {
    take_many(pool, site, limit, key, 1, now).await
}

/// Counts `amount` for `key` at once, unless the limit would be passed: then none of them.
pub async fn take_many(
    pool: &Pool,
    site: SiteId,
    limit: &Limit,
    key: &str,
    amount: u32,
    now: Timestamp,
) -> Result<Taken> {
    let mut connection = pool.acquire().await?;
    count(&mut connection, site, limit, key, amount, now).await
}

/// [`take`] inside the caller's transaction: rolled back, it is not counted. Whoever takes several takes them in one order everywhere,
/// since each holds its row until the end.
pub async fn take_in(
    connection: &mut PgConnection,
    site: SiteId,
    limit: &Limit,
    key: &str,
    now: Timestamp,
) -> Result<Taken> {
    count(connection, site, limit, key, 1, now).await
}

async fn count(
    connection: &mut PgConnection,
    site: SiteId,
    limit: &Limit,
    key: &str,
    amount: u32,
    now: Timestamp,
) -> Result<Taken> {
    let ends_at = now + limit.window;
    let row = sqlx::query!(
        r#"
        with took as (
            insert into rate_window as w (site_id, scope, key, starts_at, ends_at, taken)
            select $1, $2, $3, $4, $5, $7::integer where $7::integer <= $6::integer
            on conflict (site_id, scope, key) do update set
                starts_at = case when w.ends_at <= $4 then excluded.starts_at else w.starts_at end,
                ends_at = case when w.ends_at <= $4 then excluded.ends_at else w.ends_at end,
                taken = case when w.ends_at <= $4 then excluded.taken else w.taken + excluded.taken end
            where w.ends_at <= $4 or w.taken + excluded.taken <= $6::integer
            returning 1
        )
        select
            exists (select from took) as "took!",
            (select ends_at from rate_window where site_id = $1 and scope = $2 and key = $3) as ends_at
        "#,
        site.0,
        limit.scope,
        key,
        now.to_sqlx(),
        ends_at.to_sqlx(),
        i32::try_from(limit.most).unwrap_or(i32::MAX),
        i32::try_from(amount).unwrap_or(i32::MAX),
    )
    .fetch_one(connection)
    .await?;
    if row.took {
        return Ok(Taken::Ok);
    }
    // The window may have been begun by a statement that this one's snapshot does not see yet; then it ends with ours.
    Ok(Taken::Spent {
        retry_at: row.ends_at.map_or(ends_at, |at| at.to_jiff()),
    })
}

/// Takes back one that was counted for `key`: what is limited did not happen after all.
pub async fn give_back(pool: &Pool, site: SiteId, limit: &Limit, key: &str) -> Result<()> {
    sqlx::query!(
        "update rate_window set taken = taken - 1
         where site_id = $1 and scope = $2 and key = $3 and taken > 0",
        site.0,
        limit.scope,
        key,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets windows that are over. Returns how many. Those that somebody counts in at this moment are left for the next time, so that
/// nobody waits for another in a circle.
pub async fn purge(pool: &Pool, site: SiteId, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from rate_window where site_id = $1 and (scope, key) in (
             select scope, key from rate_window where site_id = $1 and ends_at <= $2 for update skip locked
         )",
        site.0,
        now.to_sqlx()
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
