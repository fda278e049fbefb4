//! Messages as administrators see them.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::Channel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which messages are asked for. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageQuery {
    /// `waiting`, `sent` or `failed`.
    pub state: Option<String>,
    /// By which way they go.
    pub channel: Option<Channel>,
    /// Where the page before ended.
    pub after: Option<String>,
}

/// Some messages, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// In order.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many were given up in all.
    pub failed: u64,
    /// The ways that are not set up.
    pub missing: Vec<Channel>,
    /// Whether they are shown instead of being sent.
    pub demo: bool,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub id: Uuid,
    /// When it was written, by the site's clocks.
    pub at: DateTime,
    /// By which way it goes.
    pub channel: Channel,
    /// The telephone number or mail address; a browser has neither.
    pub recipient: Option<String>,
    /// A mail's subject.
    pub heading: Option<String>,
    /// What it says; a code's text is for its recipient alone.
    pub body: Option<String>,
    /// `waiting`, `sent` or `failed`.
    pub state: String,
    /// How often sending was tried.
    pub attempts: i16,
    /// What the last try met.
    pub error: Option<String>,
    /// Whether it may be tried again.
    pub again: bool,
}

/// Messages, newest first.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/messages", input = server_fn::codec::GetUrl)]
pub async fn load_messages(#[server(default)] query: MessageQuery) -> Result<Messages, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .messages(&query)
        .await
}

/// Lets what was given up be sent again: one message, or, without an id, every one. Says how many.
///
/// # Errors
/// [`AppError::Changed`] when the one is not given up any more.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/try-messages-again")]
pub async fn try_again(#[server(default)] id: Option<Uuid>) -> Result<u64, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .try_again(id)
        .await
}
