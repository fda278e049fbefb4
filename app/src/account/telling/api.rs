//! How somebody is told, and how they change it.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::{Channel, Language};
use serde::{Deserialize, Serialize};

/// How the person who asks is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Their telephone, of which only the last digits are shown.
    pub phone: Option<String>,
    /// The ways in use.
    pub chosen: Vec<Channel>,
    /// The ways that are set up here.
    pub possible: Vec<Channel>,
    /// The language of what is sent.
    pub language: Language,
    /// Their mail address.
    pub mail: Option<String>,
    /// Whether they gave it themselves; otherwise the register of people says so.
    pub own_mail: bool,
    /// One that waits for its code.
    pub new_mail: Option<String>,
    /// How many browsers show notices.
    pub browsers: usize,
    /// The key that a browser subscribes with, in base64url; absent where that is not set up.
    pub push_key: Option<String>,
}

/// How the person who asks is told.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/telling", input = server_fn::codec::GetUrl)]
pub async fn load_telling() -> Result<Telling, AppError> {
    crate::backend::telling::Person::asking().await?.telling().await
}

/// Chooses ways and language. Ticking none is a choice too.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/choose-telling")]
pub async fn choose_telling(
    #[server(default)] sms: bool,
    #[server(default)] mail: bool,
    #[server(default)] push: bool,
    language: Language,
) -> Result<(), AppError> {
    let ticked = [(sms, Channel::Sms), (mail, Channel::Mail), (push, Channel::Push)];
    let channels: Vec<Channel> = ticked
        .into_iter()
        .filter(|(ticked, _)| *ticked)
        .map(|(_, channel)| channel)
        .collect();
    let person = crate::backend::telling::Person::asking().await?;
    person.choose(&channels, language).await
}

/// Sends a code to a mail address; the address is used once the code comes back.
///
/// # Errors
/// `mail` missing or malformed, [`AppError::TooMany`], [`AppError::CannotTell`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/ask-mail")]
pub async fn ask_mail(#[server(default)] mail: String) -> Result<(), AppError> {
    let person = crate::backend::telling::Person::asking().await?;
    person.ask_mail(&mail).await
}

/// Takes the code that was sent to a mail address.
///
/// # Errors
/// `code` missing, wrong or expired.
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/confirm-mail")]
pub async fn confirm_mail(#[server(default)] code: String) -> Result<(), AppError> {
    let person = crate::backend::telling::Person::asking().await?;
    person.confirm_mail(&code).await
}

/// Forgets the mail address.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/forget-mail")]
pub async fn forget_mail() -> Result<(), AppError> {
    let person = crate::backend::telling::Person::asking().await?;
    person.forget_mail().await
}

/// Lets a browser show notices.
///
/// # Errors
/// `endpoint`, `p256dh` or `auth` malformed, [`AppError::CannotTell`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/subscribe")]
pub async fn subscribe(endpoint: String, p256dh: String, auth: String) -> Result<(), AppError> {
    let person = crate::backend::telling::Person::asking().await?;
    person.subscribe(&endpoint, &p256dh, &auth).await
}

/// Lets a browser show them no more.
///
/// # Errors
/// [`AppError::SignInNeeded`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "account/unsubscribe")]
pub async fn unsubscribe(endpoint: String) -> Result<(), AppError> {
    let person = crate::backend::telling::Person::asking().await?;
    person.unsubscribe(&endpoint).await
}
