//! The server's half of the pages: who asks, at which site, with which database. Built only for the server.

pub mod administration;
pub mod applying;
pub mod attaching;
pub mod bundle;
pub mod calendar;
pub mod channels;
pub mod claiming;
pub mod clock;
pub mod codes;
pub mod cookie;
pub mod delegating;
pub mod drafting;
pub mod enrolment;
pub mod flowing;
pub mod holding;
pub mod import;
pub mod issuer;
pub mod issuing;
pub mod kind_document;
pub mod listing;
pub mod moving;
pub mod own_account;
pub mod password;
pub mod presets;
pub mod renewing;
pub mod reviewing;
pub mod secret;
pub mod session;
pub mod site_ways;
pub mod submitting;
pub mod table;
pub mod telling;
pub mod viewer;

use crate::error::AppError;
use leptos::prelude::use_context;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use clock::now;
pub use viewer::{Viewer, site, viewer};

/// What every server function may use; the server puts one into each request's context.
#[derive(Clone)]
pub struct Backend {
    /// The one store.
    pub pool: store::Pool,
    /// Opens the sealed issuer keys.
    pub issuers: Arc<issuer::Issuers>,
    /// Logical names of built files (`main.css`) to their addresses.
    pub assets: Arc<Assets>,
    /// Whether pages are served by TLS, so that cookies may insist on it.
    pub secure: bool,
    /// By which ways people can be told something.
    pub channels: channels::Channels,
}

/// The build's list of files: logical name to hashed address.
#[derive(Debug, Default)]
pub struct Assets(pub BTreeMap<String, String>);

impl Assets {
    /// The address of a built file; the logical name itself under `/pkg/` when the list lacks it.
    pub fn address(&self, name: &str) -> String {
        self.0
            .get(name)
            .cloned()
            .unwrap_or_else(|| format!("/pkg/{name}"))
    }
}

/// The backend of the request being answered.
///
/// # Errors
/// [`AppError::Internal`] outside a request, which is a mistake in the server's wiring.
pub fn backend() -> Result<Backend, AppError> {
    use_context::<Backend>().ok_or_else(|| {
        tracing::error!("a server function ran without a backend in its context");
        AppError::Internal
    })
}

/// The page being rendered is answered as one that does not exist.
pub fn not_found() {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(_) => Self::Changed,
            // No person types such a character; whoever sends it is told what it is, and the log stays quiet.
            error if error.is_unstorable_text() => Self::Refused(pass::Refusal::ControlCharacter),
            error => {
                tracing::error!(error = ?error, "the store failed");
                Self::Internal
            }
        }
    }
}
