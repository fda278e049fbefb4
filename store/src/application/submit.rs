//! Submitting an application and taking it back.

use super::{Leaving, leave, lock};
use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Pool, Result, SiteId, attachment,
    credential::{self, SignError, Signed, ToSign},
    decision, pass_kind, quota, site,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Act, Field, FieldKey, KindNo, Refusal, Request, State, Takes, Value, ValueFault, Values};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// What an applicant hands in.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// Who applies.
    pub applicant: AccountId,
    /// Made by the form before it is first sent: the same form sent again is the same application.
    pub request_id: Uuid,
    /// The household it is for, confirmed for the applicant.
    pub household: HouseholdId,
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

/// Submits an application: quota, application, and where the kind's policy agrees by itself the credential too, in one transaction.
///
/// `today` is the site-local day of `now`. `sign` is called at most once, when the policy agrees by itself.
///
/// # Errors
/// [`Error::Signing`] when `sign` fails.
pub async fn submit(
    pool: &Pool,
    site: SiteId,
    submission: Submission<'_>,
    today: Date,
    now: Timestamp,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Submitted> {
    let Submission {
        applicant,
        request_id,
        household,
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
    // The claim stays as it is until the application is in.
    let home = sqlx::query!(
        "select h.community, h.building, h.door, h.householder
         from household_claim c
         join household h on h.site_id = c.site_id and h.household_id = c.household_id
         where c.site_id = $1 and c.account_id = $2 and c.household_id = $3 and c.state = 'confirmed'
         for share of c",
        site.0,
        applicant.0,
        household.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(home) = home else {
        return Ok(Submitted::Refused(Refusal::HouseholdNotConfirmed));
    };
    if !pass::household::same_name(&home.householder, &request.householder) {
        return Ok(Submitted::Refused(Refusal::HouseholderDiffers));
    }
    let taken = match kind.quota {
        Some(_) => {
            let taken = quota::lock(&mut transaction, site, household, &kind.key).await?;
            // The same form may have been sent twice at once: the other one had the lock before.
            if let Some(before) = by_request(&mut transaction, site, &submission).await? {
                return Ok(before);
            }
            taken
        }
        None => Vec::new(),
    };
    if let Err(refusal) = pass::check_request(&kind, request, &taken, today) {
        return Ok(Submitted::Refused(refusal));
    }
    if kind.quota.is_some()
        && !quota::take(
            &mut transaction,
            site,
            household,
            &kind.key,
            &taken,
            request.first_day,
            today,
        )
        .await?
    {
        return Err(Error::unreadable("quota under lock", &household));
    }
    let id = ApplicationId::new();
    let done = sqlx::query!(
        "insert into application
             (site_id, application_id, applicant_id, request_id, household_id, kind_no, kind_key,
              community, building, door, householder, first_day, last_day, reason, given, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict on constraint application_request_key do nothing",
        site.0,
        id.0,
        applicant.0,
        request_id,
        household.0,
        i32::from(kind_no.0),
        kind.key.as_str(),
        home.community,
        home.building,
        home.door,
        request.householder.trim(),
        request.first_day.to_sqlx(),
        request.last_day.to_sqlx(),
        request.reason.trim(),
        Json(&request.given) as _,
        State::InReview.as_str(),
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    if done.rows_affected() == 0 {
        transaction.rollback().await?;
        let before = by_request(&mut *pool.acquire().await?, site, &submission).await?;
        return before.ok_or(Error::Database(sqlx::Error::RowNotFound));
    }
    let gone = claim_files(
        &mut transaction,
        site,
        applicant,
        id,
        &kind.fields,
        &request.given,
    )
    .await?;
    if !gone.is_empty() {
        return Ok(Submitted::Refused(Refusal::Given { faults: gone }));
    }
    decision::record(
        &mut transaction,
        site,
        id,
        Act::Submit,
        Some(applicant),
        None,
        now,
    )
    .await?;
    // What may not be asked for has been refused before; here is decided only whether somebody has to look at it.
    if pass::application::submit(State::Draft, &kind.steps, &request.given) == Ok(State::Completed) {
        let to_sign = credential::Granted {
            application: id,
            kind_no,
            kind: &kind,
            first_day: request.first_day,
            last_day: request.last_day,
            householder: request.householder.trim(),
        };
        credential::issue(&mut transaction, site, to_sign, None, now, sign).await?;
        decision::record(&mut transaction, site, id, Act::Agree, None, None, now).await?;
    }
    transaction.commit().await?;
    Ok(Submitted::New(id))
}

/// Gives the files that a form names to its application. Answers the fields of which one cannot be given: then the transaction has to end
/// without anything.
async fn claim_files(
    connection: &mut PgConnection,
    site: SiteId,
    applicant: AccountId,
    application: ApplicationId,
    fields: &[Field],
    given: &Values,
) -> Result<Vec<(FieldKey, ValueFault)>> {
    let mut gone = Vec::new();
    for field in fields {
        let (Takes::Attachment { max_megabytes, .. }, Some(Value::Files(files))) =
            (&field.takes, given.get(&field.key))
        else {
            continue;
        };
        let most = i32::from(*max_megabytes) << 20;
        let files: Vec<Uuid> = files.iter().filter_map(|id| id.parse().ok()).collect();
        if !attachment::claim(connection, site, applicant, application, &files, most).await? {
            gone.push((field.key.clone(), ValueFault::FileGone));
        }
    }
    Ok(gone)
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
        act: Act::Withdraw,
        used,
        by: Some(applicant),
        opinion: None,
        at: now,
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
        r#"select application_id, household_id, kind_no, first_day, last_day, reason, householder,
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
    let same = row.household_id == submission.household.0
        && row.kind_no == i32::from(submission.kind.0)
        && row.first_day.to_jiff() == asked.first_day
        && row.last_day.to_jiff() == asked.last_day
        && row.reason == asked.reason.trim()
        && row.given.0 == asked.given
        && row.householder == asked.householder.trim();
    let id = ApplicationId(row.application_id);
    Ok(Some(if same {
        Submitted::Again(id)
    } else {
        Submitted::Differs(id)
    }))
}
