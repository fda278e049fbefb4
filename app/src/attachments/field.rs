//! A field that takes files: each is sent by itself as soon as it is chosen, so that submitting the form takes no longer than ever.

use super::{File, kept};
use crate::apply::fields::Given;
use crate::browser::upload::{self, Answer, Upload};
use crate::browser::{self, crypto};
use crate::error::{AppError, Fault};
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;
use leptos::web_sys;
use pass::attachment::Sort;
use pass::field::FieldKey;
use pass::{AttachmentFault, KindNo, ValueFault};
use send_wrapper::SendWrapper;
use std::sync::Arc;
use uuid::Uuid;

/// What may be chosen. Naming the sorts one by one makes iPhones send their photographs as JPEG.
const SORTS: &str = "image/jpeg,image/png,image/webp,application/pdf";

/// Where a file is on its way.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// So many percent have gone.
    Going(u8),
    /// All of it has gone, and is being looked at.
    Checking,
    /// The server has it.
    Kept(File),
    /// It was not taken, or did not arrive.
    Failed(AppError),
}

/// A file that was chosen, or was sent before a reload.
#[derive(Clone)]
struct Item {
    id: Uuid,
    name: String,
    stage: RwSignal<Stage>,
    /// The file itself, as long as it may have to be sent again.
    file: Option<Arc<SendWrapper<web_sys::File>>>,
    upload: StoredValue<Option<Upload>>,
}

/// What a field takes, and where its files go.
#[derive(Clone)]
pub struct Target {
    /// The kind that the form is of.
    pub kind: KindNo,
    /// The field.
    pub key: FieldKey,
    /// The most files.
    pub max_files: u8,
    /// The largest file, in megabytes.
    pub max_megabytes: u8,
}

/// The field's files and what it takes to send one more. `unfinished` counts those of the whole form that are not with the server.
#[component]
pub fn AttachmentField(
    /// The input's id.
    id: String,
    /// What it takes.
    target: Target,
    /// What the form holds: here the ids of the files that the server has.
    given: RwSignal<Given>,
    /// The files of the form that are on their way or failed.
    unfinished: RwSignal<usize>,
) -> impl IntoView {
    let items = RwSignal::new(Vec::<Item>::new());
    let said = RwSignal::new(None::<String>);
    let key = target.key.to_string();
    let ids = {
        let key = key.clone();
        Memo::new(move |_| given.with(|given| given.get(&key).cloned().unwrap_or_default()))
    };
    // What was sent before a reload comes back out of the draft.
    Effect::new(move || {
        let known = ids.get();
        let known = known.split_ascii_whitespace().filter_map(|id| id.parse().ok());
        let there = |id: Uuid| items.with_untracked(|items| items.iter().any(|item| item.id == id));
        let back: Vec<Item> = known.filter(|id| !there(*id)).map(Item::sent_before).collect();
        if !back.is_empty() {
            items.update(|items| items.extend(back));
        }
    });
    let before = StoredValue::new(0_usize);
    Effect::new(move || {
        let (sent, open) = items.with(|items| {
            let sent = items
                .iter()
                .filter(|item| item.is_kept())
                .map(|item| item.id.to_string());
            (
                sent.collect::<Vec<_>>(),
                items.iter().filter(|item| !item.is_kept()).count(),
            )
        });
        unfinished.update(|all| *all = *all - before.get_value() + open);
        before.set_value(open);
        // Before anything was chosen here the draft may still have to come back.
        if !sent.is_empty() || items.with_untracked(|items| !items.is_empty()) || open > 0 {
            put(given, &key, sent);
        }
    });
    on_cleanup(move || {
        items.with_untracked(|items| items.iter().for_each(Item::stop));
        // The form may be gone before its fields are.
        let _ = unfinished.try_update(|all| *all -= before.try_get_value().unwrap_or(0).min(*all));
    });
    let choose = {
        let target = target.clone();
        move |event: web_sys::Event| {
            let room = usize::from(target.max_files).saturating_sub(items.with_untracked(Vec::len));
            let files = upload::chosen(&event);
            let most = ValueFault::MoreFiles {
                max: target.max_files,
            };
            said.set((files.len() > room).then(|| sentences::value_fault(most)));
            for file in files.into_iter().take(room) {
                if let Some(item) = Item::chosen(file) {
                    items.update(|items| items.push(item.clone()));
                    item.send(target.clone());
                }
            }
        }
    };
    let remove = {
        let (input, key) = (id.clone(), target.key.to_string());
        move |item: Item| {
            item.stop();
            if item.is_kept_untracked() {
                upload::give_up(&format!("/attachments/{}", item.id));
            }
            items.update(|items| items.retain(|other| other.id != item.id));
            let left = items.with_untracked(|items| {
                items
                    .iter()
                    .filter(|item| item.is_kept_untracked())
                    .map(|item| item.id.to_string())
                    .collect()
            });
            put(given, &key, left);
            said.set(None);
            browser::focus(&input);
        }
    };
    let full = {
        let most = usize::from(target.max_files);
        move || items.with(|items| items.len() >= most)
    };
    let (name, described) = (
        format!("given[{}]", target.key),
        format!("{id}-hint {id}-limits {id}-fault"),
    );
    let (camera, limits) = (
        choose.clone(),
        sentences::attachment_limits(target.max_files, target.max_megabytes),
    );
    let several = target.max_files > 1;
    let limits_id = format!("{id}-limits");
    view! {
        <div class="attachments">
            <input type="hidden" name=name prop:value=ids value=ids.get_untracked()/>
            <ul class="attachment-list">
                <For each=move || items.get() key=|item| item.id let:item>
                    <Sent item target=target.clone() remove=remove.clone()/>
                </For>
            </ul>
            <div class="attachment-picks" hidden=full>
                <label class="button attachment-pick">
                    <input id=id type="file" accept=SORTS multiple=several aria-describedby=described on:change=choose/>
                    {t("选择文件", "Choose files")}
                </label>
                <label class="button attachment-pick" data-only="touch">
                    <input type="file" accept="image/jpeg" capture="environment" on:change=camera/>
                    {t("拍照", "Take a photo")}
                </label>
            </div>
            <p class="field-hint" id=limits_id>{limits}</p>
            <p class="field-fault" role="alert">{said}</p>
            <noscript><p class="field-fault">{t("上传文件需要启用 JavaScript。", "Sending files needs JavaScript.")}</p></noscript>
        </div>
    }
}

