//! What applicants and the office read.

use super::{Application, state};
use crate::{
    AccountId, ApplicationId, Cursor, Error, HouseholdId, Page, Pool, Result, SiteId, credential, page,
    pass_kind,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Address, KindKey, State, Values};
use sqlx::types::Json;
use uuid::Uuid;

/// What narrows the office's lists. Everything given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Of this kind, whatever the version.
    pub kind: Option<&'a KindKey>,
    /// Of this community.
    pub community: Option<&'a str>,
    /// Whose householder or door begins with this.
    pub text: Option<&'a str>,
}

impl Filter<'_> {
    /// The pattern of `text`; an empty text narrows nothing.
    fn pattern(&self) -> Option<String> {
        self.text
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(crate::begins_with)
    }
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
            select a.application_id, a.applicant_id, p.phone, a.household_id, a.kind_no, a.kind_key,
                a.community, a.building, a.door, a.householder, a.first_day, a.last_day, a.reason,
                a.given as "given: Json<Values>", a.state,
                a.created_at, a.decided_at, a.decided_by, a.pass_number,
                c.redeemed_at as "redeemed_at?", c.revoked_at as "revoked_at?"
            from (select * from application a "# + $which + r#") a
            join account p on p.site_id = a.site_id and p.account_id = a.applicant_id
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

/// Those in review, oldest first.
pub async fn pending(
    pool: &Pool,
    site: SiteId,
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let rows = applications!(
        "where a.site_id = $1 and a.state = 'in_review'
            and ($2::text is null or a.kind_key = $2)
            and ($3::text is null or a.community = $3)
            and ($4::text is null or a.householder like $4 or a.door like $4)
            and ($5::timestamptz is null or (a.created_at, a.application_id) > ($5, $6::uuid))
         order by a.created_at, a.application_id limit $7",
        "order by a.created_at, a.application_id",
        site.0,
        filter.kind.map(KindKey::as_str),
        filter.community,
        filter.pattern(),
        at as _,
        id,
        page::ask(limit),
    )
    .fetch_all(&mut *reading)
    .await?;
    collect(rows, limit, |row| row.created_at)
}

/// Those that have left review, by whatever act, the latest first.
pub async fn done(
    pool: &Pool,
    site: SiteId,
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let rows = applications!(
        "where a.site_id = $1 and a.decided_at is not null
            and ($2::text is null or a.kind_key = $2)
            and ($3::text is null or a.community = $3)
            and ($4::text is null or a.householder like $4 or a.door like $4)
            and ($5::timestamptz is null or (a.decided_at, a.application_id) < ($5, $6::uuid))
         order by a.decided_at desc, a.application_id desc limit $7",
        "order by a.decided_at desc, a.application_id desc",
        site.0,
        filter.kind.map(KindKey::as_str),
        filter.community,
        filter.pattern(),
        at as _,
        id,
        page::ask(limit),
    )
    .fetch_all(&mut *reading)
    .await?;
    collect(rows, limit, |row| row.decided_at.unwrap_or(row.created_at))
}

/// How many are in review.
pub async fn pending_count(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from application where site_id = $1 and state = 'in_review'"#,
        site.0,
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
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
    household_id: Uuid,
    kind_no: i32,
    kind_key: String,
    community: String,
    building: String,
    door: String,
    householder: String,
    first_day: jiff_sqlx::Date,
    last_day: jiff_sqlx::Date,
    reason: String,
    given: Json<Values>,
    state: String,
    created_at: jiff_sqlx::Timestamp,
    decided_at: Option<jiff_sqlx::Timestamp>,
    decided_by: Option<Uuid>,
    pass_number: Option<i32>,
    redeemed_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Application {
    type Error = Error;

    fn try_from(row: Row) -> Result<Application> {
        Ok(Application {
            id: ApplicationId(row.application_id),
            applicant: AccountId(row.applicant_id),
            phone: row.phone,
            household: HouseholdId(row.household_id),
            kind: pass_kind::kind_no(row.kind_no)?,
            kind_key: row.kind_key,
            address: Address {
                community: row.community,
                building: row.building,
                door: row.door,
            },
            householder: row.householder,
            first_day: row.first_day.to_jiff(),
            last_day: row.last_day.to_jiff(),
            reason: row.reason,
            given: row.given.0,
            state: state(&row.state)?,
            created_at: row.created_at.to_jiff(),
            decided_at: row.decided_at.map(|at| at.to_jiff()),
            decided_by: row.decided_by.map(AccountId),
            number: row.pass_number.map(credential::number).transpose()?,
            redeemed_at: row.redeemed_at.map(|at| at.to_jiff()),
            revoked_at: row.revoked_at.map(|at| at.to_jiff()),
        })
    }
}
