//! Enrolment: a one-time code from the administrator makes this browser a tablet.
//!
//! What was there before is cleared by that, so everything that waits is uploaded first, under the old name. Where that cannot be done
//! the guard is told how many events would be lost, and nothing happens before they were given up by that number.

use super::duty::{Duty, Stage};
use super::post::Post;
use super::shell::{Page, Pages};
use super::sync::Progress;
use super::tablet::{self, Checked, Identity, Storage};
use super::upload;
use super::wire::{self, Enrol, Failure, Trouble};
use crate::browser::crypto::KeyPair;
use crate::browser::network::{self, Call};
use crate::browser::storage::StorageError;
use crate::language::{say, t};
use crate::sentences::gate;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pass::{GateBundle, PublicKey};
use std::cell::Cell;
use std::time::Duration;

/// Enrolling waits longer than other calls: somebody stands there, and nothing else goes on.
const LIMIT: Duration = Duration::from_secs(20);

/// Why this browser did not become a tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    NoCode,
    NoNetwork,
    /// So many events would be lost.
    Unsent(u64),
    Server(Trouble),
    Storage(StorageError),
}

impl Fault {
    fn words(&self) -> String {
        match self {
            Self::NoCode => t("请输入登记码。", "Enter the code.").to_owned(),
            Self::NoNetwork => t(
                "没有收到服务器的答复。登记需要网络，请检查后用同一个登记码重试，不会多用一个登记码。",
                "The server did not answer. Enrolling needs the network: check it and try again with the same code. No second code is used up.",
            )
            .to_owned(),
            Self::Unsent(waiting) => crate::sentences::pick(
                format!("本机还有 {waiting} 条记录没有上传，重新登记会丢失它们。请先联网，等全部上传后再登记。"),
                format!("{waiting} events of this tablet are not uploaded, and enrolling anew loses them. Connect first, and enrol when all are uploaded."),
            ),
            Self::Server(trouble) => gate::enrol_trouble(*trouble).to_owned(),
            Self::Storage(StorageError(cause)) => {
                format!(
                    "{} ({cause})",
                    t(
                        "浏览器不能保存密钥。请不要使用无痕模式，并用 https 网址打开。",
                        "The browser cannot keep the key. Do not use a private window, and open the page by https."
                    )
                )
            }
        }
    }
}

/// The enrolment page.
#[component]
pub fn EnrolPage(duty: Duty, pages: Pages) -> impl IntoView {
    // The code stands behind the `#` of the link that the administrator shows: it never reaches a server's log.
    let from_link = window().location().hash().unwrap_or_default();
    let code = RwSignal::new(from_link.trim_start_matches('#').to_owned());
    let fault = RwSignal::new(None::<Fault>);
    let pending = RwSignal::new(false);
    let begin = move |given_up: u64| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        fault.set(None);
        spawn_local(async move {
            match enrol(duty, &code.get_untracked(), given_up).await {
                Ok(()) => pages.go(Page::Scan),
                Err(why) => {
                    fault.try_set(Some(why));
                }
            }
            pending.try_set(false);
        });
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        begin(0);
    };
    let unsent = move || fault.with(|fault| matches!(fault, Some(Fault::Unsent(_))));
    let give_up = move |_| {
        if let Some(Fault::Unsent(waiting)) = fault.get_untracked() {
            begin(waiting);
        }
    };
    view! {
        <main class="gate-notice">
            <h1>{t("登记本终端", "Enrol this tablet")}</h1>
            <Enrolled duty pages/>
            <form class="form" on:submit=submit autocomplete="off">
                <div class="field" data-faulty=move || fault.with(Option::is_some).then_some("")>
                    <label for="code">{t("登记码", "Enrolment code")}</label>
                    <input id="code" name="code" type="text" class="gate-code" maxlength="20" autocapitalize="characters" spellcheck="false"
                        placeholder="XXXX-XXXX" aria-describedby="code-hint code-fault"
                        prop:value=code on:input=move |event| code.set(event_target_value(&event))/>
                    <p class="field-hint" id="code-hint">{t(
                        "请管理员在“管理 → 核验终端”里生成。只能用一次，15 分钟内有效。",
                        "An administrator makes it under Administration → Tablets. It works once, within 15 minutes.",
                    )}</p>
                    <p class="field-fault" id="code-fault" role="alert">{move || fault.with(|fault| fault.as_ref().map(Fault::words))}</p>
                </div>
                <button class="button" type="submit" data-rank="first" disabled=move || pending.get()>
                    {move || if pending.get() { t("正在登记…", "Enrolling…") } else { t("登记", "Enrol") }}
                </button>
                <Show when=unsent>
                    <button class="button" type="button" data-rank="danger" on:click=give_up>
                        {t("放弃这些记录，仍然登记", "Lose these events and enrol")}
                    </button>
                </Show>
            </form>
        </main>
    }
}

