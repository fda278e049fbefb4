//! Where the content of attachments lies: in PostgreSQL, or in a bucket of an S3-compatible store. Which of them new ones go to is a
//! setting; where each one lies is written beside it, so that changing the setting loses none.

mod bucket;

pub use bucket::{Bucket, BucketError, Login};

use app::error::AppError;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::attachment::{Attachment, Condemned, Place};
use store::{AttachmentId, Pool, SiteId};

/// Where new attachments go.
#[derive(Clone)]
pub enum Shelf {
    /// Into the database.
    Database,
    /// Into a bucket.
    Bucket(Arc<Bucket>),
}

/// What an attachment's content is called: the same content of the same attachment has the same name, whoever puts it there again.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The site.
    pub site: SiteId,
    /// The attachment.
    pub id: AttachmentId,
    /// The SHA-256 of its content.
    pub kept_sha256: [u8; 32],
}

impl Key {
    /// The object's name in a bucket.
    fn object(&self) -> String {
        let hash: String = self
            .kept_sha256
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{}/{}-{hash}", self.site.0, self.id)
    }
}

/// Why the content of an attachment is out of reach. For the log: whoever asked is told that the fault is ours.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The database's.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The bucket's.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// An attachment lies in a bucket, and none is set.
    #[error("an attachment lies in a bucket, and no bucket is set")]
    NoBucket,
    /// What is there is not what was put there.
    #[error("the content of attachment {0} is missing, or not what was kept")]
    Lost(AttachmentId),
}

impl From<ShelfError> for AppError {
    fn from(error: ShelfError) -> AppError {
        match error {
            ShelfError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "an attachment is out of reach");
                AppError::Internal
            }
        }
    }
}

impl Shelf {
    /// Where new attachments go, as it is written beside them.
    pub fn place(&self) -> Place {
        match self {
            Shelf::Database => Place::Database,
            Shelf::Bucket(_) => Place::Bucket,
        }
    }

    /// Puts content there; again, it is the same.
    ///
    /// # Errors
    /// When it is out of reach.
    pub async fn put(&self, pool: &Pool, key: Key, content: Vec<u8>) -> Result<(), ShelfError> {
        match self {
            Shelf::Database => Ok(store::attachment::put(pool, key.site, key.id, &content).await?),
            Shelf::Bucket(bucket) => Ok(bucket.put(key.object(), content).await?),
        }
    }

    /// An attachment's content, wherever it lies.
    ///
    /// # Errors
    /// When it is out of reach or not what was kept.
    pub async fn get(&self, pool: &Pool, site: SiteId, one: &Attachment) -> Result<Vec<u8>, ShelfError> {
        let key = Key {
            site,
            id: one.id,
            kept_sha256: one.kept_sha256,
        };
        let content = match one.place {
            Place::Database => store::attachment::content(pool, site, one.id).await?,
            Place::Bucket => self.bucket()?.get(key.object(), one.kept_bytes).await?,
        };
        content
            .filter(|content| Sha256::digest(content)[..] == one.kept_sha256)
            .ok_or(ShelfError::Lost(one.id))
    }

    /// Takes a condemned one's content away; what is gone already is gone. In the database it goes with its row.
    ///
    /// # Errors
    /// When it is out of reach.
    pub async fn remove(&self, site: SiteId, one: &Condemned) -> Result<(), ShelfError> {
        let key = Key {
            site,
            id: one.id,
            kept_sha256: one.kept_sha256,
        };
        match one.place {
            Place::Database => Ok(()),
            Place::Bucket => Ok(self.bucket()?.remove(key.object()).await?),
        }
    }

    fn bucket(&self) -> Result<&Arc<Bucket>, ShelfError> {
        match self {
            Shelf::Bucket(bucket) => Ok(bucket),
            Shelf::Database => Err(ShelfError::NoBucket),
        }
    }
}
