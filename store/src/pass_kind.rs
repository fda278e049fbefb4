//! Published pass kinds. A version never changes: running applications and issued credentials keep theirs.

use crate::{AccountId, Conflict, Error, Pool, Result, SiteId, error::OnConstraint};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{KindKey, KindNo, PassKind, Text};
use sqlx::{PgConnection, types::Json};
use std::collections::{HashMap, hash_map::Entry};

/// A published version of a pass kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The number that credentials carry.
    pub no: KindNo,
    /// The policy.
    pub kind: PassKind,
    /// Whether one may apply for it: the newest version of its key, and not retired.
    pub offered: bool,
    /// Whether nobody may apply for it any more, in this version or a later one.
    pub retired: bool,
    /// Since when.
    pub published_at: Timestamp,
}

/// Publishes a version; `by` is absent for what set-up brings.
///
/// # Errors
/// [`Conflict::VersionPublished`].
pub async fn publish(
    pool: &Pool,
    site: SiteId,
    kind: &PassKind,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<KindNo> {
    let mut transaction = pool.begin().await?;
    let no = sqlx::query_scalar!(
        r#"
        update site_counter set next_kind_no = next_kind_no + 1, bundle_version = bundle_version + 1
        where site_id = $1 returning next_kind_no - 1 as "no!"
        "#,
        site.0,
    )
    .fetch_one(&mut *transaction)
    .await?;
    sqlx::query!(
        "insert into pass_kind (site_id, kind_no, key, version, definition, published_at, published_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        site.0,
        no,
        kind.key.as_str(),
        version_no(kind.version),
        Json(kind) as _,
        now.to_sqlx(),
        by.map(|by| by.0),
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("pass_kind_version_key", Conflict::VersionPublished)?;
    transaction.commit().await?;
    kind_no(no)
}

/// Stops offering a kind whose newest version is `seen`; a later version offers it again. Credentials stay. False when it was not
/// offered, or there is a newer version, which whoever asks has not seen.
pub async fn retire(pool: &Pool, site: SiteId, key: &KindKey, seen: u32, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "update pass_kind k set retired_at = $4
         where k.site_id = $1 and k.key = $2 and k.retired_at is null
            and exists (select from pass_kind s where s.site_id = $1 and s.key = $2 and s.version = $3)
            and not exists (select from pass_kind n where n.site_id = $1 and n.key = $2 and n.version > $3)",
        site.0,
        key.as_str(),
        version_no(seen),
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The published kinds `k` that a clause picks.
macro_rules! kinds {
    ($which:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"
            select k.kind_no, k.definition as "definition: Json<PassKind>", k.published_at,
                k.retired_at is null and not exists (
                    select from pass_kind newer
                    where newer.site_id = k.site_id and newer.key = k.key and newer.version > k.version
                ) as "offered!",
                k.retired_at is not null as "retired!"
            from pass_kind k
            "# + $which,
            $($argument),+
        )
    };
}

/// Every version ever published, oldest first: what a gate bundle and old applications need.
pub async fn all(pool: &Pool, site: SiteId) -> Result<Vec<Published>> {
    let rows = kinds!("where k.site_id = $1 order by k.kind_no", site.0)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Published::try_from).collect()
}

/// The kinds one may apply for.
pub async fn offered(pool: &Pool, site: SiteId) -> Result<Vec<Published>> {
    let mut kinds = all(pool, site).await?;
    kinds.retain(|kind| kind.offered);
    Ok(kinds)
}

/// One version by its number.
pub async fn get(pool: &Pool, site: SiteId, no: KindNo) -> Result<Option<Published>> {
    let mut connection = pool.acquire().await?;
    get_in(&mut connection, site, no).await
}

/// [`get`] inside the caller's transaction.
pub(crate) async fn get_in(
    connection: &mut PgConnection,
    site: SiteId,
    no: KindNo,
) -> Result<Option<Published>> {
    let row = kinds!("where k.site_id = $1 and k.kind_no = $2", site.0, i32::from(no.0))
        .fetch_optional(connection)
        .await?;
    row.map(Published::try_from).transpose()
}

/// What a version is called, read in the caller's transaction; empty when the site has no such version.
pub(crate) async fn title_in(connection: &mut PgConnection, site: SiteId, no: KindNo) -> Result<Text> {
    let title = sqlx::query_scalar!(
        r#"select definition -> 'title' as "title!: Json<Text>" from pass_kind where site_id = $1 and kind_no = $2"#,
        site.0,
        i32::from(no.0),
    )
    .fetch_optional(connection)
    .await?;
    Ok(title.map(|Json(title)| title).unwrap_or_default())
}

/// Versions of kinds that were read already: what is published never changes.
#[derive(Default)]
pub(crate) struct Read(HashMap<KindNo, PassKind>);

impl Read {
    /// A version that an application names, read in the caller's transaction.
    pub(crate) async fn get(
        &mut self,
        connection: &mut PgConnection,
        site: SiteId,
        no: KindNo,
    ) -> Result<&PassKind> {
        match self.0.entry(no) {
            Entry::Occupied(read) => Ok(read.into_mut()),
            Entry::Vacant(place) => {
                let found = get_in(connection, site, no).await?;
                Ok(place.insert(found.ok_or_else(|| Error::unreadable("kind number", &no.0))?.kind))
            }
        }
    }
}

/// The newest version of a key, offered or not.
pub async fn newest(pool: &Pool, site: SiteId, key: &KindKey) -> Result<Option<Published>> {
    let row = kinds!(
        "where k.site_id = $1 and k.key = $2 order by k.version desc limit 1",
        site.0,
        key.as_str()
    )
    .fetch_optional(pool)
    .await?;
    row.map(Published::try_from).transpose()
}

/// What is known about a published version besides what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The version's number in its site.
    pub no: KindNo,
    /// The name of whoever published it; absent for what set-up brought.
    pub by: Option<String>,
    /// Since when nobody may apply under it.
    pub retired_at: Option<Timestamp>,
    /// How many applications are in review under it.
    pub running: i64,
}

/// What is known about every version ever published, oldest first.
pub async fn records(pool: &Pool, site: SiteId) -> Result<Vec<Record>> {
    let rows = sqlx::query!(
        r#"
        select k.kind_no, a.display_name as "by?", k.retired_at, coalesce(r.running, 0) as "running!"
        from pass_kind k
        left join account a on a.site_id = k.site_id and a.account_id = k.published_by
        left join (
            select kind_no, count(*) as running from application where site_id = $1 and state = 'in_review' group by kind_no
        ) r on r.kind_no = k.kind_no
        where k.site_id = $1
        order by k.kind_no
        "#,
        site.0,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Record {
                no: kind_no(row.kind_no)?,
                by: row.by,
                retired_at: row.retired_at.map(|at| at.to_jiff()),
                running: row.running,
            })
        })
        .collect()
}

/// A version as the database has it.
fn version_no(version: u32) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}

/// A kind's number as the database has it.
pub(crate) fn kind_no(no: i32) -> Result<KindNo> {
    u16::try_from(no)
        .map(KindNo)
        .map_err(|_| Error::unreadable("kind number", &no))
}

struct Row {
    kind_no: i32,
    definition: Json<PassKind>,
    offered: bool,
    retired: bool,
    published_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Published {
    type Error = Error;

    fn try_from(row: Row) -> Result<Published> {
        Ok(Published {
            no: kind_no(row.kind_no)?,
            kind: row.definition.0,
            offered: row.offered,
            retired: row.retired,
            published_at: row.published_at.to_jiff(),
        })
    }
}
