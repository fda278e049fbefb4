//! Submitting an application, correcting it, and taking it back.

mod entry;
mod files;

use super::{Leaving, Locked, leave, lock};
use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Pool, Result, SiteId,
    credential::{self, SignError, Signed, ToSign},
    decision::{self, Deed},
    draft, message, pass_kind, quota, site, slot, task,
};
use entry::Entry;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{
    Act, KindNo, PassKind, Refusal, Request, SiteNow, State, Taken, Values, flow::Next, hours::TakenSlots,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// As what somebody applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applying {
    /// For a household, which is confirmed for them.
    Household(HouseholdId),
    /// As the person they are in the register of staff and students.
    Person,
    /// As anybody with a telephone.
    Anybody,
}

/// What an applicant hands in.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// Who applies.
    pub applicant: AccountId,
    /// As what.
    pub applying: Applying,
    /// Made by the form before it is first sent: the same form sent again is the same application.
    pub request_id: Uuid,
    /// The version of the pass kind that the form showed.
    pub kind: KindNo,
    /// What is asked for.
    pub request: &'a Request,
}

/// What came of submitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// There is an application now, in review or completed as the kind's policy says.
    New(ApplicationId),
    /// This form was sent before; nothing was done.
    Again(ApplicationId),
    /// This form was sent before with other contents, which are that application's; nothing was done.
    Differs(ApplicationId),
    /// It can't be asked for.
    Refused(Refusal),
}

/// What came of taking an application back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is withdrawn, the quota given back, and the credential, if there was one, revoked.
    Done,
    /// It can't be taken back.
    Refused(Refusal),
}

/// Submits an application: quota, application, its first step, and where the kind's policy agrees by itself the credential too, in one
/// transaction.
///
/// `sign` is called at most once, when the policy agrees by itself.
///
/// # Errors
/// [`Error::Signing`] when `sign` fails.
pub async fn submit(
    pool: &Pool,
    site: SiteId,
    submission: Submission<'_>,
    at: SiteNow<'_>,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Submitted> {
    let Submission {
        applicant,
        applying,
        request_id,
        kind: kind_no,
        request,
    } = submission;
    let mut transaction = pool.begin().await?;
    if let Some(before) = by_request(&mut transaction, site, &submission).await? {
        return Ok(before);
    }
    let kind = pass_kind::get_in(&mut transaction, site, kind_no).await?;
    let Some(kind) = kind.filter(|kind| kind.offered).map(|kind| kind.kind) else {
        return Ok(Submitted::Refused(Refusal::KindNotOffered));
    };
    let entry = match entry::enter(&mut transaction, site, applicant, applying, &kind, request).await? {
        Ok(entry) => entry,
        Err(refusal) => return Ok(Submitted::Refused(refusal)),
    };
    let taken = take_lock(&mut transaction, site, &entry, &kind, request).await?;
    // The same form may have been sent twice at once: the other one had the lock before.
    if let Some(before) = by_request(&mut transaction, site, &submission).await? {
        return Ok(before);
    }
    if let Err(refusal) = pass::check_request(&kind, request, &taken, at) {
        return Ok(Submitted::Refused(refusal));
    }
    take(
        &mut transaction,
        site,
        &entry,
        &kind,
        &taken.days,
        request.first_day,
        at.today(),
    )
    .await?;
    let id = ApplicationId::new();
    let home = entry.home.as_ref();
    let done = sqlx::query!(
        "insert into application
             (site_id, application_id, applicant_id, request_id, household_id, kind_no, kind_key,
              community, building, door, holder, first_day, last_day, reason, given, state, created_at,
              standing, number, unit_id, host_id, host_unit_id, holder_phone, slot)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
              $18, $19, $20, $21, $22, $23, $24)
         on conflict on constraint application_request_key do nothing",
        site.0,
        id.0,
        applicant.0,
        request_id,
        home.map(|home| home.household.0),
        i32::from(kind_no.0),
        kind.key.as_str(),
        home.map(|home| home.address.community.as_str()),
        home.map(|home| home.address.building.as_str()),
        home.map(|home| home.address.door.as_str()),
        request.holder.trim(),
        request.first_day.to_sqlx(),
        request.last_day.to_sqlx(),
        request.reason.trim(),
        Json(&request.given) as _,
        State::InReview.as_str(),
        at.now.to_sqlx(),
        entry.standing.as_str(),
        entry.number,
        entry.unit.map(|unit| unit.0),
        entry.host.map(|(host, _)| host.0),
        entry.host.map(|(_, unit)| unit.0),
        request.phone,
        request.slot.map(|slot| slot.to_string()),
    )
    .execute(&mut *transaction)
    .await?;
    if done.rows_affected() == 0 {
        transaction.rollback().await?;
        let before = by_request(&mut *pool.acquire().await?, site, &submission).await?;
        return before.ok_or(Error::Database(sqlx::Error::RowNotFound));
    }
    if let Err(refusal) = files::claim(&mut transaction, site, applicant, id, &kind, &request.given).await? {
        return Ok(Submitted::Refused(refusal));
    }
    draft::sent(&mut transaction, site, applicant, request_id).await?;
    let deed = Deed::of(Act::Submit, Some(applicant), at.now);
    decision::record(&mut transaction, site, id, &deed).await?;
    if let Err(refusal) = begin(&mut transaction, site, id, &kind, at.now, sign).await? {
        return Ok(Submitted::Refused(refusal));
    }
    transaction.commit().await?;
    Ok(Submitted::New(id))
}

