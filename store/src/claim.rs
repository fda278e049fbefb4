//! Whose household it is: an account claims one, and the office confirms the first claim.

mod release;

pub use release::release;

use crate::{
    AccountId, ApplicationId, ClaimId, Conflict, Cursor, Error, HouseholdId, Page, Pool, Result, SiteId,
    error::OnConstraint, household::Household, page,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::household::Address;
use sqlx::PgConnection;
use std::collections::HashMap;

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// With the office.
    Pending,
    /// The account is the household's telephone.
    Confirmed,
    /// The office did not believe it.
    Refused,
    /// It was confirmed once and is no more.
    Released,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Confirmed, Self::Refused, Self::Released];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Released => "released",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == name);
        found.ok_or_else(|| Error::unreadable("claim state", name))
    }
}

/// A claim with what the office compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name.
    pub id: ClaimId,
    /// Who claims.
    pub account: AccountId,
    /// The telephone that would be bound.
    pub phone: Option<String>,
    /// What is claimed, with the householder as registered.
    pub household: Household,
    /// The householder's name as the applicant typed it.
    pub householder: String,
    /// Whether the household is bound to a telephone at present.
    pub bound: bool,
    /// Where it stands.
    pub state: ClaimState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it left the office.
    pub decided_at: Option<Timestamp>,
    /// What the office said.
    pub opinion: Option<String>,
}

/// What came of deciding a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimDecided {
    /// It is so now.
    Done,
    /// It was decided before.
    Already {
        /// How it stands.
        state: ClaimState,
        /// Who decided.
        by: Option<AccountId>,
        /// When.
        at: Option<Timestamp>,
    },
    /// Nobody decides his own claim.
    Own,
}

/// Claims a household for an account that has none.
///
/// # Errors
/// [`Conflict::ClaimPending`], [`Conflict::AccountBound`], [`Conflict::Unknown`] when the site has no such household or account.
pub async fn make(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    household: HouseholdId,
    householder: &str,
    now: Timestamp,
) -> Result<ClaimId> {
    let id = ClaimId::new();
    // A confirmation that comes in between leaves a pending claim, which the office can then not confirm: the index holds.
    let done = sqlx::query!(
        "insert into household_claim
             (site_id, claim_id, account_id, household_id, householder, state, created_at)
         select $1, $2, $3, $4, $5, 'pending', $6
         where not exists (
             select from household_claim where site_id = $1 and account_id = $3 and state = 'confirmed'
         )",
        site.0,
        id.0,
        account.0,
        household.0,
        householder,
        now.to_sqlx(),
    )
    .execute(pool)
    .await
    .on_constraint("household_claim_pending", Conflict::ClaimPending)
    .on_constraint("household_claim_site_id_household_id_fkey", Conflict::Unknown)
    .on_constraint("household_claim_site_id_account_id_fkey", Conflict::Unknown)?;
    if done.rows_affected() == 0 {
        Err(Error::Conflict(Conflict::AccountBound))
    } else {
        Ok(id)
    }
}

