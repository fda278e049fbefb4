//! The site's pass kinds: what is offered, a document for each, and publishing its next version.

pub mod api;
mod draft;
mod editor;
mod found;
mod history;
mod list;
mod preview;

pub use draft::forget_all as forget_drafts;
pub use editor::{EditPage, NewPage};
pub use history::HistoryPage;
pub use list::KindsPage;

use crate::language::t;
use crate::sentences;
use api::{Change, Line, Version};
use leptos::prelude::*;

/// What a version changes, line by line.
#[component]
fn Changes(
    /// The lines.
    changes: Vec<Line>,
) -> impl IntoView {
    view! {
        <ul class="changes">
            {changes.into_iter().map(|Line { change, text }| match change {
                Change::Kept => view! { <li>{text}</li> }.into_any(),
                Change::Skipped => view! { <li data-change="skipped"><span class="visually-hidden">{t("略去未变的行", "Lines that stay")}</span></li> }.into_any(),
                Change::Gone => view! {
                    <li data-change="gone"><span class="visually-hidden">{t("删去：", "Goes: ")}</span><del>{text}</del></li>
                }.into_any(),
                Change::Added => view! {
                    <li data-change="added"><span class="visually-hidden">{t("新增：", "New: ")}</span><ins>{text}</ins></li>
                }.into_any(),
            }).collect_view()}
        </ul>
    }
}

/// Since when, by whom, until when, and how many run under a version, on one line.
fn told(version: &Version) -> String {
    let since = sentences::instant(version.published_at);
    let by = match &version.by {
        Some(by) => sentences::pick(format!("{by} 发布"), format!("by {by}")),
        None => t("系统初始化时发布", "by set-up").to_owned(),
    };
    let running = sentences::pick(
        format!("{} 份审批中", version.running),
        format!("{} in review", version.running),
    );
    let mut parts = vec![since, by];
    if let Some(at) = version.retired_at {
        let at = sentences::instant(at);
        parts.push(sentences::pick(format!("{at} 停止申请"), format!("retired {at}")));
    }
    parts.push(running);
    parts.join(" · ")
}

/// A version's name.
fn version_name(version: u32) -> String {
    sentences::pick(format!("第 {version} 版"), format!("Version {version}"))
}
