//! What applicants and those who review read.

use super::{Application, Host, standing, state};
use crate::{
    AccountId, ApplicationId, Cursor, Error, HouseholdId, Page, Pool, Result, SiteId, UnitId, credential,
    page, pass_kind, task::Filter,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Address, KindKey, State, Text, Values, kind::Standing};
use sqlx::types::Json;
use uuid::Uuid;

/// Which applications an overview shows. Everything given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overview<'a> {
    /// Of applicants of these standings.
    pub standings: &'a [Standing],
    /// In this state.
    pub state: Option<State>,
    /// What narrows it as it narrows the lists of tasks.
    pub filter: Filter<'a>,
}

/// What narrows an applicant's own list. Everything given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// In this state.
    pub state: Option<State>,
    /// Submitted at this instant or later.
    pub from: Option<Timestamp>,
    /// Submitted before this instant.
    pub until: Option<Timestamp>,
}

/// The applications `a` that a clause picks, in an order. The clause is a query of its own: what it limits to is found by its index alone,
/// and only those few rows are looked up in the other tables.
macro_rules! applications {
    ($which:literal, $order:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"
            select a.application_id, a.applicant_id, p.phone, a.standing, a.number, a.household_id, a.kind_no, a.kind_key,
                a.community, a.building, a.door, a.holder, a.holder_phone, a.first_day, a.last_day, a.reason,
                a.given as "given: Json<Values>", a.round, a.state,
                a.created_at, a.decided_at, a.decided_by, a.pass_number,
                a.unit_id, u.name_zh as "unit_zh?", u.name_en as "unit_en?",
                a.host_id, a.host_unit_id, h.display_name as "host_name?",
                c.redeemed_at as "redeemed_at?", coalesce(c.spent, false) as "spent!", c.revoked_at as "revoked_at?"
            from (select * from application a "# + $which + r#") a
            join account p on p.site_id = a.site_id and p.account_id = a.applicant_id
            left join unit u on u.site_id = a.site_id and u.unit_id = a.unit_id
            left join account h on h.site_id = a.site_id and h.account_id = a.host_id
            left join credential c on c.site_id = a.site_id and c.pass_number = a.pass_number
            "# + $order,
            $($argument),+
        )
    };
}

/// One application.
pub async fn get(pool: &Pool, site: SiteId, id: ApplicationId) -> Result<Option<Application>> {
    let row = applications!("where a.site_id = $1 and a.application_id = $2", "", site.0, id.0)
        .fetch_optional(pool)
        .await?;
    row.map(Application::try_from).transpose()
}

/// An applicant's own, newest first.
pub async fn mine(
    pool: &Pool,
    site: SiteId,
    applicant: AccountId,
    own: &Own,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let rows = applications!(
        "where a.site_id = $1 and a.applicant_id = $2
            and ($3::timestamptz is null or (a.created_at, a.application_id) < ($3, $4::uuid))
            and ($6::text is null or a.state = $6)
            and ($7::timestamptz is null or a.created_at >= $7)
            and ($8::timestamptz is null or a.created_at < $8)
         order by a.created_at desc, a.application_id desc limit $5",
        "order by a.created_at desc, a.application_id desc",
        site.0,
        applicant.0,
        at as _,
        id,
        page::ask(limit),
        own.state.map(State::as_str),
        own.from.map(|at| at.to_sqlx()) as _,
        own.until.map(|at| at.to_sqlx()) as _,
    )
    .fetch_all(&mut *reading)
    .await?;
    collect(rows, limit, |row| row.created_at)
}

/// The newest of a household, whoever applied: what the office looks at beside one of them.
pub async fn of_household(
    pool: &Pool,
    site: SiteId,
    household: HouseholdId,
    limit: u16,
) -> Result<Vec<Application>> {
    let rows = applications!(
        "where a.site_id = $1 and a.household_id = $2
         order by a.created_at desc, a.application_id desc limit $3",
        "order by a.created_at desc, a.application_id desc",
        site.0,
        household.0,
        i64::from(limit.clamp(1, page::LONGEST)),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Application::try_from).collect()
}

