//! The site's pass kinds.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::{PassKind, Text};
use serde::{Deserialize, Serialize};

/// A published version of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Its running number in the site.
    pub no: u16,
    /// Its policy.
    pub kind: PassKind,
    /// Whether one may apply for it.
    pub offered: bool,
    /// The names of the zones it opens.
    pub zones: Vec<Text>,
}

/// The published kinds, the newest first.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/kinds", input = server_fn::codec::GetUrl)]
pub async fn load_kinds() -> Result<Vec<Kind>, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .kinds()
        .await
}
