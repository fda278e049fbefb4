//! What the tab knows of the files it has sent: the form's draft holds their ids alone.

use super::File;
use crate::browser::keep::{self, Shelf};
use uuid::Uuid;

/// Where the tab keeps it.
const KEY: &str = "application-files";

fn all() -> Vec<File> {
    keep::read(Shelf::Tab, KEY)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Remembers a file that was sent.
pub(super) fn remember(file: &File) {
    let mut files = all();
    files.retain(|other| other.id != file.id);
    files.push(file.clone());
    if let Ok(text) = serde_json::to_string(&files) {
        keep::write(Shelf::Tab, KEY, &text);
    }
}

/// A file that was sent, by its id.
pub(super) fn recall(id: Uuid) -> Option<File> {
    all().into_iter().find(|file| file.id == id)
}

/// Forgets them: the form has become an application, or somebody else sits here now.
pub fn forget() {
    keep::remove(Shelf::Tab, KEY);
}