/// Corrects a rejected application and hands it in again: it keeps its kind's version, and its flow begins anew. `round` is how often it had
/// been handed in when the form was opened: the same correction sent again does nothing. `None` when the applicant has no such application.
///
/// # Errors
/// [`Error::Signing`] when `sign` fails.
pub async fn resubmit(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    round: i16,
    submission: Submission<'_>,
    at: SiteNow<'_>,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Option<Submitted>> {
    let Submission {
        applicant,
        applying,
        request,
        ..
    } = submission;
    let mut transaction = pool.begin().await?;
    // The binding before the application, as everywhere.
    crate::claim::lock_applicants(&mut transaction, site, &[id]).await?;
    let Some(locked) = lock(&mut transaction, site, id)
        .await?
        .filter(|one| one.applicant == applicant)
    else {
        return Ok(None);
    };
    if locked.round == round + 1 && locked.state != State::Rejected {
        return Ok(Some(Submitted::Again(id)));
    }
    if let Err(refusal) = pass::application::next(locked.state, Act::Resubmit) {
        return Ok(Some(Submitted::Refused(refusal)));
    }
    let kind = pass_kind::get_in(&mut transaction, site, locked.kind).await?;
    let Some(kind) = kind.filter(|kind| !kind.retired).map(|kind| kind.kind) else {
        return Ok(Some(Submitted::Refused(Refusal::KindNotOffered)));
    };
    let entry = match entry::enter(&mut transaction, site, applicant, applying, &kind, request).await? {
        Ok(entry) => entry,
        Err(refusal) => return Ok(Some(Submitted::Refused(refusal))),
    };
    let taken = take_lock(&mut transaction, site, &entry, &kind, request).await?;
    if let Err(refusal) = pass::check_request(&kind, request, &taken, at) {
        return Ok(Some(Submitted::Refused(refusal)));
    }
    take(
        &mut transaction,
        site,
        &entry,
        &kind,
        &taken.days,
        request.first_day,
        at.today(),
    )
    .await?;
    sqlx::query!(
        "update application set
             state = $3, round = round + 1, decided_at = null, decided_by = null,
             holder = $4, first_day = $5, last_day = $6, reason = $7, given = $8, holder_phone = $9,
             number = $10, unit_id = $11, host_id = $12, host_unit_id = $13, slot = $14
         where site_id = $1 and application_id = $2",
        site.0,
        id.0,
        State::InReview.as_str(),
        request.holder.trim(),
        request.first_day.to_sqlx(),
        request.last_day.to_sqlx(),
        request.reason.trim(),
        Json(&request.given) as _,
        request.phone,
        entry.number,
        entry.unit.map(|unit| unit.0),
        entry.host.map(|(host, _)| host.0),
        entry.host.map(|(_, unit)| unit.0),
        request.slot.map(|slot| slot.to_string()),
    )
    .execute(&mut *transaction)
    .await?;
    if let Err(refusal) = files::claim(&mut transaction, site, applicant, id, &kind, &request.given).await? {
        return Ok(Some(Submitted::Refused(refusal)));
    }
    let deed = Deed::of(Act::Resubmit, Some(applicant), at.now);
    decision::record(&mut transaction, site, id, &deed).await?;
    if let Err(refusal) = begin(&mut transaction, site, id, &kind, at.now, sign).await? {
        return Ok(Some(Submitted::Refused(refusal)));
    }
    transaction.commit().await?;
    Ok(Some(Submitted::New(id)))
}

