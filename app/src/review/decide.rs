//! What the office decides with: the opinion, and the two buttons.

use super::facts::Verb;
use crate::apply::counter::Count;
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;
use pass::application::Act;

/// The longest opinion, in characters.
const MOST: u16 = 150;

/// What the office says to the applicant; optional.
#[component]
pub fn Opinion(
    /// What is typed.
    opinion: RwSignal<String>,
    /// What it is called, where it is no plain opinion.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let count = move || Count::of(&opinion.get(), MOST);
    view! {
        // Enter in a text field presses a form's first button, and that would agree: this one is first, and does nothing.
        <button type="submit" disabled hidden></button>
        <label class="opinion-field">
            <span>{label.unwrap_or(t("意见（选填，申请人可见）", "Opinion (optional, the applicant sees it)"))}</span>
            <input type="text" name="opinion" autocomplete="off" maxlength="600" on:input=move |event| opinion.set(event_target_value(&event)) prop:value=opinion/>
            <span class="count" data-over=move || count().over().then_some("true")>{move || format!("{}/{}", count().used, count().most)}</span>
        </label>
    }
}

/// 同意 and 不同意.
#[component]
pub fn Verbs(
    /// Whether the answer is still awaited.
    #[prop(into)]
    pending: Signal<bool>,
    /// About how many applications; where there are several the buttons say so.
    #[prop(optional, into)]
    about: Signal<usize>,
) -> impl IntoView {
    let label = move |act| match about.get() {
        0 | 1 => sentences::act(act).to_owned(),
        several => format!("{} ({several})", sentences::act(act)),
    };
    view! {
        <div class="verbs">
            <button class="button" data-rank="first" name="verb" value=word(Verb::Agree) disabled=pending>{move || label(Act::Agree)}</button>
            <button class="button" data-rank="danger" name="verb" value=word(Verb::Refuse) disabled=pending>{move || label(Act::Refuse)}</button>
        </div>
    }
}

/// A verb as forms send it.
pub fn word(verb: Verb) -> &'static str {
    match verb {
        Verb::Agree => "agree",
        Verb::Refuse => "refuse",
        Verb::Terminate => "terminate",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_send_the_words_that_are_read() {
        for verb in [Verb::Agree, Verb::Refuse, Verb::Terminate] {
            assert_eq!(serde_json::to_value(verb).unwrap(), word(verb));
        }
    }
}
