//! The site: the institution whose gates are guarded.

use crate::{
    Conflict, Error, Pool, Result, SiteId,
    account::{self, Grant, NewAccount},
    credential::SignError,
    error::OnConstraint,
    issuer_key::{self, SealedKey},
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::role::Role;
use pass::site::{SiteCode, Text};
use sqlx::PgConnection;

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its number in the database.
    pub id: SiteId,
    /// The audience of its credentials.
    pub code: SiteCode,
    /// What it is called.
    pub name: Text,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The host names it is asked under.
    pub hosts: Vec<String>,
    /// Whether it is a demonstration: its messages are shown to anybody instead of being sent.
    pub demo: bool,
}

/// A site that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewSite<'a> {
    /// The audience of its credentials; never changes.
    pub code: &'a SiteCode,
    /// What it is called.
    pub name: &'a Text,
    /// IANA name of its time zone.
    pub time_zone: &'a str,
    /// The host names it is asked under, in lower case, without port.
    pub hosts: &'a [&'a str],
    /// Whether it is a demonstration.
    pub demo: bool,
}

/// Makes a site.
///
/// # Errors
/// [`Conflict::SiteCodeTaken`], [`Conflict::HostTaken`].
pub async fn create(pool: &Pool, new: NewSite<'_>, now: Timestamp) -> Result<SiteId> {
    let mut transaction = pool.begin().await?;
    let id = create_in(&mut transaction, new, now).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Makes a site that can be used at once, in one transaction: with its first administrator, and the key that `make_key` makes for
/// it.
///
/// # Errors
/// Those of [`create`]; [`Error::Signing`] when `make_key` fails.
pub async fn found(
    pool: &Pool,
    new: NewSite<'_>,
    administrator: NewAccount<'_>,
    make_key: impl FnOnce(SiteId) -> Result<SealedKey, SignError> + Send,
    now: Timestamp,
) -> Result<SiteId> {
    let mut transaction = pool.begin().await?;
    let id = create_in(&mut transaction, new, now).await?;
    let account = account::create_in(&mut transaction, id, administrator, now).await?;
    let whole = Grant::whole(Role::Administrator);
    account::grant_in(&mut transaction, id, account, whole, now).await?;
    let key = make_key(id).map_err(Error::Signing)?;
    issuer_key::rotate_in(&mut transaction, id, &key, now).await?;
    transaction.commit().await?;
    Ok(id)
}

async fn create_in(connection: &mut PgConnection, new: NewSite<'_>, now: Timestamp) -> Result<SiteId> {
    let id = sqlx::query_scalar!(
        "insert into site (code, name_zh, name_en, time_zone, demo, created_at)
         values ($1, $2, $3, $4, $5, $6) returning site_id",
        new.code.as_str(),
        new.name.zh,
        new.name.en,
        new.time_zone,
        new.demo,
        now.to_sqlx(),
    )
    .fetch_one(&mut *connection)
    .await
    .on_constraint("site_code_key", Conflict::SiteCodeTaken)?;
    sqlx::query!("insert into site_counter (site_id) values ($1)", id)
        .execute(&mut *connection)
        .await?;
    for host in new.hosts {
        sqlx::query!("insert into site_host (site_id, host) values ($1, $2)", id, host)
            .execute(&mut *connection)
            .await
            .on_constraint("site_host_key", Conflict::HostTaken)?;
    }
    Ok(SiteId(id))
}

/// The sites `s` that a clause picks.
macro_rules! sites {
    ($which:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"
            select s.site_id, s.code, s.name_zh, s.name_en, s.time_zone, s.demo,
                array(select host from site_host h where h.site_id = s.site_id order by host) as "hosts!"
            from site s "# + $which
            $(, $argument)*
        )
    };
}

/// The site that is asked under a host name (in lower case, without port).
pub async fn by_host(pool: &Pool, host: &str) -> Result<Option<Site>> {
    let row = sites!(
        "where s.site_id = (select site_id from site_host where host = $1)",
        host,
    )
    .fetch_optional(pool)
    .await?;
    row.map(Site::try_from).transpose()
}

/// The site with this code.
pub async fn by_code(pool: &Pool, code: &SiteCode) -> Result<Option<Site>> {
    let row = sites!("where s.code = $1", code.as_str(),)
        .fetch_optional(pool)
        .await?;
    row.map(Site::try_from).transpose()
}

/// A site.
pub async fn get(pool: &Pool, site: SiteId) -> Result<Option<Site>> {
    let row = sites!("where s.site_id = $1", site.0,)
        .fetch_optional(pool)
        .await?;
    row.map(Site::try_from).transpose()
}

/// Every site, for the jobs that serve them one after the other.
pub async fn all(pool: &Pool) -> Result<Vec<Site>> {
    let rows = sites!("order by s.site_id",).fetch_all(pool).await?;
    rows.into_iter().map(Site::try_from).collect()
}

/// The version of the site's gate bundle. Rises with everything that changes what a bundle says.
pub async fn bundle_version(pool: &Pool, site: SiteId) -> Result<Option<u64>> {
    let version = sqlx::query_scalar!(
        "select bundle_version from site_counter where site_id = $1",
        site.0
    )
    .fetch_optional(pool)
    .await?;
    Ok(version.map(|version| u64::try_from(version).unwrap_or(0)))
}

/// Raises the bundle's version, as the last thing before the caller's commit: the row is locked from here on.
pub(crate) async fn bundle_changed(connection: &mut PgConnection, site: SiteId) -> Result<()> {
    sqlx::query!(
        "update site_counter set bundle_version = bundle_version + 1 where site_id = $1",
        site.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct Row {
    site_id: i32,
    code: String,
    name_zh: String,
    name_en: String,
    time_zone: String,
    demo: bool,
    hosts: Vec<String>,
}

impl TryFrom<Row> for Site {
    type Error = Error;

    fn try_from(row: Row) -> Result<Site> {
        Ok(Site {
            id: SiteId(row.site_id),
            code: row
                .code
                .parse()
                .map_err(|_| Error::unreadable("site code", &row.code))?,
            name: Text {
                zh: row.name_zh,
                en: row.name_en,
            },
            time_zone: row.time_zone,
            hosts: row.hosts,
            demo: row.demo,
        })
    }
}
