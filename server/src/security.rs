//! What every answer and every request must satisfy: headers, and where a change may come from.

use app::backend::codes::RemoteAddress;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;

/// What a page may load, with the page's own nonce for the data that hydration reads. WebAssembly is compiled, strings are
/// never evaluated.
pub fn content_policy(nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; worker-src 'self'; style-src 'self'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Adds the security headers that every answer carries; a page has set its own content policy by then.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = HeaderName::from_static("content-security-policy");
    if !headers.contains_key(&policy)
        && let Ok(value) = HeaderValue::from_str(&content_policy(None))
    {
        headers.insert(policy, value);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(self), geolocation=(), microphone=(), payment=()",
        ),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Refuses changes that another site's page asks for (CSRF). Browsers say where a request comes from by `Sec-Fetch-Site`,
/// older ones by `Origin`; a client that says neither is no browser and carries no cookies of anybody.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(&HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin" || site == "none",
        None => match (text(&ORIGIN), text(&HOST)) {
            (None, _) => true,
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
            (Some(_), None) => false,
        },
    }
}

/// Notes the peer's address for the limits on trying.
pub async fn remote_address(
    State(trust_proxy): State<bool>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        // The last entry is the one that our own proxy added.
        .and_then(|value| value.rsplit(',').next())
        .map(|address| address.trim().to_owned());
    let address = forwarded
        .filter(|_| trust_proxy)
        .unwrap_or_else(|| peer.ip().to_string());
    request.extensions_mut().insert(RemoteAddress(address));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], from_here: bool) {
        let map = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(comes_from_here(&map), from_here, "{headers:?}");
    }

    #[test]
    fn a_change_comes_from_a_page_of_this_host() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(
            &[("origin", "https://pass.example"), ("host", "pass.example")],
            true,
        );
        check(
            &[("origin", "https://evil.example"), ("host", "pass.example")],
            false,
        );
        check(&[("origin", "null"), ("host", "pass.example")], false);
        check(&[("host", "pass.example")], true);
    }

    #[test]
    fn nothing_is_evaluated_and_no_inline_script_runs_without_the_nonce() {
        let policy = content_policy(Some("abc"));
        assert!(
            policy.contains("'nonce-abc'") && !policy.contains("'unsafe-"),
            "{policy}"
        );
    }
}
