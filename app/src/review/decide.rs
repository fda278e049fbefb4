//! What one decides with: the opinion, where it goes on, and the buttons.

use super::facts::{Choice, Verb};
use crate::apply::counter::Count;
use crate::language::{say, t};
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

/// 同意, 退回修改 and 不同意.
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
            <button class="button" name="verb" value=word(Verb::SendBack) disabled=pending>{move || label(Act::SendBack)}</button>
            <button class="button" data-rank="danger" name="verb" value=word(Verb::Refuse) disabled=pending>{move || label(Act::Refuse)}</button>
        </div>
    }
}

/// Where it goes on, and who decides there (下一步, 下一步办理人), as far as there is a choice.
#[component]
pub fn Onward(
    /// Where it may go.
    choices: Vec<Choice>,
) -> impl IntoView {
    let title = |choice: &Choice| match &choice.title {
        Some(title) => say(title),
        None => t("办结，生成通行码", "Finish: the code is issued").to_owned(),
    };
    let several = choices.len() > 1;
    let chosen = RwSignal::new(0_usize);
    let options = choices.clone();
    let people = choices.clone();
    let only = choices.first().map(title);
    view! {
        <div class="onward">
            {if several {
                view! {
                    <label class="field">
                        <span>{t("下一步", "Next step")}</span>
                        <select name="next" on:change=move |event| {
                            let value = event_target_value(&event);
                            let place = options.iter().position(|choice| String::from(choice.next.clone()) == value);
                            chosen.set(place.unwrap_or_default());
                        }>
                            {choices.iter().map(|choice| view! { <option value=String::from(choice.next.clone())>{title(choice)}</option> }).collect_view()}
                        </select>
                    </label>
                }.into_any()
            } else {
                view! { <p class="quiet">{t("同意后：", "Once agreed: ")} {only}</p> }.into_any()
            }}
            {move || people.get(chosen.get()).filter(|choice| !choice.people.is_empty()).map(|choice| view! {
                <label class="field">
                    <span>{t("下一步办理人", "Who decides there")}</span>
                    <select name="person">
                        <option value="">{t("不指定（均可办理）", "Any of them")}</option>
                        {choice.people.iter().map(|(id, name)| view! { <option value=id.to_string()>{name.clone()}</option> }).collect_view()}
                    </select>
                </label>
            })}
        </div>
    }
}

/// A verb as forms send it.
pub fn word(verb: Verb) -> &'static str {
    match verb {
        Verb::Agree => "agree",
        Verb::Refuse => "refuse",
        Verb::SendBack => "send_back",
        Verb::Terminate => "terminate",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_send_the_words_that_are_read() {
        for verb in [Verb::Agree, Verb::Refuse, Verb::SendBack, Verb::Terminate] {
            assert_eq!(serde_json::to_value(verb).unwrap(), word(verb));
        }
    }
}
