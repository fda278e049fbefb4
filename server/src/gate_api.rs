//! What tablets talk to: enrolling, the gate bundle, uploads of events. `docs/gate-api.md` describes it for other makers.
//!
//! A tablet proves itself by a signature on each request (see [`wire`]), not by a session. Nothing that happened at a gate is
//! refused here: what cannot be taken for a fact is put aside with its reason, and counts as received.

use app::backend::{Backend, bundle, codes::RemoteAddress, enrolment, viewer};
use app::error::AppError;
use app::gate::wire::{self, Trouble};
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router, routing};
use jiff::Timestamp;
use pass::{PublicKey, RawSignature, admission};
use serde::Deserialize;
use std::borrow::Cow;
use store::admission::Received;
use store::site::Site;
use store::tablet::Tablet;

/// The gate API's routes.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S>
where
    Backend: axum::extract::FromRef<S>,
{
    Router::new()
        .route("/api/gate/v1/enrol", routing::post(enrol))
        .route("/api/gate/v1/bundle", routing::get(current_bundle))
        .route("/api/gate/v1/events", routing::post(events))
        .layer(axum::middleware::map_response(with_clock))
}

/// Puts the server's clock on every answer, so that a tablet learns how far its own is off.
async fn with_clock(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static(wire::SERVER_TIME),
        HeaderValue::from(app::backend::now().as_millisecond()),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Why a request is not answered as hoped.
struct Failed(Trouble);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = match self.0 {
            Trouble::WrongCode | Trouble::ExpiredCode | Trouble::BadKey | Trouble::Malformed => {
                StatusCode::BAD_REQUEST
            }
            Trouble::Unsigned | Trouble::UnknownTablet | Trouble::Clock => StatusCode::UNAUTHORIZED,
            Trouble::Revoked => StatusCode::FORBIDDEN,
            Trouble::NoSite => StatusCode::NOT_FOUND,
            Trouble::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Trouble::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(wire::Failure { error: self.0 })).into_response()
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self(match error {
            AppError::NotFound => Trouble::NoSite,
            _ => Trouble::Internal,
        })
    }
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        AppError::from(error).into()
    }
}

