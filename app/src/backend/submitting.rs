//! An application's way from the form into the store, and back out of it.

use super::applying::{Applicant, day};
use super::codes;
use super::issuing::Signer;
use crate::apply::counter::one_line_end;
use crate::apply::facts::Whose;
use crate::error::{AppError, Fault};
use pass::booking::Host;
use pass::kind::{Hosting, Subject};
use pass::{KindNo, Refusal, Request};
use std::collections::BTreeMap;
use store::application::{Applying, Submission, Submitted, Withdrawn};
use uuid::Uuid;

/// What the form sends.
pub struct Form {
    /// The kind's number that the form showed.
    pub kind: KindNo,
    /// The form's name for what it sends.
    pub request_id: Uuid,
    /// Whose pass it is, and which application it corrects.
    pub whose: Whose,
    /// The first day.
    pub first_day: String,
    /// The last day; none given: the first.
    pub last_day: String,
    /// Why.
    pub reason: String,
    /// What was given for the kind's own fields, by their names.
    pub given: BTreeMap<String, String>,
}

/// Submits for the person who asks, and signs where the policy agrees by itself.
///
/// # Errors
/// A field's fault or the refusal.
pub async fn submit(form: Form) -> Result<Uuid, AppError> {
    submit_as(&Applicant::asking().await?, form).await
}

/// [`submit`] for somebody who is known already.
///
/// # Errors
/// Those of [`submit`].
pub async fn submit_as(applicant: &Applicant, form: Form) -> Result<Uuid, AppError> {
    let first_day = day("first_day", &form.first_day)?;
    let last_day = match form.last_day.trim() {
        "" => first_day,
        text => day("last_day", text)?,
    };
    let (pool, site) = (&applicant.backend.pool, &applicant.viewer.site);
    let kind = store::pass_kind::get(pool, site.id, form.kind)
        .await?
        .ok_or(Refusal::KindNotOffered)?
        .kind;
    let applying = applicant.applying(&kind)?;
    let whose = form.whose;
    let holder = match (&applying, kind.subject) {
        (Applying::Person, Subject::Oneself) => applicant.viewer.person.display_name.clone(),
        (_, Subject::Vehicle) => pass::field::plate(&whose.holder),
        _ => whose.holder,
    };
    let phone = match kind.subject {
        Subject::Guest => Some(codes::phone_of(&whose.phone)?),
        Subject::Oneself | Subject::Member | Subject::Vehicle => None,
    };
    let host = Host {
        number: whose.host_number.trim().to_owned(),
        name: whose.host_name.trim().to_owned(),
    };
    if kind.host == Hosting::Named && !host.number.is_empty() && host.name.is_empty() {
        return Err(AppError::invalid("host_name", Fault::Missing));
    }
    let host = (kind.host == Hosting::Named && !host.number.is_empty()).then_some(host);
    let given = form.given.iter().map(|(key, text)| (key.as_str(), text.as_str()));
    let request = Request {
        first_day,
        last_day,
        reason: one_line_end(&form.reason),
        holder,
        phone,
        host,
        given: pass::field::read_values(&kind.fields, given),
    };
    let submission = Submission {
        applicant: applicant.viewer.id(),
        applying,
        request_id: form.request_id,
        kind: form.kind,
        request: &request,
    };
    let signer = Signer::of(&applicant.backend, site).await?;
    let sign = |to_sign: &store::credential::ToSign<'_>| signer.sign(to_sign);
    let (today, now) = (applicant.today(), applicant.now);
    let submitted = match whose.correcting {
        None => store::application::submit(pool, site.id, submission, today, now, sign).await?,
        Some(id) => store::application::resubmit(
            pool,
            site.id,
            id.into(),
            whose.round,
            submission,
            today,
            now,
            sign,
        )
        .await?
        .ok_or(AppError::NotFound)?,
    };
    match submitted {
        Submitted::New(id) | Submitted::Again(id) => Ok(id.0),
        Submitted::Differs(id) => Err(AppError::SentBefore { id: id.0 }),
        Submitted::Refused(refusal) => Err(refusal.into()),
    }
}

/// Takes an application of the person who asks back.
///
/// # Errors
/// [`AppError::NotFound`] or the refusal.
pub async fn withdraw(id: Uuid) -> Result<(), AppError> {
    let applicant = Applicant::asking().await?;
    let (pool, site) = (&applicant.backend.pool, applicant.viewer.site_id());
    let (by, today) = (applicant.viewer.id(), applicant.today());
    match store::application::withdraw(pool, site, id.into(), by, today, applicant.now).await? {
        None => Err(AppError::NotFound),
        Some(Withdrawn::Done) => Ok(()),
        Some(Withdrawn::Refused(refusal)) => Err(refusal.into()),
    }
}
