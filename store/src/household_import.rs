//! Household files between their upload and the administrator's word.

use crate::{
    AccountId, HouseholdImportId, Pool, Result, SiteId,
    household::{self, Imported},
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::household::{HeaderFault, HouseholdRow, LineFault};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

/// What is wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Of its line of column names.
    pub header: Vec<HeaderFault>,
    /// Of the lines below.
    pub faults: Vec<LineFault>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.header.is_empty() && self.faults.is_empty()
    }
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdImport {
    /// Its name in the database.
    pub id: HouseholdImportId,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// What is wrong with it.
    pub report: Report,
    /// Its good rows; none any more once it was taken over.
    pub rows: Vec<HouseholdRow>,
    /// When it was taken over, and what that did.
    pub applied: Option<(Timestamp, Imported)>,
}

/// A file that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewImport<'a> {
    /// Made by the form before it is first sent.
    pub id: HouseholdImportId,
    /// The file's name.
    pub file_name: &'a str,
    /// Who uploads it.
    pub by: AccountId,
    /// What is wrong with it.
    pub report: &'a Report,
    /// Its good rows.
    pub rows: &'a [HouseholdRow],
}

/// What came of taking a file over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The register has all of it; now, or since an earlier time.
    Done(Imported),
    /// There is something wrong with it, so none of it was taken.
    Faulty,
}

/// Keeps a file. The same one sent again changes nothing.
pub async fn keep(pool: &Pool, site: SiteId, new: NewImport<'_>, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "insert into household_import
             (site_id, import_id, file_name, created_by, created_at, report, faulty, rows)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (site_id, import_id) do nothing",
        site.0,
        new.id.0,
        new.file_name,
        new.by.0,
        now.to_sqlx(),
        Json(new.report) as _,
        !new.report.is_good(),
        Json(new.rows) as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A file that was uploaded.
pub async fn get(pool: &Pool, site: SiteId, id: HouseholdImportId) -> Result<Option<HouseholdImport>> {
    let row = sqlx::query!(
        r#"select file_name, created_at, report as "report: Json<Report>", rows as "rows: Json<Vec<HouseholdRow>>",
               applied_at, created, updated, unchanged
           from household_import where site_id = $1 and import_id = $2"#,
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| HouseholdImport {
        id,
        file_name: row.file_name,
        created_at: row.created_at.to_jiff(),
        report: row.report.0,
        rows: row.rows.0,
        applied: row
            .applied_at
            .map(|at| (at.to_jiff(), imported(row.created, row.updated, row.unchanged))),
    }))
}

/// A file that waits for the administrator's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its name in the database.
    pub id: HouseholdImportId,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// The good files that were not taken over, the newest first, at most `limit`.
pub async fn waiting(pool: &Pool, site: SiteId, limit: u16) -> Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        "select import_id, file_name, created_at from household_import
         where site_id = $1 and applied_at is null and not faulty
         order by created_at desc, import_id desc limit $2",
        site.0,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    let waiting = |row: sqlx::types::Uuid, file_name, created_at: jiff_sqlx::Timestamp| Waiting {
        id: HouseholdImportId(row),
        file_name,
        created_at: created_at.to_jiff(),
    };
    Ok(rows
        .into_iter()
        .map(|row| waiting(row.import_id, row.file_name, row.created_at))
        .collect())
}

/// Takes a good file over into the register: all of it, once. Asked again, it says what the first time did. `None` when the site has no such
/// file.
pub async fn apply(
    pool: &Pool,
    site: SiteId,
    id: HouseholdImportId,
    by: AccountId,
    now: Timestamp,
) -> Result<Option<Applied>> {
    let mut transaction = pool.begin().await?;
    let row = sqlx::query!(
        r#"select faulty, rows as "rows: Json<Vec<HouseholdRow>>", applied_at, created, updated, unchanged
           from household_import where site_id = $1 and import_id = $2 for update"#,
        site.0,
        id.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.applied_at.is_some() {
        return Ok(Some(Applied::Done(imported(
            row.created,
            row.updated,
            row.unchanged,
        ))));
    }
    if row.faulty {
        return Ok(Some(Applied::Faulty));
    }
    let done = household::import_in(&mut transaction, site, &row.rows.0, now).await?;
    sqlx::query!(
        "update household_import
         set applied_at = $3, applied_by = $4, created = $5, updated = $6, unchanged = $7, rows = '[]'
         where site_id = $1 and import_id = $2",
        site.0,
        id.0,
        now.to_sqlx(),
        by.0,
        i64::try_from(done.created).unwrap_or(i64::MAX),
        i64::try_from(done.updated).unwrap_or(i64::MAX),
        i64::try_from(done.unchanged).unwrap_or(i64::MAX),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Some(Applied::Done(done)))
}

/// Forgets a file that was not taken over. False when it was, or there is none.
pub async fn discard(pool: &Pool, site: SiteId, id: HouseholdImportId) -> Result<bool> {
    let done = sqlx::query!(
        "delete from household_import where site_id = $1 and import_id = $2 and applied_at is null",
        site.0,
        id.0,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets files uploaded before an instant: they hold names. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, before: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from household_import where site_id = $1 and created_at < $2",
        site.0,
        before.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

fn imported(created: Option<i64>, updated: Option<i64>, unchanged: Option<i64>) -> Imported {
    let count = |count: Option<i64>| count.unwrap_or(0).unsigned_abs();
    Imported {
        created: count(created),
        updated: count(updated),
        unchanged: count(unchanged),
    }
}
