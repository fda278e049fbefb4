//! The register of staff and students.

mod import;
mod list;

pub(crate) use import::{faults, import_in, outlook};
pub use list::{After, AfterError, Filter, Listed, Who, count, list};

use crate::{
    AccountId, Conflict, Error, Pool, Result, SiteId, UnitId,
    account::{self, Account, Grant, NewAccount},
    error::OnConstraint,
    unit,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::person::PersonKind;
use sqlx::PgConnection;
use uuid::Uuid;

/// Somebody of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their account, which they have from the beginning.
    pub account: AccountId,
    /// Staff or student number, as [`pass::person::person_number`] keeps it.
    pub number: String,
    /// Their name.
    pub name: String,
    /// What they are to the site.
    pub kind: PersonKind,
    /// Where they belong.
    pub unit: UnitId,
}

/// Somebody who is to be entered.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// Staff or student number, as [`pass::person::person_number`] keeps it.
    pub number: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they are to the site.
    pub kind: PersonKind,
    /// Where they belong.
    pub unit: UnitId,
    /// Where messages may go; nobody signs in with it.
    pub phone: Option<&'a str>,
    /// Where messages may go.
    pub mail: Option<&'a str>,
}

/// Enters somebody, with an account that nobody can sign in to yet but through the site's own sign-in.
///
/// # Errors
/// [`Conflict::NumberTaken`]; [`Conflict::Unknown`] when the site has no such open unit.
pub async fn create(pool: &Pool, site: SiteId, new: NewPerson<'_>, now: Timestamp) -> Result<AccountId> {
    let mut transaction = pool.begin().await?;
    let account = NewAccount {
        display_name: new.name,
        ..NewAccount::default()
    };
    let id = account::create_in(&mut transaction, site, account, now).await?;
    enter(&mut transaction, site, id, new).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Enters somebody who has an account.
///
/// # Errors
/// Those of [`create`].
pub(crate) async fn enter(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    new: NewPerson<'_>,
) -> Result<()> {
    unit::must_be_open(connection, site, new.unit).await?;
    sqlx::query!(
        "insert into person (site_id, account_id, number, kind, unit_id, phone, mail)
         values ($1, $2, $3, $4, $5, $6, $7)",
        site.0,
        account.0,
        new.number,
        new.kind.as_str(),
        new.unit.0,
        new.phone,
        new.mail,
    )
    .execute(connection)
    .await
    .on_constraint("person_number_key", Conflict::NumberTaken)?;
    Ok(())
}

/// Everything that is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The account.
    pub account: Account,
    /// Its entry in the register, also of somebody who left.
    pub entry: Option<Entry>,
    /// What it may do.
    pub grants: Vec<Grant>,
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Staff or student number.
    pub number: String,
    /// What they are to the site.
    pub kind: PersonKind,
    /// Where they belong.
    pub unit: UnitId,
    /// Where messages may go; nobody signs in with it.
    pub phone: Option<String>,
    /// Where messages may go.
    pub mail: Option<String>,
    /// Since when they belong to the site no more.
    pub left_at: Option<Timestamp>,
}

/// Everything that is known of an account.
pub async fn profile(pool: &Pool, site: SiteId, id: AccountId) -> Result<Option<Profile>> {
    let Some(account) = account::get(pool, site, id).await? else {
        return Ok(None);
    };
    let row = sqlx::query!(
        "select number, kind, unit_id, phone, mail, left_at from person where site_id = $1 and account_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    let entry = match row {
        None => None,
        Some(row) => Some(Entry {
            number: row.number,
            kind: kind(&row.kind)?,
            unit: UnitId(row.unit_id),
            phone: row.phone,
            mail: row.mail,
            left_at: row.left_at.map(|at| at.to_jiff()),
        }),
    };
    let grants = account::roles(pool, site, id).await?;
    Ok(Some(Profile {
        account,
        entry,
        grants,
    }))
}

/// An entry as it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a> {
    /// Their name.
    pub name: &'a str,
    /// What they are to the site.
    pub kind: PersonKind,
    /// Where they belong.
    pub unit: UnitId,
    /// Where messages may go.
    pub phone: Option<&'a str>,
    /// Where messages may go.
    pub mail: Option<&'a str>,
}

