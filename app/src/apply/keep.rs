//! Keeps what is typed into the form: in the tab at once, at the server when the typing pauses, and when asked to (保存草稿).

use super::api;
use super::draft::{self, Content, Draft, Resumed, Writer};
use super::facts::FormFacts;
use super::form::{Fields, known_holder};
use crate::browser;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use leptos::web_sys::MouseEvent;
use leptos_router::components::A;
use pass::DayOffer;
use std::time::Duration;
use uuid::Uuid;

/// How long the typing pauses before it is kept at the server.
const PAUSE: Duration = Duration::from_secs(2);

/// Where keeping at the server stands.
#[derive(Clone, Debug, PartialEq)]
enum Status {
    /// Nothing was typed yet.
    Quiet,
    /// On its way.
    Going,
    /// The server has it.
    Kept,
    /// Another tab or device has a newer one.
    Elsewhere,
    /// It did not work; the tab has it all the same.
    Failed(AppError),
}

/// What keeps the draft of a form.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    fields: Fields,
    account: Uuid,
    no: u16,
    kind: StoredValue<String>,
    status: RwSignal<Status>,
    /// What the server has, or what the form began with.
    known: StoredValue<Content>,
    /// The server's revision, and of which form: what is sent under another name is not there.
    base: StoredValue<Option<(Uuid, i32)>>,
    /// Whether a person has done something here: what the form fills in by itself makes no draft.
    touched: StoredValue<bool>,
    busy: StoredValue<bool>,
    turn: StoredValue<u32>,
}

impl Keeper {
    /// Somebody typed, chose or pressed something in the form.
    pub(super) fn touch(self) {
        self.touched.set_value(true);
    }

    /// The draft as it stands; tracks every field.
    fn draft(self) -> Draft {
        let content = self.fields.content();
        let unsaved = self.touched.get_value() && self.known.with_value(|known| *known != content);
        let request_id = self.fields.request_id();
        let base = self.base.get_value().filter(|(id, _)| *id == request_id);
        Draft {
            account: self.account,
            kind: self.kind.get_value(),
            request_id,
            base: base.map(|(_, revision)| revision),
            unsaved,
            content,
        }
    }

    /// Something changed: it is kept here, and at the server once the typing pauses.
    fn changed(self) {
        let draft = self.draft();
        draft.save();
        if !self.touched.get_value() {
            self.known.set_value(draft.content);
        } else if draft.unsaved {
            self.soon();
        }
    }

    /// Keeps it at the server unless something is typed before the pause is over.
    fn soon(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let turn = self.turn.get_value();
        leptos::task::spawn_local(async move {
            browser::sleep(PAUSE).await;
            // The page may be gone, or somebody has typed on.
            if self.turn.try_get_value() == Some(turn) {
                self.send(false).await;
            }
        });
    }

    /// Keeps it at the server. `over` says that a person asked for it.
    async fn send(self, over: bool) {
        let status = self.status.try_get_untracked();
        if self.busy.try_get_value() != Some(false) || status == Some(Status::Elsewhere) && !over {
            return;
        }
        self.busy.set_value(true);
        self.status.set(Status::Going);
        let draft = untrack(|| self.draft());
        let by = Writer {
            tab: draft::tab(),
            base: draft.base,
            over,
        };
        let kept = api::keep_draft(self.no, draft.request_id, draft.content.clone(), by).await;
        if self.busy.try_get_value().is_none() {
            return;
        }
        self.busy.set_value(false);
        self.status.set(match kept {
            Ok(revision) => {
                self.base.set_value(Some((draft.request_id, revision)));
                self.known.set_value(draft.content);
                let now = untrack(|| self.draft());
                now.save();
                if now.unsaved {
                    self.soon();
                }
                Status::Kept
            }
            Err(AppError::Changed) => Status::Elsewhere,
            // It is an application; the answer is on its way.
            Err(AppError::SentBefore { .. }) => Status::Quiet,
            Err(error) => Status::Failed(error),
        });
    }
}

