//! Zones (校区) and their checkpoints (门岗).

use crate::{Conflict, Error, Pool, Result, SiteId, error::OnConstraint, site};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{CheckpointId, Direction, Text, ZoneSet};
use uuid::Uuid;

/// A zone of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its number: the bit in a pass's zone set, 0 to 31.
    pub no: u8,
    /// What people call it.
    pub name: Text,
}

/// A gate or a building door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its name in the database.
    pub id: CheckpointId,
    /// The zone it leads into.
    pub zone: u8,
    /// What people call it.
    pub name: Text,
    /// Which way people pass.
    pub direction: Direction,
    /// Since when it is given up.
    pub closed_at: Option<Timestamp>,
}

/// A checkpoint that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewCheckpoint<'a> {
    /// The zone it leads into.
    pub zone: u8,
    /// What people call it.
    pub name: &'a Text,
    /// Which way people pass.
    pub direction: Direction,
}

/// Makes a zone.
///
/// # Errors
/// [`Conflict::ZoneTaken`]; a number above 31 is refused by the database.
pub async fn create_zone(pool: &Pool, site: SiteId, no: u8, name: &Text) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "insert into zone (site_id, zone_no, name_zh, name_en) values ($1, $2, $3, $4)",
        site.0,
        i16::from(no),
        name.zh,
        name.en,
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("zone_pkey", Conflict::ZoneTaken)?;
    site::bundle_changed(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(())
}

/// Gives a zone another name. False when there is no such zone.
pub async fn rename_zone(pool: &Pool, site: SiteId, no: u8, name: &Text) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update zone set name_zh = $3, name_en = $4 where site_id = $1 and zone_no = $2",
        site.0,
        i16::from(no),
        name.zh,
        name.en,
    )
    .execute(&mut *transaction)
    .await?;
    site::bundle_changed(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// The zones of the site, by number.
pub async fn zones(pool: &Pool, site: SiteId) -> Result<Vec<Zone>> {
    let rows = sqlx::query!(
        "select zone_no, name_zh, name_en from zone where site_id = $1 order by zone_no",
        site.0
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Zone {
                no: zone_no(row.zone_no)?,
                name: Text {
                    zh: row.name_zh,
                    en: row.name_en,
                },
            })
        })
        .collect()
}

/// The numbers of the zones.
pub async fn zone_set(pool: &Pool, site: SiteId) -> Result<ZoneSet> {
    let numbers: Vec<u8> = zones(pool, site).await?.into_iter().map(|zone| zone.no).collect();
    Ok(ZoneSet::of(&numbers))
}

/// Makes a checkpoint.
///
/// # Errors
/// [`Conflict::Unknown`] when the site has no such zone.
pub async fn create(
    pool: &Pool,
    site: SiteId,
    new: NewCheckpoint<'_>,
    now: Timestamp,
) -> Result<CheckpointId> {
    let id = Uuid::new_v4();
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "insert into checkpoint (site_id, checkpoint_id, zone_no, name_zh, name_en, direction, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        site.0,
        id,
        i16::from(new.zone),
        new.name.zh,
        new.name.en,
        direction_name(new.direction),
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("checkpoint_site_id_zone_no_fkey", Conflict::Unknown)?;
    site::bundle_changed(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(CheckpointId(id.into_bytes()))
}

/// Gives a checkpoint another name. False when there is none, or it is given up.
pub async fn rename(pool: &Pool, site: SiteId, id: CheckpointId, name: &Text) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update checkpoint set name_zh = $3, name_en = $4
         where site_id = $1 and checkpoint_id = $2 and closed_at is null",
        site.0,
        Uuid::from_bytes(id.0),
        name.zh,
        name.en,
    )
    .execute(&mut *transaction)
    .await?;
    site::bundle_changed(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a checkpoint up: no tablet can be enrolled for it any more. False when it was, or there is none.
pub async fn close(pool: &Pool, site: SiteId, id: CheckpointId, now: Timestamp) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update checkpoint set closed_at = $3
         where site_id = $1 and checkpoint_id = $2 and closed_at is null",
        site.0,
        Uuid::from_bytes(id.0),
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    let closed = done.rows_affected() == 1;
    if closed {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    Ok(closed)
}

/// The checkpoints that a clause picks.
macro_rules! checkpoints {
    ($which:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "select checkpoint_id, zone_no, name_zh, name_en, direction, closed_at from checkpoint " + $which,
            $($argument),+
        )
    };
}

/// A checkpoint.
pub async fn get(pool: &Pool, site: SiteId, id: CheckpointId) -> Result<Option<Checkpoint>> {
    let row = checkpoints!(
        "where site_id = $1 and checkpoint_id = $2",
        site.0,
        Uuid::from_bytes(id.0)
    )
    .fetch_optional(pool)
    .await?;
    row.map(Checkpoint::try_from).transpose()
}

/// The checkpoints of the site, by zone and age; closed ones too.
pub async fn list(pool: &Pool, site: SiteId) -> Result<Vec<Checkpoint>> {
    let rows = checkpoints!(
        "where site_id = $1 order by zone_no, created_at, checkpoint_id",
        site.0
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Checkpoint::try_from).collect()
}

/// A direction's name in the database.
pub(crate) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Both => "both",
    }
}

/// A direction as the database has it.
pub(crate) fn direction(name: &str) -> Result<Direction> {
    [Direction::In, Direction::Out, Direction::Both]
        .into_iter()
        .find(|&direction| direction_name(direction) == name)
        .ok_or_else(|| Error::unreadable("direction", name))
}

fn zone_no(no: i16) -> Result<u8> {
    u8::try_from(no).map_err(|_| Error::unreadable("zone number", &no))
}

struct Row {
    checkpoint_id: Uuid,
    zone_no: i16,
    name_zh: String,
    name_en: String,
    direction: String,
    closed_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Checkpoint {
    type Error = Error;

    fn try_from(row: Row) -> Result<Checkpoint> {
        Ok(Checkpoint {
            id: CheckpointId(row.checkpoint_id.into_bytes()),
            zone: zone_no(row.zone_no)?,
            name: Text {
                zh: row.name_zh,
                en: row.name_en,
            },
            direction: direction(&row.direction)?,
            closed_at: row.closed_at.map(|at| at.to_jiff()),
        })
    }
}