/// Says to the form which files the server has.
fn put(given: RwSignal<Given>, key: &str, ids: Vec<String>) {
    let ids = ids.join(" ");
    if given.with_untracked(|given| given.get(key).map_or("", String::as_str) != ids) {
        given.update(|given| {
            given.insert(key.to_owned(), ids);
        });
    }
}

impl Item {
    fn new(id: Uuid, name: String, stage: Stage, file: Option<web_sys::File>) -> Item {
        Item {
            id,
            name,
            stage: RwSignal::new(stage),
            file: file.map(|file| Arc::new(SendWrapper::new(file))),
            upload: StoredValue::new(None),
        }
    }

    fn chosen(file: web_sys::File) -> Option<Item> {
        let id = uuid::Builder::from_random_bytes(crypto::random().ok()?).into_uuid();
        let name = pass::attachment::file_name(&file.name());
        Some(Item::new(id, name, Stage::Going(0), Some(file)))
    }

    fn sent_before(id: Uuid) -> Item {
        let file = kept::recall(id).unwrap_or_else(|| File {
            id,
            name: t("之前上传的文件", "A file sent before").to_owned(),
            bytes: 0,
            picture: false,
        });
        Item::new(id, file.name.clone(), Stage::Kept(file), None)
    }

    fn is_kept(&self) -> bool {
        self.stage.with(|stage| matches!(stage, Stage::Kept(_)))
    }

    fn is_kept_untracked(&self) -> bool {
        self.stage.with_untracked(|stage| matches!(stage, Stage::Kept(_)))
    }

    /// Gives it up, where it is on its way.
    fn stop(&self) {
        let _ = self.upload.try_update_value(|upload| {
            if let Some(upload) = upload.take() {
                upload.stop();
            }
        });
    }

    /// Sends it, again under the same id: what arrived the first time is not kept twice.
    fn send(&self, target: Target) {
        let Some(file) = self.file.clone() else { return };
        let item = self.clone();
        self.stage.set(Stage::Going(0));
        leptos::task::spawn_local(async move {
            let head = upload::head(&file, Sort::HEAD).await;
            let stage = item.stage;
            let set = move |to: Stage| {
                // Removed meanwhile, it is nobody's any more.
                let _ = stage.try_set(to);
            };
            if let Err(fault) = looks_good(file.size(), &head, target.max_megabytes) {
                return set(Stage::Failed(AppError::invalid("file", Fault::Attachment(fault))));
            }
            let address = format!(
                "/attachments/{}?kind={}&field={}",
                item.id, target.kind.0, target.key
            );
            let progress = move |percent| {
                set(if percent < 100 {
                    Stage::Going(percent)
                } else {
                    Stage::Checking
                });
            };
            let done = move |answer| set(came(answer));
            let begun = Upload::begin(&address, &item.name, &file, progress, done);
            if begun.is_none() {
                set(Stage::Failed(AppError::Unreachable));
            }
            let _ = item.upload.try_set_value(begun);
        });
    }
}

/// What can be told before a byte is sent: the server decides by the whole file.
fn looks_good(size: f64, head: &[u8], max_megabytes: u8) -> Result<(), AttachmentFault> {
    // A browser that cannot read the beginning sends it all the same.
    if size > 0.0 && !head.is_empty() {
        Sort::taken(head)?;
    }
    if size > f64::from(u32::from(max_megabytes) << 20) {
        return Err(AttachmentFault::TooLarge { max_megabytes });
    }
    if size > 0.0 {
        Ok(())
    } else {
        Err(AttachmentFault::Empty)
    }
}

