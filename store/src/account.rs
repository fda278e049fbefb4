//! Who signs in, and what they may do.

mod login;

pub use login::set_login;

use crate::{AccountId, Conflict, Error, Pool, Result, SiteId, UnitId, error::OnConstraint, task};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::role::{Reach, Role};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name in the database.
    pub id: AccountId,
    /// The name people see; empty for a resident who has not given one.
    pub display_name: String,
    /// What is typed with a password.
    pub login: Option<String>,
    /// Where sign-in codes go.
    pub phone: Option<String>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
}

/// An account that is to be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewAccount<'a> {
    /// The name people see.
    pub display_name: &'a str,
    /// What is typed with a password, in lower case.
    pub login: Option<&'a str>,
    /// The password's argon2id string.
    pub password_hash: Option<&'a str>,
    /// Where sign-in codes go, normalised by the caller.
    pub phone: Option<&'a str>,
}

/// Where a role is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the whole site.
    Site,
    /// In the zone of this number.
    Zone(u8),
    /// In this unit.
    Unit(UnitId),
}

impl Place {
    /// What sort of place it is.
    pub fn reach(self) -> Reach {
        match self {
            Place::Site => Reach::Site,
            Place::Zone(_) => Reach::Zone,
            Place::Unit(_) => Reach::Unit,
        }
    }

    fn zone(self) -> Option<i16> {
        match self {
            Place::Zone(no) => Some(no.into()),
            Place::Site | Place::Unit(_) => None,
        }
    }

    fn unit(self) -> Option<Uuid> {
        match self {
            Place::Unit(unit) => Some(unit.0),
            Place::Site | Place::Zone(_) => None,
        }
    }
}

/// As one word: `site`, `zone-3`, `unit-…`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Site => f.write_str("site"),
            Place::Zone(no) => write!(f, "zone-{no}"),
            Place::Unit(unit) => write!(f, "unit-{unit}"),
        }
    }
}

/// A text that is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place where roles are granted")]
pub struct PlaceError;

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Place, PlaceError> {
        if text == "site" {
            return Ok(Place::Site);
        }
        match text.split_once('-') {
            Some(("zone", no)) => no.parse().map(Place::Zone).map_err(|_| PlaceError),
            Some(("unit", id)) => id.parse().map(Place::Unit).map_err(|_| PlaceError),
            _ => Err(PlaceError),
        }
    }
}

/// A role, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// Where.
    pub at: Place,
}

impl Grant {
    /// The role in the whole site.
    pub fn whole(role: Role) -> Grant {
        Grant {
            role,
            at: Place::Site,
        }
    }
}

/// Makes an account.
///
/// # Errors
/// [`Conflict::LoginTaken`], [`Conflict::PhoneTaken`].
pub async fn create(pool: &Pool, site: SiteId, new: NewAccount<'_>, now: Timestamp) -> Result<AccountId> {
    let mut connection = pool.acquire().await?;
    create_in(&mut connection, site, new, now).await
}

/// Makes an account that has a role from the beginning, in one transaction.
///
/// # Errors
/// Those of [`create`] and [`grant`].
pub async fn create_with(
    pool: &Pool,
    site: SiteId,
    new: NewAccount<'_>,
    first: Grant,
    now: Timestamp,
) -> Result<AccountId> {
    let mut transaction = pool.begin().await?;
    let id = create_in(&mut transaction, site, new, now).await?;
    grant_in(&mut transaction, site, id, first, now).await?;
    transaction.commit().await?;
    Ok(id)
}

/// [`create`] inside the caller's transaction.
pub(crate) async fn create_in(
    connection: &mut PgConnection,
    site: SiteId,
    new: NewAccount<'_>,
    now: Timestamp,
) -> Result<AccountId> {
    let id = AccountId::new();
    sqlx::query!(
        "insert into account (site_id, account_id, display_name, login, password_hash, phone, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        site.0,
        id.0,
        new.display_name,
        new.login,
        new.password_hash,
        new.phone,
        now.to_sqlx(),
    )
    .execute(connection)
    .await
    .on_constraint("account_login_key", Conflict::LoginTaken)
    .on_constraint("account_phone_key", Conflict::PhoneTaken)?;
    Ok(id)
}

