//! Which language a request is answered in, and the link that switches it.

use app::backend::cookie;
use app::language;
use axum::extract::{Path, Query};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use pass::site::Language;
use serde::Deserialize;

/// The cookie's choice, else the browser's, else Chinese.
pub fn of(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    cookie::read(headers, language::COOKIE)
        .and_then(language::from_tag)
        .or_else(|| asked.and_then(language::from_tag))
        .unwrap_or(Language::Zh)
}

/// Where to go back to.
#[derive(Deserialize)]
pub struct Back {
    back: Option<String>,
}

/// `/language/{tag}?back=/path`: remembers the choice for a year and goes back.
pub async fn switch(Path(tag): Path<String>, Query(Back { back }): Query<Back>) -> Response {
    let chosen = language::from_tag(&tag).unwrap_or(Language::Zh);
    let mut response = Redirect::to(app::backend::session::own_path(back.as_deref())).into_response();
    let cookie = format!(
        "{}={}; Path=/; SameSite=Lax; Max-Age=31536000",
        language::COOKIE,
        language::tag(chosen)
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
