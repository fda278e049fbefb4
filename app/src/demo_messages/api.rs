//! The messages of a demonstration site.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::Channel;
use serde::{Deserialize, Serialize};

/// A message as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// By which way it would have gone.
    pub channel: Channel,
    /// The telephone or the mail address it is for; a browser has none.
    pub recipient: Option<String>,
    /// A mail's subject, or the title of what a browser would have shown.
    pub heading: Option<String>,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub at: DateTime,
}

/// The newest messages, newest first.
///
/// # Errors
/// [`AppError::NotFound`] on a site that is no demonstration.
#[server(client = Limited, prefix = "/api/v1", endpoint = "demo/messages", input = server_fn::codec::GetUrl)]
pub async fn load_messages() -> Result<Vec<Message>, AppError> {
    use crate::backend::{self, calendar, telling, viewer};
    let site = backend::site().await?;
    if !site.demo {
        backend::not_found();
        return Err(AppError::NotFound);
    }
    let zone = calendar::zone_of(&site)?;
    let backend = backend::backend()?;
    let origin = viewer::origin(backend.secure)?;
    let page = store::message::list(&backend.pool, site.id, None, 50).await?;
    let message = |row: store::message::Message| {
        let words = telling::worded(&site, &origin, row.channel, &row.content);
        Message {
            channel: row.channel,
            recipient: Some(row.recipient).filter(|_| row.channel != Channel::Push),
            heading: words.heading,
            body: words.body,
            at: calendar::local(&zone, row.created_at),
        }
    };
    Ok(page.rows.into_iter().map(message).collect())
}
