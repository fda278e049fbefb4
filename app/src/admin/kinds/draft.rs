//! What is typed into the editor survives an error, a reload and a session that ended: kept in the tab until it is published.

use crate::browser::keep::{self, Shelf};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What all drafts' keys begin with.
const KEYS: &str = "kind-draft/";

/// A document as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The account of whoever typed it: the next person at this device gets none of it.
    pub account: Uuid,
    /// The version that was edited.
    pub from: u32,
    /// The document.
    pub text: String,
}

impl Draft {
    /// The tab's draft in this place, where it is this person's.
    pub fn load(place: &str, account: Uuid) -> Option<Draft> {
        let draft: Draft = serde_json::from_str(&keep::read(Shelf::Tab, &key(place))?).ok()?;
        Some(draft).filter(|draft| draft.account == account)
    }

    /// Keeps the draft in the tab.
    pub fn save(&self, place: &str) {
        if let Ok(text) = serde_json::to_string(self) {
            keep::write(Shelf::Tab, &key(place), &text);
        }
    }

    /// Forgets the draft in this place: it is published, or as it was before.
    pub fn forget(place: &str) {
        keep::remove(Shelf::Tab, &key(place));
    }
}

/// Forgets every draft of the tab: whoever typed them signs out.
pub fn forget_all() {
    for key in keep::keys(Shelf::Tab, KEYS) {
        keep::remove(Shelf::Tab, &key);
    }
}

/// Each kind has a draft of its own, and each beginning of a new one.
fn key(place: &str) -> String {
    format!("{KEYS}{place}")
}
