//! The household register (住户).

use crate::register_import::{Change, Imported, Outlook};
use crate::{Conflict, Error, HouseholdId, Pool, Result, SiteId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::household::{Address, HouseholdRow};
use pass::table::Column;
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// A household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its name in the database.
    pub id: HouseholdId,
    /// Where it is.
    pub address: Address,
    /// The householder's name as registered.
    pub householder: String,
}

/// The last step of choosing an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The household behind it.
    pub household: HouseholdId,
    /// Its number or name.
    pub door: String,
}

/// Takes all rows into the register, or none. An address that is there gets the new householder; addresses that are not among the rows stay.
///
/// # Errors
/// [`Conflict::AddressTwice`] when two rows have one address.
pub async fn import(pool: &Pool, site: SiteId, rows: &[HouseholdRow], now: Timestamp) -> Result<Imported> {
    // One statement, so one transaction.
    let mut connection = pool.acquire().await?;
    import_in(&mut connection, site, rows, now).await
}

/// [`import`] inside the caller's transaction.
pub(crate) async fn import_in(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[HouseholdRow],
    now: Timestamp,
) -> Result<Imported> {
    let mut seen = HashSet::new();
    let key = |address: &Address| {
        [&address.community, &address.building, &address.door].map(|part| part.to_lowercase())
    };
    if !rows.iter().all(|row| seen.insert(key(&row.address))) {
        return Err(Error::Conflict(Conflict::AddressTwice));
    }
    let ids: Vec<Uuid> = rows.iter().map(|_| Uuid::new_v4()).collect();
    let column = |part: fn(&HouseholdRow) -> &String| rows.iter().map(part).cloned().collect::<Vec<_>>();
    let changed = sqlx::query!(
        r#"
        with changed as (
            insert into household as h
                (site_id, household_id, community, building, door, householder, created_at, updated_at)
            select $1, given.*, $7, $7
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                as given (id, community, building, door, householder)
            -- Two imports at once take the rows in one order, so that neither waits for the other.
            order by lower(given.community), lower(given.building), lower(given.door)
            on conflict (site_id, lower(community), lower(building), lower(door)) do update set
                community = excluded.community, building = excluded.building, door = excluded.door,
                householder = excluded.householder, updated_at = excluded.updated_at
            where (h.community, h.building, h.door, h.householder)
                is distinct from (excluded.community, excluded.building, excluded.door, excluded.householder)
            -- A row that was there has been locked by this statement, a new one has not.
            returning xmax = 0 as created
        )
        select count(*) filter (where created) as "created!", count(*) filter (where not created) as "updated!"
        from changed
        "#,
        site.0,
        &ids,
        &column(|row| &row.address.community),
        &column(|row| &row.address.building),
        &column(|row| &row.address.door),
        &column(|row| &row.householder),
        now.to_sqlx(),
    )
    .fetch_one(connection)
    .await?;
    let (created, updated) = (changed.created.unsigned_abs(), changed.updated.unsigned_abs());
    Ok(Imported {
        created,
        updated,
        unchanged: rows.len() as u64 - created - updated,
    })
}

/// What [`import`] would do to the register as it is now.
pub(crate) async fn outlook(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[HouseholdRow],
) -> Result<Outlook> {
    let column = |part: fn(&HouseholdRow) -> &String| rows.iter().map(part).cloned().collect::<Vec<_>>();
    let found = sqlx::query!(
        r#"
        select given.place as "place!", h.community as "community?", h.building as "building?", h.door as "door?",
            h.householder as "householder?"
        from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
            as given (community, building, door, householder, place)
        left join household h on h.site_id = $1 and lower(h.community) = lower(given.community)
            and lower(h.building) = lower(given.building) and lower(h.door) = lower(given.door)
        where h.household_id is null or (h.community, h.building, h.door, h.householder)
            is distinct from (given.community, given.building, given.door, given.householder)
        order by given.place
        "#,
        site.0,
        &column(|row| &row.address.community),
        &column(|row| &row.address.building),
        &column(|row| &row.address.door),
        &column(|row| &row.householder),
    )
    .fetch_all(connection)
    .await?;
    let mut outlook = Outlook::default();
    for row in found {
        let place = usize::try_from(row.place - 1).unwrap_or(usize::MAX);
        let (Some(community), Some(building), Some(door), Some(householder), Some(after)) = (
            row.community,
            row.building,
            row.door,
            row.householder,
            rows.get(place),
        ) else {
            outlook.counts.created += 1;
            continue;
        };
        outlook.counts.updated += 1;
        let of = [
            &after.address.community,
            &after.address.building,
            &after.address.door,
        ]
        .map(String::as_str);
        for (column, before, after) in [
            (Column::Community, community, &after.address.community),
            (Column::Building, building, &after.address.building),
            (Column::Door, door, &after.address.door),
            (Column::Householder, householder, &after.householder),
        ] {
            if before != *after {
                outlook.changes.push(Change {
                    of: of.join(" "),
                    column,
                    before,
                    after: after.clone(),
                });
            }
        }
    }
    let counts = &mut outlook.counts;
    counts.unchanged = rows.len() as u64 - counts.created - counts.updated;
    Ok(outlook)
}

