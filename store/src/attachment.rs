//! Files that applicants attach: kept before the application that names them is submitted, its own from then on.
//!
//! Keeping one takes three steps, each of which may be repeated: [`reserve`] says that it comes, then its content is put where it is to
//! lie ([`put`], or a bucket), then it is [`ready`]. What stops half-way is forgotten like what no application names: [`condemn`], then
//! its content, then [`forget`].

use crate::{AccountId, ApplicationId, AttachmentId, Error, Pool, Result, SiteId, fixed};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a kept file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A picture, drawn anew as JPEG.
    Jpeg,
    /// A document, as it was sent.
    Pdf,
}

impl Media {
    /// Its name (RFC 6838).
    pub fn as_str(self) -> &'static str {
        match self {
            Media::Jpeg => "image/jpeg",
            Media::Pdf => "application/pdf",
        }
    }
}

/// Where the content of a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this database.
    Database,
    /// In the bucket.
    Bucket,
}

impl Place {
    fn as_str(self) -> &'static str {
        match self {
            Place::Database => "database",
            Place::Bucket => "bucket",
        }
    }
}

/// A file, but for its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name in addresses.
    pub id: AttachmentId,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner called it.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// How large it was when it was sent, in bytes.
    pub sent_bytes: u32,
    /// The SHA-256 of what was sent.
    pub sent_sha256: [u8; 32],
    /// How large it is as it is kept, in bytes.
    pub kept_bytes: u32,
    /// The SHA-256 of what is kept.
    pub kept_sha256: [u8; 32],
    /// Where its content lies.
    pub place: Place,
    /// Whether its content is there.
    pub ready: bool,
    /// The application that names it.
    pub application: Option<ApplicationId>,
}

/// A file that comes.
#[derive(Clone, Copy, Debug)]
pub struct NewAttachment<'a> {
    /// Made by the browser before it is first sent.
    pub id: AttachmentId,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: &'a str,
    /// What it is.
    pub media: Media,
    /// How large it was when it was sent, in bytes.
    pub sent_bytes: u32,
    /// The SHA-256 of what was sent.
    pub sent_sha256: [u8; 32],
    /// How large it is as it is kept, in bytes.
    pub kept_bytes: u32,
    /// The SHA-256 of what is kept.
    pub kept_sha256: [u8; 32],
    /// It, small, where it is a picture.
    pub thumbnail: Option<&'a [u8]>,
    /// Where its content is to lie.
    pub place: Place,
}

