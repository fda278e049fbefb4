//! Files that applicants attach: sent one by one, looked at, kept, shown to whoever may see them.
//!
//! A picture is drawn anew, so that nothing of what was sent is kept but what is to be seen on it. A document is kept as it is and
//! only ever handed out as a file to keep, with a policy by which nothing in it runs.

mod picture;

use crate::routes::Shared;
use crate::shelf::{Key, Shelf};
use crate::tables::within;
use app::attachments::File;
use app::backend::applying::Applicant;
use app::backend::{attaching, now};
use app::error::AppError;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use pass::attachment::{Sort, check_pdf, file_name};
use pass::{AttachmentFault, KindNo};
use sha2::{Digest as _, Sha256};
use store::attachment::{Attachment, Media, NewAttachment};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How many pictures are drawn at a time: each may need some 300 MB while it is.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// Nothing in an attachment may run, load or send.
const POLICY: &str = "default-src 'none'; sandbox";

/// The addresses of attachments; the limit on their bodies is the field's own.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/attachments/{id}", get(show).post(upload).delete(give_up))
        .route("/attachments/{id}/thumbnail", get(thumbnail))
}

/// The field that a file is for.
#[derive(serde::Deserialize)]
struct For {
    kind: u16,
    field: String,
}

async fn upload(
    State(shared): State<Shared>,
    Path(id): Path<Uuid>,
    Query(of): Query<For>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.clone();
    let backend = shared.backend.clone();
    let kept = within(backend, parts, async move {
        take(&shared.shelf, id, &of, &headers, body).await
    });
    match kept.await {
        Ok(file) => axum::Json(file).into_response(),
        Err(error) => refused(&error),
    }
}

/// Takes a file: who, how large and how often is decided before a byte of it is read.
async fn take(shelf: &Shelf, id: Uuid, of: &For, headers: &HeaderMap, body: Body) -> Result<File, AppError> {
    let applicant = Applicant::asking().await?;
    let length: u64 = text(headers, CONTENT_LENGTH.as_str())
        .and_then(|length| length.parse().ok())
        .ok_or(attaching::fault(AttachmentFault::Empty))?;
    let most = applicant.may_attach(KindNo(of.kind), &of.field, length).await?;
    let sent = axum::body::to_bytes(body, usize::from(most) << 20)
        .await
        .map_err(|_| AppError::Unreachable)?;
    let sent_sha256 = Sha256::digest(&sent).into();
    if let Some(file) = applicant.attached(id, &sent_sha256).await? {
        return Ok(file);
    }
    let (pool, site) = (&applicant.backend.pool, applicant.viewer.site_id());
    let sent_bytes = u32::try_from(sent.len()).map_err(|_| AppError::Internal)?;
    let prepared = prepare(sent.into()).await?;
    let new = NewAttachment {
        id: id.into(),
        account: applicant.viewer.id(),
        name: &name_of(headers, prepared.media),
        media: prepared.media,
        sent_bytes,
        sent_sha256,
        kept_bytes: u32::try_from(prepared.content.len()).map_err(|_| AppError::Internal)?,
        kept_sha256: Sha256::digest(&prepared.content).into(),
        thumbnail: prepared.thumbnail.as_deref(),
        place: shelf.place(),
    };
    if store::attachment::reserve(pool, site, &new, now()).await? {
        let key = Key {
            site,
            id: new.id,
            kept_sha256: new.kept_sha256,
        };
        shelf.put(pool, key, prepared.content).await?;
        store::attachment::ready(pool, site, new.id).await?;
    }
    // Sent twice at once, the other one may have been first; condemned meanwhile, there is none.
    applicant
        .attached(id, &sent_sha256)
        .await?
        .ok_or(AppError::Unreachable)
}

/// A file as it is kept.
struct Prepared {
    media: Media,
    content: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
}

