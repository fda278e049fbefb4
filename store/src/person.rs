//! The register of staff and students.

use crate::{
    AccountId, Conflict, Error, Pool, Result, SiteId, UnitId,
    account::{self, NewAccount},
    error::OnConstraint,
};
use jiff::Timestamp;
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
/// [`Conflict::NumberTaken`]; [`Conflict::Unknown`] when the site has no such unit.
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
    .on_constraint("person_number_key", Conflict::NumberTaken)
    .on_constraint("person_unit_fkey", Conflict::Unknown)?;
    Ok(())
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
