//! `/admin/kinds/{key}` and `/admin/kinds/new`: the document, what is wrong with it, how it looks, and publishing it.

use super::super::Head;
use super::api::{Beginning, CheckKind, Publication, PublishKind, load_beginning};
use super::draft::Draft;
use super::found::{Answers, Found};
use crate::browser::typed;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Notice, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The id of the document's text.
pub const DOCUMENT: &str = "document";

/// The page of a kind that is there.
#[component]
pub fn EditPage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get("kind")).unwrap_or_default());
    let beginning = Resource::new_blocking(
        move || key.get(),
        |key| async move {
            let begun = load_beginning(key.clone(), String::new(), String::new()).await;
            begun.map(|begun| (key.clone(), key, begun))
        },
    );
    view! {
        <Head title=t("编辑通行证类型", "Edit a pass kind")><Ways/></Head>
        <Begun beginning/>
    }
}

/// The page of a new kind.
#[component]
pub fn NewPage() -> impl IntoView {
    let query = use_query_map();
    let of = Memo::new(move |_| {
        let get = |name: &str| query.with(|query| query.get(name)).unwrap_or_default();
        (get("copy"), get("preset"))
    });
    let beginning = Resource::new_blocking(
        move || of.get(),
        |(copy, preset)| async move {
            // No kind's key is `new`, nor has it a space.
            let place = format!("new {copy} {preset}");
            let begun = load_beginning(String::new(), copy, preset).await;
            begun.map(|begun| (place, String::new(), begun))
        },
    );
    view! {
        <Head title=t("新建通行证类型", "New pass kind")><Ways/></Head>
        <Begun beginning/>
    }
}

#[component]
fn Ways() -> impl IntoView {
    view! { <A href="/admin/kinds" attr:class="button">{t("返回通行证类型", "All pass kinds")}</A> }
}

/// Where the draft is kept, the kind's key, and what the editor begins with.
type Begins = Resource<Result<(String, String, Beginning), AppError>>;