/// Looks at a file and makes of it what is kept. Away from what answers requests: a picture takes a moment.
async fn prepare(sent: Vec<u8>) -> Result<Prepared, AppError> {
    let permit = DRAWING.acquire().await.map_err(|_| AppError::Internal)?;
    let prepared = tokio::task::spawn_blocking(move || {
        // Given up by its sender, a picture is drawn to its end all the same, and counts until then.
        let _permit = permit;
        match Sort::taken(&sent)? {
            Sort::Pdf => {
                check_pdf(&sent)?;
                Ok(Prepared {
                    media: Media::Pdf,
                    content: sent,
                    thumbnail: None,
                })
            }
            sort => {
                let picture = picture::draw(&sent, sort)?;
                Ok(Prepared {
                    media: Media::Jpeg,
                    content: picture.whole,
                    thumbnail: Some(picture.small),
                })
            }
        }
    });
    match prepared.await {
        Ok(prepared) => prepared.map_err(attaching::fault),
        Err(error) => {
            tracing::error!(%error, "a picture made its decoder fail");
            Err(attaching::fault(AttachmentFault::Unreadable))
        }
    }
}

/// What the sender calls the file, with the ending of what it has become.
fn name_of(headers: &HeaderMap, media: Media) -> String {
    let sent = text(headers, "x-file-name").unwrap_or_default();
    let sent = percent_encoding::percent_decode_str(sent).decode_utf8_lossy();
    let (sent, ending) = (file_name(&sent), if media == Media::Pdf { "pdf" } else { "jpg" });
    let stem = sent.rsplit_once('.').map_or(sent.as_str(), |(stem, _)| stem);
    if stem.is_empty() {
        format!("file.{ending}")
    } else {
        format!("{stem}.{ending}")
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn give_up(State(shared): State<Shared>, Path(id): Path<Uuid>, parts: Parts) -> Response {
    let given_up = within(shared.backend, parts, async move {
        Applicant::asking().await?.give_up(id).await
    });
    match given_up.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(&error),
    }
}

async fn show(State(shared): State<Shared>, Path(id): Path<Uuid>, parts: Parts) -> Response {
    let Shared { backend, shelf, .. } = shared;
    let pool = backend.pool.clone();
    let found = within(backend, parts, async move {
        let site = app::backend::viewer::site().await?.id;
        let one = attaching::visible(id).await?;
        let content = shelf.get(&pool, site, &one).await?;
        Ok::<_, AppError>((one, content))
    });
    match found.await {
        Ok((one, content)) => (
            [
                (CONTENT_TYPE, one.media.as_str().to_owned()),
                (CONTENT_DISPOSITION, disposition(&one)),
                (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
            ],
            content,
        )
            .into_response(),
        Err(AppError::SignInNeeded) => Redirect::to("/sign-in?next=/applications").into_response(),
        Err(error) => refused(&error),
    }
}

/// A picture may be looked at where it is; everything else is a file to keep (RFC 6266, the name by RFC 8187).
fn disposition(one: &Attachment) -> String {
    let how = match one.media {
        Media::Jpeg => "inline",
        Media::Pdf => "attachment",
    };
    let name = percent_encoding::utf8_percent_encode(&one.name, percent_encoding::NON_ALPHANUMERIC);
    format!("{how}; filename*=UTF-8''{name}")
}

async fn thumbnail(State(shared): State<Shared>, Path(id): Path<Uuid>, parts: Parts) -> Response {
    let pool = shared.backend.pool.clone();
    let found = within(shared.backend, parts, async move {
        let site = app::backend::viewer::site().await?.id;
        let one = attaching::visible(id).await?;
        let small = store::attachment::thumbnail(&pool, site, one.id).await?;
        small.ok_or(AppError::NotFound)
    });
    match found.await {
        Ok(small) => (
            [
                (CONTENT_TYPE, Media::Jpeg.as_str()),
                (CONTENT_SECURITY_POLICY, POLICY),
            ],
            small,
        )
            .into_response(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(error)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_what_it_has_become() {
        #[track_caller]
        fn check(sent: &'static str, media: Media, name: &str) {
            let mut headers = HeaderMap::new();
            headers.insert("x-file-name", sent.parse().unwrap());
            assert_eq!(name_of(&headers, media), name);
        }
        check("%E6%88%B7%E5%8F%A3%E7%B0%BF.PNG", Media::Jpeg, "户口簿.jpg");
        check("scan", Media::Pdf, "scan.pdf");
        check("..%2F..%2Fa.pdf.exe", Media::Pdf, "a.pdf.pdf");
        check("%FF", Media::Jpeg, "\u{fffd}.jpg");
        check(".jpg", Media::Jpeg, "file.jpg");
        assert_eq!(name_of(&HeaderMap::new(), Media::Pdf), "file.pdf");
    }
}
