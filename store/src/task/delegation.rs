//! Standing in for somebody who is away (代理).

use crate::{AccountId, Conflict, Pool, Result, SiteId, error::OnConstraint, session};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

/// That somebody stands in for somebody else for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Its name.
    pub id: Uuid,
    /// Who is away.
    pub from: AccountId,
    /// Their name.
    pub from_name: String,
    /// Who decides meanwhile.
    pub to: AccountId,
    /// Their name.
    pub to_name: String,
    /// Since when.
    pub starts_at: Timestamp,
    /// Until when, not included.
    pub ends_at: Timestamp,
}

/// Lets `to` decide in the place of `from` for a while; their sessions that began by a text message alone end. The same `id` again changes
/// nothing.
///
/// # Errors
/// [`Conflict::Unknown`] when the site has no such account.
pub async fn delegate(
    pool: &Pool,
    site: SiteId,
    id: Uuid,
    (from, to): (AccountId, AccountId),
    (starts_at, ends_at): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "insert into delegation (site_id, delegation_id, from_id, to_id, starts_at, ends_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (site_id, delegation_id) do nothing",
        site.0,
        id,
        from.0,
        to.0,
        starts_at.to_sqlx(),
        ends_at.to_sqlx(),
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("delegation_site_id_to_id_fkey", Conflict::Unknown)
    .on_constraint("delegation_site_id_from_id_fkey", Conflict::Unknown)?;
    session::end_by_phone(&mut transaction, site, to).await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes a delegation back, which only the one who is away does. False when there is none that is not over.
pub async fn end_delegation(
    pool: &Pool,
    site: SiteId,
    id: Uuid,
    from: AccountId,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "update delegation set ended_at = $4
         where site_id = $1 and delegation_id = $2 and from_id = $3 and ended_at is null and ends_at > $4",
        site.0,
        id,
        from.0,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The delegations from and to somebody that are not over, the soonest first.
pub async fn delegations(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Delegation>> {
    let rows = sqlx::query!(
        "select d.delegation_id, d.from_id, f.display_name as from_name, d.to_id, t.display_name as to_name,
             d.starts_at, d.ends_at
         from delegation d
         join account f on f.site_id = d.site_id and f.account_id = d.from_id
         join account t on t.site_id = d.site_id and t.account_id = d.to_id
         where d.site_id = $1 and (d.from_id = $2 or d.to_id = $2) and d.ended_at is null and d.ends_at > $3
         order by d.starts_at, d.delegation_id",
        site.0,
        account.0,
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Delegation {
            id: row.delegation_id,
            from: AccountId(row.from_id),
            from_name: row.from_name,
            to: AccountId(row.to_id),
            to_name: row.to_name,
            starts_at: row.starts_at.to_jiff(),
            ends_at: row.ends_at.to_jiff(),
        })
        .collect())
}