/// Changes an entry. False when the account has none.
///
/// # Errors
/// [`Conflict::Unknown`] when they would move to a unit that is not there or closed.
pub async fn edit(pool: &Pool, site: SiteId, id: AccountId, edit: Edit<'_>) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let unit = sqlx::query_scalar!(
        "select unit_id from person where site_id = $1 and account_id = $2 for update",
        site.0,
        id.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(unit) = unit else { return Ok(false) };
    if unit != edit.unit.0 {
        unit::must_be_open(&mut transaction, site, edit.unit).await?;
    }
    sqlx::query!(
        "update person set kind = $3, unit_id = $4, phone = $5, mail = $6 where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        edit.kind.as_str(),
        edit.unit.0,
        edit.phone,
        edit.mail,
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "update account set display_name = $3 where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        edit.name,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Somebody belongs to the site no more: their sessions end now, no password lets them in, and what they were granted sleeps;
/// what waits for it goes to others. Done again, it changes nothing. False when the account has no entry.
pub async fn leave(pool: &Pool, site: SiteId, id: AccountId, now: Timestamp) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update person set left_at = coalesce(left_at, $3) where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "delete from session s where site_id = $1 and account_id = $2
             and exists (select from person p where p.site_id = $1 and p.account_id = $2)",
        site.0,
        id.0
    )
    .execute(&mut *transaction)
    .await?;
    account::reseat_roles_of(&mut transaction, site, id).await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody who left is back; what they were granted holds again. False when the account has no entry.
///
/// # Errors
/// [`Conflict::Unknown`] when their unit was closed meanwhile.
pub async fn come_back(pool: &Pool, site: SiteId, id: AccountId) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let unit = sqlx::query_scalar!(
        "select unit_id from person where site_id = $1 and account_id = $2 for update",
        site.0,
        id.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(unit) = unit else { return Ok(false) };
    unit::must_be_open(&mut transaction, site, UnitId(unit)).await?;
    sqlx::query!(
        "update person set left_at = null where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .execute(&mut *transaction)
    .await?;
    account::reseat_roles_of(&mut transaction, site, id).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Whoever has this number and has not left.
pub async fn by_number(pool: &Pool, site: SiteId, number: &str) -> Result<Option<Person>> {
    by_number_in(&mut *pool.acquire().await?, site, number).await
}

/// [`by_number`] inside the caller's transaction.
pub(crate) async fn by_number_in(
    connection: &mut PgConnection,
    site: SiteId,
    number: &str,
) -> Result<Option<Person>> {
    let row = sqlx::query_as!(
        Row,
        "select p.account_id, p.number, a.display_name, p.kind, p.unit_id
         from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
         where p.site_id = $1 and p.number = $2 and p.left_at is null",
        site.0,
        number,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Person::try_from).transpose()
}

/// Who an account is in the register, unless they left.
pub async fn of(pool: &Pool, site: SiteId, account: AccountId) -> Result<Option<Person>> {
    let row = sqlx::query_as!(
        Row,
        "select p.account_id, p.number, a.display_name, p.kind, p.unit_id
         from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
         where p.site_id = $1 and p.account_id = $2 and p.left_at is null",
        site.0,
        account.0,
    )
    .fetch_optional(pool)
    .await?;
    row.map(Person::try_from).transpose()
}

struct Row {
    account_id: Uuid,
    number: String,
    display_name: String,
    kind: String,
    unit_id: Uuid,
}

impl TryFrom<Row> for Person {
    type Error = Error;

    fn try_from(row: Row) -> Result<Person> {
        Ok(Person {
            account: AccountId(row.account_id),
            number: row.number,
            name: row.display_name,
            kind: kind(&row.kind)?,
            unit: UnitId(row.unit_id),
        })
    }
}

/// A kind as the database has it.
pub(crate) fn kind(name: &str) -> Result<PersonKind> {
    name.parse().map_err(|_| Error::unreadable("person kind", name))
}
