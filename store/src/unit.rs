//! Departments and colleges (单位/部门), which form a tree.

mod import;

pub(crate) use import::{faults, import_in, outlook};

use crate::{AccountId, Conflict, Error, Pool, Result, SiteId, UnitId, error::OnConstraint, task};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Role, Text, unit::would_circle};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name in the database.
    pub id: UnitId,
    /// The site's own code for it.
    pub code: String,
    /// What people call it.
    pub name: Text,
    /// The unit above; absent at the top.
    pub parent: Option<UnitId>,
    /// Whether it is no more.
    pub closed: bool,
}

/// Every unit, by code.
pub async fn list(pool: &Pool, site: SiteId) -> Result<Vec<Unit>> {
    let mut connection = pool.acquire().await?;
    list_in(&mut connection, site).await
}

/// [`list`] inside the caller's transaction.
pub(crate) async fn list_in(connection: &mut PgConnection, site: SiteId) -> Result<Vec<Unit>> {
    let rows = sqlx::query!(
        r#"select unit_id, code, name_zh, name_en, parent_id, closed_at is not null as "closed!"
           from unit where site_id = $1 order by code"#,
        site.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Unit {
            id: UnitId(row.unit_id),
            code: row.code,
            name: Text::new(&row.name_zh, &row.name_en),
            parent: row.parent_id.map(UnitId),
            closed: row.closed,
        })
        .collect())
}

