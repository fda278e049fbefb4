//! The field for an identity document: its sort, and its number.

use super::fields::Given;
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;
use pass::field::{FieldKey, IdentitySort, sort_key};

/// The id of the sort's input beside the number's.
pub(super) fn sort_id(id: &str) -> String {
    format!("{id}-sort")
}

/// The two inputs. Where there is one sort only, nothing is chosen.
#[component]
pub(super) fn IdentityField(
    /// The number's id.
    id: String,
    /// The field.
    field: FieldKey,
    /// The sorts that may be given.
    documents: Vec<IdentitySort>,
    /// Whether it must be filled in.
    required: bool,
    /// What describes it to screen readers.
    described: String,
    /// What is typed and chosen.
    given: RwSignal<Given>,
) -> impl IntoView {
    let (number, sort) = (field.to_string(), sort_key(&field));
    let read = move |key: &str| given.with(|given| given.get(key).cloned().unwrap_or_default());
    let write = move |key: &str, text: String| {
        given.update(|given| {
            given.insert(key.to_owned(), text);
        });
    };
    let value = {
        let key = number.clone();
        move || read(&key)
    };
    let names = (format!("given[{sort}]"), format!("given[{number}]"));
    let sorts = if let [only] = documents[..] {
        view! {
            <input type="hidden" name=names.0 value=only.as_str()/>
            <p class="identity-sort">{sentences::identity_sort(only)}</p>
        }
        .into_any()
    } else {
        let chosen = {
            let key = sort.clone();
            move || read(&key)
        };
        let now = untrack(&chosen);
        view! {
            <select id=sort_id(&id) name=names.0 class="identity-sort" aria-label=t("证件类型", "Sort of document") required=required
                on:change=move |event| write(&sort, event_target_value(&event)) prop:value=chosen>
                <option value="">{t("证件类型", "Sort of document")}</option>
                {documents.into_iter().map(|sort| view! {
                    <option value=sort.as_str() selected=now == sort.as_str()>{sentences::identity_sort(sort)}</option>
                }).collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <div class="identity">
            {sorts}
            <input id=id name=names.1 type="text" inputmode="text" autocomplete="off" autocapitalize="characters" spellcheck="false"
                maxlength="40" required=required placeholder=t("证件号码", "Number") aria-describedby=described
                on:input=move |event| write(&number, event_target_value(&event)) prop:value=value/>
        </div>
    }
}
