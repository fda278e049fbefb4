//! What a household, or an applicant who applied for none, has taken of its quotas. The rule is `pass`'s; here is the one row it is decided on.

use crate::{Error, Pool, Result, SiteId};
use jiff::{ToSpan, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{KindKey, Quota};
use sqlx::PgConnection;
use uuid::Uuid;

/// The first days of the passes that a household or an applicant holds of a kind, in review ones included.
pub async fn taken(pool: &Pool, site: SiteId, taker: Uuid, kind: &KindKey) -> Result<Vec<Date>> {
    let taken = sqlx::query_scalar!(
        r#"select taken as "taken: Vec<jiff_sqlx::Date>" from quota
           where site_id = $1 and taker_id = $2 and kind_key = $3"#,
        site.0,
        taker,
        kind.as_str(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(days(taken.unwrap_or_default()))
}

/// [`taken`], with the row locked until the caller's transaction ends, so that nobody else decides meanwhile. Makes the row if there is
/// none.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    site: SiteId,
    taker: Uuid,
    kind: &KindKey,
) -> Result<Vec<Date>> {
    let taken = sqlx::query_scalar!(
        // The update changes nothing; it locks the row there is and brings its newest version.
        r#"insert into quota as q (site_id, taker_id, kind_key, taken) values ($1, $2, $3, '{}')
           on conflict (site_id, taker_id, kind_key) do update set taken = q.taken
           returning taken as "taken: Vec<jiff_sqlx::Date>""#,
        site.0,
        taker,
        kind.as_str(),
    )
    .fetch_one(connection)
    .await?;
    Ok(days(taken))
}

/// Takes a day, provided that the row still says what was decided on. False when it does not.
pub(crate) async fn take(
    connection: &mut PgConnection,
    site: SiteId,
    taker: Uuid,
    kind: &KindKey,
    seen: &[Date],
    day: Date,
    today: Date,
) -> Result<bool> {
    // Days that no window can reach any more are dropped.
    let oldest = today.saturating_sub(i64::from(Quota::MAX_DAYS).days());
    let taken = seen
        .iter()
        .copied()
        .filter(|&day| day >= oldest)
        .chain([day])
        .collect();
    write(connection, site, taker, kind, seen, taken).await
}

/// Writes the taken days, provided that the row still says what was seen. False when it does not.
async fn write(
    connection: &mut PgConnection,
    site: SiteId,
    taker: Uuid,
    kind: &KindKey,
    seen: &[Date],
    taken: Vec<Date>,
) -> Result<bool> {
    let taken: Vec<_> = taken.into_iter().map(ToSqlx::to_sqlx).collect();
    let seen: Vec<_> = seen.iter().map(|day| day.to_sqlx()).collect();
    let done = sqlx::query!(
        "update quota set taken = $4
         where site_id = $1 and taker_id = $2 and kind_key = $3 and taken = $5",
        site.0,
        taker,
        kind.as_str(),
        taken as _,
        seen as _,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives one taken day back and takes another, provided that the row, which is locked, still says what was decided on.
pub(crate) async fn swap(
    connection: &mut PgConnection,
    site: SiteId,
    taker: Uuid,
    kind: &KindKey,
    seen: &[Date],
    (from, to): (Date, Date),
) -> Result<()> {
    let mut taken = seen.to_vec();
    match taken.iter_mut().find(|day| **day == from) {
        Some(day) => *day = to,
        // Nothing that can still be moved is so old that its day was dropped.
        None => taken.push(to),
    }
    if write(connection, site, taker, kind, seen, taken).await? {
        Ok(())
    } else {
        Err(Error::unreadable("quota under lock", &taker))
    }
}

/// Gives one taken day back.
pub(crate) async fn give_back(
    connection: &mut PgConnection,
    site: SiteId,
    taker: Uuid,
    kind_key: &str,
    day: Date,
) -> Result<()> {
    sqlx::query!(
        "update quota
         set taken = taken[:array_position(taken, $4) - 1] || taken[array_position(taken, $4) + 1:]
         where site_id = $1 and taker_id = $2 and kind_key = $3 and $4 = any (taken)",
        site.0,
        taker,
        kind_key,
        day.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn days(days: Vec<jiff_sqlx::Date>) -> Vec<Date> {
    days.into_iter().map(jiff_sqlx::Date::to_jiff).collect()
}
