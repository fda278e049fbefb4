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
    /// The person, with roles and household.
    pub person: store::session::Viewer,
}

impl Viewer {
    /// The site's key.
    pub fn site_id(&self) -> SiteId {
        self.site.id
    }

    /// The account's key.
    pub fn id(&self) -> AccountId {
        self.person.account
    }

    /// Passes when the person has one of the roles.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub fn must_be(&self, roles: &[Role]) -> Result<(), AppError> {
        if roles.iter().any(|role| self.person.has(*role)) {
            Ok(())
        } else {
            Err(AppError::NotAllowed)
        }
    }
}

/// The name to greet a person by; of a telephone number only the last four digits, since others may see the screen.
pub fn shown_name(person: &store::session::Viewer) -> String {
    let name = person.display_name.trim();
    match &person.phone {
        Some(phone) if name.is_empty() => masked(phone),
        _ => name.to_owned(),
    }
}

/// A telephone number of which only the last four digits are shown.
pub fn masked(phone: &str) -> String {
    let last = phone.get(phone.len().saturating_sub(4)..).unwrap_or_default();
    format!("**** {last}")
}

/// Where the request reaches the site: `https://pass.example.edu`.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn origin(secure: bool) -> Result<String, AppError> {
    let scheme = if secure { "https" } else { "http" };
    Ok(format!("{scheme}://{}", host()?))
}

/// The site whose host name the request names.
///
/// # Errors
/// [`AppError::NotFound`] when no site has that host name.
pub async fn site() -> Result<Site, AppError> {
    site_of(&backend()?.pool, &headers()?).await
}

/// The site whose host name these headers name.
///
/// # Errors
/// [`AppError::NotFound`] when no site has that host name.
pub async fn site_of(pool: &store::Pool, headers: &HeaderMap) -> Result<Site, AppError> {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    store::site::by_host(pool, &name_of(host))
        .await?
        .ok_or(AppError::NotFound)
}

/// The host name and port that the request names.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn host() -> Result<String, AppError> {
    let headers = headers()?;
    Ok(headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase())
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
    let person = store::session::viewer(&backend()?.pool, site.id, &hash, now()).await?;
    Ok(person.map(|person| Viewer { site, person }))
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
pub fn session_hash() -> Result<Option<[u8; 32]>, AppError> {
    let name = cookie::session_name(backend()?.secure);
    Ok(cookie::read(&headers()?, name).map(hash_of))
}

/// The hash by which the store knows the session with this token.
pub fn hash_of(token: &str) -> [u8; 32] {
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

/// A host header without its port, in lower case.
fn name_of(host: &str) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.to_ascii_lowercase()
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
