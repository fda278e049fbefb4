//! Departments and colleges (单位/部门), which form a tree.

use crate::{Conflict, Pool, Result, SiteId, UnitId, error::OnConstraint};
use pass::Text;
use sqlx::PgConnection;

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
    let rows = sqlx::query!(
        r#"select unit_id, code, name_zh, name_en, parent_id, closed_at is not null as "closed!"
           from unit where site_id = $1 order by code"#,
        site.0,
    )
    .fetch_all(pool)
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
/// [`Conflict::UnitTaken`] when another has the code; [`Conflict::Unknown`] when the site has no such unit above.
pub async fn create(
    pool: &Pool,
    site: SiteId,
    code: &str,
    name: &Text,
    parent: Option<UnitId>,
) -> Result<UnitId> {
    let mut connection = pool.acquire().await?;
    create_in(&mut connection, site, code, name, parent).await
}

/// [`create`] inside the caller's transaction.
pub(crate) async fn create_in(
    connection: &mut PgConnection,
    site: SiteId,
    code: &str,
    name: &Text,
    parent: Option<UnitId>,
) -> Result<UnitId> {
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
    .execute(connection)
    .await
    .on_constraint("unit_code_key", Conflict::UnitTaken)
    .on_constraint("unit_parent_fkey", Conflict::Unknown)?;
    Ok(id)
}
