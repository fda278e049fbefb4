//! What was given for a kind's own fields, as it is shown.

use crate::attachments::{File, Files};
use crate::language::say;
use crate::sentences;
use leptos::prelude::*;
use pass::field::{Field, Takes, Value, Values, document, sort_key};
use pass::site::Text;
use serde::{Deserialize, Serialize};

/// One field with what was given for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The field's label.
    pub label: Text,
    /// What was given: the words of a choice, everything else as it was written.
    pub value: Text,
    /// The files that were given.
    #[serde(default)]
    pub files: Vec<File>,
}

/// What was given, in the order of the form. What was left empty is not shown. `files` are those of the application. `whole` says that the
/// reader sees an identity document's whole number: the applicant, and those who decide.
pub fn shown(fields: &[Field], values: &Values, files: &[File], whole: bool) -> Vec<Given> {
    let named = |id: &String| files.iter().find(|file| file.id.to_string() == *id).cloned();
    let one = |field: &Field| {
        let mut attached = Vec::new();
        let value = match (&field.takes, values.get(&field.key)?) {
            (Takes::Choice { options }, Value::Text(chosen)) => {
                let option = options.iter().find(|option| option.key.as_str() == chosen);
                option.map_or_else(|| Text::new(chosen, chosen), |option| option.label.clone())
            }
            (Takes::IdentityDocument { .. }, Value::Text(text)) => sentences::identity_document(text, whole),
            (_, Value::Text(text)) => Text::new(text, text),
            (_, Value::Number(number)) => Text::new(&number.to_string(), &number.to_string()),
            (_, Value::Files(ids)) => {
                attached = ids.iter().filter_map(named).collect();
                Text::new(&ids.len().to_string(), &ids.len().to_string())
            }
        };
        Some(Given {
            label: field.label.clone(),
            value,
            files: attached,
        })
    };
    fields.iter().filter_map(one).collect()
}

/// What was given as it is typed, by the fields' names: what a correction begins with.
pub fn typed(fields: &[Field], values: &Values) -> std::collections::BTreeMap<String, String> {
    let sorted = |key: &pass::FieldKey| {
        let field = fields.iter().find(|field| field.key == *key);
        field.is_some_and(|field| matches!(field.takes, Takes::IdentityDocument { .. }))
    };
    let mut typed = std::collections::BTreeMap::new();
    for (key, value) in values {
        let text = match value {
            Value::Text(text) if sorted(key) => match document(text) {
                Some((sort, number)) => {
                    typed.insert(sort_key(key), sort.to_string());
                    number.to_owned()
                }
                None => text.clone(),
            },
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Files(files) => files.join(" "),
        };
        typed.insert(key.to_string(), text);
    }
    typed
}

/// The lines of a list of facts.
#[component]
pub fn GivenFacts(
    /// What was given.
    given: Vec<Given>,
) -> impl IntoView {
    given
        .into_iter()
        .map(|one| {
            let value = if one.files.is_empty() {
                view! { <dd class="lines">{say(&one.value)}</dd> }.into_any()
            } else {
                view! { <dd><Files files=one.files/></dd> }.into_any()
            };
            view! { <dt>{say(&one.label)}</dt> {value} }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_shown_by_their_words() {
        let fields: Vec<Field> = serde_json::from_value(serde_json::json!([
            { "key": "where", "kind": "choice", "label": { "zh": "去向", "en": "Where to" },
              "options": [{ "key": "hospital", "label": { "zh": "医院", "en": "Hospital" } }] },
            { "key": "proof", "kind": "attachment", "label": { "zh": "证明", "en": "Proof" } },
            { "key": "people", "kind": "number", "label": { "zh": "人数", "en": "People" }, "min": 1, "max": 9 },
            { "key": "note", "kind": "text", "label": { "zh": "备注", "en": "Note" }, "max_chars": 9 },
            { "key": "paper", "kind": "identity_document", "label": { "zh": "证件", "en": "Document" },
              "documents": ["identity_card", "passport"] }
        ]))
        .unwrap();
        let file = File {
            id: uuid::Uuid::from_u128(7),
            name: "a.pdf".into(),
            bytes: 9,
            picture: false,
        };
        let id = file.id.to_string();
        let given = [
            ("where", "hospital"),
            ("people", "3"),
            ("note", ""),
            ("proof", &id),
            ("paper", "e1234 5678"),
            ("paper.sort", "passport"),
        ];
        let values = pass::field::read_values(&fields, given);
        let typed = typed(&fields, &values);
        assert_eq!(
            (typed["paper"].as_str(), typed["paper.sort"].as_str()),
            ("E12345678", "passport")
        );
        let typed = typed.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        assert_eq!(
            pass::field::read_values(&fields, typed),
            values,
            "typed again it is the same"
        );
        let masked = shown(&fields, &values, &[], false);
        assert_eq!(masked[3].value.zh, "护照 *****5678");
        let shown = shown(&fields, &values, std::slice::from_ref(&file), true);
        assert_eq!(shown.len(), 4);
        assert_eq!(shown[3].value.zh, "护照 E12345678");
        assert_eq!(shown[0].value, Text::new("医院", "Hospital"));
        assert_eq!(shown[1].files, [file]);
        assert_eq!(shown[2].value.zh, "3");
    }
}
