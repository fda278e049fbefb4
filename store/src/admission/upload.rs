//! Taking in what a tablet uploads.

use super::uses;
use crate::{Pool, Result, SiteId, checkpoint, site};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{
    AdmissionEvent, Direction, Hash, TabletId, What,
    admission::{chain_start, hash},
};
use sqlx::PgConnection;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};
use uuid::Uuid;

/// One event as it arrived.
#[derive(Clone, Debug)]
pub struct Received<'a> {
    /// The number that the tablet says it has.
    pub seq: u64,
    /// The sealed event.
    pub bytes: &'a [u8],
    /// What was read from it; or the code of why it can't be taken for a fact (a bad signature).
    pub event: Result<AdmissionEvent, Cow<'static, str>>,
}

/// What came of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The server holds every event up to this number; the tablet may forget them.
    pub acknowledged: u64,
    /// How many events are new.
    pub stored: usize,
    /// How many had arrived before.
    pub repeated: usize,
    /// The numbers that went to quarantine, and why.
    pub quarantined: Vec<(u64, Cow<'static, str>)>,
    /// Whether the tablet was revoked by then, so that all that is new went there.
    pub revoked: bool,
}

/// The codes of what the store itself finds.
mod fault {
    /// Another event has this number.
    pub const NUMBER_TAKEN: &str = "number-taken";
    /// Another event has this id.
    pub const ID_TAKEN: &str = "id-taken";
    /// It does not follow the event before it, or the event after it follows another one.
    pub const BROKEN_CHAIN: &str = "broken-chain";
    /// The number in the envelope is not the one in the event.
    pub const OTHER_NUMBER: &str = "other-number";
    /// The tablet had been revoked when it came.
    pub const TABLET_REVOKED: &str = "tablet-revoked";
}

/// An event that is to be stored as a fact.
struct Fact<'a> {
    event: &'a AdmissionEvent,
    hash: Hash,
    bytes: &'a [u8],
}

/// An event that is to be put into quarantine.
struct Fault<'a> {
    seq: u64,
    hash: Hash,
    bytes: &'a [u8],
    reason: Cow<'static, str>,
    /// The pass with which a revoked tablet says it let somebody pass, and which way.
    let_pass: Option<(i32, Direction)>,
}

/// What the server holds at a tablet's numbers.
#[derive(Default)]
struct Held {
    /// Hash and previous hash of the facts.
    facts: HashMap<u64, (Hash, Hash)>,
    /// Everything received, quarantine included.
    received: HashSet<(u64, Hash)>,
}

impl Held {
    /// What keeps an event from being a fact at its number.
    fn fault(&self, event: &AdmissionEvent, hash: Hash) -> Option<&'static str> {
        if self.facts.contains_key(&event.seq) {
            return Some(fault::NUMBER_TAKEN);
        }
        let before = event.seq.saturating_sub(1);
        let follows = if before == 0 {
            event.previous == chain_start(event.tablet)
        } else {
            // As long as nothing at the number before has arrived, nothing speaks against it.
            self.received.contains(&(before, event.previous))
                || !self.received.iter().any(|(seq, _)| *seq == before)
        };
        let followed = self
            .facts
            .get(&event.seq.saturating_add(1))
            .is_none_or(|(_, previous)| *previous == hash);
        (!follows || !followed).then_some(fault::BROKEN_CHAIN)
    }
}