/// All applications of the standings that somebody oversees (查询统计), the newest first.
pub async fn overview(
    pool: &Pool,
    site: SiteId,
    which: &Overview<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let mut rows = Vec::new();
    // Each standing by itself: its index gives its first rows.
    for standing in which.standings {
        let found = applications!(
            "where a.site_id = $1 and a.standing = $2
                and ($3::text is null or a.state = $3)
                and ($4::text is null or a.kind_key = $4)
                and ($5::text is null or a.community = $5)
                and ($6::text is null or a.holder like $6 or a.door like $6 or a.number like $6)
                and ($7::timestamptz is null or (a.created_at, a.application_id) < ($7, $8::uuid))
             order by a.created_at desc, a.application_id desc limit $9",
            "order by a.created_at desc, a.application_id desc",
            site.0,
            standing.as_str(),
            which.state.map(State::as_str),
            which.filter.kind.map(KindKey::as_str),
            which.filter.community,
            which.filter.pattern(),
            at as _,
            id,
            page::ask(limit),
        )
        .fetch_all(&mut *reading)
        .await?;
        rows.extend(found);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at.to_jiff(), row.application_id)));
    collect(rows, limit, |row| row.created_at)
}

/// The applications of these names, in no order.
pub async fn these(pool: &Pool, site: SiteId, ids: &[ApplicationId]) -> Result<Vec<Application>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = applications!(
        "where a.site_id = $1 and a.application_id = any ($2)",
        "",
        site.0,
        &ids,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Application::try_from).collect()
}

fn collect(rows: Vec<Row>, limit: u16, at: impl Fn(&Application) -> Timestamp) -> Result<Page<Application>> {
    let rows = rows
        .into_iter()
        .map(Application::try_from)
        .collect::<Result<Vec<_>>>()?;
    Ok(page::page(rows, limit, |row| Cursor {
        at: at(row),
        id: row.id.0,
    }))
}

struct Row {
    application_id: Uuid,
    applicant_id: Uuid,
    phone: Option<String>,
    standing: String,
    number: Option<String>,
    household_id: Option<Uuid>,
    kind_no: i32,
    kind_key: String,
    community: Option<String>,
    building: Option<String>,
    door: Option<String>,
    holder: String,
    holder_phone: Option<String>,
    first_day: jiff_sqlx::Date,
    last_day: jiff_sqlx::Date,
    reason: String,
    given: Json<Values>,
    round: i16,
    state: String,
    created_at: jiff_sqlx::Timestamp,
    decided_at: Option<jiff_sqlx::Timestamp>,
    decided_by: Option<Uuid>,
    pass_number: Option<i32>,
    unit_id: Option<Uuid>,
    unit_zh: Option<String>,
    unit_en: Option<String>,
    host_id: Option<Uuid>,
    host_unit_id: Option<Uuid>,
    host_name: Option<String>,
    redeemed_at: Option<jiff_sqlx::Timestamp>,
    spent: bool,
    revoked_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Application {
    type Error = Error;

    fn try_from(row: Row) -> Result<Application> {
        let household = match (row.household_id, row.community, row.building, row.door) {
            (Some(id), Some(community), Some(building), Some(door)) => Some((
                HouseholdId(id),
                Address {
                    community,
                    building,
                    door,
                },
            )),
            _ => None,
        };
        let unit = match (row.unit_id, row.unit_zh, row.unit_en) {
            (Some(id), Some(zh), Some(en)) => Some((UnitId(id), Text::new(&zh, &en))),
            _ => None,
        };
        let host = match (row.host_id, row.host_name, row.host_unit_id) {
            (Some(id), Some(name), Some(unit)) => Some(Host {
                account: AccountId(id),
                name,
                unit: UnitId(unit),
            }),
            _ => None,
        };
        Ok(Application {
            id: ApplicationId(row.application_id),
            applicant: AccountId(row.applicant_id),
            phone: row.phone,
            standing: standing(&row.standing)?,
            number: row.number,
            unit,
            host,
            household,
            kind: pass_kind::kind_no(row.kind_no)?,
            kind_key: row.kind_key,
            holder: row.holder,
            holder_phone: row.holder_phone,
            first_day: row.first_day.to_jiff(),
            last_day: row.last_day.to_jiff(),
            reason: row.reason,
            given: row.given.0,
            round: row.round,
            state: state(&row.state)?,
            created_at: row.created_at.to_jiff(),
            decided_at: row.decided_at.map(|at| at.to_jiff()),
            decided_by: row.decided_by.map(AccountId),
            pass_number: row.pass_number.map(credential::number).transpose()?,
            redeemed_at: row.redeemed_at.map(|at| at.to_jiff()),
            spent: row.spent,
            revoked_at: row.revoked_at.map(|at| at.to_jiff()),
        })
    }
}
