//! What people change about their own account.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use serde::{Deserialize, Serialize};

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

/// One's own account, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// The name.
    pub name: String,
    /// Staff or student number, of somebody of the register.
    pub number: Option<String>,
    /// The last four digits of the telephone that is bound: others may see the screen.
    pub phone_ends_in: Option<String>,
    /// Whether there is a password to change.
    pub password: bool,
    /// Whether a telephone may be bound now.
    pub binds: bool,
}

/// The account of the person who asks.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/mine", input = server_fn::codec::GetUrl)]
pub async fn load_mine() -> Result<Mine, AppError> {
    crate::backend::own_account::mine().await
}

/// Sends a code to a telephone that is to be bound.
///
/// # Errors
/// `phone` malformed; [`AppError::OtherWayNeeded`] after signing in by telephone; [`AppError::TooMany`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/send-bind-code")]
pub async fn send_bind_code(phone: String) -> Result<(), AppError> {
    crate::backend::own_account::send_code(&phone).await
}

/// Binds a telephone to the account of the person who asks; true when the account that it had was taken into this one.
///
/// # Errors
/// Those of [`send_bind_code`]; `code` wrong or expired; [`AppError::CannotJoin`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/bind-phone")]
pub async fn bind_phone(
    #[server(default)] phone: String,
    #[server(default)] code: String,
) -> Result<bool, AppError> {
    crate::backend::own_account::bind_phone(&phone, &code).await
}
