//! A holder's own pass.

use super::code::Code;
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
