//! Who may attach files, how many, and who may see them.

use super::applying::Applicant;
use super::reviewing::Reviewer;
use super::{Backend, codes, viewer};
use crate::attachments::File;
use crate::error::{AppError, Fault};
use jiff::SignedDuration;
use pass::field::{Takes, Value, Values};
use pass::{AttachmentFault, KindNo, Refusal};
use store::attachment::{Attachment, Media};
use store::rate::{Limit, Taken};
use store::{ApplicationId, SiteId};
use uuid::Uuid;

/// How many files one person sends.
const FILES: Limit = Limit {
    scope: "attachments",
    most: 120,
    window: SignedDuration::from_hours(1),
};

/// How much one person sends, in KiB.
const KIBIBYTES: Limit = Limit {
    scope: "attached-kib",
    most: 256 * 1024,
    window: SignedDuration::from_hours(24),
};

impl Applicant {
    /// Whether the person may send a file of so many bytes for a field of a kind; counts it where that is so. Answers the field's limit,
    /// in megabytes.
    ///
    /// # Errors
    /// The refusal, the file's fault, [`AppError::NotFound`] without such a field, or [`AppError::TooMany`].
    pub async fn may_attach(&self, kind: KindNo, field: &str, bytes: u64) -> Result<u8, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let kind = store::pass_kind::get(pool, site, kind)
            .await?
            .ok_or(Refusal::KindNotOffered)?
            .kind;
        // Only who may apply may fill the site's store.
        self.applying(&kind)?;
        let found = kind.fields.iter().find(|one| one.key.as_str() == field);
        let Some(Takes::Attachment { max_megabytes, .. }) = found.map(|field| &field.takes) else {
            return Err(AppError::NotFound);
        };
        if bytes > u64::from(*max_megabytes) << 20 {
            let max_megabytes = *max_megabytes;
            return Err(fault(AttachmentFault::TooLarge { max_megabytes }));
        }
        let key = self.viewer.id().to_string();
        codes::take(&self.backend, site, &FILES, &key, self.now).await?;
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        match store::rate::take_many(pool, site, &KIBIBYTES, &key, kib, self.now).await? {
            Taken::Ok => Ok(*max_megabytes),
            Taken::Spent { retry_at } => Err(codes::later(retry_at, self.now)),
        }
    }

    /// The person's own file of this id, where it is there whole; none where it has to be sent.
    ///
    /// # Errors
    /// [`AttachmentFault::Different`] when the id stands for another file.
    pub async fn attached(&self, id: Uuid, sent_sha256: &[u8; 32]) -> Result<Option<File>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        match store::attachment::get(pool, site, id.into()).await? {
            None => Ok(None),
            Some(one) if one.account != self.viewer.id() || one.sent_sha256 != *sent_sha256 => {
                Err(fault(AttachmentFault::Different))
            }
            Some(one) => Ok(Some(file(&one)).filter(|_| one.ready)),
        }
    }

    /// Takes a file back that no application has. Taken back before, it is gone all the same.
    ///
    /// # Errors
    /// The store's.
    pub async fn give_up(&self, id: Uuid) -> Result<(), AppError> {
        let (pool, site, by) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        store::attachment::give_up(pool, site, by, id.into(), self.now).await?;
        Ok(())
    }
}

/// A file that cannot be taken.
pub fn fault(fault: AttachmentFault) -> AppError {
    AppError::invalid("file", Fault::Attachment(fault))
}

/// What pages are told of a file.
pub fn file(one: &Attachment) -> File {
    File {
        id: one.id.0,
        name: one.name.clone(),
        bytes: one.kept_bytes,
        picture: one.media == Media::Jpeg,
    }
}

/// A file that the person who asks may see: their own, or one of an application that they may review. A guest
/// sees the application, and not what its applicant showed to be believed.
///
/// # Errors
/// [`AppError::SignInNeeded`] or, for everybody else's, [`AppError::NotFound`]: nobody learns which ids there are.
pub async fn visible(id: Uuid) -> Result<Attachment, AppError> {
    let (viewer, pool) = (viewer().await?, super::backend()?.pool);
    let found = store::attachment::get(&pool, viewer.site_id(), id.into()).await?;
    let one = found.filter(|one| one.ready).ok_or(AppError::NotFound)?;
    if one.account == viewer.id() {
        return Ok(one);
    }
    let application = one.application.ok_or(AppError::NotFound)?;
    let reviewed = match Reviewer::asking().await {
        Ok(reviewer) => reviewer.reviewed(application.0).await,
        Err(error) => Err(error),
    };
    match reviewed {
        Ok(_) => Ok(one),
        Err(AppError::NotAllowed) => Err(AppError::NotFound),
        Err(error) => Err(error),
    }
}

/// The files that an application's values name.
///
/// # Errors
/// The store's.
pub async fn files_of(
    backend: &Backend,
    site: SiteId,
    application: ApplicationId,
    given: &Values,
) -> Result<Vec<File>, AppError> {
    if !given.values().any(|value| matches!(value, Value::Files(_))) {
        return Ok(Vec::new());
    }
    let found = store::attachment::of_application(&backend.pool, site, application).await?;
    Ok(found.iter().map(file).collect())
}