/// Says that a file comes. False when there is one of this id already that is ready, somebody else's, or another file: [`get`] tells.
pub async fn reserve(pool: &Pool, site: SiteId, new: &NewAttachment<'_>, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "insert into attachment as a
             (site_id, attachment_id, account_id, name, media_type, sent_bytes, sent_sha256, kept_bytes, kept_sha256,
              thumbnail, place, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (site_id, attachment_id) do update set
             kept_bytes = excluded.kept_bytes, kept_sha256 = excluded.kept_sha256, thumbnail = excluded.thumbnail
         where a.account_id = excluded.account_id and a.sent_sha256 = excluded.sent_sha256 and a.place = excluded.place
             and not a.ready and a.condemned_at is null",
        site.0,
        new.id.0,
        new.account.0,
        new.name,
        new.media.as_str(),
        size(new.sent_bytes),
        &new.sent_sha256,
        size(new.kept_bytes),
        &new.kept_sha256,
        new.thumbnail,
        new.place.as_str(),
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a reserved file's content in this database.
pub async fn put(pool: &Pool, site: SiteId, id: AttachmentId, content: &[u8]) -> Result<()> {
    sqlx::query!(
        "insert into attachment_content (site_id, attachment_id, content) values ($1, $2, $3)
         on conflict (site_id, attachment_id) do update set content = excluded.content",
        site.0,
        id.0,
        content,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A reserved file's content is where it is to lie: from now on an application may name it. False when it was condemned meanwhile.
pub async fn ready(pool: &Pool, site: SiteId, id: AttachmentId) -> Result<bool> {
    let done = sqlx::query!(
        "update attachment set ready = true where site_id = $1 and attachment_id = $2 and condemned_at is null",
        site.0,
        id.0,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One file; none that is condemned.
pub async fn get(pool: &Pool, site: SiteId, id: AttachmentId) -> Result<Option<Attachment>> {
    let row = sqlx::query_as!(
        Row,
        "select attachment_id, account_id, name, media_type, sent_bytes, sent_sha256, kept_bytes, kept_sha256, place, ready,
             application_id
         from attachment where site_id = $1 and attachment_id = $2 and condemned_at is null",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    row.map(Attachment::try_from).transpose()
}

/// The files that an application names, in no order.
pub async fn of_application(
    pool: &Pool,
    site: SiteId,
    application: ApplicationId,
) -> Result<Vec<Attachment>> {
    let rows = sqlx::query_as!(
        Row,
        "select attachment_id, account_id, name, media_type, sent_bytes, sent_sha256, kept_bytes, kept_sha256, place, ready,
             application_id
         from attachment where site_id = $1 and application_id = $2",
        site.0,
        application.0,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Attachment::try_from).collect()
}

/// A picture, small.
pub async fn thumbnail(pool: &Pool, site: SiteId, id: AttachmentId) -> Result<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!(
        "select thumbnail from attachment where site_id = $1 and attachment_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.flatten())
}

/// The content that lies in this database.
pub async fn content(pool: &Pool, site: SiteId, id: AttachmentId) -> Result<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!(
        "select content from attachment_content where site_id = $1 and attachment_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(found)
}

/// Gives files to an application that is being submitted. False, and the caller's transaction has to end without it, when one is not
/// there, is not the applicant's own, belongs to another application, or was larger than `most_bytes` when it was sent.
pub(crate) async fn claim(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    application: ApplicationId,
    files: &[Uuid],
    most_bytes: i32,
) -> Result<bool> {
    let done = sqlx::query!(
        "update attachment set application_id = $4
         where site_id = $1 and account_id = $2 and attachment_id = any($3) and (application_id is null or application_id = $4)
             and ready and condemned_at is null and sent_bytes <= $5",
        site.0,
        account.0,
        files,
        application.0,
        most_bytes,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == files.len() as u64)
}

/// Its owner does not want it any more. False when there is none like that, or an application has it.
pub async fn give_up(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    id: AttachmentId,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "update attachment set condemned_at = $4
         where site_id = $1 and account_id = $2 and attachment_id = $3 and application_id is null and condemned_at is null",
        site.0,
        account.0,
        id.0,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What has to go, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condemned {
    /// Its name.
    pub id: AttachmentId,
    /// The SHA-256 of what is kept.
    pub kept_sha256: [u8; 32],
    /// Where its content lies.
    pub place: Place,
}

/// Condemns those that came before `before` and that neither an application nor a draft names, and answers them together with what was condemned earlier and
/// is not forgotten yet: at most `limit`.
pub async fn condemn(
    pool: &Pool,
    site: SiteId,
    before: Timestamp,
    limit: u16,
    now: Timestamp,
) -> Result<Vec<Condemned>> {
    let rows = sqlx::query!(
        "update attachment set condemned_at = coalesce(condemned_at, $4)
         where site_id = $1 and attachment_id in (
             select attachment_id from attachment
             where site_id = $1 and application_id is null
                 and (created_at < $2 and draft_id is null or condemned_at is not null)
             order by created_at limit $3 for update skip locked
         )
         returning attachment_id, kept_sha256, place",
        site.0,
        before.to_sqlx(),
        i64::from(limit),
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    let condemned = rows.into_iter().map(|row| {
        Ok(Condemned {
            id: AttachmentId(row.attachment_id),
            kept_sha256: fixed("attachment's hash", &row.kept_sha256)?,
            place: place(&row.place)?,
        })
    });
    condemned.collect()
}

/// Forgets a condemned one, whose content is gone or lies in this database.
pub async fn forget(pool: &Pool, site: SiteId, id: AttachmentId) -> Result<()> {
    sqlx::query!(
        "delete from attachment where site_id = $1 and attachment_id = $2 and condemned_at is not null",
        site.0,
        id.0,
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn size(bytes: u32) -> i32 {
    i32::try_from(bytes).unwrap_or(i32::MAX)
}

fn place(name: &str) -> Result<Place> {
    match name {
        "database" => Ok(Place::Database),
        "bucket" => Ok(Place::Bucket),
        other => Err(Error::unreadable("attachment's place", other)),
    }
}

struct Row {
    attachment_id: Uuid,
    account_id: Uuid,
    name: String,
    media_type: String,
    sent_bytes: i32,
    sent_sha256: Vec<u8>,
    kept_bytes: i32,
    kept_sha256: Vec<u8>,
    place: String,
    ready: bool,
    application_id: Option<Uuid>,
}

impl TryFrom<Row> for Attachment {
    type Error = Error;

    fn try_from(row: Row) -> Result<Attachment> {
        let media = match row.media_type.as_str() {
            "image/jpeg" => Media::Jpeg,
            "application/pdf" => Media::Pdf,
            other => return Err(Error::unreadable("attachment's media type", other)),
        };
        Ok(Attachment {
            id: AttachmentId(row.attachment_id),
            account: AccountId(row.account_id),
            name: row.name,
            media,
            sent_bytes: row.sent_bytes.unsigned_abs(),
            sent_sha256: fixed("attachment's hash", &row.sent_sha256)?,
            kept_bytes: row.kept_bytes.unsigned_abs(),
            kept_sha256: fixed("attachment's hash", &row.kept_sha256)?,
            place: place(&row.place)?,
            ready: row.ready,
            application: row.application_id.map(ApplicationId),
        })
    }
}