/// Makes a unit.
///
/// # Errors
/// [`Conflict::UnitTaken`] when another has the code; [`Conflict::Unknown`] when the site has no such open unit above.
pub async fn create(
    pool: &Pool,
    site: SiteId,
    code: &str,
    name: &Text,
    parent: Option<UnitId>,
) -> Result<UnitId> {
    let mut transaction = pool.begin().await?;
    if let Some(parent) = parent {
        must_be_open(&mut transaction, site, parent).await?;
    }
    let id = UnitId::new();
    sqlx::query!(
        "insert into unit (site_id, unit_id, code, name_zh, name_en, parent_id) values ($1, $2, $3, $4, $5, $6)",
        site.0,
        id.0,
        code,
        name.zh,
        name.en,
        parent.map(|unit| unit.0),
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("unit_code_key", Conflict::UnitTaken)?;
    transaction.commit().await?;
    Ok(id)
}

/// Holds a unit open until the transaction ends.
///
/// # Errors
/// [`Conflict::Unknown`] when the site has no such open unit.
pub(crate) async fn must_be_open(connection: &mut PgConnection, site: SiteId, id: UnitId) -> Result<()> {
    let open = sqlx::query_scalar!(
        // Whoever closes it holds it alone meanwhile; the lock waits for that, and looks again at what it left.
        "select unit_id from unit where site_id = $1 and unit_id = $2 and closed_at is null for share",
        site.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    open.map(|_| ()).ok_or(Error::Conflict(Conflict::Unknown))
}

/// Gives a unit another name. False when there is no such unit.
pub async fn rename(pool: &Pool, site: SiteId, id: UnitId, name: &Text) -> Result<bool> {
    let done = sqlx::query!(
        "update unit set name_zh = $3, name_en = $4 where site_id = $1 and unit_id = $2",
        site.0,
        id.0,
        name.zh,
        name.en,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What came of changing the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is so now.
    Done,
    /// The site has no such open unit.
    Unknown,
    /// The unit would stand below itself.
    Circle,
    /// People belong to it.
    HasPeople,
    /// Open units stand below it.
    HasUnits,
}

/// Puts a unit below another, or at the top.
pub async fn move_to(pool: &Pool, site: SiteId, id: UnitId, parent: Option<UnitId>) -> Result<Changed> {
    let mut transaction = pool.begin().await?;
    hold_tree(&mut transaction, site).await?;
    let units = list_in(&mut transaction, site).await?;
    let is_open = |id| units.iter().any(|unit| unit.id == id && !unit.closed);
    if !is_open(id) || parent.is_some_and(|parent| !is_open(parent)) {
        return Ok(Changed::Unknown);
    }
    let above: BTreeMap<UnitId, Option<UnitId>> = units.iter().map(|unit| (unit.id, unit.parent)).collect();
    if parent.is_some_and(|parent| would_circle(&above, id, parent)) {
        return Ok(Changed::Circle);
    }
    sqlx::query!(
        "update unit set parent_id = $3 where site_id = $1 and unit_id = $2",
        site.0,
        id.0,
        parent.map(|parent| parent.0),
    )
    .execute(&mut *transaction)
    .await?;
    // What waits goes up another tree.
    task::reseat_all(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(Changed::Done)
}

/// Holds every unit of the site until the transaction ends: of two who move units at once, the second sees what the first did.
pub(crate) async fn hold_tree(connection: &mut PgConnection, site: SiteId) -> Result<()> {
    sqlx::query!(
        "select unit_id from unit where site_id = $1 order by unit_id for no key update",
        site.0
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Gives a unit up, once nobody belongs to it and no open unit stands below it. Done again, it changes nothing.
pub async fn close(pool: &Pool, site: SiteId, id: UnitId, now: Timestamp) -> Result<Changed> {
    let mut transaction = pool.begin().await?;
    // Nobody is entered and no unit is made below it while it is held so; what was, is seen by the next statement.
    let held = sqlx::query_scalar!(
        "select unit_id from unit where site_id = $1 and unit_id = $2 for update",
        site.0,
        id.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if held.is_none() {
        return Ok(Changed::Unknown);
    }
    let inside = sqlx::query!(
        r#"select exists (select from person where site_id = $1 and unit_id = $2 and left_at is null) as "people!",
               exists (select from unit where site_id = $1 and parent_id = $2 and closed_at is null) as "units!""#,
        site.0,
        id.0,
    )
    .fetch_one(&mut *transaction)
    .await?;
    if inside.people {
        return Ok(Changed::HasPeople);
    }
    if inside.units {
        return Ok(Changed::HasUnits);
    }
    sqlx::query!(
        "update unit set closed_at = coalesce(closed_at, $3) where site_id = $1 and unit_id = $2",
        site.0,
        id.0,
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Changed::Done)
}

/// Opens a closed unit again; the one above it must be open.
pub async fn reopen(pool: &Pool, site: SiteId, id: UnitId) -> Result<Changed> {
    let mut transaction = pool.begin().await?;
    hold_tree(&mut transaction, site).await?;
    let done = sqlx::query!(
        "update unit u set closed_at = null
         where u.site_id = $1 and u.unit_id = $2 and not exists (
             select from unit p where p.site_id = $1 and p.unit_id = u.parent_id and p.closed_at is not null)",
        site.0,
        id.0,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(if done.rows_affected() == 1 {
        Changed::Done
    } else {
        Changed::Unknown
    })
}

/// How many people belong to each unit itself; a unit without any is not in it.
pub async fn counts(pool: &Pool, site: SiteId) -> Result<HashMap<UnitId, u64>> {
    let rows = sqlx::query!(
        r#"select unit_id, count(*) as "count!" from person where site_id = $1 and left_at is null group by unit_id"#,
        site.0,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (UnitId(row.unit_id), row.count.unsigned_abs()))
        .collect())
}

/// A unit and every one below it.
pub async fn with_below(pool: &Pool, site: SiteId, id: UnitId) -> Result<Vec<UnitId>> {
    let rows = sqlx::query_scalar!(
        r#"with recursive below as (
               select unit_id from unit where site_id = $1 and unit_id = $2
               union select u.unit_id from unit u join below b on u.parent_id = b.unit_id where u.site_id = $1
           )
           select unit_id as "unit_id!" from below"#,
        site.0,
        id.0,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(UnitId).collect())
}

/// Somebody who has a role at a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The unit.
    pub unit: UnitId,
    /// What they may do there.
    pub role: Role,
    /// Who.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their number, where they are in the register.
    pub number: Option<String>,
}

/// Who has a role at a unit; without one, at any. Those who left are not among them.
pub async fn holders(pool: &Pool, site: SiteId, unit: Option<UnitId>) -> Result<Vec<Holder>> {
    let mut connection = pool.acquire().await?;
    holders_in(&mut connection, site, unit).await
}

/// [`holders`] inside the caller's transaction.
pub(crate) async fn holders_in(
    connection: &mut PgConnection,
    site: SiteId,
    unit: Option<UnitId>,
) -> Result<Vec<Holder>> {
    let rows = sqlx::query!(
        r#"select g.unit_id as "unit_id!", g.role, g.account_id, a.display_name, p.number as "number?"
           from role_grant g
           join account a on a.site_id = g.site_id and a.account_id = g.account_id
           left join person p on p.site_id = g.site_id and p.account_id = g.account_id
           where g.site_id = $1 and g.unit_id is not null and ($2::uuid is null or g.unit_id = $2)
               and p.left_at is null
           order by g.unit_id, g.granted_at, g.account_id"#,
        site.0,
        unit.map(|unit| unit.0),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Holder {
                unit: UnitId(row.unit_id),
                role: Role::parse(&row.role).map_err(|name| Error::unreadable("role", &name))?,
                account: AccountId(row.account_id),
                name: row.display_name,
                number: row.number,
            })
        })
        .collect()
}