/// `POST /api/gate/v1/enrol`: uses a code up and makes the tablet. Asked again with the same code and key, because the first answer
/// was lost, it names the same tablet.
async fn enrol(
    State(backend): State<Backend>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<wire::Enrolled>, Failed> {
    let now = app::backend::now();
    let asked: wire::Enrol = read(&body)?;
    let site = viewer::site_of(&backend.pool, &headers).await?;
    let tries = store::rate::take(&backend.pool, site.id, &enrolment::TRIES, &address, now).await?;
    if matches!(tries, store::rate::Taken::Spent { .. }) {
        return Err(Failed(Trouble::TooMany));
    }
    let key = wire::from_text(&asked.public_key)
        .and_then(|point| PublicKey::from_sec1(&point).ok())
        .ok_or(Failed(Trouble::BadKey))?;
    let hash = enrolment::hash(&asked.code);
    let tablet = match store::tablet::enrol(&backend.pool, site.id, &hash, &key, now).await {
        Ok(Some(tablet)) => tablet,
        Ok(None) if store::tablet::code_is_over(&backend.pool, site.id, &hash, now).await? => {
            return Err(Failed(Trouble::ExpiredCode));
        }
        Ok(None) => return Err(Failed(Trouble::WrongCode)),
        Err(error) if error.conflict() == Some(store::Conflict::KeyEnrolled) => {
            return Err(Failed(Trouble::BadKey));
        }
        Err(error) => return Err(error.into()),
    };
    let signed = bundle::assemble(&backend, &site, tablet.checkpoint, now).await?;
    let issuers = store::issuer_key::publics(&backend.pool, site.id).await?;
    Ok(Json(wire::Enrolled {
        tablet: tablet.public.id,
        bundle: wire::to_text(&signed),
        issuers: issuers
            .iter()
            .map(|issuer| wire::to_text(issuer.key.as_bytes()))
            .collect(),
    }))
}

/// What a tablet holds already.
#[derive(Deserialize)]
struct Held {
    #[serde(default)]
    version: u64,
}

/// `GET /api/gate/v1/bundle?version=N`: the bundle when there is a newer one, else 204.
async fn current_bundle(
    State(backend): State<Backend>,
    Query(held): Query<Held>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let now = app::backend::now();
    let (site, tablet) = authenticate(&backend, &method, &uri, &headers, b"", now).await?;
    if tablet.revoked_at.is_some() {
        return Err(Failed(Trouble::Revoked));
    }
    store::tablet::seen(&backend.pool, site.id, tablet.public.id, now).await?;
    if bundle::current_version(&backend, site.id, now).await? <= held.version {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let signed = bundle::assemble(&backend, &site, tablet.checkpoint, now).await?;
    Ok((
        [(CONTENT_TYPE, "application/cose; cose-type=\"cose-sign1\"")],
        signed,
    )
        .into_response())
}

/// `POST /api/gate/v1/events`: takes in what happened, for the first time or again.
async fn events(
    State(backend): State<Backend>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<wire::Acknowledged>, Failed> {
    let now = app::backend::now();
    let (site, tablet) = authenticate(&backend, &method, &uri, &headers, &body, now).await?;
    let upload: wire::Upload = read(&body)?;
    if upload.events.len() > wire::MAX_EVENTS {
        return Err(Failed(Trouble::Malformed));
    }
    let sealed: Vec<(u64, Vec<u8>)> = upload.events.iter().map(bytes_of).collect::<Result<_, _>>()?;
    let public = tablet.public;
    // Some hundred signatures: long enough to hold up the other requests of this thread.
    let read = tokio::task::spawn_blocking(move || {
        let open =
            |bytes: &[u8]| admission::open(bytes, &public).map_err(|fault| Cow::Borrowed(fault.code()));
        sealed
            .into_iter()
            .map(|(seq, bytes)| (seq, open(&bytes), bytes))
            .collect::<Vec<_>>()
    });
    let read = read.await.map_err(|_| Failed(Trouble::Internal))?;
    let received: Vec<Received<'_>> = read
        .iter()
        .map(|(seq, event, bytes)| Received {
            seq: *seq,
            bytes,
            event: event.clone(),
        })
        .collect();
    let uploaded = store::admission::upload(&backend.pool, site.id, public.id, &received, now)
        .await?
        .ok_or(Failed(Trouble::UnknownTablet))?;
    for (seq, reason) in &uploaded.quarantined {
        tracing::warn!(tablet = %public.id, seq, %reason, "an event was put into quarantine");
    }
    Ok(Json(wire::Acknowledged {
        acknowledged: uploaded.acknowledged,
        quarantined: uploaded.quarantined.len(),
        revoked: uploaded.revoked,
    }))
}

/// What was sent under a number. A text that is not base64 is kept as it is: it cannot be read as an event, so it is put aside
/// by itself and does not hold up the events beside it.
fn bytes_of(sent: &wire::Sent) -> Result<(u64, Vec<u8>), Failed> {
    if sent.seq == 0 || i64::try_from(sent.seq).is_err() {
        return Err(Failed(Trouble::Malformed));
    }
    let bytes = wire::from_text(&sent.sealed).unwrap_or_else(|| sent.sealed.clone().into_bytes());
    Ok((sent.seq, bytes))
}

/// The tablet that signed the request, revoked or not, and its site.
async fn authenticate(
    backend: &Backend,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(Site, Tablet), Failed> {
    let signed = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(wire::Signed::parse)
        .ok_or(Failed(Trouble::Unsigned))?;
    let signature: RawSignature = signed
        .signature
        .as_slice()
        .try_into()
        .map_err(|_| Failed(Trouble::Unsigned))?;
    let site = viewer::site_of(&backend.pool, headers).await?;
    let tablet = store::tablet::get(&backend.pool, site.id, signed.tablet)
        .await?
        .ok_or(Failed(Trouble::UnknownTablet))?;
    let path = uri.path_and_query().map_or(uri.path(), |path| path.as_str());
    let message = wire::to_be_signed(method.as_str(), path, body, signed.tablet, signed.at);
    if !tablet.public.key.has_signed(&message, &signature) {
        return Err(Failed(Trouble::Unsigned));
    }
    // After the signature: who cannot sign learns nothing, and a tablet with a wrong clock is told so.
    if signed.at.duration_since(now).abs() > wire::TOLERANCE {
        return Err(Failed(Trouble::Clock));
    }
    Ok((site, tablet))
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Failed> {
    serde_json::from_slice(body).map_err(|_| Failed(Trouble::Malformed))
}
