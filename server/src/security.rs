//! What every answer and every request must satisfy: headers, and where a change may come from.

use app::backend::codes::RemoteAddress;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CACHE_CONTROL, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

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
    // Pages and answers are somebody's own; files say by themselves how long they may be kept.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
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
    let forwarded = forwarded(request.headers()).filter(|_| trust_proxy);
    let address = RemoteAddress(network_of(forwarded.unwrap_or(peer.ip())));
    request.extensions_mut().insert(address);
    next.run(request).await
}

/// The address that our own proxy added: the last entry of the last line. Everything before it is what the client says.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    let entry = line.rsplit(',').next()?.trim();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    entry.parse().ok().or_else(with_port)
}

/// Whose tries are counted together.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
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
    fn the_address_is_the_one_that_our_own_proxy_added() {
        #[track_caller]
        fn check(lines: &[&'static str], address: Option<&str>) {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            let expected = address.map(|address| address.parse().unwrap());
            assert_eq!(forwarded(&headers), expected, "{lines:?}");
        }
        check(&["192.0.2.1"], Some("192.0.2.1"));
        check(&["198.51.100.7, 192.0.2.1"], Some("192.0.2.1"));
        check(&["198.51.100.7", "192.0.2.1"], Some("192.0.2.1"));
        check(&["198.51.100.7", "203.0.113.5,192.0.2.1:4711"], Some("192.0.2.1"));
        check(&["2001:db8::1"], Some("2001:db8::1"));
        check(&["192.0.2.1, unknown"], None);
        check(&[""], None);
        check(&[], None);
    }

    #[test]
    fn an_ipv6_network_is_counted_as_one() {
        let network = |address: &str| network_of(address.parse().unwrap());
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
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