/// Takes in what a tablet sent, in any order, any part of it for the first time or again. What is new is stored, the passes it used are marked,
/// and a use of a pass beyond what it is good for becomes a case. Of a revoked tablet nothing is a fact and no pass becomes used by it, but whom it says
/// it let pass counts for the cases. `None` when the site has no such tablet.
pub async fn upload(
    pool: &Pool,
    site: SiteId,
    tablet: TabletId,
    received: &[Received<'_>],
    now: Timestamp,
) -> Result<Option<Uploaded>> {
    let mut transaction = pool.begin().await?;
    // One upload of a tablet at a time: what is decided below holds until the commit.
    let revoked = sqlx::query_scalar!(
        r#"update tablet set last_seen_at = greatest(last_seen_at, $3) where site_id = $1 and tablet_id = $2
           returning revoked_at is not null as "revoked!""#,
        site.0,
        Uuid::from_bytes(tablet.0),
        now.to_sqlx(),
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(revoked) = revoked else {
        return Ok(None);
    };
    let mut held = held(&mut transaction, site, tablet, received).await?;
    let (mut facts, mut faults, mut repeated) = (Vec::new(), Vec::new(), 0);
    let mut received: Vec<_> = received.iter().map(|one| (one, hash(one.bytes))).collect();
    received.sort_by_key(|(one, _)| one.seq);
    for (one, hash) in received {
        let &Received {
            seq,
            bytes,
            ref event,
        } = one;
        if !held.received.insert((seq, hash)) {
            repeated += 1;
            continue;
        }
        let fault = match event {
            Err(reason) => Some(reason.clone()),
            Ok(event) if event.seq != seq || event.tablet != tablet => {
                Some(Cow::Borrowed(fault::OTHER_NUMBER))
            }
            Ok(_) if revoked => Some(Cow::Borrowed(fault::TABLET_REVOKED)),
            Ok(event) => held.fault(event, hash).map(Cow::Borrowed),
        };
        match (fault, event) {
            (None, Ok(event)) => {
                held.facts.insert(seq, (hash, event.previous));
                facts.push(Fact { event, hash, bytes });
            }
            (reason, event) => {
                let reason = reason.unwrap_or_default();
                let passage = event
                    .as_ref()
                    .ok()
                    .filter(|event| reason == fault::TABLET_REVOKED && event.what.lets_pass());
                faults.push(Fault {
                    seq,
                    hash,
                    bytes,
                    reason,
                    let_pass: passage
                        .and_then(|event| Some((i32::try_from(event.number?.0).ok()?, event.direction))),
                });
            }
        }
    }
    let stored = insert_facts(&mut transaction, site, &facts, now).await?;
    facts.retain(|fact| {
        let is_stored = stored.contains(&fact.event.seq);
        if !is_stored {
            let reason = Cow::Borrowed(fault::ID_TAKEN);
            faults.push(Fault {
                seq: fact.event.seq,
                hash: fact.hash,
                bytes: fact.bytes,
                reason,
                let_pass: None,
            });
        }
        is_stored
    });
    insert_faults(&mut transaction, site, tablet, &faults, now).await?;
    let events: Vec<_> = facts.iter().map(|fact| fact.event).collect();
    let let_pass = faults.iter().filter_map(|fault| fault.let_pass);
    let let_pass: Vec<i32> = let_pass.map(|(number, _)| number).collect();
    let changed = uses::count(&mut transaction, site, tablet, &events, &let_pass, now).await?;
    let acknowledged = acknowledge(&mut transaction, site, tablet).await?;
    if changed {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    let quarantined = faults
        .into_iter()
        .map(|fault| (fault.seq, fault.reason))
        .collect();
    Ok(Some(Uploaded {
        acknowledged,
        stored: facts.len(),
        repeated,
        quarantined,
        revoked,
    }))
}

/// What the server holds at the numbers received and beside them.
async fn held(
    connection: &mut PgConnection,
    site: SiteId,
    tablet: TabletId,
    received: &[Received<'_>],
) -> Result<Held> {
    let mut numbers: Vec<i64> = received
        .iter()
        .map(|one| stored(one.seq))
        .flat_map(|seq| [seq - 1, seq, seq.saturating_add(1)])
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let rows = sqlx::query!(
        r#"
        select seq as "seq!", hash as "hash!", previous from admission
        where site_id = $1 and tablet_id = $2 and seq = any ($3)
        union all
        select seq, hash, null from quarantine where site_id = $1 and tablet_id = $2 and seq = any ($3)
        "#,
        site.0,
        Uuid::from_bytes(tablet.0),
        &numbers,
    )
    .fetch_all(connection)
    .await?;
    let mut held = Held::default();
    for row in rows {
        let (seq, hash) = (row.seq.unsigned_abs(), Hash(crate::fixed("hash", &row.hash)?));
        held.received.insert((seq, hash));
        if let Some(previous) = row.previous {
            held.facts
                .insert(seq, (hash, Hash(crate::fixed("hash", &previous)?)));
        }
    }
    Ok(held)
}

/// Stores facts, all in one statement. Returns the numbers that were stored: all but those whose id another event has.
async fn insert_facts(
    connection: &mut PgConnection,
    site: SiteId,
    facts: &[Fact<'_>],
    now: Timestamp,
) -> Result<HashSet<u64>> {
    if facts.is_empty() {
        return Ok(HashSet::new());
    }
    /// One column of the batch.
    fn column<'a, T>(facts: &'a [Fact<'_>], part: impl Fn(&'a Fact<'_>) -> T) -> Vec<T> {
        facts.iter().map(part).collect()
    }
    let rows = sqlx::query_scalar!(
        "insert into admission (site_id, received_at, tablet_id, seq, event_id, at, checkpoint_id, direction,
             pass_number, kind_no, what, code, voids, name, previous, hash, bytes, checks)
         select $1, $2, tablet_id, seq, event_id, at, checkpoint_id, direction, pass_number, kind_no, what, code,
             voids, name, previous, hash, bytes, string_to_array(checks, ',')
         from unnest($3::uuid[], $4::int8[], $5::uuid[], $6::timestamptz[], $7::uuid[], $8::text[], $9::int4[],
             $10::int4[], $11::text[], $12::text[], $13::uuid[], $14::text[], $15::bytea[], $16::bytea[],
             $17::bytea[], $18::text[])
             as given (tablet_id, seq, event_id, at, checkpoint_id, direction, pass_number, kind_no, what, code,
                 voids, name, previous, hash, bytes, checks)
         on conflict do nothing
         returning seq",
        site.0,
        now.to_sqlx(),
        &column(facts, |fact| Uuid::from_bytes(fact.event.tablet.0)),
        &column(facts, |fact| stored(fact.event.seq)),
        &column(facts, |fact| Uuid::from_bytes(fact.event.id.0)),
        column(facts, |fact| fact.event.at.to_sqlx()) as _,
        &column(facts, |fact| Uuid::from_bytes(fact.event.checkpoint.0)),
        column(facts, |fact| checkpoint::direction_name(fact.event.direction)) as _,
        column(facts, |fact| fact.event.number.map(|number| i32::try_from(number.0).unwrap_or(0))) as _,
        column(facts, |fact| fact.event.kind_no.map(|kind| i32::from(kind.0))) as _,
        column(facts, |fact| what_name(&fact.event.what)) as _,
        column(facts, |fact| match &fact.event.what {
            What::Refused { code } | What::Overridden { code } => Some(code.as_str()),
            What::Admitted | What::Voided { .. } => None,
        }) as _,
        column(facts, |fact| match &fact.event.what {
            What::Voided { event } => Some(Uuid::from_bytes(event.0)),
            _ => None,
        }) as _,
        column(facts, |fact| fact.event.name.as_str()) as _,
        column(facts, |fact| fact.event.previous.0.as_slice()) as _,
        column(facts, |fact| fact.hash.0.as_slice()) as _,
        column(facts, |fact| fact.bytes) as _,
        &column(facts, |fact| checks(fact.event)),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(i64::unsigned_abs).collect())
}

/// Keeps what is no fact.
async fn insert_faults(
    connection: &mut PgConnection,
    site: SiteId,
    tablet: TabletId,
    faults: &[Fault<'_>],
    now: Timestamp,
) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into quarantine (site_id, tablet_id, received_at, seq, hash, reason, bytes, pass_number, direction)
         select $1, $2, $3, given.*
         from unnest($4::int8[], $5::bytea[], $6::text[], $7::bytea[], $8::int4[], $9::text[]) as given
         on conflict do nothing",
        site.0,
        Uuid::from_bytes(tablet.0),
        now.to_sqlx(),
        &faults.iter().map(|fault| stored(fault.seq)).collect::<Vec<_>>(),
        faults
            .iter()
            .map(|fault| fault.hash.0.as_slice())
            .collect::<Vec<_>>() as _,
        faults
            .iter()
            .map(|fault| fault.reason.as_ref())
            .collect::<Vec<_>>() as _,
        faults.iter().map(|fault| fault.bytes).collect::<Vec<_>>() as _,
        faults
            .iter()
            .map(|fault| fault.let_pass.map(|(number, _)| number))
            .collect::<Vec<_>>() as _,
        faults
            .iter()
            .map(|fault| fault.let_pass.map(|(_, way)| checkpoint::direction_name(way)))
            .collect::<Vec<_>>() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The highest number up to which everything of a tablet has arrived, facts and quarantine together.
async fn acknowledge(connection: &mut PgConnection, site: SiteId, tablet: TabletId) -> Result<u64> {
    let acknowledged = sqlx::query_scalar!(
        "with arrived as (
             select a.seq from admission a join tablet t using (site_id, tablet_id)
             where a.site_id = $1 and a.tablet_id = $2 and a.seq > t.acknowledged
             union
             select q.seq from quarantine q join tablet t using (site_id, tablet_id)
             where q.site_id = $1 and q.tablet_id = $2 and q.seq > t.acknowledged
         )
         update tablet t set acknowledged = greatest(t.acknowledged, (
             select max(seq) from (select seq, row_number() over (order by seq) as place from arrived) as numbered
             -- Without a gap so far, the n-th that arrived is the n-th after the last one acknowledged.
             where seq = t.acknowledged + place
         ))
         where t.site_id = $1 and t.tablet_id = $2
         returning t.acknowledged",
        site.0,
        Uuid::from_bytes(tablet.0),
    )
    .fetch_one(connection)
    .await?;
    Ok(acknowledged.unsigned_abs())
}

/// The name of what happened, in the database.
pub(super) fn what_name(what: &What) -> &'static str {
    match what {
        What::Admitted => "admitted",
        What::Refused { .. } => "refused",
        What::Overridden { .. } => "overridden",
        What::Voided { .. } => "voided",
    }
}

/// What the guard confirmed, for the database: their names with commas between them.
fn checks(event: &AdmissionEvent) -> String {
    let names: Vec<_> = event.checks.iter().map(|check| check.code()).collect();
    names.join(",")
}

/// A tablet's number for the database.
fn stored(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
