//! Sign-in codes by text message, and the limits on trying.

use super::{Backend, secret};
use crate::error::{AppError, Fault};
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::use_context;
use store::rate::{Limit, Taken};
use store::site::Site;
use store::{AccountId, SiteId};

/// How long a code may be used.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Codes sent to one number.
const SENDS_NUMBER: [Limit; 3] = [
    Limit {
        times: 1,
        within: SignedDuration::from_mins(1),
    },
    Limit {
        times: 5,
        within: SignedDuration::from_hours(1),
    },
    Limit {
        times: 10,
        within: SignedDuration::from_hours(24),
    },
];
/// Codes sent at the wish of one address: a household behind one router, not a campus of bots.
const SENDS_ADDRESS: [Limit; 1] = [Limit {
    times: 30,
    within: SignedDuration::from_hours(1),
}];
/// Codes sent by one site: the bill has an end.
const SENDS_SITE: [Limit; 1] = [Limit {
    times: 20_000,
    within: SignedDuration::from_hours(24),
}];
/// Codes tried by one address.
const TRIES_ADDRESS: [Limit; 1] = [Limit {
    times: 60,
    within: SignedDuration::from_hours(1),
}];
/// Passwords tried for one login.
pub const PASSWORD_TRIES: &[Limit] = &[Limit {
    times: 10,
    within: SignedDuration::from_mins(15),
}];
/// Passwords tried by one address.
pub const PASSWORD_TRIES_ADDRESS: &[Limit] = &[Limit {
    times: 100,
    within: SignedDuration::from_mins(15),
}];

/// The peer's address, as the server found it (or as a trusted proxy named it).
#[derive(Clone, Debug)]
pub struct RemoteAddress(pub String);

/// A mainland mobile number in its one written form: 11 digits, `+86`, spaces and hyphens removed.
///
/// # Errors
/// `phone` missing or malformed.
pub fn phone_of(given: &str) -> Result<String, AppError> {
    let digits: String = given
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '\u{3000}'))
        .collect();
    let digits = digits
        .strip_prefix("+86")
        .or_else(|| digits.strip_prefix("0086"))
        .unwrap_or(&digits);
    if digits.is_empty() {
        return Err(AppError::invalid("phone", Fault::Missing));
    }
    let good =
        digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|digit| digit.is_ascii_digit());
    if good {
        Ok(digits.to_owned())
    } else {
        Err(AppError::invalid("phone", Fault::Malformed))
    }
}

/// Sends a fresh code; an earlier one is void from then on.
///
/// # Errors
/// [`AppError::TooMany`].
pub async fn send(
    backend: &Backend,
    site: &Site,
    phone: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    take(backend, site.id, "code-number", phone, &SENDS_NUMBER, now).await?;
    take(backend, site.id, "code-address", address, &SENDS_ADDRESS, now).await?;
    take(backend, site.id, "code-site", "", &SENDS_SITE, now).await?;
    let code = secret::six_digits();
    let text = crate::sentences::code_message(&site.name, &code);
    store::sign_in::request(
        &backend.pool,
        site.id,
        phone,
        &hash(phone, &code),
        &text,
        now + CODE_LIFE,
        now,
    )
    .await?;
    Ok(())
}

/// Uses a code up and finds or makes the phone's account.
///
/// # Errors
/// `code` wrong or expired, or [`AppError::TooMany`].
pub async fn redeem(
    backend: &Backend,
    site: &Site,
    phone: &str,
    code: &str,
    now: Timestamp,
) -> Result<AccountId, AppError> {
    if code.is_empty() {
        return Err(AppError::invalid("code", Fault::Missing));
    }
    take(
        backend,
        site.id,
        "code-tries",
        &remote_address()?,
        &TRIES_ADDRESS,
        now,
    )
    .await?;
    match store::sign_in::redeem(&backend.pool, site.id, phone, &hash(phone, code), now).await? {
        store::sign_in::Redeemed::Account(account) => Ok(account),
        store::sign_in::Redeemed::Wrong => Err(AppError::invalid("code", Fault::Wrong)),
        store::sign_in::Redeemed::Expired => Err(AppError::invalid("code", Fault::Expired)),
    }
}

/// Counts one try against every limit of a scope.
///
/// # Errors
/// [`AppError::TooMany`] when one of them is spent.
pub async fn take(
    backend: &Backend,
    site: SiteId,
    scope: &str,
    key: &str,
    limits: &[Limit],
    now: Timestamp,
) -> Result<(), AppError> {
    match store::rate::take(&backend.pool, site, scope, key, limits, now).await? {
        Taken::Ok => Ok(()),
        Taken::Spent { retry_at } => {
            let wait = retry_at.duration_since(now).as_secs();
            Err(AppError::TooMany {
                wait_seconds: u64::try_from(wait).unwrap_or(0).max(1),
            })
        }
    }
}

/// The address the request came from.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn remote_address() -> Result<String, AppError> {
    let parts = use_context::<http::request::Parts>().ok_or(AppError::Internal)?;
    Ok(parts
        .extensions
        .get::<RemoteAddress>()
        .map(|address| address.0.clone())
        .unwrap_or_default())
}

fn hash(phone: &str, code: &str) -> Vec<u8> {
    secret::hash("sign-in-code", &[phone, code])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_has_one_written_form() {
        for given in [
            "13800138000",
            " 138 0013 8000",
            "+8613800138000",
            "138-0013-8000",
            "008613800138000",
        ] {
            assert_eq!(phone_of(given).as_deref(), Ok("13800138000"), "{given:?}");
        }
        for given in [
            "1380013800",
            "23800138000",
            "138001380001",
            "1380013800a",
            "+44 20 7946 0000",
        ] {
            assert_eq!(
                phone_of(given),
                Err(AppError::invalid("phone", Fault::Malformed)),
                "{given:?}"
            );
        }
        assert_eq!(phone_of("  "), Err(AppError::invalid("phone", Fault::Missing)));
    }
}
