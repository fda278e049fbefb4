//! An applicant's own applications.

use super::facts::{Detail, List};
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use uuid::Uuid;

/// The applicant's own, newest first.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/list", input = server_fn::codec::GetUrl)]
pub async fn load_list(state: Option<pass::State>, after: Option<String>) -> Result<List, AppError> {
    crate::backend::applying::Applicant::asking()
        .await?
        .list(state, after.as_deref())
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

/// Takes one of the applicant's own back: the quota is given back, a pass already issued is revoked.
///
/// # Errors
/// [`AppError::NotFound`] or the refusal.
#[server(client = Limited, prefix = "/api/v1", endpoint = "applications/withdraw")]
pub async fn withdraw(id: Uuid) -> Result<(), AppError> {
    crate::backend::submitting::withdraw(id).await?;
    leptos_axum::redirect(&format!("/applications/{id}"));
    Ok(())
}