/// What this browser is already, where it is something.
#[component]
fn Enrolled(duty: Duty, pages: Pages) -> impl IntoView {
    move || {
        let bundle = duty.bundle.get()?;
        let waiting = duty.sync.with(|sync| sync.waiting);
        let tone = if waiting > 0 { "care" } else { "plain" };
        Some(view! {
            <div class="notice" role="status" data-tone=tone>
                <p>{t("本终端已登记在：", "This tablet is enrolled at: ")}<strong>{say(&bundle.checkpoint.name)}</strong></p>
                <p>{if waiting > 0 {
                    format!("{waiting} {}", t("条记录还没有上传。重新登记会先上传它们，请先联网。", "events are not uploaded. Enrolling anew uploads them first: connect before."))
                } else {
                    t("重新登记会换成新的终端，并清空本机记录。", "Enrolling anew makes it another tablet and clears its log.").to_owned()
                }}</p>
                <button class="button" on:click=move |_| pages.go(Page::Scan)>{t("返回扫码", "Back to scanning")}</button>
            </div>
        })
    }
}

/// Uploads what waits, has a key enrolled, keeps everything, and goes on duty. `given_up` is how many events the guard has agreed to
/// lose.
async fn enrol(duty: Duty, code: &str, given_up: u64) -> Result<(), Fault> {
    let code = wire::plain_code(code);
    if code.is_empty() {
        return Err(Fault::NoCode);
    }
    let storage = Storage::open().await.map_err(Fault::Storage)?;
    // Nothing else is under way with the old name, neither a call nor an event, until there is a new one.
    let line = duty.line();
    let _line = line.lock().await;
    let post = duty.post();
    let _turn = match &post {
        Some(post) => Some(post.turn.lock().await),
        None => None,
    };
    let waiting = upload_rest(duty, &storage, post.as_deref())
        .await
        .map_err(Fault::Storage)?;
    if waiting > given_up {
        return Err(Fault::Unsent(waiting));
    }
    let (enrolled, pair) = introduce(&storage, &code).await?;
    let malformed = || Fault::Server(Trouble::Malformed);
    let issuers = tablet::issuers(&enrolled.issuers).ok_or_else(malformed)?;
    let bytes = wire::from_text(&enrolled.bundle).ok_or_else(malformed)?;
    GateBundle::open(&bytes, &issuers).map_err(|_| malformed())?;
    let key = PublicKey::from_sec1(&pair.public).map_err(|_| malformed())?;
    let identity = Identity {
        tablet: enrolled.tablet,
        key,
    };
    let checked = Checked {
        bytes: &bytes,
        issuers: &issuers,
    };
    let tablet = storage
        .become_tablet(identity, pair.private, checked)
        .await
        .map_err(Fault::Storage)?;
    duty.take_post(tablet).await.map_err(|error| {
        duty.stage.set(Stage::Broken(error.0.clone()));
        Fault::Storage(error)
    })
}

/// Uploads what the tablet of before has left, also one whose log cannot be read any more. Returns how much of it waits still.
async fn upload_rest(duty: Duty, storage: &Storage, post: Option<&Post>) -> Result<u64, StorageError> {
    // Whatever keeps it from succeeding: what counts is what is left.
    if let Some(post) = post {
        let _ = upload::upload(duty, &post.tablet, &post.progress).await;
        let acknowledged = post.progress.get().acknowledged();
        return post.tablet.events_after(acknowledged).await;
    }
    let waiting = storage.waiting().await?;
    match storage.tablet().await? {
        Some(before) if waiting > 0 => {
            let progress = Cell::new(Progress::new(before.acknowledged().await?));
            let _ = upload::upload(duty, &before, &progress).await;
            before.events_after(progress.get().acknowledged()).await
        }
        _ => Ok(waiting),
    }
}

/// Has the server enrol the key that is kept for it. A key that turns out to be a tablet's already makes way for another, once.
async fn introduce(storage: &Storage, code: &str) -> Result<(wire::Enrolled, KeyPair), Fault> {
    for last in [false, true] {
        let pair = storage.candidate().await.map_err(Fault::Storage)?;
        let asked = Enrol {
            code: code.to_owned(),
            public_key: wire::to_text(&pair.public),
        };
        let body = serde_json::to_vec(&asked).map_err(|_| Fault::Server(Trouble::Malformed))?;
        let call = Call {
            method: "POST",
            path: "/api/gate/v1/enrol",
            body: &body,
            authorization: None,
            limit: LIMIT,
        };
        let answer = network::call(call).await.map_err(|_| Fault::NoNetwork)?;
        if answer.status == 200 {
            let enrolled = serde_json::from_slice(&answer.body);
            return enrolled
                .map(|enrolled| (enrolled, pair))
                .map_err(|_| Fault::Server(Trouble::Malformed));
        }
        let failure = serde_json::from_slice::<Failure>(&answer.body);
        match failure.map_or(Trouble::Internal, |failure| failure.error) {
            Trouble::BadKey if !last => storage.forget_candidate().await.map_err(Fault::Storage)?,
            trouble => return Err(Fault::Server(trouble)),
        }
    }
    Err(Fault::Server(Trouble::BadKey))
}
