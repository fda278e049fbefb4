//! The sign-in page.

use super::api::{SendCode, WithCode, WithPassword};
use super::send::SendButton;
use super::site::SiteSignIn;
use crate::browser::typed;
use crate::error::AppError;
use crate::home::use_me;
use crate::language::t;
use crate::sentences;
use crate::ui::{Field, Notice, PageTitle, SubmitButton, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The site's own sign-in where there is one, for its staff and students; residents by phone; whoever has a login by password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let by_password = move || query.with(|query| query.get_str("way") == Some("password"));
    let next = Memo::new(move |_| query.with(|query| query.get("next")).unwrap_or_default());
    let way = move |password: bool| {
        let way = if password { "?way=password" } else { "?way=phone" };
        format!("/sign-in{way}&next={}", sentences::url_part(&next.get()))
    };
    view! {
        <PageTitle title=t("登录", "Sign in")/>
        <SiteSignIn next/>
        <nav class="tabs" aria-label=t("登录方式", "Ways to sign in")>
            <a href=move || way(false) aria-current=move || (!by_password()).then_some("page")>{t("手机号", "Phone")}</a>
            <a href=move || way(true) aria-current=move || by_password().then_some("page")>{t("账号密码", "Password")}</a>
        </nav>
        <Show when=by_password fallback=move || view! { <PhoneForm next/> }>
            <PasswordForm next/>
        </Show>
        <DemoHint/>
    }
}

/// Phone number, a code sent to it, the code.
#[component]
fn PhoneForm(next: Memo<String>) -> impl IntoView {
    let send = ServerAction::<SendCode>::new();
    let enter = ServerAction::<WithCode>::new();
    let phone = RwSignal::new(typed::text("phone").unwrap_or_default());
    let sent = Signal::derive(move || matches!(*send.value().read(), Some(Ok(()))));
    go_on_after(enter.value().into());
    // Each button clears what the other one met: only the last answer stands there.
    let error =
        Signal::derive(move || error_of(&enter.value().read()).or_else(|| error_of(&send.value().read())));
    let fault = move |name: &'static str| {
        Signal::derive(move || error.get().and_then(|error| error.fault_of(name).cloned()))
    };
    view! {
        <ActionForm action=enter attr:class="form" attr:novalidate="" on:submit:capture=move |_| {
            if error_of(&send.value().read_untracked()).is_some() {
                send.clear();
            }
        }>
            <input type="hidden" name="next" prop:value=next value=next.get_untracked()/>
            <Field name="phone" label=t("手机号", "Phone number") required=true fault=fault("phone")>
                <input id="phone" name="phone" type="tel" inputmode="numeric" autocomplete="tel-national" maxlength="20"
                    aria-describedby="phone-hint phone-fault" required
                    placeholder=t("请输入手机号", "11 digits")
                    on:input=move |event| phone.set(event_target_value(&event)) prop:value=phone/>
            </Field>
            <Field name="code" label=t("验证码", "Code") required=true fault=fault("code")
                hint=t("短信验证码 5 分钟内有效，只能使用一次。", "The code is good for 5 minutes, once.")>
                <div class="with-button">
                    <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="6"
                        aria-describedby="code-hint code-fault" required placeholder=t("6 位数字", "6 digits")/>
                    <SendButton sent pending=send.pending() on_press=move || {
                        enter.clear();
                        send.dispatch(SendCode { phone: phone.get_untracked() });
                    }/>
                </div>
            </Field>
            {move || sent.get().then(|| view! {
                <Notice tone=Tone::Good>{t("短信已发送，请查收。", "The code is on its way.")}</Notice>
            })}
            {move || error.get().filter(of_no_field).map(|error| view! { <Wrong error/> })}
            <SubmitButton label=t("进入", "Sign in") pending=enter.pending()/>
        </ActionForm>
    }
}

/// Login and password.
#[component]
fn PasswordForm(next: Memo<String>) -> impl IntoView {
    let enter = ServerAction::<WithPassword>::new();
    go_on_after(enter.value().into());
    let fault = move |name: &'static str| {
        Signal::derive(move || {
            error_of(&enter.value().read()).and_then(|error| error.fault_of(name).cloned())
        })
    };
    view! {
        <ActionForm action=enter attr:class="form" attr:novalidate="">
            <input type="hidden" name="next" prop:value=next value=next.get_untracked()/>
            <Field name="login" label=t("账号", "Login") required=true fault=fault("login")>
                <input id="login" name="login" type="text" autocomplete="username" maxlength="64" required
                    autocapitalize="none" spellcheck="false" aria-describedby="login-hint login-fault"/>
            </Field>
            <Field name="password" label=t("密码", "Password") required=true fault=fault("password")>
                <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required
                    aria-describedby="password-hint password-fault"/>
            </Field>
            {move || error_of(&enter.value().read()).filter(of_no_field).map(|error| view! { <Wrong error/> })}
            <SubmitButton label=t("登录", "Sign in") pending=enter.pending()/>
        </ActionForm>
    }
}

/// Where a demonstration site's codes appear.
#[component]
fn DemoHint() -> impl IntoView {
    let me = use_me();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                me.await.is_ok_and(|me| me.demo).then(|| view! {
                    <p class="demo-hint">
                        {t("演示单位不发送真实短信：", "A demonstration sends no real messages: ")}
                        <A href="/demo/messages" attr:target="_blank">{t("查看演示短信", "see them here")}</A>
                    </p>
                })
            })}
        </Suspense>
    }
}

type Answer = Option<Result<(), AppError>>;

fn error_of(answer: &Answer) -> Option<AppError> {
    answer.as_ref().and_then(|answer| answer.as_ref().err().cloned())
}

/// Whether an error is about no field of the form.
fn of_no_field(error: &AppError) -> bool {
    !matches!(error, AppError::Invalid { .. })
}

/// Once signed in, everything that names the person is loaded again; the server's redirect has led on by then.
fn go_on_after(answer: Signal<Answer>) {
    let me = use_me();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(()))) {
            me.refetch();
        }
    });
}
