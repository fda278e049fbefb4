//! Files that an applicant attaches: how a form takes them, and how they are shown beside what else was given.

pub mod field;
mod kept;
mod shown;

pub use kept::forget;
pub use shown::Files;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name in addresses.
    pub id: Uuid,
    /// What its owner called it.
    pub name: String,
    /// How large it is, in bytes.
    pub bytes: u32,
    /// Whether it is a picture; else it is a document.
    pub picture: bool,
}

impl File {
    /// Where it is, whole.
    pub fn address(&self) -> String {
        format!("/attachments/{}", self.id)
    }

    /// Where the picture is, small.
    pub fn thumbnail(&self) -> String {
        format!("/attachments/{}/thumbnail", self.id)
    }
}
