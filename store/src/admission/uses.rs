//! Which passes were used, and how often: counted from the events, whatever the order in which they came.

use crate::{Result, SiteId, checkpoint, credential};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{AdmissionEvent, Direction, Passages, TabletId, What};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Counts the uses of every pass that these new events speak of, and opens a case for each that was used more often than it may be. The count
/// is made anew from everything stored under the credentials' locks, so it comes out the same in whatever order tablets upload. `let_pass` are
/// the passes with which a revoked tablet says it let somebody pass: they count for the cases alone. True when a status changed.
pub(super) async fn count(
    connection: &mut PgConnection,
    site: SiteId,
    tablet: TabletId,
    events: &[&AdmissionEvent],
    let_pass: &[i32],
    now: Timestamp,
) -> Result<bool> {
    let mut numbers = spoken_of(connection, site, tablet, events).await?;
    numbers.extend(let_pass);
    if numbers.is_empty() {
        return Ok(false);
    }
    // In one order, so that two tablets with the same passes wait for each other and not in a circle.
    let before = sqlx::query!(
        "select pass_number, uses, spent from credential
         where site_id = $1 and pass_number = any ($2) order by pass_number for update",
        site.0,
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await?;
    let numbers: Vec<i32> = before.iter().map(|row| row.pass_number).collect();
    let happened = happened(connection, site, &numbers).await?;
    let told = told(connection, site, &numbers).await?;

    let (mut counted, mut twice, mut changed) = (Vec::new(), Vec::new(), false);
    for row in &before {
        let uses = credential::uses(&row.uses)?;
        let Happened {
            passages,
            first_entry,
            first,
        } = happened.get(&row.pass_number).copied().unwrap_or_default();
        let count = Counted {
            number: row.pass_number,
            redemptions: i32::try_from(uses.taken(passages)).unwrap_or(i32::MAX),
            first: if uses.takes(Direction::Out) {
                first
            } else {
                first_entry
            },
            spent: uses.is_spent(passages),
        };
        changed |= count.spent != row.spent;
        counted.push(count);
        let told = told.get(&row.pass_number).copied().unwrap_or_default();
        if !uses.allows(passages.plus(told)) {
            twice.push(row.pass_number);
        }
    }
    note(connection, site, &counted).await?;
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

/// The passes with which these events say somebody passed, or had not after all.
async fn spoken_of(
    connection: &mut PgConnection,
    site: SiteId,
    tablet: TabletId,
    events: &[&AdmissionEvent],
) -> Result<Vec<i32>> {
    let passed = events.iter().filter(|event| event.what.lets_pass());
    let mut numbers: Vec<i32> = passed
        .filter_map(|event| i32::try_from(event.number?.0).ok())
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
               where site_id = $1 and tablet_id = $2 and event_id = any ($3) and pass_number is not null
                   and what in ('admitted', 'overridden')"#,
            site.0,
            Uuid::from_bytes(tablet.0),
            &voided,
        )
        .fetch_all(connection)
        .await?;
        numbers.extend(found);
    }
    Ok(numbers)
}

/// What happened with one pass.
#[derive(Clone, Copy, Default)]
struct Happened {
    passages: Passages,
    /// The first instant at which somebody came in with it.
    first_entry: Option<Timestamp>,
    /// The first at which somebody passed with it, whichever way.
    first: Option<Timestamp>,
}

/// What happened with these passes, without what was taken back.
async fn happened(
    connection: &mut PgConnection,
    site: SiteId,
    numbers: &[i32],
) -> Result<HashMap<i32, Happened>> {
    let rows = sqlx::query!(
        r#"select a.pass_number as "number!",
               count(*) filter (where a.direction = 'in')::int4 as "ins!",
               count(*) filter (where a.direction = 'out')::int4 as "outs!",
               count(*) filter (where a.direction = 'both')::int4 as "either!",
               min(a.at) filter (where a.direction <> 'out') as first_entry, min(a.at) as first
           from admission a
           where a.site_id = $1 and a.pass_number = any ($2) and a.what in ('admitted', 'overridden')
               and not exists (
                   select from admission v
                   where v.site_id = $1 and v.voids = a.event_id and v.tablet_id = a.tablet_id
               )
           group by a.pass_number"#,
        site.0,
        numbers,
    )
    .fetch_all(connection)
    .await?;
    let happened = rows.into_iter().map(|row| {
        let passages = Passages {
            ins: row.ins.unsigned_abs(),
            outs: row.outs.unsigned_abs(),
            either: row.either.unsigned_abs(),
        };
        let happened = Happened {
            passages,
            first_entry: row.first_entry.map(|at| at.to_jiff()),
            first: row.first.map(|at| at.to_jiff()),
        };
        (row.number, happened)
    });
    Ok(happened.collect())
}

/// What revoked tablets tell of these passes. Each counts once for a pass in each direction: what it tells twice is not more true.
async fn told(
    connection: &mut PgConnection,
    site: SiteId,
    numbers: &[i32],
) -> Result<HashMap<i32, Passages>> {
    let rows = sqlx::query!(
        r#"select distinct pass_number as "number!", direction as "direction!", tablet_id from quarantine
           where site_id = $1 and pass_number = any ($2)"#,
        site.0,
        numbers,
    )
    .fetch_all(connection)
    .await?;
    let mut told: HashMap<i32, Passages> = HashMap::new();
    for row in rows {
        let way = checkpoint::direction(&row.direction)?;
        let so_far = told.entry(row.number).or_default();
        *so_far = so_far.and(way);
    }
    Ok(told)
}

/// What a pass's events come to.
struct Counted {
    number: i32,
    redemptions: i32,
    first: Option<Timestamp>,
    spent: bool,
}

async fn note(connection: &mut PgConnection, site: SiteId, counted: &[Counted]) -> Result<()> {
    sqlx::query!(
        "update credential c set redemptions = given.redemptions, redeemed_at = given.first, spent = given.spent
         from unnest($2::int4[], $3::int4[], $4::timestamptz[], $5::bool[])
             as given (number, redemptions, first, spent)
         where c.site_id = $1 and c.pass_number = given.number",
        site.0,
        &counted.iter().map(|one| one.number).collect::<Vec<_>>(),
        &counted.iter().map(|one| one.redemptions).collect::<Vec<_>>(),
        counted
            .iter()
            .map(|one| one.first.map(ToSqlx::to_sqlx))
            .collect::<Vec<_>>() as _,
        &counted.iter().map(|one| one.spent).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
