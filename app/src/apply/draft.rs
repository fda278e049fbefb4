//! A form half filled in (草稿). It is kept in the tab at every keystroke, so that an error, a lost network or an accidental reload costs
//! nothing, and at the server soon after, so that it can be gone on with on any device.
//!
//! Two copies, one truth: **the newer wins**. A tab writes down itself first what it sends, so where the server's copy was written by this tab, the
//! tab's is as new or newer. Where another tab or device wrote last, this tab's counts only if it began from that very revision. No clocks
//! are compared: two devices' differ.

use super::facts::Whose;
use super::fields::Given;
use crate::browser::keep::{self, Shelf};
use jiff::civil::Date;
use pass::{Hours, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The one draft of a tab.
const KEY: &str = "application-draft";
/// The tab's own name.
const TAB: &str = "tab";

/// What was typed into the form, as the server keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Whose pass it is.
    pub whose: Whose,
    /// The first day, where one was chosen.
    pub first_day: String,
    /// The last day, where one was chosen.
    pub last_day: String,
    /// The slot, where one was chosen.
    pub slot: String,
    /// The reason.
    pub reason: String,
    /// What was given for the kind's own fields.
    pub given: Given,
}

impl Content {
    /// The days that were chosen, as far as a first one was.
    pub fn days(&self) -> Option<(Date, Date)> {
        let first: Date = self.first_day.parse().ok()?;
        Some((first, self.last_day.parse().unwrap_or(first)))
    }

    /// The slot that was chosen.
    pub fn slot(&self) -> Option<Hours> {
        self.slot.parse().ok()
    }
}

/// Who writes a draft, and from what they began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Writer {
    /// The tab.
    pub tab: Uuid,
    /// The server's revision that it began from; none for what is new.
    pub base: Option<i32>,
    /// Whether a person asked for it, knowing that there may be a newer one.
    pub over: bool,
}

/// A draft of the server's, for the form of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// The form's name for what it will send.
    pub id: Uuid,
    /// Which tab wrote it last.
    pub tab: Uuid,
    /// Its revision.
    pub revision: i32,
    /// What of it fits the kind as it is now.
    pub content: Content,
    /// Whether the kind has a newer version than it was written in.
    pub newer_version: bool,
    /// What was filled in there and has no place in the newer version, by label.
    pub lost: Vec<Text>,
}

/// What was typed into the form, and under which name it is sent: the tab's copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The account of whoever typed it: the next person at this device gets none of it.
    #[serde(default)]
    pub account: Uuid,
    /// The kind's key.
    pub kind: String,
    /// Sent again, it is the same application.
    pub request_id: Uuid,
    /// The server's revision that it began from, where the server has it.
    #[serde(default)]
    pub base: Option<i32>,
    /// Whether something was typed that the server has not taken yet.
    #[serde(default)]
    pub unsaved: bool,
    /// What was typed.
    #[serde(default)]
    pub content: Content,
}

impl Draft {
    /// The draft as the form of a kind takes it up. Another kind's words are kept, but they are another application.
    pub fn for_kind(self, kind: &str, fresh: Uuid) -> Draft {
        if self.kind == kind {
            return self;
        }
        let Content { whose, reason, .. } = self.content;
        Draft {
            account: self.account,
            kind: kind.to_owned(),
            request_id: fresh,
            base: None,
            unsaved: false,
            content: Content {
                whose: Whose {
                    holder: String::new(),
                    ..whose
                },
                reason,
                ..Content::default()
            },
        }
    }

    /// Whether this, the copy of the tab `tab`, is newer than the server's of the same name.
    pub fn is_newer(&self, kept: &Resumed, tab: Uuid) -> bool {
        self.request_id == kept.id && self.unsaved && (kept.tab == tab || self.base == Some(kept.revision))
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

    /// Forgets the tab's draft if it is the one of this name: it was thrown away.
    pub fn forget_if(id: Uuid) {
        let kept = keep::read(Shelf::Tab, KEY).and_then(|text| serde_json::from_str::<Draft>(&text).ok());
        if kept.is_some_and(|kept| kept.request_id == id) {
            Draft::forget();
        }
    }
}

/// The tab's own name: made when it first keeps something, and its own until it is closed.
pub fn tab() -> Uuid {
    if let Some(tab) = keep::read(Shelf::Tab, TAB).and_then(|tab| tab.parse().ok()) {
        return tab;
    }
    let fresh =
        crate::browser::crypto::random().map(|bytes| uuid::Builder::from_random_bytes(bytes).into_uuid());
    let fresh = fresh.unwrap_or_default();
    keep::write(Shelf::Tab, TAB, &fresh.to_string());
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            account: Uuid::from_u128(9),
            kind: "once".into(),
            request_id: Uuid::from_u128(1),
            base: Some(3),
            unsaved: true,
            content: Content {
                whose: Whose {
                    holder: "张三".into(),
                    phone: "13800138000".into(),
                    ..Whose::default()
                },
                first_day: "2026-11-27".into(),
                last_day: String::new(),
                slot: String::new(),
                reason: "上班".into(),
                given: Given::from([("people".into(), "3".into())]),
            },
        }
    }

    #[test]
    fn another_kind_keeps_the_words_and_gets_a_name_of_its_own() {
        let (draft, fresh) = (draft(), Uuid::from_u128(2));
        assert_eq!(draft.clone().for_kind("once", fresh), draft);
        let other = draft.for_kind("many", fresh);
        assert_eq!(
            (other.request_id, other.base, other.unsaved),
            (fresh, None, false)
        );
        let Content {
            whose,
            first_day,
            reason,
            given,
            ..
        } = other.content;
        assert_eq!((whose.holder.as_str(), whose.phone.as_str()), ("", "13800138000"));
        assert_eq!(
            (first_day.as_str(), reason.as_str(), given.len()),
            ("", "上班", 0)
        );
    }

    #[test]
    fn the_newer_copy_wins() {
        let (here, elsewhere) = (Uuid::from_u128(7), Uuid::from_u128(8));
        #[track_caller]
        fn check(unsaved: bool, base: Option<i32>, kept: (u128, i32, Uuid), here: Uuid, newer: bool) {
            let draft = Draft {
                unsaved,
                base,
                ..draft()
            };
            let (id, revision, tab) = kept;
            let kept = Resumed {
                id: Uuid::from_u128(id),
                tab,
                revision,
                content: Content::default(),
                newer_version: false,
                lost: Vec::new(),
            };
            assert_eq!(draft.is_newer(&kept, here), newer);
        }
        // Typed here since: also where the answer to this tab's own save was lost.
        check(true, Some(3), (1, 3, here), here, true);
        check(true, Some(3), (1, 4, here), here, true);
        check(true, Some(3), (1, 3, elsewhere), here, true);
        // Another device has gone on with it, or there is nothing new here.
        check(true, Some(3), (1, 4, elsewhere), here, false);
        check(true, None, (1, 1, elsewhere), here, false);
        check(false, Some(3), (1, 3, here), here, false);
        // Another application's words.
        check(true, Some(3), (2, 3, here), here, false);
    }

    #[test]
    fn what_an_older_page_kept_is_read() {
        let old = r#"{"account":"00000000-0000-0000-0000-000000000009","kind":"once","request_id":"00000000-0000-0000-0000-000000000001","first_day":"","last_day":"","reason":"上班"}"#;
        let draft: Draft = serde_json::from_str(old).unwrap();
        assert_eq!((draft.kind.as_str(), draft.unsaved), ("once", false));
    }
}
