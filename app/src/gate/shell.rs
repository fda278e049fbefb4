//! The shell: which of the gate's pages is shown, and what stands in its place until the tablet is on duty.

use super::duty::{Duty, Stage};
use super::enrol::EnrolPage;
use super::log::LogPage;
use super::scanning::ScanPage;
use super::status::StatusBar;
use crate::browser::{device, js};
use crate::language::t;
use leptos::prelude::*;

/// The gate's pages. They are three, their addresses fixed, and they must open with no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/gate`
    Scan,
    /// `/gate/enrol`
    Enrol,
    /// `/gate/log`
    Log,
}

impl Page {
    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Scan => "/gate",
            Self::Enrol => "/gate/enrol",
            Self::Log => "/gate/log",
        }
    }

    fn here() -> Self {
        let path = window().location().pathname().unwrap_or_default();
        let is = |page: &Self| path.trim_end_matches('/') == page.path();
        [Self::Enrol, Self::Log]
            .into_iter()
            .find(is)
            .unwrap_or(Self::Scan)
    }
}

/// Leads to a page without loading the document anew, so that camera and storage stay as they are.
#[derive(Clone, Copy)]
pub struct Pages(RwSignal<Page>);

impl Pages {
    /// The page shown.
    pub fn now(self) -> Page {
        self.0.get()
    }

    /// Shows a page.
    pub fn go(self, page: Page) {
        if let Ok(history) = window().history().map(wasm_bindgen::JsValue::from) {
            let _ = js::call(
                &history,
                "pushState",
                &[&true.into(), &"".into(), &page.path().into()],
            );
        }
        self.0.set(page);
    }
}

/// The gate's pages, rendered in the browser only.
#[component]
pub fn GateShell() -> impl IntoView {
    let pages = Pages(RwSignal::new(Page::here()));
    device::on_every(&window(), "popstate", move |_| pages.0.set(Page::here()));
    device::on_every(&window(), "pointerdown", |_| device::unlock_sound());
    let duty = Duty::begin();
    Effect::new(move || {
        let is_waiting = duty.stage.get() == Stage::NotEnrolled;
        if is_waiting && pages.0.get_untracked() != Page::Enrol {
            pages.go(Page::Enrol);
        }
    });
    // A stage that shows the same does not draw it anew: what was typed stays.
    let shown = Memo::new(move |_| Shown::of(duty.stage.get(), pages.now()));
    view! {
        <div class="gate" data-page=move || pages.now().path()>
            <StatusBar duty pages/>
            {move || match shown.get() {
                Shown::Starting => view! { <Waiting words=t("正在启动…", "Starting…")/> }.into_any(),
                Shown::OtherTab => view! { <OtherTab/> }.into_any(),
                Shown::Broken(cause) => view! { <Broken cause pages/> }.into_any(),
                Shown::Revoked => view! { <Revoked pages/> }.into_any(),
                Shown::Page(Page::Scan) => view! { <ScanPage duty/> }.into_any(),
                Shown::Page(Page::Log) => view! { <LogPage duty/> }.into_any(),
                Shown::Page(Page::Enrol) => view! { <EnrolPage duty pages/> }.into_any(),
            }}
        </div>
    }
}

/// What stands below the line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Starting,
    OtherTab,
    Broken(String),
    Revoked,
    Page(Page),
}

impl Shown {
    fn of(stage: Stage, page: Page) -> Self {
        match (stage, page) {
            (Stage::Starting, _) => Self::Starting,
            (Stage::OtherTab, _) => Self::OtherTab,
            (Stage::Broken(cause), Page::Scan | Page::Log) => Self::Broken(cause),
            (Stage::Revoked, Page::Scan) => Self::Revoked,
            (Stage::Ready, Page::Scan) => Self::Page(Page::Scan),
            (Stage::Ready | Stage::Revoked, Page::Log) => Self::Page(Page::Log),
            _ => Self::Page(Page::Enrol),
        }
    }
}

/// The storage is being read.
#[component]
fn Waiting(words: &'static str) -> impl IntoView {
    view! { <main class="gate-notice" aria-busy="true"><p>{words}</p></main> }
}

/// Another tab has the gate.
#[component]
fn OtherTab() -> impl IntoView {
    view! {
        <main class="gate-notice">
            <h1>{t("核验已在另一个标签页打开", "The gate is open in another tab")}</h1>
            <p>{t(
                "一台终端同时只能有一个核验页面，否则记录会出错。请关闭另一个标签页，本页会自动接上。",
                "A tablet keeps one log, so one tab at a time may have it. Close the other tab: this one goes on by itself.",
            )}</p>
        </main>
    }
}

/// The storage cannot be used.
#[component]
fn Broken(cause: String, pages: Pages) -> impl IntoView {
    view! {
        <main class="gate-notice" role="alert">
            <h1>{t("本机存储无法使用", "This tablet's storage cannot be used")}</h1>
            <p>{t(
                "没有存储就不能核验：放行必须先记下来。请不要使用无痕模式；清理磁盘空间后重新打开。如仍不行，请重新登记本终端。",
                "Nothing is admitted that cannot be stored. Do not use a private window; make room on the disk and open this page again. If that does not help, enrol the tablet anew.",
            )}</p>
            <p class="quiet">{cause}</p>
            <div class="buttons">
                <button class="button" data-rank="first" on:click=|_| { let _ = window().location().reload(); }>{t("重新打开", "Open again")}</button>
                <button class="button" on:click=move |_| pages.go(Page::Enrol)>{t("重新登记", "Enrol anew")}</button>
            </div>
        </main>
    }
}

/// The server said that the tablet was revoked.
#[component]
fn Revoked(pages: Pages) -> impl IntoView {
    view! {
        <main class="gate-notice" role="alert">
            <h1>{t("本终端已被停用", "This tablet was revoked")}</h1>
            <p>{t(
                "管理员停用了本终端，它不再核验通行证。记录仍保存在本机。如需继续使用，请管理员生成新的登记码。",
                "An administrator revoked it: it judges no more passes. Its log is still here. To use it again, ask for a new enrolment code.",
            )}</p>
            <div class="buttons">
                <button class="button" data-rank="first" on:click=move |_| pages.go(Page::Enrol)>{t("重新登记", "Enrol anew")}</button>
                <button class="button" on:click=move |_| pages.go(Page::Log)>{t("通行记录", "Log")}</button>
            </div>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enrolment_page_is_there_at_every_stage_but_the_first() {
        let broken = || Stage::Broken("UnknownError".to_owned());
        for stage in [Stage::NotEnrolled, Stage::Ready, Stage::Revoked, broken()] {
            assert_eq!(Shown::of(stage, Page::Enrol), Shown::Page(Page::Enrol));
        }
        assert_eq!(Shown::of(Stage::OtherTab, Page::Enrol), Shown::OtherTab);
        assert_eq!(Shown::of(Stage::Starting, Page::Enrol), Shown::Starting);
    }

    #[test]
    fn nothing_is_scanned_off_duty() {
        for stage in [
            Stage::Starting,
            Stage::OtherTab,
            Stage::NotEnrolled,
            Stage::Revoked,
            Stage::Broken(String::new()),
        ] {
            assert_ne!(Shown::of(stage, Page::Scan), Shown::Page(Page::Scan));
        }
        assert_eq!(Shown::of(Stage::Ready, Page::Scan), Shown::Page(Page::Scan));
    }
}
