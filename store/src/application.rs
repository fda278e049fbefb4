//! Applications: submitting, taking back, and the lists that applicants and the office read. What the office decides is in
//! [`decision`].

mod lists;
mod submit;

pub use lists::{Filter, done, get, mine, of_household, pending, pending_count};
pub use submit::{Submission, Submitted, Withdrawn, submit, withdraw};

use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Result, SiteId, credential, decision, pass_kind, quota,
    site,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Act, Address, KindNo, PassNumber, State};
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
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it left review.
    pub decided_at: Option<Timestamp>,
    /// Who decided; absent where the policy agreed by itself.
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

/// Moves an application to a state without a pass: revokes its credential and, unless that was used, gives its quota back.
#[expect(
    clippy::too_many_arguments,
    reason = "the acts that end an application differ in all of them"
)]
pub(crate) async fn leave(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    to: State,
    act: Act,
    used: bool,
    by: AccountId,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "update application set state = $4, decided_at = $5, decided_by = $6
         where site_id = $1 and application_id = $2 and state = $3",
        site.0,
        locked.id.0,
        locked.state.as_str(),
        to.as_str(),
        now.to_sqlx(),
        by.0,
    )
    .execute(&mut *connection)
    .await?;
    decision::record(connection, site, locked.id, act, Some(by), opinion, now).await?;
    if locked.state.gives_quota_back(to, used) {
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
        credential::revoke_in(connection, site, number, by, now).await?;
        site::bundle_changed(connection, site).await?;
    }
    Ok(())
}

/// A state as the database has it.
pub(crate) fn state(name: &str) -> Result<State> {
    name.parse()
        .map_err(|_| Error::unreadable("application state", name))
}
