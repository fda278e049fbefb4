//! The page of one pass. Rendered in the browser only: from what the device keeps, then from the server where it answers.

use super::api;
use super::code::{Code, Standing};
use super::kept;
use super::square::Square;
use crate::browser;
use crate::error::AppError;
use crate::gate::sync::skew;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::newer::NewerNotice;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use pass::kind::{Document, Uses};
use std::time::Duration;

/// How often the server is asked anew while the code is shown: a use or a revocation shows up.
const ASK_EVERY_SECONDS: u32 = 15;

/// A difference of clocks is believed when the call took no longer.
const QUICK: SignedDuration = SignedDuration::from_secs(5);

/// What came of asking the server.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    /// It has not answered yet.
    Waiting,
    /// It has.
    Told,
    /// It could not, or would not.
    Failed(AppError),
}

/// What the page knows.
#[derive(Clone, Copy)]
struct Known {
    /// The pass.
    code: RwSignal<Option<Code>>,
    /// When the server told the latest of it. Apart from the pass, so that the hour of an answer alone draws no picture anew.
    told_at: StoredValue<Option<Timestamp>>,
    /// What came of asking last.
    asked: RwSignal<Asked>,
    /// The time, as right as it is known here.
    now: RwSignal<Timestamp>,
    /// The server's clock less the phone's, once the server has been heard.
    skew: RwSignal<Option<SignedDuration>>,
}

impl Known {
    fn kept(number: Option<u32>) -> Self {
        let code = number.and_then(kept::load);
        Self {
            told_at: StoredValue::new(code.as_ref().map(|code| code.told_at)),
            code: RwSignal::new(code),
            asked: RwSignal::new(Asked::Waiting),
            now: RwSignal::new(browser::now()),
            skew: RwSignal::new(None),
        }
    }

    fn tick(self) {
        let device = browser::now();
        let skew = self.skew.get_untracked().unwrap_or_default();
        self.now.set(device.checked_add(skew).unwrap_or(device));
    }

    fn clock_is_right(self) -> bool {
        self.skew.with(Option::is_some)
    }
}

/// The page.
#[component]
pub fn PassShell() -> impl IntoView {
    let number = number();
    let known = Known::kept(number);
    let Known { code, asked, now, .. } = known;
    if let Some(number) = number {
        ask_now_and_then(number, known);
        browser::wake::stay_awake();
    }
    view! {
        <NewerNotice/>
        <main class="pass" data-standing=move || code.with(|code| code.as_ref().map(|code| code.standing(now.get()).as_str()))>
            {move || match (number, code.get()) {
                (None, _) => view! { <Nothing error=AppError::NotFound/> }.into_any(),
                (_, Some(code)) => view! { <Shown code known/> }.into_any(),
                (_, None) => match asked.get() {
                    Asked::Failed(error) => view! { <Nothing error/> }.into_any(),
                    _ => view! { <p class="pass-wait" role="status">{t("正在打开通行码…", "Opening the code…")}</p> }.into_any(),
                },
            }}
        </main>
    }
}

