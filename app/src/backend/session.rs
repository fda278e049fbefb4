//! Sessions begun and ended.

use super::{Backend, codes, cookie, password, secret, viewer};
use crate::error::{AppError, Fault};
use jiff::{SignedDuration, Timestamp};
use store::rate::Limit;
use store::session::{Lifetime, Proof, Way};
use store::{AccountId, SiteId};

/// Two weeks without being used, a quarter in all: residents sign in by text message, which is not free.
const RESIDENT: Lifetime = Lifetime {
    idle: SignedDuration::from_hours(14 * 24),
    most: SignedDuration::from_hours(90 * 24),
};
/// Half a day without being used, a week in all: whoever has a duty sees other people's affairs, often at a shared desk.
const STAFF: Lifetime = Lifetime {
    idle: SignedDuration::from_hours(12),
    most: SignedDuration::from_hours(7 * 24),
};

/// Passwords tried by one address.
const PASSWORD_ADDRESS: Limit = Limit {
    scope: "password-address",
    most: 100,
    window: SignedDuration::from_mins(15),
};
/// Passwords tried for one login by one address.
const PASSWORD_PAIR: Limit = Limit {
    scope: "password-pair",
    most: 10,
    window: SignedDuration::from_mins(15),
};
/// Passwords tried for one login from anywhere: looser, so that a stranger's tries do not keep its owner out.
const PASSWORD_LOGIN: Limit = Limit {
    scope: "password-login",
    most: 100,
    window: SignedDuration::from_mins(15),
};
/// The longest login, in characters.
pub const MAX_LOGIN: u16 = 64;

/// Somebody who proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    account: AccountId,
    by: By,
}

/// What proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    /// They knew the password with this hash.
    Password(String),
    Phone,
    /// The hash of the provider's session, where it says one.
    Oidc(Option<[u8; 32]>),
    /// The ticket's hash.
    Cas([u8; 32]),
}

impl Verified {
    /// By a code that was sent to the account's telephone.
    pub fn by_phone(account: AccountId) -> Self {
        Self {
            account,
            by: By::Phone,
        }
    }

    /// By the site's OpenID provider, in a session of its own with this hash.
    pub fn by_oidc(account: AccountId, session: Option<[u8; 32]>) -> Self {
        Self {
            account,
            by: By::Oidc(session),
        }
    }

    /// By the site's CAS server, of a ticket with this hash.
    pub fn by_cas(account: AccountId, ticket: [u8; 32]) -> Self {
        Self {
            account,
            by: By::Cas(ticket),
        }
    }
}

/// Begins a session: a fresh token in the browser, its hash in the store, and on to where the person wanted to go.
///
/// # Errors
/// Those of [`open`].
pub async fn begin(
    backend: &Backend,
    site: SiteId,
    verified: &Verified,
    next: Option<&str>,
    now: Timestamp,
) -> Result<(), AppError> {
    let token = open(backend, site, verified, now).await?;
    cookie::set_session(&token, backend.secure)?;
    leptos_axum::redirect(own_path(next));
    Ok(())
}

/// Begins a session in the store and gives the token for its cookie.
///
/// # Errors
/// `password` wrong where it was changed meanwhile; [`AppError::NotAllowed`] where the account was disabled meanwhile;
/// [`AppError::OtherWayNeeded`] where the account has a role and a text message is all that speaks for the person: numbers change hands.
pub async fn open(
    backend: &Backend,
    site: SiteId,
    verified: &Verified,
    now: Timestamp,
) -> Result<String, AppError> {
    let token = secret::token();
    let (pool, hash) = (&backend.pool, viewer::hash_of(&token));
    let account = verified.account;
    let roles = store::account::roles(pool, site, account).await?;
    let stands_in = store::task::delegations(pool, site, account, now).await?;
    let duties = !roles.is_empty() || stands_in.iter().any(|one| one.to == account);
    if duties && verified.by == By::Phone {
        return Err(AppError::OtherWayNeeded);
    }
    let lifetime = if duties { STAFF } else { RESIDENT };
    let (proof, otherwise) = match &verified.by {
        By::Password(known) => (
            Proof::Password(known),
            AppError::invalid("password", Fault::Wrong),
        ),
        By::Phone => (Proof::Phone, AppError::NotAllowed),
        By::Oidc(session) => (Proof::Oidc(session.as_ref()), AppError::NotAllowed),
        By::Cas(ticket) => (Proof::Cas(ticket), AppError::NotAllowed),
    };
    let begun = store::session::begin_by(pool, site, account, proof, &hash, lifetime, now).await?;
    begun.then_some(token).ok_or(otherwise)
}

/// Ends the request's session, where there is one, and leads to the start page; over the site's own sign-in where it began there, which
/// would else let the next person at this device in without asking.
///
/// # Errors
/// The store's.
pub async fn end(backend: &Backend) -> Result<(), AppError> {
    let mut way = None;
    if let Some(hash) = viewer::session_hash()? {
        let site = viewer::site().await?;
        way = store::session::end(&backend.pool, site.id, &hash).await?;
    }
    cookie::clear_session(backend.secure)?;
    leptos_axum::redirect(match way {
        Some(Way::Oidc) => "/sign-in/oidc/end",
        Some(Way::Cas) => "/sign-in/cas/end",
        Some(Way::Password | Way::Phone) | None => "/",
    });
    Ok(())
}

