//! The fields that a pass kind asks for itself, drawn from its document.

use super::identity::{IdentityField, sort_id};
use crate::attachments::field::{AttachmentField, Target};
use crate::browser::typed;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use leptos::prelude::*;
use pass::field::{Field, FieldKey, Takes, sort_key};
use pass::{KindNo, Refusal};
use std::collections::BTreeMap;

/// What is typed and chosen, by the fields' names.
pub type Given = BTreeMap<String, String>;

/// The id of a field's input.
fn id(key: &FieldKey) -> String {
    format!("given-{key}")
}

/// What the fields hold before anything has been typed here: what was handed in before, and what was typed before the page answered.
pub fn begin(fields: &[Field], mut before: Given) -> Given {
    let typed = |field: &Field| {
        if matches!(field.takes, Takes::Attachment { .. }) {
            // What a file's input says is no value of the field.
            return None;
        }
        let text = typed::text(&id(&field.key)).filter(|text| !text.is_empty())?;
        Some((field.key.to_string(), text))
    };
    before.extend(fields.iter().filter_map(typed));
    let sort = |field: &Field| {
        let chosen = typed::text(&sort_id(&id(&field.key))).filter(|sort| !sort.is_empty())?;
        Some((sort_key(&field.key), chosen))
    };
    before.extend(fields.iter().filter_map(sort));
    before
}

/// What an error says at a field of the kind's own.
fn sentence_at(error: &AppError, key: &FieldKey) -> Option<String> {
    match error {
        AppError::Refused(Refusal::Given { faults }) => {
            let (_, fault) = faults.iter().find(|(at, _)| at == key)?;
            Some(sentences::value_fault(*fault))
        }
        AppError::Refused(unknown @ Refusal::PersonUnknown { field }) if field == key => {
            Some(sentences::refusal(unknown))
        }
        _ => None,
    }
}

/// The fields, each with its label, its hint and what is wrong with it.
#[component]
pub fn OwnFields(
    /// The kind that the form is of.
    kind: KindNo,
    /// The fields.
    fields: Vec<Field>,
    /// How many files are on their way or failed.
    unfinished: RwSignal<usize>,
    /// What is typed and chosen.
    given: RwSignal<Given>,
    /// What came back last.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    fields
        .into_iter()
        .map(|field| {
            let key = field.key.clone();
            let refused = Signal::derive(move || sentence_at(&error.get()?, &key));
            let label = say(&field.label);
            let label = if field.required {
                label
            } else {
                format!("{label}{}", t("（选填）", " (optional)"))
            };
            view! {
                <crate::ui::Field name=id(&field.key) label required=field.required refused hint=field.hint.as_ref().map(say).unwrap_or_default()>
                    <Control kind field given unfinished/>
                </crate::ui::Field>
            }
        })
        .collect_view()
}

/// The input of one field.
#[component]
fn Control(kind: KindNo, field: Field, given: RwSignal<Given>, unfinished: RwSignal<usize>) -> impl IntoView {
    let id = id(&field.key);
    let name = format!("given[{}]", field.key);
    let described = format!("{id}-hint {id}-fault");
    let required = field.required;
    let key = field.key.to_string();
    let value = {
        let key = key.clone();
        move || given.with(|given| given.get(&key).cloned().unwrap_or_default())
    };
    let put = move |event| {
        let text = event_target_value(&event);
        given.update(|given| {
            given.insert(key.clone(), text);
        });
    };
    match field.takes {
        Takes::Choice { options } => {
            let chosen = given.with_untracked(|given| given.get(field.key.as_str()).cloned());
            view! {
                <select id=id name=name required=required aria-describedby=described on:change=put prop:value=value>
                    <option value="">{t("请选择", "Choose")}</option>
                    {options.into_iter().map(|option| {
                        let key = option.key.to_string();
                        let selected = chosen.as_deref() == Some(&key);
                        view! { <option value=key selected=selected>{say(&option.label)}</option> }
                    }).collect_view()}
                </select>
            }
            .into_any()
        }
        Takes::Attachment {
            max_files,
            max_megabytes,
        } => {
            let target = Target {
                kind,
                key: field.key,
                max_files,
                max_megabytes,
            };
            view! { <AttachmentField id target given unfinished/> }.into_any()
        }
        Takes::IdentityDocument { documents } => {
            view! { <IdentityField id field=field.key documents required described given/> }.into_any()
        }
        Takes::Text { lines: true, .. } => view! {
            <textarea id=id name=name rows="3" required=required aria-describedby=described on:input=put prop:value=value></textarea>
        }
        .into_any(),
        takes => {
            let (kind, mode, placeholder) = match takes {
                Takes::Date => ("date", "none", ""),
                Takes::Number { .. } => ("text", "numeric", ""),
                Takes::Plate => ("text", "text", t("例如：渝A12345", "For instance: 渝A12345")),
                _ => ("text", "text", ""),
            };
            view! {
                <input id=id name=name type=kind inputmode=mode autocomplete="off" required=required placeholder=placeholder
                    aria-describedby=described on:input=put prop:value=value/>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::ValueFault;

    #[test]
    fn a_fault_stands_at_its_field() {
        let key: FieldKey = "people".parse().unwrap();
        let error = AppError::Refused(Refusal::Given {
            faults: vec![(key.clone(), ValueFault::Missing)],
        });
        assert_eq!(sentence_at(&error, &key), Some("请填写。".to_owned()));
        assert_eq!(sentence_at(&error, &"other".parse().unwrap()), None);
        assert_eq!(sentence_at(&AppError::NotFound, &key), None);
        let unknown = AppError::Refused(Refusal::PersonUnknown { field: key.clone() });
        assert!(sentence_at(&unknown, &key).is_some());
        assert_eq!(sentence_at(&unknown, &"other".parse().unwrap()), None);
    }
}
