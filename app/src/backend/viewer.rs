//! Who asks, and at which site: read from the request's host and session cookie.

use super::{backend, cookie, now, secret};
use crate::error::AppError;
use http::HeaderMap;
use http::header::HOST;
use leptos::prelude::use_context;
use pass::role::Role;
use store::site::Site;
use store::{AccountId, SiteId};

/// The person behind a session.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The site this request is for; every query names it.
    pub site: Site,
    /// The person's account.
    pub account: store::session::Viewer,
}

impl Viewer {
    /// The site's key.
    pub fn site_id(&self) -> SiteId {
        self.site.id
    }

    /// The account's key.
    pub fn id(&self) -> AccountId {
        self.account.account_id
    }

    /// Passes when the person has one of the roles.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub fn must_be(&self, roles: &[Role]) -> Result<(), AppError> {
        if roles.iter().any(|role| self.account.roles.contains(role)) {
            Ok(())
        } else {
            Err(AppError::NotAllowed)
        }
    }
}

/// The site whose host name the request names.
///
/// # Errors
/// [`AppError::NotFound`] when no site has that host name.
pub async fn site() -> Result<Site, AppError> {
    let headers = headers()?;
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    store::site::by_host(&backend()?.pool, name_of(host))
        .await?
        .ok_or(AppError::NotFound)
}

/// The person who asks.
///
/// # Errors
/// [`AppError::SignInNeeded`] without a living session.
pub async fn viewer() -> Result<Viewer, AppError> {
    find().await?.ok_or(AppError::SignInNeeded)
}

/// The person who asks, where somebody is signed in.
///
/// # Errors
/// [`AppError::NotFound`] when no site has the request's host name.
pub async fn find() -> Result<Option<Viewer>, AppError> {
    let site = site().await?;
    let Some(hash) = session_hash()? else {
        return Ok(None);
    };
    let account = store::session::viewer(&backend()?.pool, site.id, &hash, now()).await?;
    Ok(account.map(|account| Viewer { site, account }))
}

/// The person who asks, who must have one of the roles.
///
/// # Errors
/// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
pub async fn viewer_with(roles: &[Role]) -> Result<Viewer, AppError> {
    let viewer = viewer().await?;
    viewer.must_be(roles)?;
    Ok(viewer)
}

/// The hash by which the store knows the request's session.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn session_hash() -> Result<Option<Vec<u8>>, AppError> {
    let name = cookie::session_name(backend()?.secure);
    Ok(cookie::read(&headers()?, name).map(hash_of))
}

/// The hash by which the store knows the session with this token.
pub fn hash_of(token: &str) -> Vec<u8> {
    secret::hash("session", &[token])
}

/// The headers of the request being answered.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn headers() -> Result<HeaderMap, AppError> {
    use_context::<http::request::Parts>()
        .map(|parts| parts.headers)
        .ok_or(AppError::Internal)
}

/// A host header without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn the_port_is_not_part_of_the_name() {
        assert_eq!(name_of("pass.example.edu:8443"), "pass.example.edu");
        assert_eq!(name_of("localhost"), "localhost");
        assert_eq!(name_of("[::1]:3000"), "[::1]");
    }
}
