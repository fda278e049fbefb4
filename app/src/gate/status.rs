//! The line above every gate page: where this is, how things stand with the server, and the ways to elsewhere.

use super::duty::Duty;
use super::shell::{Page, Pages};
use super::sync::Standing;
use crate::language::{language, say, t};
use crate::sentences::gate;
use crate::ui::newer::NewerButton;
use leptos::prelude::*;
use pass::Language;

/// The line above every gate page.
#[component]
pub fn StatusBar(duty: Duty, pages: Pages) -> impl IntoView {
    let place = move || {
        duty.bundle.with(|bundle| {
            bundle.as_ref().map_or_else(
                || t("门岗核验", "Gate").to_owned(),
                |bundle| format!("{} · {}", say(&bundle.site_name), say(&bundle.checkpoint.name)),
            )
        })
    };
    let on_page = move |page| pages.now() == page;
    view! {
        <header class="gate-bar">
            <strong class="gate-place">{place}</strong>
            <Show when=move || duty.bundle.with(Option::is_some)>
                <Standing duty/>
            </Show>
            <nav class="gate-ways" aria-label=t("核验", "Gate")>
                <NewerButton/>
                <Show when=move || duty.bundle.with(Option::is_some)>
                    <Show when=move || on_page(Page::Log) fallback=move || view! {
                        <button class="button" on:click=move |_| pages.go(Page::Log)>{t("通行记录", "Log")}</button>
                    }>
                        <button class="button" on:click=move |_| pages.go(Page::Scan)>{t("返回扫码", "Back to scanning")}</button>
                    </Show>
                </Show>
                <OtherLanguage/>
            </nav>
        </header>
    }
}

/// How things stand with the server: a sign and words, never colour alone.
#[component]
fn Standing(duty: Duty) -> impl IntoView {
    let words = move || {
        duty.bundle
            .with(|bundle| duty.sync.with(|sync| gate::standing(sync, bundle.as_deref())))
    };
    let state = move || match duty.standing() {
        Standing::Revoked | Standing::StorageFails | Standing::ServerRefuses => "bad",
        Standing::Offline { .. } | Standing::ClockDiffers(_) => "care",
        Standing::Waiting | Standing::Beginning => "plain",
        Standing::Done => "good",
    };
    let taken = move || {
        duty.bundle.with(|bundle| {
            bundle.as_ref().map(|bundle| {
                let at = gate::site_time(bundle, bundle.issued_at);
                let (month, day) = (at.date().month(), at.date().day());
                format!("{} {month:02}-{day:02} {}", t("名单", "List"), gate::clock(at))
            })
        })
    };
    view! {
        <div class="gate-standing" role="status" data-sync=state>
            <span class="gate-sign" aria-hidden="true">{move || words().0}</span>
            <span>{move || words().1}</span>
            <span class="gate-taken">{taken}</span>
            <Show when=move || duty.persisted.get() == Some(false)>
                <span class="gate-taken" title=t("浏览器可能在空间不足时清除记录。请把本页安装到主屏幕。", "The browser may clear the log when space runs short. Install this page to the home screen.")>
                    {t("⚠ 存储未受保护", "⚠ storage not protected")}
                </span>
            </Show>
        </div>
    }
}

/// Switches the language on the device itself: it must work with no network.
#[component]
fn OtherLanguage() -> impl IntoView {
    let (tag, name) = match language() {
        Language::Zh => ("en", "English"),
        Language::En => ("zh-CN", "中文"),
    };
    view! {
        <button class="button" data-rank="quiet" lang=tag on:click=move |_| crate::language::remember(tag)>{name}</button>
    }
}
