//! One's mail address: given, proved by a code, taken away.

use super::Acts;
use crate::admin::forms::{Trouble, error, fault, is_done};
use crate::language::t;
use crate::sentences;
use crate::ui::{Field, Notice, SubmitButton, Tone};
use leptos::prelude::*;

/// The forms for the address.
#[component]
pub fn MailForms(
    /// The address in use.
    address: Option<String>,
    /// Whether the person gave it.
    own: bool,
    /// One that waits for its code.
    waiting: Option<String>,
    /// What the section does.
    acts: Acts,
) -> impl IntoView {
    let Acts {
        ask, confirm, forget, ..
    } = acts;
    let (asking, confirming) = (error(ask), error(confirm));
    let confirmed = is_done(confirm);
    let has = own || waiting.is_some();
    view! {
        <div class="form">
            <h3>{t("邮箱", "Mail")}</h3>
            {address.map(|address| view! { <p>{t("当前邮箱：", "Your address: ")} <strong>{address}</strong></p> })}
            {move || confirmed.get().then(|| view! { <Notice tone=Tone::Good>{t("邮箱已确认，通知也会发到这里。", "The address is confirmed; notices go there too.")}</Notice> })}
            {waiting.map(|waiting| view! {
                <Notice tone=Tone::Plain>{sentences::code_sent_to(&waiting)}</Notice>
                <ActionForm action=confirm attr:novalidate="">
                    <Field name="code" label=t("邮件中的验证码", "The code in the mail") required=true fault=fault(confirming, "code")
                        hint=t("30 分钟内有效。没有收到时请检查垃圾邮件，或重新发送。", "Good for 30 minutes. Look among the junk mail, or have it sent again.")>
                        <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required
                            aria-describedby="code-hint code-fault"/>
                    </Field>
                    <Trouble error=confirming fields=&["code"]/>
                    <SubmitButton label=t("确认邮箱", "Confirm the address") pending=confirm.pending()/>
                </ActionForm>
            })}
            <ActionForm action=ask attr:novalidate="">
                <Field name="mail" label=t("新的邮箱地址", "A new address") required=true fault=fault(asking, "mail")>
                    <input id="mail" name="mail" type="email" autocomplete="email" maxlength="254" required autocapitalize="none" spellcheck="false"
                        aria-describedby="mail-hint mail-fault"/>
                </Field>
                <Trouble error=asking fields=&["mail"]/>
                <div class="buttons"><button class="button" disabled=ask.pending()>{t("发送验证邮件", "Send a code there")}</button></div>
            </ActionForm>
            {has.then(|| view! {
                <ActionForm action=forget>
                    <Trouble error=error(forget)/>
                    <div class="buttons"><button class="button" data-rank="quiet">{t("删除邮箱", "Remove my address")}</button></div>
                </ActionForm>
            })}
        </div>
    }
}
