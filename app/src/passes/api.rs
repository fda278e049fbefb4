//! A holder's own pass.

use super::code::Code;
use super::showing::Showing;
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;

/// What the page of a pass shows, for its holder only.
///
/// # Errors
/// [`AppError::SignInNeeded`]; [`AppError::NotFound`] when it is somebody else's.
#[server(client = Limited, prefix = "/api/v1", endpoint = "passes/code", input = server_fn::codec::GetUrl)]
pub async fn load_code(number: u32) -> Result<Code, AppError> {
    crate::backend::holding::code(number).await
}

/// The passes that the person who asks may show, now or later: neither over nor revoked nor used up, the next one first.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "passes/showable", input = server_fn::codec::GetUrl)]
pub async fn load_showable() -> Result<Vec<Showing>, AppError> {
    crate::backend::holding::showable().await
}