/// The pass itself.
#[component]
fn Shown(code: Code, known: Known) -> impl IntoView {
    let Known { now, asked, .. } = known;
    let standing = {
        let code = code.clone();
        Memo::new(move |_| code.standing(now.get()))
    };
    let link = code.link();
    let shows_code = Memo::new(move |_| standing.get().shows_code(known.clock_is_right()));
    let square = Memo::new(move |_| shows_code.get().then(|| Square::of(&link)).flatten());
    let clock = {
        let zone = code.zone.clone();
        move || sentences::clock(zone.time_zone().to_datetime(now.get()))
    };
    let (head, days) = (code.clone(), sentences::days(code.first_day, code.last_day));
    let facts = code.clone();
    let half = facts.half_used_at.map(|at| {
        let at = sentences::instant(facts.zone.time_zone().to_datetime(at));
        sentences::pick(
            format!("{at}，还可通行一次"),
            format!("{at}; the other is still there"),
        )
    });
    view! {
        <header class="pass-head">
            <a href="/applications" class="pass-back" aria-label=t("返回我的申请", "Back to my applications")>"←"</a>
            <div>
                <h1>{say(&head.title)}</h1>
                <p>{say(&head.site_name)}</p>
            </div>
            <p class="pass-clock" role="timer" aria-label=t("现在时间", "Time now")>{clock}</p>
        </header>
        <p class="pass-standing" role="status">{
            let code = code.clone();
            move || words(&code, standing.get())
        }</p>
        {move || square.get().map(|square| view! { <Picture square/> })}
        {move || (shows_code.get() && standing.get() == Standing::Over).then(|| view! {
            <p class="pass-next">{t(
                "这是按本机时间判断的，本机时间可能不准。仍可出示，由门岗终端核验。",
                "That is by this phone's clock, which may be wrong. Show the code all the same: the gate's tablet decides.",
            )}</p>
        })}
        {move || (!shows_code.get()).then(|| view! {
            <p class="pass-next"><a class="button" data-rank="first" href="/apply">{t("重新申请", "Apply again")}</a></p>
        })}
        <dl class="pass-facts">
            <dt>{t("持有人", "Holder")}</dt><dd>{facts.name}</dd>
            <dt>{t("通行日期", "For")}</dt><dd>{days}</dd>
            <dt>{t("次数", "Entries")}</dt><dd>{uses(facts.uses)}</dd>
            {half.map(|half| view! { <dt>{t("已用一次", "One used")}</dt><dd>{half}</dd> })}
            <dt>{t("证号", "Number")}</dt><dd>{facts.number}</dd>
            {(facts.document != Document::None).then(|| view! { <dt>{t("携带", "Bring")}</dt><dd>{sentences::document(facts.document)}</dd> })}
        </dl>
        <p class="pass-hint">
            {move || asked.with(|asked| match asked {
                Asked::Failed(error) => not_asked(error),
                _ => t("请把屏幕亮度调到最高，距镜头约 30 厘米。", "Turn the brightness up and hold it about 30 cm away."),
            })}
        </p>
    }
}

/// Why the latest state is not known, and what that means for the code on the screen.
fn not_asked(error: &AppError) -> &'static str {
    match error {
        AppError::SignInNeeded => t(
            "登录已过期，通行码仍可使用。联网后请重新登录以查看最新状态。",
            "Your sign-in has ended; the code still works. Sign in again to see its latest state.",
        ),
        AppError::Unreachable => t(
            "当前没有网络，通行码照常可用。",
            "No network: the code works all the same.",
        ),
        AppError::Outdated => t(
            "本页已有新版本，请重新打开本页以查看最新状态。通行码照常可用。",
            "This page is out of date: open it anew to see the latest state. The code works all the same.",
        ),
        AppError::TooMany { .. } => t(
            "查询太频繁，稍后会再查最新状态。通行码照常可用。",
            "Asked too often; the latest state is asked for again later. The code works all the same.",
        ),
        _ => t(
            "服务器出错，暂时查不到最新状态。通行码照常可用。",
            "Something is broken on the server: the latest state is not known. The code works all the same.",
        ),
    }
}

/// The code's picture, as large as the screen allows.
#[component]
fn Picture(square: Square) -> impl IntoView {
    let side = square.side;
    view! {
        <svg class="pass-code" role="img" aria-label=t("通行码，请让门岗扫描", "The code, for the guard to scan") data-version=square.version
            viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
            <rect width=side height=side fill="#fff"/>
            <path d=square.path fill="#000"/>
        </svg>
    }
}

