//! Which of its own sign-ins a site has, for the page that offers them.

use crate::error::AppError;
use crate::sign_in::Ways;
use leptos::prelude::use_context;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The ways of each site, by its code. The server puts them beside every request.
#[derive(Clone, Debug, Default)]
pub struct SiteWays(pub Arc<BTreeMap<String, Ways>>);

/// The ways of the site that is asked.
///
/// # Errors
/// [`AppError::NotFound`] when no site has the request's host name.
pub async fn here() -> Result<Ways, AppError> {
    let site = super::site().await?;
    let parts = use_context::<http::request::Parts>().ok_or(AppError::Internal)?;
    let ways = parts.extensions.get::<SiteWays>();
    Ok(ways
        .and_then(|ways| ways.0.get(site.code.as_str()).cloned())
        .unwrap_or_default())
}
