//! A labelled form field with its hint and its fault, wired together for screen readers.

use crate::error::Fault;
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;

/// A label, an input given as children, a hint and, when there is one, the fault. The input carries `id=name` and
/// `aria-describedby="{name}-hint {name}-fault"`.
#[component]
pub fn Field(
    /// The input's name and id.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// A line below the label that helps.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the value, if anything.
    #[prop(optional, into)]
    fault: Signal<Option<Fault>>,
    /// Why a rule of the domain does not take the value, in words.
    #[prop(optional, into)]
    refused: Signal<Option<String>>,
    /// The input itself.
    children: Children,
) -> impl IntoView {
    let said = Signal::derive(move || {
        fault
            .with(|fault| fault.as_ref().map(sentences::fault))
            .or_else(|| refused.get())
    });
    view! {
        <div class="field" data-faulty=move || said.with(Option::is_some).then_some("true")>
            <label for=name.clone()>
                {label}
                {required.then(|| view! { <span class="field-required" title=t("必填", "required") aria-hidden="true">"*"</span> })}
            </label>
            {children()}
            <p class="field-hint" id=format!("{name}-hint")>{hint}</p>
            <p class="field-fault" id=format!("{name}-fault") role="alert">
                {said}
            </p>
        </div>
    }
}

/// The button that sends a form: it says so while it works, and cannot be pressed twice meanwhile.
#[component]
pub fn SubmitButton(
    /// What it does.
    label: &'static str,
    /// Whether the answer is still awaited.
    #[prop(into)]
    pending: Signal<bool>,
    /// Whether there is nothing that could be sent.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    view! {
        <button type="submit" class="button" data-rank="first" disabled=move || disabled || pending.get() aria-busy=move || pending.get().then_some("true")>
            {move || if pending.get() { t("请稍候…", "One moment…") } else { label }}
        </button>
    }
}
