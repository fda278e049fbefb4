//! Every address the server answers.

use crate::files::{self, Files};
use crate::shelf::Shelf;
use crate::{attachments, gate_api, language, security, shells, tables};
use app::App;
use app::backend::Backend;
use app::document::Document;
use app::error::AppError;
use axum::extract::{FromRef, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use std::time::Duration;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The largest request body, in bytes, of everything but household files and attachments.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take where much is sent or answered: uploads, also a tablet's over a poor network, and tables.
const LONG_PATIENCE: Duration = Duration::from_secs(180);

/// Gives up what takes longer; its work is dropped, and with it its transaction.
fn within(patience: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, patience)
}

/// What handlers may ask for.
#[derive(Clone, FromRef)]
pub struct Shared {
    /// The pages' backend.
    pub backend: Backend,
    /// The built files.
    pub files: Files,
    /// Where attachments go.
    pub shelf: Shelf,
    /// Leptos' own options; only names that we do not use.
    pub leptos: LeptosOptions,
}

/// The whole server as one service.
pub fn router(shared: Shared, trust_proxy: bool) -> Router {
    let context = provide(shared.backend.clone());
    let assets = shared.backend.assets.clone();
    let (style, start) = (assets.address("main.css"), assets.address("start-pages.js"));
    let document = move || view! { <Document style=style.clone() start=start.clone()/> };
    let pages = generate_route_list(App);
    Router::new()
        .route("/livez", get(|| async { "alive" }))
        .route("/readyz", get(ready))
        .route("/pkg/{*path}", get(files::hashed))
        .route("/gate", get(shells::gate))
        .route("/gate/{*page}", get(shells::gate))
        .route("/shell/gate", get(shells::gate))
        .route("/shell/pass", get(shells::pass))
        .route("/passes/{number}", get(shells::pass))
        .route("/language/{tag}", get(language::switch))
        .route("/api/v1/{*function}", any(server_function))
        .leptos_routes_with_context(&shared, pages, context, document)
        .fallback(file_or_nothing)
        .layer(middleware::from_fn(fitting_status))
        .layer(within(PATIENCE))
        .merge(gate_api::router().layer(within(LONG_PATIENCE)))
        .merge(tables::router().layer(within(LONG_PATIENCE)))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .merge(tables::uploads().layer(within(LONG_PATIENCE)))
        .merge(attachments::router().layer(within(LONG_PATIENCE)))
        .with_state(shared)
        .layer(middleware::from_fn(security::same_origin))
        .layer(middleware::from_fn_with_state(
            trust_proxy,
            security::remote_address,
        ))
        .layer(middleware::from_fn(security::headers))
        .layer(tower_http::trace::TraceLayer::new_for_http())
}

/// Puts into a request's context what pages and server functions need.
fn provide(backend: Backend) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(backend.clone());
        if let Some(parts) = use_context::<http::request::Parts>() {
            provide_context(language::of(&parts.headers));
        }
        let policy = security::content_policy(use_nonce().as_deref());
        if let (Some(options), Ok(policy)) =
            (use_context::<ResponseOptions>(), HeaderValue::from_str(&policy))
        {
            options.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

async fn server_function(State(backend): State<Backend>, request: Request) -> Response {
    leptos_axum::handle_server_fns_with_context(provide(backend), request)
        .await
        .into_response()
}

/// Whatever a server function answers, also one that the framework routed by itself, has the status that fits.
async fn fitting_status(request: Request, next: Next) -> Response {
    let function = request.uri().path().starts_with("/api/v1/");
    let response = next.run(request).await;
    if function && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        with_status_of_its_error(response).await
    } else {
        response
    }
}

/// An error answered by a server function with the status that fits it; the framework calls every error a 500.
async fn with_status_of_its_error(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = serde_json::from_slice::<AppError>(&bytes)
        .ok()
        .map(|error| error.status());
    if let Some(Ok(status)) = status.map(StatusCode::from_u16) {
        parts.status = status;
    }
    Response::from_parts(parts, bytes.into())
}

/// Ready when the database answers.
async fn ready(State(backend): State<Backend>) -> Response {
    match store::ping(&backend.pool).await {
        Ok(()) => "ready".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A file at the root (the service worker, an icon), or the page that says there is nothing.
async fn file_or_nothing(State(shared): State<Shared>, headers: HeaderMap, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let file = files::named(&shared.files, &path, &headers).await;
    if file.status() != StatusCode::NOT_FOUND || path.contains('.') {
        return file;
    }
    let (style, start) = (
        shared.backend.assets.address("main.css"),
        shared.backend.assets.address("start-pages.js"),
    );
    let document = move || view! { <Document style=style.clone() start=start.clone()/> };
    let mut response = leptos_axum::render_app_async_with_context(provide(shared.backend), document)(request)
        .await
        .into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
