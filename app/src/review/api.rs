//! Those who review decide about applications; the office also whose household it is.

use super::facts::{Board, ClaimState, ClaimVerb, Claims, Decided, Detail, Matching, Narrow, Verb};
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use uuid::Uuid;

/// A page of one of the lists.
///
/// # Errors
/// [`AppError::NotAllowed`] for whom there is nothing to review.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/list", input = server_fn::codec::GetUrl)]
pub async fn load_list(narrow: Narrow) -> Result<Board, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .board(&narrow)
        .await
}

/// All that wait and fit the filters, whatever page is shown, by their names: to be decided at once.
///
/// # Errors
/// [`AppError::NotAllowed`] for whom there is nothing to review.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/matching", input = server_fn::codec::GetUrl)]
pub async fn load_matching(narrow: Narrow) -> Result<Matching, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .matching(&narrow)
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

/// Decides about some applications, each for itself. Who agrees says where they go on (`next`, `person`) where there is a choice.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role; `ids` missing or too many; `opinion` too long, or missing where a pass is ended.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/decide")]
pub async fn decide(
    #[server(default)] ids: Vec<Uuid>,
    verb: Verb,
    #[server(default)] opinion: String,
    #[server(default)] next: String,
    #[server(default)] person: String,
) -> Result<Vec<Decided>, AppError> {
    crate::backend::reviewing::Reviewer::asking()
        .await?
        .decide(&ids, verb, &opinion, (&next, &person))
        .await
}

/// A page of household claims.
///
/// # Errors
/// [`AppError::NotAllowed`] without the role.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/claims", input = server_fn::codec::GetUrl)]
pub async fn load_claims(state: ClaimState, after: Option<String>) -> Result<Claims, AppError> {
    crate::backend::reviewing::Reviewer::office()
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
    crate::backend::reviewing::Reviewer::office()
        .await?
        .decide_claim(id, verb, &opinion)
        .await
}
