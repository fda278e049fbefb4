//! Households claimed, applications submitted.

#![expect(
    clippy::too_many_arguments,
    reason = "a form's fields are the function's arguments: their names are what is sent"
)]

use super::draft::{Content, Writer};
use super::facts::{FormFacts, Offered, Places, Whose};
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What may be applied for, and where the applicant stands with a household.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/offered", input = server_fn::codec::GetUrl)]
pub async fn load_offered() -> Result<Offered, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .offered()
        .await
}

/// The choices of each step from community to door.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/places", input = server_fn::codec::GetUrl)]
pub async fn load_places(community: Option<String>, building: Option<String>) -> Result<Places, AppError> {
    use crate::backend::{self, applying};
    let viewer = backend::viewer().await?;
    if viewer.person.household.is_some() {
        // Somebody who has a household chooses none.
        return Ok(Places::default());
    }
    applying::places(
        &backend::backend()?,
        viewer.site_id(),
        community.as_deref(),
        building.as_deref(),
    )
    .await
}

/// Claims a household for the applicant's telephone; the office confirms it.
///
/// # Errors
/// A field's fault; [`AppError::Changed`] when a claim or a binding is there already.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/claim")]
pub async fn claim(
    #[server(default)] household: String,
    #[server(default)] householder: String,
) -> Result<(), AppError> {
    use crate::backend::{self, claiming};
    let viewer = backend::viewer().await?;
    let claim = claiming::parse(&household, &householder)?;
    claiming::make(&backend::backend()?, &viewer, &claim, backend::now()).await?;
    leptos_axum::redirect("/apply");
    Ok(())
}

/// Takes the applicant's waiting claim back.
///
/// # Errors
/// [`AppError::Changed`] when the office was first, or there is none.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/withdraw-claim")]
pub async fn withdraw_claim() -> Result<(), AppError> {
    use crate::backend;
    let viewer = backend::viewer().await?;
    let pool = backend::backend()?.pool;
    let done = store::claim::withdraw(&pool, viewer.site_id(), viewer.id(), backend::now()).await?;
    leptos_axum::redirect("/apply");
    if done { Ok(()) } else { Err(AppError::Changed) }
}

/// What the form of a kind shows; with a draft of the applicant's, as it was left.
///
/// # Errors
/// [`AppError::NotFound`] when the kind is not on offer or the draft is not there, or the refusal without a confirmed household.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/form", input = server_fn::codec::GetUrl)]
pub async fn load_form(kind: String, draft: Option<Uuid>) -> Result<FormFacts, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .form_of(&kind, draft)
        .await
}

/// Keeps a draft of the applicant's; answers its revision.
///
/// # Errors
/// [`AppError::Changed`] when another tab or device has a newer one, [`AppError::SentBefore`] when the form was sent, or the refusal.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/keep-draft")]
pub async fn keep_draft(
    kind: u16,
    request_id: Uuid,
    #[server(default)] content: Content,
    #[server(default)] by: Writer,
) -> Result<i32, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .keep_draft(pass::KindNo(kind), request_id, content, &by)
        .await
}

/// Keeps what the form holds as a draft and leads to the drafts: what its button does before the page lives.
///
/// # Errors
/// [`AppError::SentBefore`] when the form was sent, or the refusal.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/save-draft")]
pub async fn save_draft(
    kind: u16,
    request_id: Uuid,
    #[server(default)] whose: Whose,
    #[server(default)] first_day: String,
    #[server(default)] last_day: String,
    #[server(default)] slot: String,
    #[server(default)] reason: String,
    #[server(default)] given: BTreeMap<String, String>,
) -> Result<i32, AppError> {
    let content = Content {
        whose,
        first_day,
        last_day,
        slot,
        reason,
        given,
    };
    let by = Writer {
        over: true,
        ..Writer::default()
    };
    let revision = crate::backend::applying::Applicant::asking()
        .await?
        .keep_draft(pass::KindNo(kind), request_id, content, &by)
        .await?;
    leptos_axum::redirect("/applications?state=draft");
    Ok(revision)
}

/// What the form shows that corrects an application which came back.
///
/// # Errors
/// [`AppError::NotFound`] when it is not the applicant's; the refusal when there is nothing to correct.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/correction", input = server_fn::codec::GetUrl)]
pub async fn load_correction(id: Uuid) -> Result<FormFacts, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .correction(id)
        .await
}

/// Submits an application and leads to it; with `whose.correcting` corrects that one. The same `request_id`
/// again leads to the same application.
///
/// # Errors
/// A field's fault or the refusal; [`AppError::SentBefore`] when the same `request_id` was sent with other contents.
#[server(client = Limited, prefix = "/api/v1", endpoint = "apply/submit")]
pub async fn submit(
    kind: u16,
    request_id: Uuid,
    #[server(default)] whose: Whose,
    #[server(default)] first_day: String,
    #[server(default)] last_day: String,
    #[server(default)] slot: String,
    #[server(default)] reason: String,
    #[server(default)] given: BTreeMap<String, String>,
) -> Result<Uuid, AppError> {
    use crate::backend::submitting::{self, Form};
    let form = Form {
        kind: pass::KindNo(kind),
        request_id,
        whose,
        first_day,
        last_day,
        slot,
        reason,
        given,
    };
    let id = submitting::submit(form).await?;
    leptos_axum::redirect(&format!("/applications/{id}?sent=1"));
    Ok(id)
}
