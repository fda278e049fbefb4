//! What somebody left half written (草稿): how much of it is kept, and what of it still fits a newer version of its kind.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use crate::field::{Field, FieldKey, Takes, sort_key};

/// The most drafts that one account keeps of one kind.
pub const MOST_OF_KIND: u16 = 5;

/// The most that one draft holds, in bytes of everything that was typed: what the longest form takes, several times over.
pub const MOST_BYTES: usize = 64 * 1024;

/// What was typed for the fields of an older version, as a newer one takes it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// What still has a place, by the fields' names.
    pub kept: BTreeMap<String, String>,
    /// The fields of the older version whose text has none, in the order of its form.
    pub dropped: Vec<FieldKey>,
}

/// Takes up what was typed for the fields `old` in a form of the fields `new`. It stays where the field of its name takes the same sort of thing
/// and, of several, offers what was chosen. Whether a text fits its limits is asked when it is handed in: half a text never did.
pub fn carry(old: &[Field], new: &[Field], mut typed: BTreeMap<String, String>) -> Carried {
    let mut carried = Carried::default();
    for field in old {
        let (text, sort) = (
            typed.remove(field.key.as_str()),
            typed.remove(&sort_key(&field.key)),
        );
        let text = text.filter(|text| !text.trim().is_empty());
        let heir = new.iter().find(|heir| heir.key == field.key).filter(|heir| {
            text.as_ref()
                .is_none_or(|text| takes_up(&field.takes, &heir.takes, text))
        });
        match (heir, text) {
            (Some(heir), text) => {
                carried
                    .kept
                    .extend(text.map(|text| (heir.key.as_str().into(), text)));
                carried.kept.extend(sort.map(|sort| (sort_key(&heir.key), sort)));
            }
            (None, Some(_)) => carried.dropped.push(field.key.clone()),
            (None, None) => {}
        }
    }
    carried
}

/// Whether a field that takes `new` has a place for a text of one that takes `old`.
fn takes_up(old: &Takes, new: &Takes, text: &str) -> bool {
    match (old, new) {
        (Takes::Choice { .. }, Takes::Choice { options }) => {
            options.iter().any(|option| option.key.as_str() == text)
        }
        (old, new) => core::mem::discriminant(old) == core::mem::discriminant(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: serde_json::Value) -> Vec<Field> {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_newer_version_takes_up_what_has_a_place_in_it() {
        let label = serde_json::json!({ "zh": "项", "en": "Item" });
        let choice = |options: &[&str]| {
            let options = options
                .iter()
                .map(|key| serde_json::json!({ "key": key, "label": label }));
            options.collect::<Vec<_>>()
        };
        let old = fields(serde_json::json!([
            { "key": "note", "kind": "text", "label": label, "max_chars": 20 },
            { "key": "people", "kind": "number", "label": label, "min": 1, "max": 9 },
            { "key": "where", "kind": "choice", "label": label, "options": choice(&["lab", "library"]) },
            { "key": "how", "kind": "choice", "label": label, "options": choice(&["car", "foot"]) },
            { "key": "gone", "kind": "text", "label": label, "max_chars": 20 },
            { "key": "empty", "kind": "text", "label": label, "max_chars": 20 },
        ]));
        let new = fields(serde_json::json!([
            { "key": "where", "kind": "choice", "label": label, "options": choice(&["lab"]) },
            { "key": "how", "kind": "choice", "label": label, "options": choice(&["foot"]) },
            { "key": "note", "kind": "text", "label": label, "max_chars": 2 },
            { "key": "people", "kind": "text", "label": label, "max_chars": 9 },
        ]));
        let typed = [
            ("note", "三个字"),
            ("people", "3"),
            ("where", "lab"),
            ("how", "car"),
            ("gone", "x"),
            ("empty", " "),
        ];
        let typed = typed.map(|(key, text)| (key.into(), text.into()));
        let carried = carry(&old, &new, BTreeMap::from(typed));
        let kept = [("note", "三个字"), ("where", "lab")].map(|(key, text)| (key.into(), text.into()));
        assert_eq!(carried.kept, BTreeMap::from(kept));
        let dropped: Vec<&str> = carried.dropped.iter().map(FieldKey::as_str).collect();
        assert_eq!(dropped, ["people", "how", "gone"]);
    }
}
