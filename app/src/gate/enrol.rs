//! Enrolment: a one-time code from the administrator makes this browser a tablet.

use super::duty::{Duty, Stage};
use super::shell::{Page, Pages};
use super::sync::Standing;
use super::tablet::{self, Checked, Identity, Storage};
use super::wire::{self, Enrol, Failure, Trouble};
use crate::browser::crypto;
use crate::browser::network::{self, Call};
use crate::browser::storage::StorageError;
use crate::language::{say, t};
use crate::sentences::gate;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pass::{GateBundle, PublicKey};
use std::time::Duration;

/// Enrolling waits longer than other calls: somebody stands there, and nothing else goes on.
const LIMIT: Duration = Duration::from_secs(20);

/// Why this browser did not become a tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    NoCode,
    NoNetwork,
    Server(Trouble),
    Storage(StorageError),
}

impl Fault {
    fn words(&self) -> String {
        match self {
            Self::NoCode => t("请输入登记码。", "Enter the code.").to_owned(),
            Self::NoNetwork => t(
                "连不上服务器。登记需要网络，请检查后重试；登记码还没有用掉。",
                "The server cannot be reached. Enrolling needs the network: check it and try again.",
            )
            .to_owned(),
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
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        fault.set(None);
        spawn_local(async move {
            match enrol(duty, &code.get_untracked()).await {
                Ok(()) => pages.go(Page::Scan),
                Err(why) => fault.set(Some(why)),
            }
            pending.try_set(false);
        });
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
            </form>
        </main>
    }
}

/// What this browser is already, where it is something.
#[component]
fn Enrolled(duty: Duty, pages: Pages) -> impl IntoView {
    move || {
        let bundle = duty.bundle.get()?;
        let waiting = match duty.standing() {
            Standing::Waiting { waiting }
            | Standing::Offline { waiting, .. }
            | Standing::ServerRefuses { waiting } => waiting,
            _ => 0,
        };
        let tone = if waiting > 0 { "care" } else { "plain" };
        Some(view! {
            <div class="notice" role="status" data-tone=tone>
                <p>{t("本终端已登记在：", "This tablet is enrolled at: ")}<strong>{say(&bundle.checkpoint.name)}</strong></p>
                <p>{if waiting > 0 {
                    format!("{waiting} {}", t("条记录还没有上传，重新登记会丢失它们。请先联网。", "events are not uploaded; enrolling anew loses them. Connect first."))
                } else {
                    t("重新登记会换成新的终端，并清空本机记录。", "Enrolling anew makes it another tablet and clears its log.").to_owned()
                }}</p>
                <button class="button" on:click=move |_| pages.go(Page::Scan)>{t("返回扫码", "Back to scanning")}</button>
            </div>
        })
    }
}

/// Makes a key, has it enrolled, keeps everything, and goes on duty.
async fn enrol(duty: Duty, code: &str) -> Result<(), Fault> {
    let code = wire::plain_code(code);
    if code.is_empty() {
        return Err(Fault::NoCode);
    }
    let storage = Storage::open().await.map_err(Fault::Storage)?;
    let pair = crypto::generate_key()
        .await
        .map_err(|error| Fault::Storage(error.into()))?;
    let asked = Enrol {
        code,
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
    if answer.status != 200 {
        let failure = serde_json::from_slice::<Failure>(&answer.body);
        return Err(Fault::Server(
            failure.map_or(Trouble::Internal, |failure| failure.error),
        ));
    }
    let malformed = || Fault::Server(Trouble::Malformed);
    let enrolled: wire::Enrolled = serde_json::from_slice(&answer.body).map_err(|_| malformed())?;
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
    duty.stage.set(Stage::Starting);
    duty.take_post(tablet).await.map_err(Fault::Storage)
}
