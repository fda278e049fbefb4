//! Files that people send and take away: files for the registers in, tables out. They are plain addresses and forms, so that they need no
//! scripts; who may is decided by the same [`Administrator`] and [`Applicant`] as everywhere.

use crate::language;
use crate::routes::Shared;
use app::admin::admissions::api::AdmissionQuery;
use app::admin::people::api::PeopleQuery;
use app::applications::columns;
use app::applications::wanted::Wanted;
use app::backend::Backend;
use app::backend::administration::{Administrator, MOST_ADMISSIONS, import_report};
use app::backend::applying::Applicant;
use app::backend::listing::MOST_OWN;
use app::error::{AppError, Fault};
use app::sentences::url_part;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use pass::table::Register::{self, Households, People, Units};
use serde::Deserialize;
use uuid::Uuid;

/// The largest upload that is read to its end, in bytes, so that its sender gets an answer instead of a broken connection.
/// What is larger than [`app::backend::import::MAX_BYTES`] is refused all the same.
const MAX_UPLOAD_BYTES: usize = 32 * 1024 * 1024;

/// The addresses of files that are taken away.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/admin/households/template.csv", template(Households))
        .route("/admin/units/template.csv", template(Units))
        .route("/admin/people/template.csv", template(People))
        .route("/admin/households/imports/{id}/report.csv", get(report))
        .route("/admin/units/imports/{id}/report.csv", get(report))
        .route("/admin/people/imports/{id}/report.csv", get(report))
        .route("/admin/people/export.csv", get(people))
        .route("/admin/admissions/export.csv", get(admissions))
        .route("/admin/kinds/{kind}/document.toml", get(kind_document))
        .route("/applications/export.csv", get(own))
}

/// The addresses that take files for the registers; their limit on the body is their own.
pub fn uploads() -> Router<Shared> {
    Router::new()
        .route("/admin/households/upload", upload(Households))
        .route("/admin/units/upload", upload(Units))
        .route("/admin/people/upload", upload(People))
}

/// Runs what a server function could run, for a handler that is none.
pub(crate) async fn within<T>(backend: Backend, parts: Parts, work: impl Future<Output = T>) -> T {
    let owner = Owner::new();
    owner
        .with(|| {
            provide_context(language::of(&parts.headers));
            provide_context(parts);
            provide_context(backend);
            ScopedFuture::new(work)
        })
        .await
}

/// An empty file of a register.
fn template(register: Register) -> MethodRouter<Shared> {
    get(move |State(backend): State<Backend>, parts: Parts| async move {
        let table = within(backend, parts, async move {
            Administrator::asking().await?;
            app::backend::administration::template(register)
        });
        answer(&format!("{}.csv", register.as_str()), table.await)
    })
}

async fn report(State(backend): State<Backend>, Path(id): Path<Uuid>, parts: Parts) -> Response {
    let table = within(backend, parts, async move {
        import_report(&Administrator::asking().await?, id).await
    });
    answer("report.csv", table.await)
}

async fn people(State(backend): State<Backend>, Query(query): Query<PeopleQuery>, parts: Parts) -> Response {
    let table = within(backend, parts, async move {
        Administrator::asking().await?.people_table(&query).await
    });
    answer("people.csv", table.await)
}

async fn admissions(
    State(backend): State<Backend>,
    Query(query): Query<AdmissionQuery>,
    parts: Parts,
) -> Response {
    let table = within(backend, parts, async move {
        Administrator::asking().await?.admissions_table(&query).await
    });
    match table.await {
        Ok((bytes, false)) => answer("admissions.csv", Ok(bytes)),
        // Whoever has the file sees that it is not all.
        Ok((bytes, true)) => answer(&format!("admissions-latest-{MOST_ADMISSIONS}.csv"), Ok(bytes)),
        Err(error) => refused(&error),
    }
}

/// Which columns a file has.
#[derive(serde::Deserialize)]
struct Shown {
    columns: Option<String>,
}

/// One's own applications, all of those that the list's address asks for.
async fn own(
    State(backend): State<Backend>,
    Query(wanted): Query<Wanted>,
    Query(shown): Query<Shown>,
    parts: Parts,
) -> Response {
    let table = within(backend, parts, async move {
        let columns = columns::chosen(shown.columns.as_deref());
        Applicant::asking().await?.own_table(&wanted, &columns).await
    });
    match table.await {
        Ok((bytes, false)) => answer("applications.csv", Ok(bytes)),
        Ok((bytes, true)) => answer(&format!("applications-latest-{MOST_OWN}.csv"), Ok(bytes)),
        Err(AppError::SignInNeeded) => Redirect::to("/sign-in?next=/applications").into_response(),
        Err(error) => refused(&error),
    }
}

