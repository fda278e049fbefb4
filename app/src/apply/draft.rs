//! What is typed survives an error, a lost network and an accidental reload: kept in the tab until it is submitted.

use super::fields::Given;
use crate::browser::keep::{self, Shelf};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The one draft of a tab.
const KEY: &str = "application-draft";

/// What was typed into the form, and under which name it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The account of whoever typed it: the next person at this device gets none of it.
    #[serde(default)]
    pub account: Uuid,
    /// The kind's key.
    pub kind: String,
    /// Sent again, it is the same application.
    pub request_id: Uuid,
    /// Whose name the pass bears.
    #[serde(default)]
    pub holder: String,
    /// A guest's telephone.
    #[serde(default)]
    pub guest: String,
    /// The host's number and name.
    #[serde(default)]
    pub host: (String, String),
    /// The first day, where one was chosen.
    pub first_day: String,
    /// The last day, where one was chosen.
    pub last_day: String,
    /// The reason.
    pub reason: String,
    /// What was given for the kind's own fields.
    #[serde(default)]
    pub given: Given,
}

impl Draft {
    /// The draft as the form of a kind takes it up. Another kind's words are kept, but they are another application.
    pub fn for_kind(self, kind: &str, fresh: Uuid) -> Draft {
        if self.kind == kind {
            self
        } else {
            Draft {
                kind: kind.to_owned(),
                request_id: fresh,
                holder: String::new(),
                first_day: String::new(),
                last_day: String::new(),
                given: Given::new(),
                ..self
            }
        }
    }

    /// The tab's draft, where it is this person's.
    pub fn load(account: Uuid) -> Option<Draft> {
        let draft: Draft = serde_json::from_str(&keep::read(Shelf::Tab, KEY)?).ok()?;
        Some(draft).filter(|draft| draft.account == account)
    }

    /// Keeps the draft in the tab.
    pub fn save(&self) {
        if let Ok(text) = serde_json::to_string(self) {
            keep::write(Shelf::Tab, KEY, &text);
        }
    }

    /// Forgets the tab's draft: it has become an application.
    pub fn forget() {
        keep::remove(Shelf::Tab, KEY);
        crate::attachments::forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_keeps_the_words_and_gets_a_name_of_its_own() {
        let (old, fresh) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let draft = Draft {
            account: Uuid::from_u128(9),
            kind: "once".into(),
            request_id: old,
            holder: "张三".into(),
            guest: String::new(),
            host: (String::new(), String::new()),
            first_day: "2026-11-27".into(),
            last_day: String::new(),
            reason: "上班".into(),
            given: Given::from([("people".into(), "3".into())]),
        };
        assert_eq!(draft.clone().for_kind("once", fresh), draft);
        let other = draft.for_kind("many", fresh);
        assert_eq!(
            (other.request_id, other.reason.as_str(), other.first_day.as_str()),
            (fresh, "上班", "")
        );
    }
}
