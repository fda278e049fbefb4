//! Files for the registers between their upload and the administrator's word.

use crate::{AccountId, Error, ImportId, Pool, Result, SiteId, household, person, unit};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::table::{Column, HeaderFault, LineFault, Register, Rows};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were new.
    pub created: u64,
    /// Rows that stood there otherwise.
    pub updated: u64,
    /// Rows that stood there just so.
    pub unchanged: u64,
}

/// What an import changes in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose: an address, a unit, a person.
    pub of: String,
    /// In which column.
    pub column: Column,
    /// As it is in the register.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// Something in a file that is passed over, and is no fault: a number that nobody in the register has yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The line.
    pub line: u32,
    /// In which column.
    pub column: Column,
    /// What stands there.
    pub text: String,
}

/// What taking rows over would do to the register as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// How many rows.
    pub counts: Imported,
    /// What changes, in order of the rows.
    pub changes: Vec<Change>,
    /// What would not be taken.
    pub passed_over: Vec<PassedOver>,
}

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
pub struct RegisterImport {
    /// Its name in the database.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// What is wrong with it.
    pub report: Report,
    /// Its good rows; none any more once it was taken over.
    pub rows: Rows,
    /// When it was taken over, and what that did.
    pub applied: Option<(Timestamp, Imported)>,
}

/// A file that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewImport<'a> {
    /// Made by the form before it is first sent.
    pub id: ImportId,
    /// The file's name.
    pub file_name: &'a str,
    /// Who uploads it.
    pub by: AccountId,
    /// What is wrong with it.
    pub report: &'a Report,
    /// Its good rows.
    pub rows: &'a Rows,
}

/// What is wrong with rows as the register is now: what they name is not there, or would stand below itself.
pub async fn faults(pool: &Pool, site: SiteId, rows: &Rows) -> Result<Vec<LineFault>> {
    let mut connection = pool.acquire().await?;
    match rows {
        Rows::Households(_) => Ok(Vec::new()),
        Rows::Units(rows) => unit::faults(&mut connection, site, rows).await,
        Rows::People(rows) => person::faults(&mut connection, site, rows).await,
    }
}

/// What taking rows over would do to the register as it is now; or what is wrong with them.
pub async fn outlook(pool: &Pool, site: SiteId, rows: &Rows) -> Result<Result<Outlook, Vec<LineFault>>> {
    let mut connection = pool.acquire().await?;
    match rows {
        Rows::Households(rows) => Ok(Ok(household::outlook(&mut connection, site, rows).await?)),
        Rows::Units(rows) => unit::outlook(&mut connection, site, rows).await,
        Rows::People(rows) => person::outlook(&mut connection, site, rows).await,
    }
}

/// What came of taking a file over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The register has all of it; now, or since an earlier time.
    Done(Imported),
    /// There is something wrong with it, or with what it names by now, so none of it was taken.
    Faulty,
}

/// Keeps a file. The same one sent again changes nothing.
pub async fn keep(pool: &Pool, site: SiteId, new: NewImport<'_>, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "insert into register_import
             (site_id, import_id, register, file_name, created_by, created_at, report, faulty, rows)
         values ($1, $2, $9, $3, $4, $5, $6, $7, $8)
         on conflict (site_id, import_id) do nothing",
        site.0,
        new.id.0,
        new.file_name,
        new.by.0,
        now.to_sqlx(),
        Json(new.report) as _,
        !new.report.is_good(),
        Json(written(new.rows)?) as _,
        new.rows.register().as_str(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A file that was uploaded.
pub async fn get(pool: &Pool, site: SiteId, id: ImportId) -> Result<Option<RegisterImport>> {
    let row = sqlx::query!(
        r#"select register, file_name, created_at, report as "report: Json<Report>", rows as "rows: Json<Value>",
               applied_at, created, updated, unchanged
           from register_import where site_id = $1 and import_id = $2"#,
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(RegisterImport {
        id,
        file_name: row.file_name,
        created_at: row.created_at.to_jiff(),
        report: row.report.0,
        rows: read(&row.register, row.rows.0)?,
        applied: row
            .applied_at
            .map(|at| (at.to_jiff(), imported(row.created, row.updated, row.unchanged))),
    }))
}

/// A file that waits for the administrator's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its name in the database.
    pub id: ImportId,
    /// What it is for.
    pub register: Register,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// The good files that were not taken over, the newest first, at most `limit`.
pub async fn waiting(pool: &Pool, site: SiteId, limit: u16) -> Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        "select import_id, register, file_name, created_at from register_import
         where site_id = $1 and applied_at is null and not faulty
         order by created_at desc, import_id desc limit $2",
        site.0,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Waiting {
                id: ImportId(row.import_id),
                register: register(&row.register)?,
                file_name: row.file_name,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect()
}

/// Takes a good file over into the register: all of it, once. Asked again, it says what the first time did. `None` when the site has no such
/// file.
pub async fn apply(
    pool: &Pool,
    site: SiteId,
    id: ImportId,
    by: AccountId,
    now: Timestamp,
) -> Result<Option<Applied>> {
    let mut transaction = pool.begin().await?;
    let row = sqlx::query!(
        r#"select register, faulty, rows as "rows: Json<Value>", applied_at, created, updated, unchanged
           from register_import where site_id = $1 and import_id = $2 for update"#,
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
    let rows = read(&row.register, row.rows.0)?;
    let Ok(done) = take_in(&mut transaction, site, &rows, now).await? else {
        return Ok(Some(Applied::Faulty));
    };
    sqlx::query!(
        "update register_import
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

/// Takes rows over that come from no file: all of them, or none and what is wrong with them.
pub async fn take(
    pool: &Pool,
    site: SiteId,
    rows: &Rows,
    now: Timestamp,
) -> Result<Result<Imported, Vec<LineFault>>> {
    let mut transaction = pool.begin().await?;
    let taken = take_in(&mut transaction, site, rows, now).await?;
    if taken.is_ok() {
        transaction.commit().await?;
    }
    Ok(taken)
}

async fn take_in(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &Rows,
    now: Timestamp,
) -> Result<Result<Imported, Vec<LineFault>>> {
    match rows {
        Rows::Households(rows) => Ok(Ok(household::import_in(connection, site, rows, now).await?)),
        Rows::Units(rows) => unit::import_in(connection, site, rows, now).await,
        Rows::People(rows) => person::import_in(connection, site, rows, now).await,
    }
}

/// Forgets a file that was not taken over. False when it was, or there is none.
pub async fn discard(pool: &Pool, site: SiteId, id: ImportId) -> Result<bool> {
    let done = sqlx::query!(
        "delete from register_import where site_id = $1 and import_id = $2 and applied_at is null",
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
        "delete from register_import where site_id = $1 and created_at < $2",
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

fn register(name: &str) -> Result<Register> {
    name.parse().map_err(|_| Error::unreadable("register", name))
}

/// Rows as the database keeps them.
fn written(rows: &Rows) -> Result<Value> {
    let value = match rows {
        Rows::Households(rows) => serde_json::to_value(rows),
        Rows::Units(rows) => serde_json::to_value(rows),
        Rows::People(rows) => serde_json::to_value(rows),
    };
    value.map_err(|error| Error::unreadable("rows", &error))
}

fn read(name: &str, value: Value) -> Result<Rows> {
    let rows = match register(name)? {
        Register::Households => serde_json::from_value(value).map(Rows::Households),
        Register::Units => serde_json::from_value(value).map(Rows::Units),
        Register::People => serde_json::from_value(value).map(Rows::People),
    };
    rows.map_err(|error| Error::unreadable("rows", &error))
}
