//! The part of the form that says who applies, whose pass it is, and who hosts.

use super::facts::{ApplyingAs, Home, Own};
use super::form::{Fields, sentence_at};
use super::page::place;
use crate::applications::flow::holder_label;
use crate::error::AppError;
use crate::language::{say, t};
use crate::ui::Field;
use leptos::prelude::*;
use pass::kind::{Hosting, PassKind, Subject};

/// 基本信息: who applies, as the registers have it.
#[component]
pub fn WhoApplies(applying: ApplyingAs, phone: String) -> impl IntoView {
    let phone = (!phone.is_empty()).then(|| view! { <dt>{t("手机号", "Phone")}</dt><dd>{phone}</dd> });
    view! {
        <dl class="facts">
            {match applying {
                ApplyingAs::Household(Home { address, .. }) => view! {
                    {phone}
                    <dt>{t("住户", "Household")}</dt><dd>{place(&address)}</dd>
                }.into_any(),
                ApplyingAs::Person(Own { number, name, unit }) => view! {
                    <dt>{t("学工号", "Number")}</dt><dd>{number}</dd>
                    <dt>{t("申请人", "Applicant")}</dt><dd>{name}</dd>
                    <dt>{t("所在单位", "Unit")}</dt><dd>{say(&unit)}</dd>
                }.into_any(),
                ApplyingAs::Anybody => phone.into_any(),
            }}
        </dl>
    }
}

/// Whose name the pass bears, a guest's telephone, and the host, as far as the kind asks.
#[component]
pub fn Holder(
    kind: PassKind,
    applying: ApplyingAs,
    fields: Fields,
    #[prop(into)] error: Signal<Option<AppError>>,
) -> impl IntoView {
    let refused = move |name: &'static str| Signal::derive(move || sentence_at(&error.get()?, name));
    let household = matches!(applying, ApplyingAs::Household(_));
    // Of one's own in the register the name is known.
    let asked = !(kind.subject == Subject::Oneself && matches!(applying, ApplyingAs::Person(_)));
    let label = holder_label(kind.subject, household);
    let placeholder = if kind.subject == Subject::Vehicle {
        t("例如：渝A12345", "For instance: 渝A12345")
    } else {
        ""
    };
    view! {
        {asked.then(|| view! { <Line name="holder" label value=fields.holder placeholder refused=refused("holder")/> })}
        {(kind.subject == Subject::Guest).then(|| view! {
            <Line name="phone" label=t("来访人手机号", "Guest's phone") value=fields.guest mode="tel" refused=refused("phone")
                hint=t("通行码会发到这个号码。", "The code goes there.")/>
        })}
        {(kind.host == Hosting::Named).then(|| view! {
            <Line name="host_number" label=t("接待人工号", "Host's number") value=fields.host_number refused=refused("host_number")
                hint=t("向接待人询问；提交后先由接待人确认。", "Ask your host, who confirms before anybody else sees this.")/>
            <Line name="host_name" label=t("接待人姓名", "Host's name") value=fields.host_name refused=refused("host_name")/>
        })}
    }
}

/// A field of one line.
#[component]
fn Line(
    name: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    refused: Signal<Option<String>>,
    #[prop(default = "text")] mode: &'static str,
    #[prop(default = "")] placeholder: &'static str,
    #[prop(default = "")] hint: &'static str,
) -> impl IntoView {
    view! {
        <Field name label required=true refused hint>
            <input id=name name=format!("whose[{name}]") type="text" inputmode=mode autocomplete="off" maxlength="40" required placeholder=placeholder
                aria-describedby=format!("{name}-hint {name}-fault") value=value.get_untracked()
                on:input=move |event| value.set(event_target_value(&event)) prop:value=value/>
        </Field>
    }
}
