//! Binding a telephone to one's own account.

use super::api::{BindPhone, Mine, SendBindCode};
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::sign_in::SendButton;
use crate::ui::{Field, Notice, SubmitButton, Tone, Wrong};
use leptos::prelude::*;

/// The telephone that is bound, and the form that binds one.
#[component]
pub fn PhoneSection(mine: Mine, bind: ServerAction<BindPhone>) -> impl IntoView {
    let send = ServerAction::<SendBindCode>::new();
    let phone = RwSignal::new(String::new());
    let sent = Signal::derive(move || matches!(*send.value().read(), Some(Ok(()))));
    // Each button clears what the other one met: only the last answer stands there.
    let error = Signal::derive(move || {
        let bound = bind
            .value()
            .with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()));
        bound.or_else(|| {
            send.value()
                .with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
        })
    });
    let fault = move |name: &'static str| {
        Signal::derive(move || error.get().and_then(|error| error.fault_of(name).cloned()))
    };
    view! {
        <section aria-labelledby="phone-title">
            <h2 id="phone-title">{t("手机号", "Phone")}</h2>
            <p>
                {match &mine.phone_ends_in {
                    Some(end) => sentences::bound_phone(end),
                    None => t("尚未绑定手机号。", "No phone is bound yet.").to_owned(),
                }}
            </p>
            {move || match *bind.value().read() {
                Some(Ok(true)) => Some(t(
                    "手机号已绑定，原来用这个手机号的申请、通行证和住户已并入本账号。",
                    "It is bound. The applications, passes and household that this number had are in this account now.",
                )),
                Some(Ok(false)) => Some(t("手机号已绑定。", "It is bound.")),
                _ => None,
            }.map(|words| view! { <Notice tone=Tone::Good>{words}</Notice> })}
            {mine.binds.then(|| view! {
                <ActionForm action=bind attr:class="form" attr:novalidate="" on:submit:capture=move |_| send.clear()>
                    <Field name="phone" label=t("要绑定的手机号", "Phone number to bind") required=true fault=fault("phone")
                        hint=t("如果您以前用这个手机号以住户身份申请过，那些记录会并入本账号。",
                            "What you applied for as a resident with this number comes into this account.")>
                        <input id="phone" name="phone" type="tel" inputmode="numeric" autocomplete="tel-national" maxlength="20" required
                            aria-describedby="phone-hint phone-fault"
                            on:input=move |event| phone.set(event_target_value(&event)) prop:value=phone/>
                    </Field>
                    <Field name="code" label=t("验证码", "Code") required=true fault=fault("code")
                        hint=t("短信验证码 5 分钟内有效，只能使用一次。", "The code is good for 5 minutes, once.")>
                        <div class="with-button">
                            <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required
                                aria-describedby="code-hint code-fault" placeholder=t("6 位数字", "6 digits")/>
                            <SendButton sent pending=send.pending() on_press=move || {
                                bind.clear();
                                send.dispatch(SendBindCode { phone: phone.get_untracked() });
                            }/>
                        </div>
                    </Field>
                    {move || sent.get().then(|| view! {
                        <Notice tone=Tone::Good>{t("短信已发送，请查收。", "The code is on its way.")}</Notice>
                    })}
                    {move || error.get().filter(|error| !matches!(error, AppError::Invalid { .. })).map(|error| view! { <Wrong error/> })}
                    <SubmitButton label=t("绑定", "Bind it") pending=bind.pending()/>
                </ActionForm>
            })}
        </section>
    }
}