#[component]
fn Begun(beginning: Begins) -> impl IntoView {
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match beginning.await {
                    Ok((place, key, beginning)) => view! { <Editor place key beginning/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What is written, and what is known about it.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    /// The document as it is typed.
    pub(super) text: RwSignal<String>,
    /// As it was in what the server answered last.
    pub(super) asked: RwSignal<String>,
    /// What is being checked, and whether in order to publish it.
    asking: StoredValue<(String, bool)>,
    /// The document as it is published, or as it was begun with.
    base: RwSignal<String>,
    /// The kind's key; empty for a new one.
    pub(super) key: RwSignal<String>,
    /// The version that is edited; 0 for a new kind.
    pub(super) from: RwSignal<u32>,
    /// What the server said last.
    pub(super) found: RwSignal<Found>,
    /// Whether what was answered was asked in order to publish.
    pub(super) wanted: RwSignal<bool>,
    pub(super) check: ServerAction<CheckKind>,
    pub(super) publish: ServerAction<PublishKind>,
}

impl Writing {
    fn new(key: String, beginning: &Beginning) -> Writing {
        let text = typed::text(DOCUMENT).filter(|text| !text.trim().is_empty());
        Writing {
            text: RwSignal::new(text.unwrap_or_else(|| beginning.text.clone())),
            asked: RwSignal::new(String::new()),
            asking: StoredValue::new((String::new(), false)),
            base: RwSignal::new(beginning.text.clone()),
            key: RwSignal::new(key),
            from: RwSignal::new(beginning.from),
            found: RwSignal::new(Found::Nothing),
            wanted: RwSignal::new(false),
            check: ServerAction::new(),
            publish: ServerAction::new(),
        }
    }

    /// Has the document checked; `wanted`: in order to publish it.
    pub(super) fn ask(self, wanted: bool) {
        let text = self.text.get_untracked();
        self.asking.set_value((text.clone(), wanted));
        let key = self.key.get_untracked();
        self.check.dispatch(CheckKind { key, text });
    }

    /// Publishes what was checked.
    pub(super) fn send(self) {
        self.publish.dispatch(PublishKind {
            key: self.key.get_untracked(),
            from: self.from.get_untracked(),
            text: self.asked.get_untracked(),
        });
    }

    /// Whether an answer is awaited.
    pub(super) fn pending(self) -> Signal<bool> {
        let (check, publish) = (self.check.pending(), self.publish.pending());
        Signal::derive(move || check.get() || publish.get())
    }

    /// Takes what the server answered.
    fn listen(self, place: String) {
        Effect::new(move || {
            let found = match self.check.value().get() {
                Some(Ok(checked)) => Found::Checked(checked),
                Some(Err(error)) => Found::Failed(error),
                None => return,
            };
            let (asked, wanted) = self.asking.get_value();
            self.asked.set(asked);
            self.wanted.set(wanted);
            self.found.set(found);
        });
        Effect::new(move || match self.publish.value().get() {
            Some(Ok(publication)) => {
                if let Publication::Published { key, version } | Publication::Same { key, version } =
                    &publication
                {
                    self.key.set(key.to_string());
                    self.from.set(*version);
                    self.base.set(self.asked.get_untracked());
                    Draft::forget(&place);
                }
                self.found.set(Found::Published(publication));
            }
            Some(Err(error)) => self.found.set(Found::Failed(error)),
            None => {}
        });
    }

    /// Keeps what is typed, and brings it back after a reload. Only once the page lives: the server knows of no draft.
    fn keep(self, place: String, account: uuid::Uuid, restored: RwSignal<bool>) {
        let began = StoredValue::new(false);
        Effect::new(move || {
            if !began.get_value() {
                began.set_value(true);
                let typed = self.text.get_untracked();
                let untouched = typed == self.base.get_untracked();
                let draft = Draft::load(&place, account);
                if let Some(draft) = draft.filter(|draft| untouched || draft.text == typed) {
                    self.from.set(draft.from);
                    self.text.set(draft.text);
                    restored.set(true);
                }
                self.ask(false);
            }
            let (text, from) = (self.text.get(), self.from.get());
            if text == self.base.get() {
                Draft::forget(&place);
            } else {
                Draft { account, from, text }.save(&place);
            }
        });
    }
}

#[component]
fn Editor(place: String, key: String, beginning: Beginning) -> impl IntoView {
    let writing = Writing::new(key, &beginning);
    let restored = RwSignal::new(false);
    writing.listen(place.clone());
    writing.keep(place, beginning.account, restored);
    let from = beginning.from;
    let afresh = move |_| {
        writing.text.set(writing.base.get_untracked());
        writing.from.set(from);
        restored.set(false);
        writing.ask(false);
    };
    let edited = beginning.title.as_ref().map(say).map(|title| {
        move || {
            let from = writing.from.get();
            sentences::pick(
                format!("{title}，从第 {from} 版起编辑"),
                format!("{title}, edited from version {from}"),
            )
        }
    });
    let retired = move || from > 0 && !beginning.offered && writing.from.get() == from;
    view! {
        {edited.map(|edited| view! { <p><strong>{edited}</strong></p> })}
        {move || retired().then(|| view! {
            <Notice tone=Tone::Care>
                <p>{t("这种通行证已停止申请；发布新版本后会重新提供申请。", "This kind is retired. Publishing a version offers it again.")}</p>
            </Notice>
        })}
        {move || restored.get().then(|| view! {
            <Notice tone=Tone::Plain>
                <p>{t("已恢复您上次在本页输入、还没有发布的内容。", "What you typed here before and did not publish is back.")}</p>
                <p><button type="button" class="button" data-rank="quiet" on:click=afresh>{t("放弃，重新开始", "Drop it and begin afresh")}</button></p>
            </Notice>
        })}
        <div class="kind-editor">
            <div>
                <Document writing/>
                <Buttons writing/>
            </div>
            <Answers writing/>
        </div>
    }
}

/// The text with its lines' numbers; those that are wrong are marked.
#[component]
fn Document(writing: Writing) -> impl IntoView {
    let Writing { text, found, .. } = writing;
    let count = Memo::new(move |_| text.with(|text| text.split('\n').count()));
    let wrong = Memo::new(move |_| found.with(Found::lines));
    let initial = text.get_untracked();
    view! {
        <div class="field" data-faulty=move || wrong.with(|wrong| !wrong.is_empty()).then_some("true")>
            <label for=DOCUMENT>{t("文档（TOML）", "Document (TOML)")}</label>
            <div class="numbered">
                <div class="numbered-lines" aria-hidden="true">
                    {move || {
                        let wrong = wrong.get();
                        (1..=count.get())
                            .map(|line| view! { <span id=format!("line-{line}") data-faulty=wrong.contains(&line).then_some("true")>{line}</span> })
                            .collect_view()
                    }}
                </div>
                // One line more than there are: a scroll bar needs it.
                <textarea id=DOCUMENT name="text" wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off"
                    rows=move || count.get() + 1 aria-describedby="document-hint"
                    aria-invalid=move || wrong.with(|wrong| !wrong.is_empty()).then_some("true")
                    on:input=move |event| text.set(event_target_value(&event)) prop:value=text>{initial}</textarea>
            </div>
            <p class="field-hint" id="document-hint">
                {t(
                    "发布后保存的是内容本身：注释和排版不保留。输入的内容在本标签页中保留，直到发布。",
                    "What is published is what the document says: comments and layout are not kept. What you type stays in this tab until it is published.",
                )}
            </p>
        </div>
    }
}

#[component]
fn Buttons(writing: Writing) -> impl IntoView {
    let pending = writing.pending();
    view! {
        <div class="buttons">
            <button type="button" class="button" disabled=pending on:click=move |_| writing.ask(false)>{t("检查", "Check")}</button>
            <button type="button" class="button" data-rank="first" disabled=pending
                aria-busy=move || pending.get().then_some("true") on:click=move |_| writing.ask(true)>
                {move || if pending.get() { t("请稍候…", "One moment…") } else { t("发布…", "Publish…") }}
            </button>
        </div>
    }
}