/// Confirms a pending claim: from now on this telephone is the household's. `None` when the site has no such claim.
///
/// # Errors
/// [`Conflict::HouseholdBound`], [`Conflict::AccountBound`]; of two claims to one household confirmed at once, one meets this.
pub async fn confirm(
    pool: &Pool,
    site: SiteId,
    id: ClaimId,
    by: AccountId,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<Option<ClaimDecided>> {
    let mut connection = pool.acquire().await?;
    decide(&mut connection, site, id, by, ClaimState::Confirmed, opinion, now).await
}

/// Refuses a pending claim. `None` when the site has no such claim.
pub async fn refuse(
    pool: &Pool,
    site: SiteId,
    id: ClaimId,
    by: AccountId,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<Option<ClaimDecided>> {
    let mut connection = pool.acquire().await?;
    decide(&mut connection, site, id, by, ClaimState::Refused, opinion, now).await
}

/// Takes an account's own waiting claim back. False when none waits any more.
pub async fn withdraw(pool: &Pool, site: SiteId, account: AccountId, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "update household_claim set state = 'released', decided_at = $3, decided_by = $2
         where site_id = $1 and account_id = $2 and state = 'pending'",
        site.0,
        account.0,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Decides a claim inside the caller's transaction.
async fn decide(
    connection: &mut PgConnection,
    site: SiteId,
    id: ClaimId,
    by: AccountId,
    to: ClaimState,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<Option<ClaimDecided>> {
    let from = if to == ClaimState::Released {
        ClaimState::Confirmed
    } else {
        ClaimState::Pending
    };
    let done = sqlx::query!(
        "update household_claim
         set state = $4, decided_at = $5, decided_by = $6, opinion = coalesce($7, opinion)
         where site_id = $1 and claim_id = $2 and state = $3 and account_id <> $6",
        site.0,
        id.0,
        from.as_str(),
        to.as_str(),
        now.to_sqlx(),
        by.0,
        opinion,
    )
    .execute(&mut *connection)
    .await
    .on_constraint("household_claim_household", Conflict::HouseholdBound)
    .on_constraint("household_claim_account", Conflict::AccountBound)?;
    if done.rows_affected() == 1 {
        return Ok(Some(ClaimDecided::Done));
    }
    let row = sqlx::query!(
        "select account_id, state, decided_by, decided_at from household_claim
         where site_id = $1 and claim_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let state = ClaimState::parse(&row.state)?;
    Ok(Some(if state == from && row.account_id == by.0 {
        ClaimDecided::Own
    } else {
        ClaimDecided::Already {
            state,
            by: row.decided_by.map(AccountId),
            at: row.decided_at.map(|at| at.to_jiff()),
        }
    }))
}

/// The household of each application that is bound to its applicant, and until the caller's transaction ends stays so.
pub(crate) async fn lock_applicants(
    connection: &mut PgConnection,
    site: SiteId,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, HouseholdId>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let bound = sqlx::query!(
        // The applications first, whatever the planner believes of the claims: from these to all applications of their households is a
        // long way.
        "with asked as materialized (
             select application_id, applicant_id, household_id from application
             where site_id = $1 and application_id = any ($2)
         )
         select asked.application_id, c.household_id from asked
         join household_claim c on c.site_id = $1 and c.account_id = asked.applicant_id
             and c.household_id = asked.household_id and c.state = 'confirmed'
         order by c.claim_id
         for share of c",
        site.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(bound
        .into_iter()
        .map(|row| (ApplicationId(row.application_id), HouseholdId(row.household_id)))
        .collect())
}

/// The claims `c` that a clause picks.
macro_rules! claims {
    ($which:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"
            select c.claim_id, c.account_id, a.phone, c.household_id, h.community, h.building, h.door,
                h.householder as registered, c.householder, c.state, c.created_at, c.decided_at, c.opinion,
                exists (select from household_claim o where o.site_id = c.site_id
                        and o.household_id = c.household_id and o.state = 'confirmed') as "bound!"
            from household_claim c
            join account a on a.site_id = c.site_id and a.account_id = c.account_id
            join household h on h.site_id = c.site_id and h.household_id = c.household_id
            "# + $which,
            $($argument),+
        )
    };
}

/// A claim.
pub async fn get(pool: &Pool, site: SiteId, id: ClaimId) -> Result<Option<Claim>> {
    let row = claims!("where c.site_id = $1 and c.claim_id = $2", site.0, id.0,)
        .fetch_optional(pool)
        .await?;
    row.map(Claim::try_from).transpose()
}

/// The newest claim of an account: what its page about the household shows.
pub async fn latest(pool: &Pool, site: SiteId, account: AccountId) -> Result<Option<Claim>> {
    let row = claims!(
        "where c.site_id = $1 and c.account_id = $2
        order by c.created_at desc, c.claim_id desc limit 1",
        site.0,
        account.0,
    )
    .fetch_optional(pool)
    .await?;
    row.map(Claim::try_from).transpose()
}

/// The claims in a state, oldest first.
pub async fn list(
    pool: &Pool,
    site: SiteId,
    state: ClaimState,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Claim>> {
    let (at, id) = page::parts(after);
    let rows = claims!(
        "where c.site_id = $1 and c.state = $2
            and ($3::timestamptz is null or (c.created_at, c.claim_id) > ($3, $4::uuid))
        order by c.created_at, c.claim_id limit $5",
        site.0,
        state.as_str(),
        at as _,
        id,
        page::ask(limit),
    )
    .fetch_all(pool)
    .await?;
    let rows = rows
        .into_iter()
        .map(Claim::try_from)
        .collect::<Result<Vec<_>>>()?;
    Ok(page::page(rows, limit, |row| Cursor {
        at: row.created_at,
        id: row.id.0,
    }))
}

/// How many claims wait for the office.
pub async fn pending(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from household_claim where site_id = $1 and state = 'pending'"#,
        site.0,
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

struct Row {
    claim_id: uuid::Uuid,
    account_id: uuid::Uuid,
    phone: Option<String>,
    household_id: uuid::Uuid,
    community: String,
    building: String,
    door: String,
    registered: String,
    householder: String,
    state: String,
    created_at: jiff_sqlx::Timestamp,
    decided_at: Option<jiff_sqlx::Timestamp>,
    opinion: Option<String>,
    bound: bool,
}

impl TryFrom<Row> for Claim {
    type Error = Error;

    fn try_from(row: Row) -> Result<Claim> {
        Ok(Claim {
            id: ClaimId(row.claim_id),
            account: AccountId(row.account_id),
            phone: row.phone,
            household: Household {
                id: HouseholdId(row.household_id),
                address: Address {
                    community: row.community,
                    building: row.building,
                    door: row.door,
                },
                householder: row.registered,
            },
            householder: row.householder,
            bound: row.bound,
            state: ClaimState::parse(&row.state)?,
            created_at: row.created_at.to_jiff(),
            decided_at: row.decided_at.map(|at| at.to_jiff()),
            opinion: row.opinion,
        })
    }
}
