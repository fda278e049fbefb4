//! What people change about their own account.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;

/// Changes the password of the person who asks. Their other sessions end.
///
/// # Errors
/// `old` wrong, `new` too short or too long, `again` another one than `new`; [`AppError::NotFound`] for those who sign in by
/// phone and have no password; [`AppError::TooMany`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/change-password")]
pub async fn change_password(
    #[server(default)] old: String,
    #[server(default)] new: String,
    #[server(default)] again: String,
) -> Result<(), AppError> {
    crate::backend::session::change_password(&old, &new, &again).await
}
