//! The app shells: small documents that the service worker keeps, so that the gate and the holder's code start with no
//! network. They hold no data and no inline script; the browser's own storage fills them. Each names the build whose files it asks for,
//! so that the service worker never keeps one build's shell beside another's files.

use crate::files;
use app::backend::Backend;
use app::language::tag;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};

/// The gate's shell, for `/gate`, `/gate/enrol` and `/gate/log`.
pub async fn gate(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    shell(&backend, &headers, "gate")
}

/// The shell of a holder's code, for `/passes/{number}`.
pub async fn pass(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    shell(&backend, &headers, "pass")
}

fn shell(backend: &Backend, headers: &HeaderMap, name: &str) -> Response {
    let language = tag(crate::language::of(headers));
    let (style, start, worker) = (
        backend.assets.address("main.css"),
        backend.assets.address("start-shells.js"),
        backend.assets.address("scan-worker.js"),
    );
    let build = backend.assets.0.get(files::BUILD).map_or("", String::as_str);
    let document = format!(
        r##"<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#0b3d2e">
<title>校园通行 Campus Pass</title>
<link rel="manifest" href="/manifest.webmanifest">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/apple-touch-icon.png">
<link rel="stylesheet" href="{style}">
<script type="module" src="{start}"></script>
</head>
<body data-shell="{name}" data-build="{build}" data-scan-worker="{worker}"></body>
</html>
"##
    );
    ([(CACHE_CONTROL, "no-cache")], Html(document)).into_response()
}
