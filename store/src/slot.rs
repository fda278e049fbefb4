//! The places in the slots of a day. What is taken is what the applications say; whoever takes one holds the day's lock meanwhile, so that
//! never more are given than there are. Giving one back needs no lock: it only makes room.

use crate::{Error, Pool, Result, SiteId};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use pass::{Hours, KindKey, hours::TakenSlots};
use sqlx::PgConnection;

/// The slots taken of a kind on the days from `first` to `last`, both included, whatever version of it.
pub async fn taken(pool: &Pool, site: SiteId, kind: &KindKey, first: Date, last: Date) -> Result<TakenSlots> {
    read(&mut *pool.acquire().await?, site, kind, first, last).await
}

/// The slots taken on a day, on which nobody else takes one until the caller's transaction ends. A transaction locks one day at most, and
/// applications and quotas before it.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    site: SiteId,
    kind: &KindKey,
    day: Date,
) -> Result<TakenSlots> {
    // A statement of its own: the next one sees what the transaction before this one committed.
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        format!("slots {} {kind} {day}", site.0),
    )
    .execute(&mut *connection)
    .await?;
    read(connection, site, kind, day, day).await
}

async fn read(
    connection: &mut PgConnection,
    site: SiteId,
    kind: &KindKey,
    first: Date,
    last: Date,
) -> Result<TakenSlots> {
    let rows = sqlx::query!(
        r#"select first_day, slot as "slot!" from application
           where site_id = $1 and kind_key = $2 and first_day between $3 and $4
               and slot is not null and state in ('in_review', 'completed')"#,
        site.0,
        kind.as_str(),
        first.to_sqlx(),
        last.to_sqlx(),
    )
    .fetch_all(connection)
    .await?;
    let mut taken = TakenSlots::new();
    for row in rows {
        let slots = taken.entry(row.first_day.to_jiff()).or_default();
        slots.push(hours(&row.slot)?);
    }
    Ok(taken)
}

/// A slot as the database has it.
pub(crate) fn hours(stored: &str) -> Result<Hours> {
    stored.parse().map_err(|_| Error::unreadable("slot", stored))
}
