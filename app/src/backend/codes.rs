//! Sign-in codes by text message, and the limits on trying.

use super::session::Verified;
use super::{Backend, secret};
use crate::error::{AppError, Fault};
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::use_context;
use pass::Channel;
use store::SiteId;
use store::rate::{Limit, Taken};
use store::sign_in::{CodeRequest, Redeemed, Requested, SendLimits};
use store::site::Site;

/// Codes tried by one address. A whole campus may stand behind one, so these are not small.
const CODE_ADDRESS_HOUR: Limit = Limit {
    scope: "code-address-hour",
    most: 600,
    window: SignedDuration::from_hours(1),
};
/// The same, in a day.
const CODE_ADDRESS_DAY: Limit = Limit {
    scope: "code-address-day",
    most: 3000,
    window: SignedDuration::from_hours(24),
};
/// Codes tried for one number: fewer than its codes of a day together would allow.
const CODE_NUMBER_DAY: Limit = Limit {
    scope: "code-number-day",
    most: 30,
    window: SignedDuration::from_hours(24),
};

/// Whose tries are counted together: the peer's address, as the server found it or as a trusted proxy named it; of an IPv6 address its
/// network of 64 bits, since whoever has one address there has all of them.
#[derive(Clone, Debug)]
pub struct RemoteAddress(pub String);

/// A mainland mobile number in its one written form: 11 digits, `+86`, spaces and hyphens removed. Full-width digits, as input methods
/// type them, are digits.
///
/// # Errors
/// `phone` missing or malformed.
pub fn phone_of(given: &str) -> Result<String, AppError> {
    let digits: String = pass::household::normalise(given)
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
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

/// A code in its one written form: without spaces, full-width digits as ordinary ones.
///
/// # Errors
/// `code` missing.
pub fn code_of(given: &str) -> Result<String, AppError> {
    let code = pass::household::normalise(given).replace(' ', "");
    if code.is_empty() {
        return Err(AppError::invalid("code", Fault::Missing));
    }
    Ok(code)
}

/// Sends a fresh code; an earlier one is void from then on.
///
/// # Errors
/// [`AppError::TooMany`]; [`AppError::CannotTell`] where no text message leaves this server.
pub async fn send(
    backend: &Backend,
    site: &Site,
    phone: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    let channel = Channel::Sms;
    if !backend.channels.reach(site, channel) {
        return Err(AppError::CannotTell { channel });
    }
    let code = secret::six_digits();
    let request = CodeRequest {
        phone,
        code_hash: &hash(phone, &code),
        sms: &crate::sentences::code_message(&site.name, &code),
        address,
    };
    match store::sign_in::request_code(&backend.pool, site.id, request, &SendLimits::default(), now).await? {
        Requested::Sent { .. } => Ok(()),
        Requested::Later { retry_at } => Err(later(retry_at, now)),
    }
}

/// Uses a code up and finds or makes the phone's account. Until the code is right, the answer is the same whether or not anybody has
/// this number.
///
/// # Errors
/// `code` wrong or expired, or [`AppError::TooMany`].
pub async fn redeem(
    backend: &Backend,
    site: &Site,
    phone: &str,
    code: &str,
    now: Timestamp,
) -> Result<Verified, AppError> {
    let address = remote_address()?;
    take(backend, site.id, &CODE_ADDRESS_HOUR, &address, now).await?;
    take(backend, site.id, &CODE_ADDRESS_DAY, &address, now).await?;
    take(backend, site.id, &CODE_NUMBER_DAY, phone, now).await?;
    match store::sign_in::redeem_code(&backend.pool, site.id, phone, &hash(phone, code), now).await? {
        Redeemed::Right => {
            let account = store::account::by_phone_or_create(&backend.pool, site.id, phone, now).await?;
            if account.disabled_at.is_some() {
                Err(AppError::NotAllowed)
            } else {
                Ok(Verified::by_phone(account.id))
            }
        }
        Redeemed::Wrong { .. } => Err(AppError::invalid("code", Fault::Wrong)),
        Redeemed::Gone => Err(AppError::invalid("code", Fault::Expired)),
    }
}

/// Counts one try against a limit.
///
/// # Errors
/// [`AppError::TooMany`] when it is spent.
pub async fn take(
    backend: &Backend,
    site: SiteId,
    limit: &Limit,
    key: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    match store::rate::take(&backend.pool, site, limit, key, now).await? {
        Taken::Ok => Ok(()),
        Taken::Spent { retry_at } => Err(later(retry_at, now)),
    }
}

/// It may be tried again then.
pub fn later(retry_at: Timestamp, now: Timestamp) -> AppError {
    let seconds = u64::try_from(retry_at.duration_since(now).as_secs()).unwrap_or(0);
    AppError::TooMany {
        wait_seconds: seconds.max(1),
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

fn hash(phone: &str, code: &str) -> [u8; 32] {
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
            "１３８００１３８０００",
            "＋８６　１３８－００１３－８０００",
        ] {
            assert_eq!(phone_of(given).as_deref(), Ok("13800138000"), "{given:?}");
        }
        for given in [
            "1380013800",
            "23800138000",
            "138001380001",
            "1380013800a",
            "+44 20 7946 0000",
            "1380013800\0",
            "١٣٨٠٠١٣٨٠٠٠",
        ] {
            assert_eq!(
                phone_of(given),
                Err(AppError::invalid("phone", Fault::Malformed)),
                "{given:?}"
            );
        }
        assert_eq!(phone_of("  "), Err(AppError::invalid("phone", Fault::Missing)));
    }

    #[test]
    fn a_code_has_one_written_form() {
        for given in ["123456", " 123 456 ", "１２３４５６"] {
            assert_eq!(code_of(given).as_deref(), Ok("123456"), "{given:?}");
        }
        assert_eq!(
            code_of("\u{3000}"),
            Err(AppError::invalid("code", Fault::Missing))
        );
    }
}
