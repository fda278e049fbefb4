//! Built files: hashed names kept for a year, the service worker and the manifest asked for each time.

use app::backend::Assets;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

/// The name under which the build's list of files has the build itself, as its service worker knows it.
pub const BUILD: &str = "build";

/// Where the built files are.
#[derive(Clone, Debug)]
pub struct Files(pub Arc<PathBuf>);

/// Reads the build's list of files.
///
/// # Errors
/// When there is none: nothing has been built there.
pub fn assets(folder: &FilePath) -> std::io::Result<Assets> {
    let text = std::fs::read_to_string(folder.join("files.json"))?;
    serde_json::from_str(&text)
        .map(Assets)
        .map_err(std::io::Error::other)
}

/// A file below `/pkg/`, whose name changes with its content.
pub async fn hashed(State(files): State<Files>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(
        &files,
        &format!("pkg/{path}"),
        &headers,
        "public, max-age=31536000, immutable",
    )
    .await
}

/// A file at the root whose name stays: the service worker, the manifest, icons.
pub async fn named(files: &Files, path: &str, headers: &HeaderMap) -> Response {
    answer(files, path, headers, "no-cache").await
}

async fn answer(files: &Files, path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let plain = path
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
    if !plain {
        return StatusCode::NOT_FOUND.into_response();
    }
    let file = files.0.join(path);
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(headers, coding) {
            let mut packed = file.clone().into_os_string();
            packed.push(ending);
            if let Ok(bytes) = tokio::fs::read(&packed).await {
                return with_headers(bytes, path, cache, Some(coding));
            }
        }
    }
    match tokio::fs::read(&file).await {
        Ok(bytes) => with_headers(bytes, path, cache, None),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn with_headers(bytes: Vec<u8>, path: &str, cache: &'static str, coding: Option<&'static str>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|one| one.split(';').next().is_some_and(|name| name.trim() == coding))
        })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        Some("html") => "text/html; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
