//! What administrators read.

use super::Admission;
use crate::{Cursor, Error, Page, Pool, Result, SiteId, checkpoint, credential, page, pass_kind};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Check, CheckpointId, EventId, PassNumber, TabletId, Uses, What};
use uuid::Uuid;

/// What narrows the list of admissions. Everything given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// At this checkpoint.
    pub checkpoint: Option<CheckpointId>,
    /// With this pass.
    pub number: Option<PassNumber>,
    /// Of this sort: `admitted`, `refused`, `overridden`, `voided`.
    pub what: Option<&'a str>,
}

/// A pass that was used more often than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoubleUse {
    /// The pass. Its scans are in [`list`], filtered by it.
    pub number: PassNumber,
    /// When the server first knew of two.
    pub found_at: Timestamp,
    /// How often it was used, without what was taken back and without what revoked tablets say.
    pub redemptions: u32,
}

/// Something a tablet sent that is no fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// The tablet.
    pub tablet: TabletId,
    /// The number it gave.
    pub seq: u64,
    /// Why it is here.
    pub reason: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What arrived.
    pub bytes: Vec<u8>,
}

/// Admissions, the latest first.
pub async fn list(
    pool: &Pool,
    site: SiteId,
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Admission>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"
        select a.event_id, a.tablet_id, t.name as tablet_name, a.seq, a.at, a.received_at, a.checkpoint_id,
            a.direction, a.pass_number, a.kind_no, a.what, a.code, a.voids, a.name, a.checks,
            c.uses as "uses?",
            exists (select from admission v where v.site_id = a.site_id and v.voids = a.event_id
                    and v.tablet_id = a.tablet_id) as "voided!",
            exists (select from double_use d where d.site_id = a.site_id and d.pass_number = a.pass_number)
                as "double_use!"
        from admission a join tablet t on t.site_id = a.site_id and t.tablet_id = a.tablet_id
        left join credential c on c.site_id = a.site_id and c.pass_number = a.pass_number
        where a.site_id = $1
            and ($2::timestamptz is null or a.at >= $2)
            and ($3::timestamptz is null or a.at < $3)
            and ($4::uuid is null or a.checkpoint_id = $4)
            and ($5::int4 is null or a.pass_number = $5)
            and ($6::text is null or a.what = $6)
            and ($7::timestamptz is null or (a.at, a.event_id) < ($7, $8::uuid))
        order by a.at desc, a.event_id desc limit $9
        "#,
        site.0,
        filter.from.map(ToSqlx::to_sqlx) as _,
        filter.until.map(ToSqlx::to_sqlx) as _,
        filter.checkpoint.map(|id| Uuid::from_bytes(id.0)),
        filter.number.map(credential::stored),
        filter.what,
        at as _,
        id,
        page::ask(limit),
    )
    .fetch_all(&mut *reading)
    .await?;
    let rows = rows
        .into_iter()
        .map(Admission::try_from)
        .collect::<Result<Vec<_>>>()?;
    Ok(page::page(rows, limit, |row| Cursor {
        at: row.at,
        id: Uuid::from_bytes(row.id.0),
    }))
}

/// The passes that were used more often than they may be, the latest found first, at most `limit`.
pub async fn double_uses(pool: &Pool, site: SiteId, limit: u16) -> Result<Vec<DoubleUse>> {
    let rows = sqlx::query!(
        "select d.pass_number, d.found_at, c.redemptions
         from double_use d join credential c on c.site_id = d.site_id and c.pass_number = d.pass_number
         where d.site_id = $1 order by d.found_at desc, d.pass_number desc limit $2",
        site.0,
        i64::from(limit.clamp(1, page::LONGEST)),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DoubleUse {
                number: credential::number(row.pass_number)?,
                found_at: row.found_at.to_jiff(),
                redemptions: row.redemptions.unsigned_abs(),
            })
        })
        .collect()
}

/// What is in quarantine, the latest first, at most `limit`.
pub async fn quarantine(pool: &Pool, site: SiteId, limit: u16) -> Result<Vec<Quarantined>> {
    let rows = sqlx::query!(
        "select tablet_id, seq, reason, received_at, bytes from quarantine
         where site_id = $1 order by received_at desc, tablet_id, seq limit $2",
        site.0,
        i64::from(limit.clamp(1, page::LONGEST)),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Quarantined {
            tablet: TabletId(row.tablet_id.into_bytes()),
            seq: row.seq.unsigned_abs(),
            reason: row.reason,
            received_at: row.received_at.to_jiff(),
            bytes: row.bytes,
        })
        .collect())
}

struct Row {
    event_id: Uuid,
    tablet_id: Uuid,
    tablet_name: String,
    seq: i64,
    at: jiff_sqlx::Timestamp,
    received_at: jiff_sqlx::Timestamp,
    checkpoint_id: Uuid,
    direction: String,
    pass_number: Option<i32>,
    kind_no: Option<i32>,
    what: String,
    code: Option<String>,
    voids: Option<Uuid>,
    name: String,
    checks: Vec<String>,
    uses: Option<String>,
    voided: bool,
    double_use: bool,
}

impl TryFrom<Row> for Admission {
    type Error = Error;

    fn try_from(row: Row) -> Result<Admission> {
        let what = match (row.what.as_str(), row.code, row.voids) {
            ("admitted", _, _) => What::Admitted,
            ("refused", Some(code), _) => What::Refused { code },
            ("overridden", Some(code), _) => What::Overridden { code },
            ("voided", _, Some(event)) => What::Voided {
                event: EventId(event.into_bytes()),
            },
            (other, _, _) => return Err(Error::unreadable("what happened", other)),
        };
        let checks = row.checks.iter().map(|code| {
            Check::of_code(code).ok_or_else(|| Error::unreadable("what a guard confirmed", code))
        });
        let direction = checkpoint::direction(&row.direction)?;
        // Of a pass that the register does not know an entry is a use, as of most.
        let uses = row.uses.as_deref().map_or(Ok(Uses::Once), credential::uses)?;
        let is_use = what.lets_pass() && row.pass_number.is_some() && uses.takes(direction);
        Ok(Admission {
            id: EventId(row.event_id.into_bytes()),
            tablet: TabletId(row.tablet_id.into_bytes()),
            tablet_name: row.tablet_name,
            seq: row.seq.unsigned_abs(),
            at: row.at.to_jiff(),
            received_at: row.received_at.to_jiff(),
            checkpoint: CheckpointId(row.checkpoint_id.into_bytes()),
            direction,
            number: row.pass_number.map(credential::number).transpose()?,
            kind: row.kind_no.map(pass_kind::kind_no).transpose()?,
            what,
            name: row.name,
            checks: checks.collect::<Result<_>>()?,
            redeems: is_use && !row.voided,
            voided: row.voided,
            double_use: row.double_use,
        })
    }
}