/// A login in its one written form: in lower case, without the spaces around it.
///
/// # Errors
/// `login` missing, too long, or with a space or a character that nobody types.
pub fn login_of(given: &str) -> Result<String, AppError> {
    let login = pass::household::normalise(given).to_lowercase();
    if login.is_empty() {
        Err(AppError::invalid("login", Fault::Missing))
    } else if login.chars().count() > usize::from(MAX_LOGIN) {
        Err(AppError::invalid(
            "login",
            Fault::TooLong { max_chars: MAX_LOGIN },
        ))
    } else if login.chars().any(|c| c == ' ' || c.is_control()) {
        Err(AppError::invalid("login", Fault::Malformed))
    } else {
        Ok(login)
    }
}

/// The account with this login and password. Failed tries are limited, by address first.
///
/// # Errors
/// `password` wrong, or [`AppError::TooMany`].
pub async fn check_password(
    backend: &Backend,
    site: SiteId,
    login: &str,
    given: &str,
    now: Timestamp,
) -> Result<Verified, AppError> {
    let tries = Tries::begin(backend, site, login, now).await?;
    let found = store::account::by_login(&backend.pool, site, login).await?;
    let (account, kept) = found.map_or((None, None), |(account, kept)| (Some(account), kept));
    let fits = fits(given, kept.clone()).await?;
    match account {
        Some(account) if fits && account.disabled_at.is_none() => {
            tries.forget(backend).await?;
            Ok(Verified {
                account: account.id,
                by: By::Password(kept.unwrap_or_default()),
            })
        }
        _ => Err(AppError::invalid("password", Fault::Wrong)),
    }
}

/// Changes the password of the person who asks, who must know the old one. Their other sessions end.
///
/// # Errors
/// `old` wrong, `new` too short or too long, `again` another one; [`AppError::NotFound`] without a password to change.
pub async fn change_password(old: &str, new: &str, again: &str) -> Result<(), AppError> {
    let viewer = viewer().await?;
    let (backend, site, now) = (super::backend()?, viewer.site_id(), super::now());
    let (pool, id) = (&backend.pool, viewer.id());
    let login = store::account::get(pool, site, id)
        .await?
        .and_then(|account| account.login)
        .ok_or(AppError::NotFound)?;
    password::acceptable(new).map_err(|fault| AppError::invalid("new", fault))?;
    if new != again {
        return Err(AppError::invalid("again", Fault::Wrong));
    }
    let tries = Tries::begin(&backend, site, &login, now).await?;
    let kept = store::account::password_hash(pool, site, id).await?;
    let (true, Some(kept)) = (fits(old, kept.clone()).await?, kept) else {
        return Err(AppError::invalid("old", Fault::Wrong));
    };
    tries.forget(&backend).await?;
    let hash = password::hash_apart(new.to_owned()).await?;
    let asking = viewer::session_hash()?.ok_or(AppError::SignInNeeded)?;
    let done = store::account::change_password(pool, site, id, &kept, &hash, &asking).await?;
    done.then_some(()).ok_or(AppError::Changed)
}

/// Whether a password fits its hash. Hashing is meant to be slow; it must not hold up the other requests of this thread.
async fn fits(given: &str, kept: Option<String>) -> Result<bool, AppError> {
    let given = given.to_owned();
    tokio::task::spawn_blocking(move || password::verify(&given, kept.as_deref()))
        .await
        .map_err(|_| AppError::Internal)
}

/// A try at a password. It is counted before it is known to fail, so that many at once are not more than the limit, and taken back when
/// it was right: only failures count.
struct Tries {
    site: SiteId,
    counted: [(&'static Limit, String); 3],
}

impl Tries {
    async fn begin(backend: &Backend, site: SiteId, login: &str, now: Timestamp) -> Result<Self, AppError> {
        let address = codes::remote_address()?;
        let pair = format!("{login} {address}");
        let counted = [
            (&PASSWORD_ADDRESS, address),
            (&PASSWORD_PAIR, pair),
            (&PASSWORD_LOGIN, login.to_owned()),
        ];
        for (limit, key) in &counted {
            codes::take(backend, site, limit, key, now).await?;
        }
        Ok(Self { site, counted })
    }

    async fn forget(self, backend: &Backend) -> Result<(), AppError> {
        for (limit, key) in &self.counted {
            store::rate::give_back(&backend.pool, self.site, limit, key).await?;
        }
        Ok(())
    }
}

/// The path to go on to: only a path of our own, never another host's. Browsers drop tabs and line ends out of an address and take a
/// backslash for a slash, so none of those may stand in it; nor anything that a header cannot carry.
pub fn own_path(next: Option<&str>) -> &str {
    let plain = |path: &str| {
        path.bytes()
            .all(|byte| matches!(byte, 0x21..=0x7e) && byte != b'\\')
    };
    next.filter(|path| path.starts_with('/') && !path.starts_with("//") && plain(path))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_has_one_written_form() {
        assert_eq!(login_of(" Ａｄｍｉｎ ").as_deref(), Ok("admin"));
        assert_eq!(login_of(&"a".repeat(64)).as_deref(), Ok("a".repeat(64).as_str()));
        for (given, fault) in [
            ("", Fault::Missing),
            ("a b", Fault::Malformed),
            ("a\0", Fault::Malformed),
        ] {
            assert_eq!(
                login_of(given),
                Err(AppError::invalid("login", fault)),
                "{given:?}"
            );
        }
        assert_eq!(
            login_of(&"a".repeat(65)),
            Err(AppError::invalid("login", Fault::TooLong { max_chars: 64 }))
        );
    }

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
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            "/a b",
            "/a\0",
            "/a\u{7f}",
            "/中文",
            "/?q=\u{85}",
        ] {
            assert_eq!(own_path(Some(other)), "/", "{other:?}");
        }
        assert_eq!(own_path(None), "/");
    }
}