/// The account with this telephone, made now if there is none. Of two at once, both get the same one.
pub async fn by_phone_or_create(pool: &Pool, site: SiteId, phone: &str, now: Timestamp) -> Result<Account> {
    let row = sqlx::query_as!(
        Row,
        // The update changes nothing; it makes the row there is come back.
        "insert into account (site_id, account_id, display_name, phone, created_at)
         values ($1, $2, '', $3, $4)
         on conflict on constraint account_phone_key do update set phone = excluded.phone
         returning account_id, display_name, login, phone, created_at, disabled_at, password_hash",
        site.0,
        Uuid::new_v4(),
        phone,
        now.to_sqlx(),
    )
    .fetch_one(pool)
    .await?;
    Ok(row.into())
}

/// The account of a site that a condition picks.
macro_rules! accounts {
    ($condition:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "select account_id, display_name, login, phone, created_at, disabled_at, password_hash
             from account where site_id = $1 and " + $condition,
            $($argument),+
        )
    };
}

/// The account with this telephone.
pub async fn by_phone(pool: &Pool, site: SiteId, phone: &str) -> Result<Option<Account>> {
    let row = accounts!("phone = $2", site.0, phone,)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Account::from))
}

/// The account with this login (in lower case) and its password's argon2id string, if it has one.
pub async fn by_login(pool: &Pool, site: SiteId, login: &str) -> Result<Option<(Account, Option<String>)>> {
    let row = accounts!("login = $2", site.0, login)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|mut row| {
        let password_hash = row.password_hash.take();
        (row.into(), password_hash)
    }))
}

/// The argon2id string of an account's password, if it has one.
pub async fn password_hash(pool: &Pool, site: SiteId, id: AccountId) -> Result<Option<String>> {
    let row = accounts!("account_id = $2", site.0, id.0,)
        .fetch_optional(pool)
        .await?;
    Ok(row.and_then(|row| row.password_hash))
}

/// An account.
pub async fn get(pool: &Pool, site: SiteId, id: AccountId) -> Result<Option<Account>> {
    let row = accounts!("account_id = $2", site.0, id.0,)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Account::from))
}

/// Changes the password and ends every session of the account. False when there is no such account.
pub async fn set_password(pool: &Pool, site: SiteId, id: AccountId, password_hash: &str) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update account set password_hash = $3 where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        password_hash,
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Changes one's own password, provided that it is still the one with the hash `seen`, and ends every session of the account but the
/// one that asks. False when it is another one by now.
pub async fn change_password(
    pool: &Pool,
    site: SiteId,
    id: AccountId,
    seen: &str,
    password_hash: &str,
    asking: &[u8; 32],
) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update account set password_hash = $4 where site_id = $1 and account_id = $2 and password_hash = $3",
        site.0,
        id.0,
        seen,
        password_hash,
    )
    .execute(&mut *transaction)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2 and token_hash <> $3",
        site.0,
        id.0,
        asking.as_slice(),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Allows signing in again; what waits for their roles may come back to them. False when it is allowed already, or there is no such account.
pub async fn enable(pool: &Pool, site: SiteId, id: AccountId) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update account set disabled_at = null
         where site_id = $1 and account_id = $2 and disabled_at is not null",
        site.0,
        id.0,
    )
    .execute(&mut *transaction)
    .await?;
    reseat_roles_of(&mut transaction, site, id).await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Finds anew who decides what waits for the roles of an account.