/// Which version of a kind's document.
#[derive(Deserialize)]
struct OfVersion {
    /// The newest where none is said.
    version: Option<u32>,
}

async fn kind_document(
    State(backend): State<Backend>,
    Path(key): Path<String>,
    Query(of): Query<OfVersion>,
    parts: Parts,
) -> Response {
    let document = within(backend, parts, async move {
        let administrator = Administrator::asking().await?;
        let (text, version) = administrator.kind_document(&key, of.version).await?;
        Ok((format!("{key}-{version}.toml"), text))
    });
    match document.await {
        Ok((name, text)) => file(&name, "application/toml; charset=utf-8", text.into_bytes()),
        Err(error) => refused(&error),
    }
}

fn answer(name: &str, table: Result<Vec<u8>, AppError>) -> Response {
    match table {
        Ok(bytes) => file(name, "text/csv; charset=utf-8", bytes),
        Err(error) => refused(&error),
    }
}

/// A file that is taken away and kept nowhere else.
fn file(name: &str, kind: &str, bytes: Vec<u8>) -> Response {
    (
        [
            (CONTENT_TYPE, kind.to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            (CACHE_CONTROL, "no-store".to_owned()),
        ],
        bytes,
    )
        .into_response()
}

fn refused(error: &AppError) -> Response {
    match error {
        AppError::SignInNeeded => Redirect::to("/sign-in?next=/admin").into_response(),
        error => StatusCode::from_u16(error.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
    }
}

fn upload(register: Register) -> MethodRouter<Shared> {
    post(move |State(backend): State<Backend>, request: Request| take(register, backend, request))
}

/// Takes a file for a register and leads to what it comes to, or back with what is wrong with it.
async fn take(register: Register, backend: Backend, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.clone();
    let place = format!("/admin/{}", register.as_str());
    let kept = within(backend, parts, async move {
        let administrator = Administrator::asking().await?;
        let form = read(&headers, body)
            .await
            .map_err(|fault| AppError::invalid("file", fault))?;
        let id = Uuid::new_v4();
        administrator
            .keep_import(register, id, &form.name, form.bytes)
            .await
            .map(|()| id)
    });
    match kept.await {
        Ok(id) => Redirect::to(&format!("{place}/imports/{id}")).into_response(),
        Err(AppError::Invalid { fault, .. }) => {
            let fault = serde_json::to_string(&fault).unwrap_or_default();
            Redirect::to(&format!("{place}/import?fault={}", url_part(&fault))).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// What the form sent.
struct Form {
    name: String,
    bytes: Vec<u8>,
}

/// Reads a `multipart/form-data` body (RFC 7578) to its end, keeping no more than a file may have.
async fn read(headers: &HeaderMap, body: Body) -> Result<Form, Fault> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let boundary = multer::parse_boundary(content_type).map_err(|_| Fault::Missing)?;
    let limits = multer::SizeLimit::new().whole_stream(MAX_UPLOAD_BYTES as u64);
    let constraints = multer::Constraints::new().size_limit(limits);
    let mut parts = multer::Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let too_large = Fault::TooLarge {
        max_bytes: app::backend::import::MAX_BYTES as u64,
    };
    let broken = |error: multer::Error| match error {
        multer::Error::StreamSizeExceeded { .. } => too_large.clone(),
        _ => Fault::Missing,
    };
    let mut form = Form {
        name: String::new(),
        bytes: Vec::new(),
    };
    let mut length = 0_usize;
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        if part.name() != Some("file") {
            continue;
        }
        form.name = part.file_name().unwrap_or_default().to_owned();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            length += chunk.len();
            if length <= app::backend::import::MAX_BYTES {
                form.bytes.extend_from_slice(&chunk);
            }
        }
    }
    if length > app::backend::import::MAX_BYTES {
        Err(too_large)
    } else if form.name.is_empty() && form.bytes.is_empty() {
        Err(Fault::Missing)
    } else {
        Ok(form)
    }
}
