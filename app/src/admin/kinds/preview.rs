//! A kind as it will be: its rules, its form and its flow in words.

use super::api::{FieldShown, Preview, StepShown};
use crate::language::t;
use leptos::prelude::*;

/// The preview.
#[component]
pub fn Shown(
    /// The kind in words.
    preview: Preview,
) -> impl IntoView {
    let Preview { rules, fields, steps } = preview;
    let at_once = steps.is_empty();
    view! {
        <h3>{t("规定", "Rules")}</h3>
        <dl class="facts">{rules.into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}</dl>
        <h3>{t("表单", "Form")}</h3>
        <p class="quiet">{t("通行人、日期和申请原因每种申请都有；另外填写：", "Who passes, the days and the reason are part of every form. Besides:")}</p>
        {if fields.is_empty() {
            view! { <p>{t("没有其他字段。", "Nothing else.")}</p> }.into_any()
        } else {
            view! { <ul class="kind-fields">{fields.into_iter().map(|field| view! { <One field/> }).collect_view()}</ul> }.into_any()
        }}
        <h3>{t("审批流程", "Flow")}</h3>
        {at_once.then(|| view! { <p>{t("符合规定即时通过，无人审批。", "Agreed to at once when the rules are kept; nobody decides.")}</p> })}
        <ol class="flow" aria-label=t("审批流程", "Flow")>
            <li class="flow-step" data-reached="ahead"><strong>{t("提交申请", "Handed in")}</strong></li>
            {steps.into_iter().map(|step| view! { <Step step/> }).collect_view()}
            <li class="flow-step" data-reached="ahead"><strong>{t("完成", "Done")}</strong></li>
        </ol>
    }
}

#[component]
fn One(field: FieldShown) -> impl IntoView {
    let FieldShown {
        label,
        hint,
        required,
        takes,
    } = field;
    let need = if required {
        t("必填", "needed")
    } else {
        t("选填", "optional")
    };
    view! {
        <li>
            <strong>{label}</strong> " " <span class="quiet">{need} " · " {takes}</span>
            {(!hint.is_empty()).then(|| view! { <span class="kind-hint">{hint}</span> })}
        </li>
    }
}

#[component]
fn Step(step: StepShown) -> impl IntoView {
    let StepShown { title, seats, notes } = step;
    view! {
        <li class="flow-step" data-reached="ahead">
            <strong>{title}</strong>
            {seats.into_iter().map(|seat| view! { <span class="flow-who">{seat}</span> }).collect_view()}
            {notes.into_iter().map(|note| view! { <span class="flow-who kind-note">{note}</span> }).collect_view()}
        </li>
    }
}
