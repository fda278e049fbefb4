//! Codes sent, codes and passwords checked, sessions begun and ended.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;

/// Sends a sign-in code to the phone number. The answer is the same whether or not anybody here has this number.
///
/// # Errors
/// `phone` malformed, [`AppError::TooMany`], or [`AppError::CannotTell`] where no text message leaves this server.
#[server(client = Limited, prefix = "/api/v1", endpoint = "sign-in/send-code")]
pub async fn send_code(phone: String) -> Result<(), AppError> {
    use crate::backend::{self, codes};
    let site = backend::site().await?;
    let phone = codes::phone_of(&phone)?;
    codes::send(
        &backend::backend()?,
        &site,
        &phone,
        &codes::remote_address()?,
        backend::now(),
    )
    .await
}

/// Begins a session for the person who has the phone, making an account at the first time.
///
/// # Errors
/// `phone` malformed, `code` wrong or expired, or [`AppError::TooMany`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "sign-in/with-code")]
pub async fn with_code(phone: String, code: String, next: Option<String>) -> Result<(), AppError> {
    use crate::backend::{self, codes, session};
    let site = backend::site().await?;
    let phone = codes::phone_of(&phone)?;
    let backend = backend::backend()?;
    let code = codes::code_of(&code)?;
    let verified = codes::redeem(&backend, &site, &phone, &code, backend::now()).await?;
    session::begin(&backend, site.id, &verified, next.as_deref(), backend::now()).await
}

/// Begins a session for the account with this login and password.
///
/// # Errors
/// `login` missing or malformed, `password` wrong (whichever of the two is wrong), or [`AppError::TooMany`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "sign-in/with-password")]
pub async fn with_password(login: String, password: String, next: Option<String>) -> Result<(), AppError> {
    use crate::backend::{self, session};
    let site = backend::site().await?;
    let backend = backend::backend()?;
    let login = session::login_of(&login)?;
    let verified = session::check_password(&backend, site.id, &login, &password, backend::now()).await?;
    session::begin(&backend, site.id, &verified, next.as_deref(), backend::now()).await
}

/// Ends this session.
///
/// # Errors
/// The store's.
#[server(client = Limited, prefix = "/api/v1", endpoint = "sign-in/out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::backend::{self, session};
    session::end(&backend::backend()?).await
}
