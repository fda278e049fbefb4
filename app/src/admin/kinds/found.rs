//! What the server said about a document: faults, how it looks, what publishing changes, what came of it.

use super::Changes;
use super::api::{Change, Checked, Fault, Line, Proposal, Publication};
use super::editor::{DOCUMENT, Writing};
use super::preview::Shown;
use crate::browser::caret;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Notice, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;

/// What the server said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has not been asked.
    Nothing,
    /// What a check found.
    Checked(Checked),
    /// What came of publishing.
    Published(Publication),
    /// It did not come to that.
    Failed(AppError),
}

impl Found {
    /// The lines that are wrong.
    pub fn lines(&self) -> Vec<usize> {
        match self {
            Found::Checked(Checked::Faulty(faults)) | Found::Published(Publication::Faulty(faults)) => {
                faults.iter().map(|fault| fault.line).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// All of it, beside the document.
#[component]
pub fn Answers(writing: Writing) -> impl IntoView {
    let changed = move || {
        writing.found.with(|found| *found != Found::Nothing) && writing.text.get() != writing.asked.get()
    };
    view! {
        <section class="kind-found" aria-label=t("检查结果与预览", "Findings and preview")>
            {move || changed().then(|| view! {
                <p class="quiet">{t("内容已修改，下面是修改前的检查结果。", "The document has changed; this is about how it was before.")}</p>
            })}
            {move || match writing.found.get() {
                Found::Nothing => view! { <p class="quiet">{t("点“检查”查看问题和预览。", "Press \"Check\" to see faults and a preview.")}</p> }.into_any(),
                Found::Failed(error) => view! { <Wrong error/> }.into_any(),
                Found::Checked(Checked::Faulty(faults)) | Found::Published(Publication::Faulty(faults)) => view! { <Faults faults/> }.into_any(),
                Found::Checked(Checked::Good(proposal)) => view! { <Good proposal=*proposal writing/> }.into_any(),
                Found::Published(Publication::Published { version, .. }) => view! { <Done version/> }.into_any(),
                Found::Published(Publication::Same { version, .. }) => view! { <Same version/> }.into_any(),
                Found::Published(Publication::Overtaken { version, by, changes }) => view! { <Overtaken version by changes writing/> }.into_any(),
            }}
        </section>
    }
}

/// What is wrong, each with the way to its line.
#[component]
fn Faults(faults: Vec<Fault>) -> impl IntoView {
    let count = faults.len();
    let sentence = sentences::pick(
        format!("有 {count} 处问题，改正后才能发布。"),
        format!("Faults: {count}. It can be published once they are mended."),
    );
    view! {
        <Notice tone=Tone::Bad>
            <p>{sentence}</p>
            <ul class="kind-faults">
                {faults.into_iter().map(|Fault { line, part, why }| {
                    let shown = format!("line-{line}");
                    let href = format!("#{shown}");
                    view! {
                        <li>
                            <a href=href on:click=move |event| {
                                event.prevent_default();
                                caret::to_line(DOCUMENT, line, &shown);
                            }>{sentences::pick(format!("第 {line} 行"), format!("Line {line}"))}</a>
                            " " {(!part.is_empty()).then(|| view! { <code>{part}</code> " " })} {why}
                        </li>
                    }
                }).collect_view()}
            </ul>
        </Notice>
    }
}

/// Nothing is wrong: what publishing brings, and how it looks.
#[component]
fn Good(proposal: Proposal, writing: Writing) -> impl IntoView {
    let Proposal {
        title,
        version,
        changes,
        same,
        running,
        preview,
    } = proposal;
    let wanted = writing.wanted;
    let before = version.saturating_sub(1);
    let unchanged = changes.iter().all(|line| line.change == Change::Kept);
    view! {
        {move || (wanted.get() && same).then(|| view! { <Same version=before/> })}
        {move || (!same && !wanted.get()).then(|| view! {
            <Notice tone=Tone::Good><p>{t("没有发现问题，可以发布。", "No faults: it can be published.")}</p></Notice>
        })}
        {(!same).then(|| view! {
            <Publishing writing version running unchanged changes/>
        })}
        <h2>{t("预览", "Preview")} ": " {say(&title)}</h2>
        <Shown preview/>
    }
}

/// What publishing changes, and the button that does it, once it is asked for.
#[component]
fn Publishing(
    writing: Writing,
    version: u32,
    running: String,
    unchanged: bool,
    changes: Vec<Line>,
) -> impl IntoView {
    let pending = writing.pending();
    let Writing {
        wanted, text, asked, ..
    } = writing;
    let ready = Signal::derive(move || wanted.get() && text.get() == asked.get());
    Effect::new(move || {
        if ready.get() {
            crate::browser::focus("publishing");
        }
    });
    let before = (version > 1 && !unchanged).then(|| {
        sentences::pick(
            format!("与第 {} 版相比", version - 1),
            format!("What changes in version {}", version - 1),
        )
    });
    view! {
        <div class="kind-publishing" data-asked=move || ready.get().then_some("true")>
            {before.map(|before| view! {
                <h2 id="publishing" tabindex="-1">{before}</h2>
                <Changes changes/>
            })}
            {(version > 1 && unchanged).then(|| view! {
                <p id="publishing" tabindex="-1">{t("内容不变，发布后重新提供申请。", "It says the same; publishing offers it again.")}</p>
            })}
            {(version == 1).then(|| view! {
                <p id="publishing" tabindex="-1">{t("这是新的通行证类型，发布后即可申请。", "This is a new kind. Once it is published, people can apply for it.")}</p>
            })}
            {move || ready.get().then(|| view! {
                {(version > 1).then(|| view! { <p>{running.clone()}</p> })}
                <p>{t("已发的通行证不变；新的申请按新版本办理。", "Passes that were issued stay as they are; new applications go by the new version.")}</p>
                <div class="buttons">
                    <button type="button" class="button" data-rank="first" disabled=pending on:click=move |_| writing.send()>
                        {sentences::pick(format!("确认发布第 {version} 版"), format!("Yes, publish version {version}"))}
                    </button>
                    <button type="button" class="button" on:click=move |_| wanted.set(false)>{t("先不发布", "Not yet")}</button>
                </div>
            })}
        </div>
    }
}

#[component]
fn Done(version: u32) -> impl IntoView {
    view! {
        <Notice tone=Tone::Good>
            <p>{sentences::pick(format!("第 {version} 版已发布。"), format!("Version {version} is published."))}</p>
            <p><A href="/admin/kinds">{t("返回通行证类型", "All pass kinds")}</A></p>
        </Notice>
    }
}

#[component]
fn Same(version: u32) -> impl IntoView {
    let sentence = sentences::pick(
        format!("与现行第 {version} 版内容相同，没有需要发布的修改。"),
        format!("It says the same as version {version}, which is offered now: there is nothing to publish."),
    );
    view! { <Notice tone=Tone::Plain><p>{sentence}</p></Notice> }
}

/// Somebody else has published in the meantime.
#[component]
fn Overtaken(version: u32, by: Option<String>, changes: Vec<Line>, writing: Writing) -> impl IntoView {
    let by = by.unwrap_or_else(|| t("其他管理员", "Somebody else").to_owned());
    let sentence = sentences::pick(
        format!(
            "您编辑期间，{by}已发布第 {version} 版。您的修改没有发布，也没有丢失。请先看第 {version} 版改了什么，需要保留的请并入您的文档。"
        ),
        format!(
            "{by} has published version {version} while you were editing. Yours has not been published, and nothing of it is lost. See what version {version} changed, and take over into your document what is to stay."
        ),
    );
    let new = writing.key.with_untracked(String::is_empty);
    let after = move |_| {
        writing.from.set(version);
        writing.ask(true);
    };
    view! {
        <Notice tone=Tone::Care><p>{sentence}</p></Notice>
        <h2>{sentences::pick(format!("第 {version} 版的修改"), format!("What version {version} changed"))}</h2>
        <Changes changes/>
        {if new {
            view! { <p>{t("这个 key 已被使用，请换一个再发布。", "This key is in use now. Choose another and publish again.")}</p> }.into_any()
        } else {
            view! {
                <div class="buttons">
                    <button type="button" class="button" on:click=after>
                        {sentences::pick(format!("接着第 {version} 版发布我的修改…"), format!("Publish mine after version {version}…"))}
                    </button>
                </div>
            }.into_any()
        }}
    }
}