/// The communities of the site, the first step of choosing an address.
pub async fn communities(pool: &Pool, site: SiteId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        // From one to the next in the index of addresses: every form and every list asks, and there are few beside their doors.
        r#"with recursive next as (
               (select community, lower(community) as low from household where site_id = $1 order by lower(community) limit 1)
               union all
               select after.community, after.low from next, lateral (
                   select community, lower(community) as low from household
                   where site_id = $1 and lower(community) > next.low order by lower(community) limit 1
               ) after
           )
           select community as "community!" from next order by length(community), community"#,
        site.0,
    )
    .fetch_all(pool)
    .await?)
}

/// The buildings of a community, the second step.
pub async fn buildings(pool: &Pool, site: SiteId, community: &str) -> Result<Vec<String>> {
    // Shorter first, so that 2 comes before 10.
    Ok(sqlx::query_scalar!(
        "select building from household where site_id = $1 and lower(community) = lower($2)
         group by building order by length(building), building",
        site.0,
        community,
    )
    .fetch_all(pool)
    .await?)
}

/// The doors of a building, the last step.
pub async fn doors(pool: &Pool, site: SiteId, community: &str, building: &str) -> Result<Vec<Door>> {
    let rows = sqlx::query!(
        "select household_id, door from household
         where site_id = $1 and lower(community) = lower($2) and lower(building) = lower($3)
         order by length(door), door",
        site.0,
        community,
        building,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Door {
            household: HouseholdId(row.household_id),
            door: row.door,
        })
        .collect())
}

/// A household.
pub async fn get(pool: &Pool, site: SiteId, id: HouseholdId) -> Result<Option<Household>> {
    let row = sqlx::query_as!(
        Row,
        "select household_id, community, building, door, householder
         from household where site_id = $1 and household_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(Household::from))
}

/// The household at an address.
pub async fn by_address(pool: &Pool, site: SiteId, address: &Address) -> Result<Option<Household>> {
    let row = sqlx::query_as!(
        Row,
        "select household_id, community, building, door, householder from household
         where site_id = $1 and lower(community) = lower($2) and lower(building) = lower($3)
           and lower(door) = lower($4)",
        site.0,
        address.community,
        address.building,
        address.door,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(Household::from))
}

/// Households whose householder's name begins with `text`, by address; with an empty text all. `after` is the last address of the page
/// before.
pub async fn search(
    pool: &Pool,
    site: SiteId,
    text: &str,
    after: Option<&Address>,
    limit: u16,
) -> Result<Vec<Household>> {
    let rows = sqlx::query_as!(
        Row,
        "select household_id, community, building, door, householder from household
         where site_id = $1 and householder like $2
           and ($3::text is null
                or (lower(community), lower(building), lower(door)) > (lower($3), lower($4), lower($5)))
         order by lower(community), lower(building), lower(door) limit $6",
        site.0,
        crate::begins_with(text),
        after.map(|address| &address.community),
        after.map(|address| &address.building),
        after.map(|address| &address.door),
        i64::from(limit.clamp(1, crate::page::LONGEST)),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Household::from).collect())
}

/// How many households the register has.
pub async fn count(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from household where site_id = $1"#,
        site.0
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

struct Row {
    household_id: Uuid,
    community: String,
    building: String,
    door: String,
    householder: String,
}

impl From<Row> for Household {
    fn from(row: Row) -> Household {
        Household {
            id: HouseholdId(row.household_id),
            address: Address {
                community: row.community,
                building: row.building,
                door: row.door,
            },
            householder: row.householder,
        }
    }
}
