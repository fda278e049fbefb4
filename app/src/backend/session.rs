//! Sessions begun and ended.

use super::{Backend, codes, cookie, password, secret, viewer};
use crate::error::{AppError, Fault};
use jiff::{SignedDuration, Timestamp};
use store::session::Lifetime;
use store::{AccountId, SiteId};

/// Two weeks without being used, a quarter in all: residents sign in by text message, which is not free.
const LIFETIME: Lifetime = Lifetime {
    idle: SignedDuration::from_hours(14 * 24),
    most: SignedDuration::from_hours(90 * 24),
};

/// Begins a session: a fresh token in the browser, its hash in the store, and on to where the person wanted to go.
///
/// # Errors
/// The store's.
pub async fn begin(
    backend: &Backend,
    site: SiteId,
    account: AccountId,
    next: Option<&str>,
    now: Timestamp,
) -> Result<(), AppError> {
    let token = secret::token();
    store::session::begin(
        &backend.pool,
        site,
        account,
        &viewer::hash_of(&token),
        LIFETIME,
        now,
    )
    .await?;
    cookie::set_session(&token, backend.secure)?;
    leptos_axum::redirect(own_path(next));
    Ok(())
}

/// Ends the request's session, where there is one, and leads to the start page.
///
/// # Errors
/// The store's.
pub async fn end(backend: &Backend) -> Result<(), AppError> {
    if let Some(hash) = viewer::session_hash()? {
        let site = viewer::site().await?;
        store::session::end(&backend.pool, site.id, &hash).await?;
    }
    cookie::clear_session(backend.secure)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// The account with this login and password. Tries are limited per login and per address.
///
/// # Errors
/// `password` wrong, or [`AppError::TooMany`].
pub async fn check_password(
    backend: &Backend,
    site: SiteId,
    login: &str,
    given: &str,
    now: Timestamp,
) -> Result<AccountId, AppError> {
    codes::take(backend, site, &codes::PASSWORD_LOGIN, login, now).await?;
    codes::take(
        backend,
        site,
        &codes::PASSWORD_ADDRESS,
        &codes::remote_address()?,
        now,
    )
    .await?;
    let found = store::account::by_login(&backend.pool, site, login).await?;
    let (account, kept) = found.map_or((None, None), |(account, kept)| (Some(account), kept));
    // Hashing is meant to be slow; it must not hold up the other requests of this thread.
    let given = given.to_owned();
    let fits = tokio::task::spawn_blocking(move || password::verify(&given, kept.as_deref()))
        .await
        .map_err(|_| AppError::Internal)?;
    match account {
        Some(account) if fits && account.disabled_at.is_none() => Ok(account.id),
        _ => Err(AppError::invalid("password", Fault::Wrong)),
    }
}

/// The path to go on to: only a path of our own, never another host's.
pub fn own_path(next: Option<&str>) -> &str {
    next.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn leads_only_to_paths_of_our_own() {
        assert_eq!(
            own_path(Some("/applications?state=completed")),
            "/applications?state=completed"
        );
        for other in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(own_path(Some(other)), "/", "{other:?}");
        }
        assert_eq!(own_path(None), "/");
    }
}
