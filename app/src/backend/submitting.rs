//! An application's way from the form into the store, and back out of it.

use super::applying::{Applicant, day};
use super::issuing::Signer;
use crate::apply::counter::one_line_end;
use crate::error::AppError;
use pass::{KindNo, Refusal, Request};
use std::collections::BTreeMap;
use store::application::{Submission, Submitted, Withdrawn};
use uuid::Uuid;

/// What the form sends.
pub struct Form {
    /// The kind's number that the form showed.
    pub kind: KindNo,
    /// The form's name for what it sends.
    pub request_id: Uuid,
    /// The householder's name.
    pub householder: String,
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
    let applicant = Applicant::asking().await?;
    let household = applicant.household()?.id;
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
    let given = form.given.iter().map(|(key, text)| (key.as_str(), text.as_str()));
    let request = Request {
        first_day,
        last_day,
        reason: one_line_end(&form.reason),
        householder: form.householder,
        given: pass::field::read_values(&kind.fields, given),
    };
    let submission = Submission {
        applicant: applicant.viewer.id(),
        request_id: form.request_id,
        household,
        kind: form.kind,
        request: &request,
    };
    let signer = Signer::of(&applicant.backend, site).await?;
    let sign = |to_sign: &store::credential::ToSign<'_>| signer.sign(to_sign);
    match store::application::submit(pool, site.id, submission, applicant.today(), applicant.now, sign)
        .await?
    {
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