/// Brings an application that was just handed in to its first step, or to its end where none is asked for. Refused, the caller's transaction has
/// to end without anything.
async fn begin(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    kind: &PassKind,
    now: Timestamp,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Result<(), Refusal>> {
    let locked = lock(connection, site, id).await?;
    let locked: Locked = locked.ok_or(Error::Database(sqlx::Error::RowNotFound))?;
    match kind.steps.begin(&locked.facts()) {
        Next::Step(key) => {
            let step = kind.steps.step(&key);
            let step = step.ok_or_else(|| Error::unreadable("step", &key))?;
            task::open_step(connection, site, &locked.about(), step, None, now).await?;
        }
        Next::End => {
            let to_sign = decision::granted(&locked, kind);
            let number = match credential::issue(connection, site, to_sign, None, now, sign).await? {
                Ok(number) => number,
                Err(refusal) => return Ok(Err(refusal)),
            };
            message::tell_guest(connection, site, id, number, message::has_pass, now).await?;
            let deed = Deed::of(Act::Agree, None, now);
            decision::record(connection, site, id, &deed).await?;
        }
    }
    Ok(Ok(()))
}

/// The days taken of the kind's quota and the slots taken of the day asked for, locked; none where it has no quota, or no slots.
async fn take_lock(
    connection: &mut PgConnection,
    site: SiteId,
    entry: &Entry,
    kind: &PassKind,
    request: &Request,
) -> Result<Taken> {
    Ok(Taken {
        days: match kind.quota {
            Some(_) => quota::lock(connection, site, entry.taker, &kind.key).await?,
            None => Vec::new(),
        },
        slots: match kind.slots {
            Some(_) => slot::lock(connection, site, &kind.key, request.first_day).await?,
            None => TakenSlots::new(),
        },
    })
}

/// Takes a day of the kind's quota, which is locked.
async fn take(
    connection: &mut PgConnection,
    site: SiteId,
    entry: &Entry,
    kind: &PassKind,
    taken: &[Date],
    day: Date,
    today: Date,
) -> Result<()> {
    if kind.quota.is_some()
        && !quota::take(connection, site, entry.taker, &kind.key, taken, day, today).await?
    {
        return Err(Error::unreadable("quota under lock", &entry.taker));
    }
    Ok(())
}

/// Takes an application back, which gives its quota back and revokes its credential. `None` when the applicant has no such application.
/// `today` is the site-local day of `now`.
pub async fn withdraw(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    applicant: AccountId,
    today: Date,
    now: Timestamp,
) -> Result<Option<Withdrawn>> {
    let mut transaction = pool.begin().await?;
    let Some(locked) = lock(&mut transaction, site, id)
        .await?
        .filter(|row| row.applicant == applicant)
    else {
        return Ok(None);
    };
    let used = match locked.number {
        Some(number) => credential::lock_used(&mut transaction, site, number).await?,
        None => false,
    };
    let to = match pass::application::withdraw(locked.state, used, locked.last_day, today) {
        Ok(to) => to,
        Err(refusal) => return Ok(Some(Withdrawn::Refused(refusal))),
    };
    let leaving = Leaving {
        to,
        used,
        deed: Deed::of(Act::Withdraw, Some(applicant), now),
    };
    leave(&mut transaction, site, &locked, leaving).await?;
    if locked.number.is_some() {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    Ok(Some(Withdrawn::Done))
}

/// What came of the form when it was sent before. Sent again after its answer was lost, it may have been changed meanwhile:
/// what was changed would be lost if that passed for the same.
async fn by_request(
    connection: &mut PgConnection,
    site: SiteId,
    submission: &Submission<'_>,
) -> Result<Option<Submitted>> {
    let row = sqlx::query!(
        r#"select application_id, household_id, kind_no, first_day, last_day, slot, reason, holder, holder_phone,
             given as "given: Json<Values>"
         from application where site_id = $1 and applicant_id = $2 and request_id = $3"#,
        site.0,
        submission.applicant.0,
        submission.request_id,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let asked = submission.request;
    let household = match submission.applying {
        Applying::Household(household) => Some(household.0),
        Applying::Person | Applying::Anybody => None,
    };
    let same = row.household_id == household
        && row.kind_no == i32::from(submission.kind.0)
        && row.first_day.to_jiff() == asked.first_day
        && row.last_day.to_jiff() == asked.last_day
        && row.slot == asked.slot.map(|slot| slot.to_string())
        && row.reason == asked.reason.trim()
        && row.given.0 == asked.given
        && row.holder == asked.holder.trim()
        && row.holder_phone == asked.phone;
    let id = ApplicationId(row.application_id);
    Ok(Some(if same {
        Submitted::Again(id)
    } else {
        Submitted::Differs(id)
    }))
}