/// In place of a pass: why there is none, and what to do next.
#[component]
fn Nothing(error: AppError) -> impl IntoView {
    let (words, href, name) = match &error {
        AppError::SignInNeeded => (
            t("请先登录，再查看通行码。", "Sign in to see the code."),
            format!("/sign-in?next={}", sentences::url_part(&path())),
            t("登录", "Sign in"),
        ),
        AppError::NotFound => (
            t(
                "没有这张通行证，或它不属于您的账号。",
                "There is no such pass, or it belongs to another account.",
            ),
            "/applications".to_owned(),
            t("我的申请", "My applications"),
        ),
        AppError::Unreachable => (
            t(
                "没有网络，而这张通行码还没有在本机打开过。请联网后打开一次，之后没有网络也能出示。",
                "There is no network, and this code was never opened on this device. Open it once with a network; from then on it works without.",
            ),
            path(),
            t("重试", "Try again"),
        ),
        _ => (
            t(
                "通行码暂时打不开，请稍后重试。",
                "The code cannot be opened now. Try again soon.",
            ),
            path(),
            t("重试", "Try again"),
        ),
    };
    view! {
        <div class="pass-nothing" role="alert">
            <h1>{t("我的通行码", "My code")}</h1>
            <p>{words}</p>
            <p><a class="button" data-rank="first" href=href>{name}</a></p>
        </div>
    }
}

/// How the pass stands, in words.
fn words(code: &Code, standing: Standing) -> String {
    let at = |at: Timestamp| sentences::instant(code.zone.time_zone().to_datetime(at));
    match standing {
        Standing::NotYet => sentences::pick(
            format!("未到通行日，{} 起有效", sentences::day(code.first_day)),
            format!("Not yet: valid from {}", sentences::day(code.first_day)),
        ),
        Standing::Valid if code.first_day == code.last_day => t("今日有效", "Valid today").to_owned(),
        Standing::Valid => sentences::pick(
            format!("有效，至 {}", sentences::day(code.last_day)),
            format!("Valid until {}", sentences::day(code.last_day)),
        ),
        Standing::Over => sentences::pick(
            format!("已过期（{}）", sentences::day(code.last_day)),
            format!("Over since {}", sentences::day(code.last_day)),
        ),
        Standing::Used(_) if code.uses == Uses::Pair => {
            t("出入各一次，均已使用", "Both the entry and the exit were used").to_owned()
        }
        Standing::Used(used) => {
            sentences::pick(format!("已于 {} 使用", at(used)), format!("Used on {}", at(used)))
        }
        Standing::Revoked(revoked) => sentences::pick(
            format!("已于 {} 作废", at(revoked)),
            format!("Revoked on {}", at(revoked)),
        ),
    }
}

fn uses(uses: Uses) -> &'static str {
    match uses {
        Uses::Once => t("单次，仅限 1 人", "Once, one person"),
        Uses::Pair => t("出入各一次，仅限 1 人", "Once in and once out, one person"),
        Uses::Many => t("有效期内多次，仅限本人", "Many, the holder only"),
    }
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The number at the end of the address.
fn number() -> Option<u32> {
    path().trim_end_matches('/').rsplit('/').next()?.parse().ok()
}

/// Moves the clock each second, and asks the server at once and then every now and then while the page is looked at.
fn ask_now_and_then(number: u32, known: Known) {
    leptos::task::spawn_local(async move {
        let mut seconds = 0;
        loop {
            if seconds % ASK_EVERY_SECONDS == 0 && !browser::hidden() {
                leptos::task::spawn_local(ask(number, known));
            }
            browser::sleep(Duration::from_secs(1)).await;
            seconds += 1;
            known.tick();
        }
    });
}

/// Asks the server how the pass stands, and keeps the answer.
async fn ask(number: u32, known: Known) {
    let began = browser::now();
    match api::load_code(number).await {
        Ok(fresh) => {
            known.asked.set(Asked::Told);
            if !fresh.is_news_after(known.told_at.get_value()) {
                return;
            }
            known.told_at.set_value(Some(fresh.told_at));
            let ended = browser::now();
            if ended.duration_since(began).abs() < QUICK {
                known.skew.set(Some(skew(fresh.told_at, began, ended)));
                known.tick();
            }
            kept::save(&fresh);
            let is_same = known.code.with_untracked(|shown| {
                shown.as_ref().is_some_and(|shown| {
                    Code {
                        told_at: fresh.told_at,
                        ..shown.clone()
                    } == fresh
                })
            });
            if !is_same {
                known.code.set(Some(fresh));
            }
        }
        Err(error) => {
            // Another account's pass has no place on this screen.
            if error == AppError::NotFound {
                kept::forget(number);
                known.code.set(None);
            }
            known.asked.set(Asked::Failed(error));
        }
    }
}
