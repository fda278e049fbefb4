//! One's own account: the form that changes the password, and how one is told.

use super::api::ChangePassword;
use super::telling::TellingSection;
use crate::error::AppError;
use crate::home::use_me;
use crate::language::t;
use crate::sentences;
use crate::ui::{Field, Notice, PageTitle, SubmitButton, Tone};
use leptos::prelude::*;

/// The page. Whoever signs in by phone has no password to change.
#[component]
pub fn AccountPage() -> impl IntoView {
    let me = use_me();
    view! {
        <PageTitle title=t("我的账号", "Your account")/>
        <Suspense>
            {move || Suspend::new(async move {
                me.await.is_ok_and(|me| !me.roles.is_empty()).then(|| view! { <PasswordForm/> })
            })}
        </Suspense>
        <TellingSection/>
    }
}

/// The form that changes one's own password.
#[component]
fn PasswordForm() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let answer = change.value();
    let error =
        move || answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()));
    let fault = move |name: &'static str| {
        Signal::derive(move || error().and_then(|error| error.fault_of(name).cloned()))
    };
    let general = move || error().filter(|error| !matches!(error, AppError::Invalid { .. }));
    view! {
        <h2>{t("修改密码", "Change your password")}</h2>
        {move || matches!(*answer.read(), Some(Ok(()))).then(|| view! {
            <Notice tone=Tone::Good>{t("密码已修改，其他设备上的登录已失效。", "It is changed. You are signed out everywhere else.")}</Notice>
        })}
        <ActionForm action=change attr:class="form" attr:novalidate="">
            <Field name="old" label=t("当前密码", "Present password") required=true fault=fault("old")>
                <input id="old" name="old" type="password" autocomplete="current-password" maxlength="256" required
                    aria-describedby="old-hint old-fault"/>
            </Field>
            <Field name="new" label=t("新密码", "New password") required=true fault=fault("new")
                hint=t("至少 10 个字符。", "At least 10 characters.")>
                <input id="new" name="new" type="password" autocomplete="new-password" maxlength="256" required
                    aria-describedby="new-hint new-fault"/>
            </Field>
            <Field name="again" label=t("再次输入新密码", "New password once more") required=true fault=fault("again")>
                <input id="again" name="again" type="password" autocomplete="new-password" maxlength="256" required
                    aria-describedby="again-hint again-fault"/>
            </Field>
            {move || general().map(|error| view! { <Notice tone=Tone::Bad>{sentences::error(&error)}</Notice> })}
            <SubmitButton label=t("修改", "Change it") pending=change.pending()/>
        </ActionForm>
    }
}
