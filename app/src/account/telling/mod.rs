//! How one is told: by which ways, in which language, to which address and in which browsers.

pub mod api;
mod browser;
mod mail;

use crate::admin::forms::{Trouble, error, is_done};
use crate::language::t;
use crate::sentences;
use crate::ui::{Failure, Notice, SubmitButton, Tone};
use api::{AskMail, ChooseTelling, ConfirmMail, ForgetMail, Telling, load_telling};
use browser::ThisBrowser;
use leptos::prelude::*;
use mail::MailForms;
use pass::{Channel, Language};

/// What the section does.
#[derive(Clone, Copy)]
struct Acts {
    choose: ServerAction<ChooseTelling>,
    ask: ServerAction<AskMail>,
    confirm: ServerAction<ConfirmMail>,
    forget: ServerAction<ForgetMail>,
    /// Counts what this browser subscribed to and gave up.
    browser: RwSignal<u32>,
}

/// The section of the account's page.
#[component]
pub fn TellingSection() -> impl IntoView {
    let acts = Acts {
        choose: ServerAction::new(),
        ask: ServerAction::new(),
        confirm: ServerAction::new(),
        forget: ServerAction::new(),
        browser: RwSignal::new(0),
    };
    let changes = move || {
        (
            acts.choose.version().get(),
            acts.ask.version().get(),
            acts.confirm.version().get(),
            acts.forget.version().get(),
            acts.browser.get(),
        )
    };
    let telling = Resource::new_blocking(changes, |_| load_telling());
    view! {
        <section class="telling" aria-labelledby="telling">
            <h2 id="telling">{t("消息通知", "How you are told")}</h2>
            <p class="quiet">{t(
                "审批结果、待办等通知按您的选择发送。登录验证码总是发到手机。",
                "News of applications is sent the ways you choose. Sign-in codes always go to the phone.",
            )}</p>
            <Transition>
                {move || Suspend::new(async move {
                    match telling.await {
                        Ok(telling) => view! { <Shown telling acts/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(telling: Telling, acts: Acts) -> impl IntoView {
    let possible = telling.possible.clone();
    let has = move |channel| possible.contains(&channel);
    let mail = has(Channel::Mail).then(|| {
        let (address, waiting) = (telling.mail.clone(), telling.new_mail.clone());
        view! { <MailForms address own=telling.own_mail waiting acts/> }
    });
    let browser = telling.push_key.clone().map(|key| {
        view! { <ThisBrowser key browsers=telling.browsers changed=acts.browser/> }
    });
    view! {
        <Choice telling acts/>
        {mail}
        {browser}
    }
}

/// The ways to tick, and the language.
#[component]
fn Choice(telling: Telling, acts: Acts) -> impl IntoView {
    let english = telling.language == Language::En;
    let choose = acts.choose;
    let done = is_done(choose);
    let ways = telling.possible.clone().into_iter().map(|channel| {
        let where_to = match channel {
            Channel::Sms => telling.phone.clone(),
            Channel::Mail => telling.mail.clone(),
            Channel::Push => (telling.browsers > 0).then(|| sentences::browser_count(telling.browsers)),
        };
        let open = where_to.is_some();
        let where_to = where_to.unwrap_or_else(|| {
            match channel {
                Channel::Sms => t("没有手机号", "no phone number"),
                Channel::Mail => t("先在下面填写邮箱", "give an address below first"),
                Channel::Push => t("先在下面开启", "switch it on below first"),
            }
            .to_owned()
        });
        // What leads nowhere cannot be ticked.
        let ticked = open && telling.chosen.contains(&channel);
        view! {
            <label class="tick">
                <input type="checkbox" name=channel.as_str() value="true" checked=ticked disabled=!open/>
                <span>{sentences::channel(channel)} " " <span class="quiet">{where_to}</span></span>
            </label>
        }
    });
    let ways = ways.collect_view();
    view! {
        <ActionForm action=choose attr:class="form">
            <fieldset class="field">
                <legend>{t("通知方式", "Tell me by")}</legend>
                {ways}
                <p class="field-hint">{t("一个都不选则不发送通知，您仍可在网站上查看。", "With none ticked nothing is sent; you still see everything here.")}</p>
            </fieldset>
            <div class="field">
                <label for="language">{t("通知语言", "In this language")}</label>
                <select id="language" name="language">
                    <option value="zh" selected=!english>"中文"</option>
                    <option value="en" selected=english>"English"</option>
                </select>
            </div>
            <Trouble error=error(choose)/>
            {move || done.get().then(|| view! { <Notice tone=Tone::Good>{t("已保存。", "Saved.")}</Notice> })}
            <SubmitButton label=t("保存通知方式", "Save") pending=choose.pending()/>
        </ActionForm>
    }
}
