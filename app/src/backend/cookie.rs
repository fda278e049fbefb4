//! Cookies read from the request and set on the answer.

use crate::error::AppError;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;

/// How long a session cookie lives in the browser, in seconds: 90 days. The store ends sessions sooner when unused.
const SESSION_SECONDS: u32 = 90 * 24 * 60 * 60;

/// The value of the named cookie.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The session cookie's name. With TLS the `__Host-` prefix pins it to this host and to TLS (RFC 6265bis §4.1.3).
pub fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}

/// Sets the session cookie on the answer.
///
/// # Errors
/// [`AppError::Internal`] when the token is not a cookie value, which tokens of ours always are.
pub fn set_session(token: &str, secure: bool) -> Result<(), AppError> {
    append(&session(token, secure))
}

/// The session cookie as a header has it.
pub fn session(token: &str, secure: bool) -> String {
    header(session_name(secure), token, SESSION_SECONDS, secure)
}

/// The name of the cookie that ties a way to the site's own sign-in and back to one browser.
pub fn browser_name(secure: bool) -> &'static str {
    if secure { "__Host-sign-in" } else { "sign-in" }
}

/// That cookie as a header has it.
pub fn browser(token: &str, seconds: u32, secure: bool) -> String {
    header(browser_name(secure), token, seconds, secure)
}

/// Ends the session cookie.
///
/// # Errors
/// As [`set_session`].
pub fn clear_session(secure: bool) -> Result<(), AppError> {
    append(&header(session_name(secure), "", 0, secure))
}

fn header(name: &str, token: &str, seconds: u32, secure: bool) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}")
}

fn append(header: &str) -> Result<(), AppError> {
    let value = HeaderValue::from_str(header).map_err(|_| AppError::Internal)?;
    expect_context::<ResponseOptions>().append_header(SET_COOKIE, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_static("lang=en; session=abc; other=session=x"),
        );
        assert_eq!(read(&headers, "session"), Some("abc"));
        assert_eq!(read(&headers, "lang"), Some("en"));
        assert_eq!(read(&headers, "nothing"), None);
    }
}