pub(crate) async fn reseat_roles_of(
    connection: &mut PgConnection,
    site: SiteId,
    id: AccountId,
) -> Result<()> {
    let roles = sqlx::query_scalar!(
        "select distinct role from role_grant where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .fetch_all(&mut *connection)
    .await?;
    for role in roles {
        let role = Role::parse(&role).map_err(|name| Error::unreadable("role", &name))?;
        task::reseat(connection, site, role).await?;
    }
    Ok(())
}

/// Forbids signing in and ends every session of the account; what waits for their roles goes to others. False when there is no such account.
pub async fn disable(pool: &Pool, site: SiteId, id: AccountId, now: Timestamp) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update account set disabled_at = coalesce(disabled_at, $3) where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .execute(&mut *transaction)
    .await?;
    reseat_roles_of(&mut transaction, site, id).await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Grants a role; granting it again changes nothing.
///
/// # Errors
/// [`Conflict::Unknown`] when the site has no such account or zone.
pub async fn grant(pool: &Pool, site: SiteId, id: AccountId, grant: Grant, now: Timestamp) -> Result<()> {
    let mut transaction = pool.begin().await?;
    grant_in(&mut transaction, site, id, grant, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// [`grant`] inside the caller's transaction. What waits for the role goes where it is held now.
pub(crate) async fn grant_in(
    connection: &mut PgConnection,
    site: SiteId,
    id: AccountId,
    grant: Grant,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "insert into role_grant (site_id, account_id, role, zone_no, unit_id, grant_id, granted_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint role_grant_key do nothing",
        site.0,
        id.0,
        grant.role.as_str(),
        grant.at.zone(),
        grant.at.unit(),
        Uuid::new_v4(),
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await
    .on_constraint("role_grant_site_id_account_id_fkey", Conflict::Unknown)
    .on_constraint("role_grant_site_id_zone_no_fkey", Conflict::Unknown)
    .on_constraint("role_grant_unit_fkey", Conflict::Unknown)?;
    task::reseat(connection, site, grant.role).await
}

/// Takes a role back; what waits for it goes to whoever holds it now. False when it was not granted.
pub async fn ungrant(pool: &Pool, site: SiteId, id: AccountId, grant: Grant) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = ungrant_in(&mut transaction, site, id, grant).await?;
    transaction.commit().await?;
    Ok(done)
}

/// [`ungrant`] inside the caller's transaction.
pub(crate) async fn ungrant_in(
    connection: &mut PgConnection,
    site: SiteId,
    id: AccountId,
    grant: Grant,
) -> Result<bool> {
    let done = sqlx::query!(
        "delete from role_grant
         where site_id = $1 and account_id = $2 and role = $3
             and zone_no is not distinct from $4 and unit_id is not distinct from $5",
        site.0,
        id.0,
        grant.role.as_str(),
        grant.at.zone(),
        grant.at.unit(),
    )
    .execute(&mut *connection)
    .await?;
    task::reseat(connection, site, grant.role).await?;
    Ok(done.rows_affected() == 1)
}

/// What an account may do, in order of role and zone.
pub async fn roles(pool: &Pool, site: SiteId, id: AccountId) -> Result<Vec<Grant>> {
    let rows = sqlx::query!(
        "select role, zone_no, unit_id from role_grant where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .fetch_all(pool)
    .await?;
    grants(rows.into_iter().map(|row| (row.role, row.zone_no, row.unit_id)))
}

/// Grants as the database has them, in order.
pub(crate) fn grants(rows: impl Iterator<Item = (String, Option<i16>, Option<Uuid>)>) -> Result<Vec<Grant>> {
    let mut grants = rows
        .map(|(role, zone, unit)| {
            let role = Role::parse(&role).map_err(|name| Error::unreadable("role", &name))?;
            let at = match (zone, unit) {
                (Some(zone), _) => {
                    Place::Zone(u8::try_from(zone).map_err(|_| Error::unreadable("zone", &zone))?)
                }
                (None, Some(unit)) => Place::Unit(UnitId(unit)),
                (None, None) => Place::Site,
            };
            Ok(Grant { role, at })
        })
        .collect::<Result<Vec<_>>>()?;
    grants.sort_unstable();
    Ok(grants)
}

struct Row {
    account_id: Uuid,
    display_name: String,
    login: Option<String>,
    phone: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    disabled_at: Option<jiff_sqlx::Timestamp>,
    password_hash: Option<String>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Account {
        Account {
            id: AccountId(row.account_id),
            display_name: row.display_name,
            login: row.login,
            phone: row.phone,
            created_at: row.created_at.to_jiff(),
            disabled_at: row.disabled_at.map(|at| at.to_jiff()),
        }
    }
}