/// Keeps what is typed, and brings back what was: the server's copy is in the form already, a newer one of this tab takes its place. Nothing of
/// it for a correction: that is kept already, as it was handed in, and a draft is of another application.
pub(super) fn keep_draft(fields: Fields, facts: &FormFacts, repeat: bool) -> Option<Keeper> {
    if facts.correcting.is_some() {
        return None;
    }
    let resumed = facts.draft.clone();
    let (kind, days, fresh) = (facts.kind.key.to_string(), facts.days.clone(), facts.request_id);
    let home = known_holder(facts);
    let keeper = Keeper {
        fields,
        account: facts.account,
        no: facts.no.0,
        kind: StoredValue::new(kind.clone()),
        status: RwSignal::new(Status::Quiet),
        known: StoredValue::new(Content::default()),
        base: StoredValue::new(resumed.as_ref().map(|resumed| (resumed.id, resumed.revision))),
        touched: StoredValue::new(false),
        busy: StoredValue::new(false),
        turn: StoredValue::new(0),
    };
    let began = StoredValue::new(false);
    Effect::new(move || {
        if !began.get_value() {
            began.set_value(true);
            bring_back(keeper, resumed.as_ref(), &kind, fresh, &home, &days, repeat);
        }
        keeper.changed();
    });
    on_cleanup(move || {
        // Whoever leaves the form within the pause has it at the server all the same.
        let unsaved = keeper.touched.try_get_value() == Some(true)
            && untrack(|| keeper.draft()).unsaved
            && keeper.status.try_get_untracked() != Some(Status::Elsewhere);
        if unsaved && cfg!(target_arch = "wasm32") {
            let draft = untrack(|| keeper.draft());
            let (no, by) = (
                keeper.no,
                Writer {
                    tab: draft::tab(),
                    base: draft.base,
                    over: false,
                },
            );
            leptos::task::spawn_local(async move {
                // The tab's copy says that the server has not taken it, should this fail.
                let _ = api::keep_draft(no, draft.request_id, draft.content, by).await;
            });
        }
    });
    Some(keeper)
}

/// Takes up the tab's copy, where it is newer than the server's, or the server has none.
fn bring_back(
    keeper: Keeper,
    resumed: Option<&Resumed>,
    kind: &str,
    fresh: Uuid,
    home: &str,
    days: &[DayOffer],
    repeat: bool,
) {
    let Some(local) = Draft::load(keeper.account) else {
        return;
    };
    let (base, unsaved) = (local.base.map(|base| (local.request_id, base)), local.unsaved);
    match resumed {
        Some(kept) if local.is_newer(kept, draft::tab()) => {
            untrack(|| keeper.known.set_value(keeper.fields.content()));
            keeper.fields.put(local, days);
        }
        Some(_) => return,
        None => {
            let same = local.kind == kind;
            keeper
                .fields
                .take_up(local.for_kind(kind, fresh), home, days, repeat);
            if !same {
                return;
            }
        }
    }
    keeper.base.set_value(base);
    keeper.touched.set_value(unsaved);
}

/// 保存草稿, and where keeping stands. Before the page lives the button sends the form like any other.
#[component]
pub(super) fn SaveDraft(
    /// What keeps the draft; nothing is drawn without.
    keeper: Option<Keeper>,
) -> impl IntoView {
    let keeper = keeper?;
    let press = move |event: MouseEvent| {
        event.prevent_default();
        keeper.touch();
        leptos::task::spawn_local(keeper.send(true));
    };
    Some(view! {
        <button type="submit" class="button" formaction="/api/v1/apply/save-draft" formnovalidate
            disabled=move || keeper.status.get() == Status::Going on:click=press>
            {t("保存草稿", "Save draft")}
        </button>
        <div class="draft-status" role="status">
            {move || match keeper.status.get() {
                Status::Quiet => ().into_any(),
                Status::Going => view! { <p class="quiet">{t("正在保存…", "Saving…")}</p> }.into_any(),
                Status::Kept => view! {
                    <p class="quiet">{t("草稿已保存，可在“我的申请”中继续填写。", "Draft saved. Go on with it under My applications.")}</p>
                }.into_any(),
                Status::Elsewhere => view! {
                    <Notice tone=Tone::Care>
                        <p>{t(
                            "这份草稿在别处修改过或已删除，这里的内容还没有保存。",
                            "This draft was changed or thrown away elsewhere; what is typed here is not saved.",
                        )}</p>
                        <p>{t("按“保存草稿”以这里的内容为准，或 ", "“Save draft” keeps what is here, or ")}
                            <A href="/applications?state=draft">{t("查看已保存的草稿", "see what was saved")}</A></p>
                    </Notice>
                }.into_any(),
                Status::Failed(error) => view! {
                    <Notice tone=Tone::Care>
                        <p>{t("草稿暂时没有保存到服务器，已存在这台设备上。", "The draft is not at the server yet; this device has it.")}</p>
                        <p>{sentences::error(&error)}</p>
                    </Notice>
                }.into_any(),
            }}
        </div>
    })
}

/// What became of a draft that was written in an older version of its kind.
#[component]
pub(super) fn FromOlder(
    /// The draft.
    resumed: Option<Resumed>,
) -> impl IntoView {
    let resumed = resumed.filter(|resumed| resumed.newer_version)?;
    let lost: Vec<String> = resumed.lost.iter().map(say).collect();
    Some(view! {
        <Notice tone=Tone::Care>
            <p>{t(
                "这种通行证的规定在您保存草稿之后有更新，已按新规定打开，请核对后再提交。",
                "The rules of this pass have changed since you saved the draft. It is opened under the new ones; check it before you submit.",
            )}</p>
            {(!lost.is_empty()).then(|| view! {
                <p>{t("新表单中没有这些内容：", "These have no place in the new form: ")} {lost.join(t("、", ", "))}</p>
            })}
        </Notice>
    })
}
