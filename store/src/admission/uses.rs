//! Which passes were used, and how often: counted from the events, whatever the order in which they came.

use crate::{Result, SiteId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{AdmissionEvent, TabletId, What};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Counts the uses of every pass that these new events speak of, and opens a case for each second use of a pass for one entry. The count is made anew
/// from everything stored under the credentials' locks, so it comes out the same in whatever order tablets upload. `let_in` are the passes that a
/// revoked tablet says it let in: they count for the cases alone. True when a status changed.
pub(super) async fn count(
    connection: &mut PgConnection,
    site: SiteId,
    tablet: TabletId,
    events: &[&AdmissionEvent],
    let_in: &[i32],
    now: Timestamp,
) -> Result<bool> {
    let used = events.iter().filter(|event| event.is_entry());
    let mut numbers: Vec<i32> = used
        .filter_map(|event| i32::try_from(event.number?.0).ok())
        .chain(let_in.iter().copied())
        .collect();
    let voided: Vec<Uuid> = events
        .iter()
        .filter_map(|event| match &event.what {
            What::Voided { event } => Some(Uuid::from_bytes(event.0)),
            _ => None,
        })
        .collect();
    if !voided.is_empty() {
        let found = sqlx::query_scalar!(
            r#"select pass_number as "number!" from admission
               where site_id = $1 and tablet_id = $2 and event_id = any ($3) and redeems"#,
            site.0,
            Uuid::from_bytes(tablet.0),
            &voided,
        )
        .fetch_all(&mut *connection)
        .await?;
        numbers.extend(found);
    }
    if numbers.is_empty() {
        return Ok(false);
    }
    // In one order, so that two tablets with the same passes wait for each other and not in a circle.
    let before = sqlx::query!(
        "select pass_number, uses, redemptions from credential
         where site_id = $1 and pass_number = any ($2) order by pass_number for update",
        site.0,
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await?;
    let numbers: Vec<i32> = before.iter().map(|row| row.pass_number).collect();
    let after = sqlx::query!(
        r#"
        update credential c set redemptions = counted.count, redeemed_at = counted.first
        from (
            select wanted.pass_number, count(a.event_id)::int4 as count, min(a.at) as first
            from unnest($2::int4[]) as wanted (pass_number)
            left join admission a on a.site_id = $1 and a.pass_number = wanted.pass_number and a.redeems
                and not exists (
                    select from admission v
                    where v.site_id = $1 and v.voids = a.event_id and v.tablet_id = a.tablet_id
                )
            group by wanted.pass_number
        ) as counted
        where c.site_id = $1 and c.pass_number = counted.pass_number
        returning c.pass_number, c.redemptions
        "#,
        site.0,
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await?;
    let after: HashMap<i32, i32> = after
        .into_iter()
        .map(|row| (row.pass_number, row.redemptions))
        .collect();
    // Each revoked tablet counts once for a pass: what it tells twice is not more true.
    let told = sqlx::query!(
        r#"select pass_number as "number!", count(distinct tablet_id)::int4 as "tablets!" from quarantine
           where site_id = $1 and pass_number = any ($2) group by pass_number"#,
        site.0,
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await?;
    let told: HashMap<i32, i32> = told.into_iter().map(|row| (row.number, row.tablets)).collect();
    let mut changed = false;
    let mut twice = Vec::new();
    for row in before.iter().filter(|row| row.uses == "once") {
        let uses = after.get(&row.pass_number).copied().unwrap_or(row.redemptions);
        changed |= (uses > 0) != (row.redemptions > 0);
        if uses + told.get(&row.pass_number).copied().unwrap_or(0) > 1 {
            twice.push(row.pass_number);
        }
    }
    if !twice.is_empty() {
        sqlx::query!(
            "insert into double_use (site_id, pass_number, found_at)
             select $1, given, $3 from unnest($2::int4[]) as given on conflict do nothing",
            site.0,
            &twice,
            now.to_sqlx(),
        )
        .execute(connection)
        .await?;
    }
    Ok(changed)
}
