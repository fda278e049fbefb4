//! The office decides: applications, and whose household it is.

use super::facts::{Board, ClaimState, ClaimVerb, Claims, Decided, Detail, Narrow, Verb};
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use uuid::Uuid;

/// A page of one of the office's lists.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/list", input = server_fn::codec::GetUrl)]
pub async fn load_list(narrow: Narrow) -> Result<Board, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .board(&narrow)
        .await
}

/// One application with what helps to decide.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role, or [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/detail", input = server_fn::codec::GetUrl)]
pub async fn load_detail(id: Uuid) -> Result<Detail, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .detail(id)
        .await
}

/// Decides about some applications, each for itself.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role; `ids` missing or too many; `opinion` too long, or missing where a pass is ended.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/decide")]
pub async fn decide(
    #[server(default)] ids: Vec<Uuid>,
    verb: Verb,
    #[server(default)] opinion: String,
) -> Result<Vec<Decided>, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .decide(&ids, verb, &opinion)
        .await
}

/// A page of household claims.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/claims", input = server_fn::codec::GetUrl)]
pub async fn load_claims(state: ClaimState, after: Option<String>) -> Result<Claims, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .claims(state, after.as_deref())
        .await
}

/// Confirms or refuses a claim, or releases a binding.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role; `opinion` too long.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/decide-claim")]
pub async fn decide_claim(
    id: Uuid,
    verb: ClaimVerb,
    #[server(default)] opinion: String,
) -> Result<Decided, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .decide_claim(id, verb, &opinion)
        .await
}
