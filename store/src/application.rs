//! Applications: submitting, taking back, and the lists that applicants and the office read. What the office decides is in
//! [`decision`].

mod lapse;
mod lists;
mod submit;

pub use lapse::lapse;
pub use lists::{Filter, Own, done, get, mine, of_household, pending, pending_count};
pub use submit::{Submission, Submitted, Withdrawn, submit, withdraw};

use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Result, SiteId, credential, decision, pass_kind, quota,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Act, Address, KindNo, PassNumber, State, Values};
use sqlx::PgConnection;

/// An application as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its name.
    pub id: ApplicationId,
    /// Who applied.
    pub applicant: AccountId,
    /// The applicant's telephone.
    pub phone: Option<String>,
    /// The household it is for.
    pub household: HouseholdId,
    /// The version of the pass kind it began with.
    pub kind: KindNo,
    /// The kind's key.
    pub kind_key: String,
    /// The household's address when it was made.
    pub address: Address,
    /// The householder's name as it was given.
    pub householder: String,
    /// The first site-local day of the pass.
    pub first_day: Date,
    /// The last one.
    pub last_day: Date,
    /// Why.
    pub reason: String,
    /// What was given for the kind's own fields.
    pub given: Values,
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it left review.
    pub decided_at: Option<Timestamp>,
    /// Who decided; absent where the policy agreed by itself or nobody decided in time.
    pub decided_by: Option<AccountId>,
    /// The pass number, once there is a credential.
    pub number: Option<PassNumber>,
    /// When the pass was first used.
    pub redeemed_at: Option<Timestamp>,
    /// When the credential was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What deciding about an application needs to know, read under its lock.
pub(crate) struct Locked {
    pub id: ApplicationId,
    pub applicant: AccountId,
    pub household: HouseholdId,
    pub kind: KindNo,
    pub kind_key: String,
    pub householder: String,
    pub first_day: Date,
    pub last_day: Date,
    pub state: State,
    pub number: Option<PassNumber>,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Timestamp>,
}

/// Reads an application and keeps everybody else from deciding about it until the caller's transaction ends.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
) -> Result<Option<Locked>> {
    let row = sqlx::query!(
        "select applicant_id, household_id, kind_no, kind_key, householder, first_day, last_day, state,
             pass_number, decided_by, decided_at
         from application where site_id = $1 and application_id = $2 for update",
        site.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Locked {
        id,
        applicant: AccountId(row.applicant_id),
        household: HouseholdId(row.household_id),
        kind: pass_kind::kind_no(row.kind_no)?,
        kind_key: row.kind_key,
        householder: row.householder,
        first_day: row.first_day.to_jiff(),
        last_day: row.last_day.to_jiff(),
        state: state(&row.state)?,
        number: row.pass_number.map(credential::number).transpose()?,
        decided_by: row.decided_by.map(AccountId),
        decided_at: row.decided_at.map(|at| at.to_jiff()),
    }))
}

/// How an application comes to an end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaving<'a> {
    /// The state it goes to.
    pub to: State,
    /// By which act.
    pub act: Act,
    /// Whether its pass has been used.
    pub used: bool,
    /// Whose act it is; nobody's when it lapses.
    pub by: Option<AccountId>,
    /// What they say.
    pub opinion: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// Moves a locked application to a state without a pass: revokes its credential and, unless that was used, gives its quota back.
/// Whoever ends one with a credential raises the bundle's version as the last thing before the commit.
pub(crate) async fn leave(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    leaving: Leaving<'_>,
) -> Result<()> {
    let Leaving {
        to,
        act,
        used,
        by,
        opinion,
        at,
    } = leaving;
    sqlx::query!(
        "update application set state = $4, decided_at = $5, decided_by = $6
         where site_id = $1 and application_id = $2 and state = $3",
        site.0,
        locked.id.0,
        locked.state.as_str(),
        to.as_str(),
        at.to_sqlx(),
        by.map(|by| by.0),
    )
    .execute(&mut *connection)
    .await?;
    decision::record(connection, site, locked.id, act, by, opinion, at).await?;
    if locked.state.gives_quota_back(to, used) && took_quota(connection, site, locked.kind).await? {
        quota::give_back(
            connection,
            site,
            locked.household,
            &locked.kind_key,
            locked.first_day,
        )
        .await?;
    }
    if let Some(number) = locked.number {
        credential::revoke_in(connection, site, number, by, at).await?;
    }
    Ok(())
}

/// Whether an application of this version of its kind took a day. Another version of the kind may have a quota where this one has
/// none: its day is somebody else's.
async fn took_quota(connection: &mut PgConnection, site: SiteId, kind: KindNo) -> Result<bool> {
    let kind = pass_kind::get_in(connection, site, kind).await?;
    Ok(kind.is_some_and(|one| one.kind.quota.is_some()))
}

/// A state as the database has it.
pub(crate) fn state(name: &str) -> Result<State> {
    name.parse()
        .map_err(|_| Error::unreadable("application state", name))
}
