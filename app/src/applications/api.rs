//! An applicant's own applications.

use super::facts::{Detail, List, MoveFacts};
use super::renew::{Renewed, Renewing};
use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn;
use uuid::Uuid;

/// The applicant's own, newest first; with a `range`, those submitted in the one that `on` lies in, or today.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/list", input = server_fn::codec::GetUrl)]
pub async fn load_list(
    state: Option<pass::State>,
    range: Option<pass::Period>,
    on: Option<Date>,
    after: Option<String>,
) -> Result<List, AppError> {
    let wanted = super::wanted::Wanted {
        state,
        range,
        on,
        after,
    };
    crate::backend::applying::Applicant::asking()
        .await?
        .list(&wanted)
        .await
}

/// One of the applicant's own, with its history.
///
/// # Errors
/// [`AppError::NotFound`] when it is somebody else's.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/detail", input = server_fn::codec::GetUrl)]
pub async fn load_detail(id: Uuid) -> Result<Detail, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .detail(id)
        .await
}

/// Throws a draft of the applicant's away, with its files. Thrown away before, it is gone all the same.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/discard-draft")]
pub async fn discard_draft(id: Uuid) -> Result<(), AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .discard_draft(id)
        .await
}

/// What the page shows that renews some of the applicant's own.
///
/// # Errors
/// `ids` missing or too many; [`AppError::NotFound`] when none is theirs.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/renewal", input = server_fn::codec::GetUrl)]
pub async fn load_renewal(#[server(default)] ids: Vec<Uuid>) -> Result<Renewing, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .renewing(&ids)
        .await
}

/// Renews some of the applicant's own, each for itself; `requests` are the names under which each is sent.
///
/// # Errors
/// `ids` missing, too many or without names; a day at fault.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/renew")]
pub async fn renew(
    #[server(default)] ids: Vec<Uuid>,
    #[server(default)] requests: Vec<Uuid>,
    #[server(default)] first_day: String,
    #[server(default)] last_day: String,
) -> Result<Vec<Renewed>, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .renew(&ids, &requests, &first_day, &last_day)
        .await
}

/// Takes one of the applicant's own back: the quota is given back, a pass already issued is revoked. Leads `back` into the list, or
/// to the application's page.
///
/// # Errors
/// [`AppError::NotFound`] or the refusal.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/withdraw")]
pub async fn withdraw(id: Uuid, #[server(default)] back: String) -> Result<(), AppError> {
    crate::backend::submitting::withdraw(id).await?;
    let page = format!("/applications/{id}");
    let back = Some(back.as_str()).filter(|back| back.starts_with("/applications?"));
    leptos_axum::redirect(crate::backend::session::own_path(back.or(Some(&page))));
    Ok(())
}

/// What the page shows on which one of the applicant's own is moved to another slot.
///
/// # Errors
/// [`AppError::NotFound`] when it is somebody else's; the refusal when it is not to be moved.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/moving", input = server_fn::codec::GetUrl)]
pub async fn load_moving(id: Uuid) -> Result<MoveFacts, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .moving(id)
        .await
}

/// Moves one of the applicant's own to another slot, and leads to it. The same again does nothing.
///
/// # Errors
/// [`AppError::NotFound`], a field's fault, the refusal, or [`AppError::Changed`] when it was moved otherwise since the page was opened.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/move")]
pub async fn move_to(
    id: Uuid,
    moves: i16,
    #[server(default)] first_day: String,
    #[server(default)] slot: String,
) -> Result<(), AppError> {
    crate::backend::moving::move_to(id, moves, &first_day, &slot).await?;
    leptos_axum::redirect(&format!("/applications/{id}?moved=1"));
    Ok(())
}