/// What the server's answer says.
fn came(answer: Answer) -> Stage {
    if answer.status == 200
        && let Ok(file) = serde_json::from_str::<File>(&answer.text)
    {
        kept::remember(&file);
        return Stage::Kept(file);
    }
    let otherwise = if answer.status == 0 {
        AppError::Unreachable
    } else {
        AppError::Internal
    };
    Stage::Failed(serde_json::from_str(&answer.text).unwrap_or(otherwise))
}

/// One file: how far it is, and what can be done with it.
#[component]
fn Sent(item: Item, target: Target, remove: impl Fn(Item) + Clone + Send + 'static) -> impl IntoView {
    let stage = item.stage;
    let (name, about) = (item.name.clone(), item.name.clone());
    let face = move || match stage.get() {
        Stage::Kept(file) if file.picture => {
            view! { <img class="attachment-face" src=file.thumbnail() alt=""/> }.into_any()
        }
        Stage::Kept(_) => view! { <span class="attachment-face" aria-hidden="true">"✓"</span> }.into_any(),
        Stage::Failed(_) => view! { <span class="attachment-face" aria-hidden="true">"!"</span> }.into_any(),
        _ => view! { <span class="attachment-face" aria-hidden="true">"…"</span> }.into_any(),
    };
    let state = move || {
        match stage.get() {
        Stage::Going(percent) => view! {
            <progress max="100" value=percent aria-label=sentences::pick(format!("正在上传 {about}"), format!("Sending {about}"))></progress>
            <span class="quiet">{percent} "%"</span>
        }
        .into_any(),
        Stage::Checking => view! { <span class="quiet">{t("正在检查…", "Being looked at…")}</span> }.into_any(),
        Stage::Kept(file) => view! {
            <span class="quiet">{t("已上传", "Sent")} " " {(file.bytes > 0).then(|| sentences::file_size(file.bytes))}</span>
        }
        .into_any(),
        Stage::Failed(error) => view! { <span class="field-fault" role="alert">{failed(&error)}</span> }.into_any(),
    }
    };
    let again = {
        let item = item.clone();
        move |_| item.send(target.clone())
    };
    let may_repeat =
        move || stage.with(|stage| matches!(stage, Stage::Failed(error) if worth_repeating(error)));
    let going = move || stage.with(|stage| matches!(stage, Stage::Going(_) | Stage::Checking));
    let label = item.name.clone();
    view! {
        <li class="attachment" data-failed=move || stage.with(|stage| matches!(stage, Stage::Failed(_))).then_some("true")>
            {face}
            <span class="attachment-name">{name}</span>
            <span class="attachment-state">{state}</span>
            <span class="attachment-verbs">
                <button type="button" class="button" data-rank="quiet" hidden=move || !may_repeat() on:click=again>{t("重试", "Try again")}</button>
                <button type="button" class="button" data-rank="quiet" on:click=move |_| remove(item.clone())>
                    {move || if going() { t("取消", "Cancel") } else { t("移除", "Remove") }}
                    <span class="visually-hidden">" " {label.clone()}</span>
                </button>
            </span>
        </li>
    }
}

/// Whether sending the same file again may end otherwise.
fn worth_repeating(error: &AppError) -> bool {
    !matches!(error, AppError::Invalid { .. } | AppError::Refused(_))
}

/// Why a file did not arrive, and what to do.
fn failed(error: &AppError) -> String {
    match error {
        AppError::Unreachable => {
            t("网络不通，没有传完，请重试。", "The network failed. Try again.").to_owned()
        }
        error => sentences::error(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_not_be_taken_is_not_sent() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF";
        assert_eq!(looks_good(5.0 * 1_048_576.0, jpeg, 5), Ok(()));
        assert_eq!(
            looks_good(5.0 * 1_048_576.0 + 1.0, jpeg, 5),
            Err(AttachmentFault::TooLarge { max_megabytes: 5 })
        );
        assert_eq!(
            looks_good(10.0, b"\0\0\0\x18ftypheic", 5),
            Err(AttachmentFault::Heic)
        );
        assert_eq!(looks_good(10.0, b"MZ", 5), Err(AttachmentFault::UnknownSort));
        assert_eq!(looks_good(10.0, b"", 5), Ok(()));
        assert_eq!(looks_good(0.0, b"", 5), Err(AttachmentFault::Empty));
    }

    #[test]
    fn an_answer_is_a_file_or_says_why_not() {
        let file = File {
            id: Uuid::nil(),
            name: "a.jpg".into(),
            bytes: 3,
            picture: true,
        };
        let answer = |status, text: String| came(Answer { status, text });
        assert_eq!(
            answer(200, serde_json::to_string(&file).unwrap()),
            Stage::Kept(file)
        );
        let fault = AppError::invalid("file", Fault::Attachment(AttachmentFault::Heic));
        let told = answer(422, serde_json::to_string(&fault).unwrap());
        assert_eq!(told, Stage::Failed(fault.clone()));
        assert_eq!(answer(0, String::new()), Stage::Failed(AppError::Unreachable));
        assert_eq!(answer(502, "<html>".into()), Stage::Failed(AppError::Internal));
        assert!(worth_repeating(&AppError::Unreachable) && !worth_repeating(&fault));
    }
}
