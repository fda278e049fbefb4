//! The verdict over the whole screen: colour, sign, one word, the reason and the next step.

use super::desk::{Asked, Screen, Told, UNSEEN};
use super::duty::Duty;
use crate::browser;
use crate::language::{say, t};
use crate::sentences::{self, gate};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pass::{Caution, GateBundle, GateRefusal, Seen, Uses};
use std::sync::Arc;

/// What is shown over the camera's picture; nothing while looking.
#[component]
pub fn VerdictView(duty: Duty) -> impl IntoView {
    move || {
        let screen = duty.screen.get();
        let tone = screen.tone()?;
        let bundle = duty.bundle.get_untracked()?;
        let sign = match tone {
            super::desk::Tone::Admit => "✓",
            super::desk::Tone::Refuse => "✕",
            super::desk::Tone::Caution => "!",
        };
        let inside = match screen {
            Screen::Looking => return None,
            Screen::Asking(asked) => view! { <Question duty asked bundle=bundle.clone()/> }.into_any(),
            Screen::Telling(told) => view! { <Answer duty told bundle=bundle.clone()/> }.into_any(),
        };
        Some(view! {
            <section class="verdict" role="alert" data-verdict=tone.as_str()>
                <div class="verdict-head">
                    <span class="verdict-sign" aria-hidden="true">{sign}</span>
                    <strong class="verdict-word">{gate::verdict_word(tone)}</strong>
                </div>
                <div class="verdict-body">{inside}</div>
            </section>
        })
    }
}

/// What the guard is to look at, and the two answers.
#[component]
fn Question(duty: Duty, asked: Asked, bundle: Arc<GateBundle>) -> impl IntoView {
    let cautions = asked
        .cautions
        .iter()
        .map(|caution| gate::caution(caution, &bundle));
    let cautions = cautions
        .map(|advice| view! { <p class="verdict-reason">{advice.reason}</p><p>{advice.next}</p> })
        .collect_view();
    let to_check: Vec<_> = asked
        .seen
        .to_check()
        .into_iter()
        .map(|check| gate::to_check(check, asked.seen.document))
        .collect();
    let look = (!to_check.is_empty()).then(|| {
        let lines = to_check
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view();
        view! {
            <div class="verdict-look">
                <p id="verdict-look">{t("请逐项核对，放行即表示均已确认：", "Check each. To admit is to confirm them all:")}</p>
                <ul role="list" aria-labelledby="verdict-look">{lines}</ul>
            </div>
        }
    });
    let is_only_asked = asked.cautions.is_empty();
    // A tap that was meant for the question before it must not answer this one.
    let is_seen = RwSignal::new(false);
    spawn_local(async move {
        browser::sleep(UNSEEN).await;
        is_seen.try_set(true);
    });
    let number = asked.number;
    let answer = move |agreed| move |_| spawn_local(duty.decide(agreed, number));
    view! {
        {is_only_asked.then(|| view! { <p class="verdict-reason">{t("验证通过，请核对本人后决定。", "Verified. Check the person, then decide.")}</p> })}
        {cautions}
        {look}
        <Facts seen=asked.seen bundle/>
        <div class="verdict-answers">
            <button class="button" data-answer="admit" disabled=move || !is_seen.get() on:click=answer(true)>{t("放行", "Admit")}<kbd>"F8"</kbd></button>
            <button class="button" data-answer="refuse" disabled=move || !is_seen.get() on:click=answer(false)>{t("不放行", "Do not admit")}<kbd>"F9"</kbd></button>
        </div>
    }
}

/// What was decided, and why.
#[component]
fn Answer(duty: Duty, told: Told, bundle: Arc<GateBundle>) -> impl IntoView {
    let is_number = matches!(told, Told::Refused(GateRefusal::NumberOnly { .. }, _));
    let body = match told {
        Told::Admitted(seen) => {
            let again = (seen.uses == Uses::Many && seen.times_today > 0)
                .then(|| format!("{} {}", t("今日第", "Today no."), seen.times_today + 1) + t(" 次", ""));
            let half = (seen.uses == Uses::Pair).then(|| gate::half_taken(bundle.checkpoint.direction));
            let look = gate::document(seen.document);
            view! {
                <p class="verdict-reason">{t("验证通过", "Verified")}{again.map(|again| format!(" · {again}"))}</p>
                {half.map(|half| view! { <p>{half}</p> })}
                <Facts seen bundle/>
                {look.map(|document| view! { <p class="verdict-look">{t("应携带：", "Carries: ")}{document}</p> })}
            }
            .into_any()
        }
        Told::Refused(why, seen) => {
            let advice = gate::gate_refusal(&why, &bundle);
            let clock = pass::verify::clock_behind(&bundle, duty.now());
            let clock = clock.map(|caution: Caution| gate::caution(&caution, &bundle).reason);
            view! {
                <p class="verdict-reason">{advice.reason}</p>
                <p class="verdict-next">{advice.next}</p>
                {clock.map(|reason| view! { <p>{reason}</p> })}
                {seen.map(|seen| view! { <Facts seen bundle/> })}
            }
            .into_any()
        }
        Told::ByGuard(seen) => view! {
            <p class="verdict-reason">{t("已登记：门卫不放行。", "Noted: turned away by the guard.")}</p>
            <Facts seen bundle/>
        }
        .into_any(),
        Told::NotStored(cause) => view! {
            <p class="verdict-reason">{t("记录没有保存成功，不能凭此放行。", "It could not be stored, so nobody is admitted on it.")}</p>
            <p class="verdict-next">{t("请重试；仍不行请用纸质登记，并报告管理员。", "Try again. If that fails register on paper and tell the administrator.")}</p>
            <p>{cause}</p>
        }
        .into_any(),
    };
    view! {
        {body}
        <button class="button verdict-on" data-number=is_number.then_some("") on:click=move |_| duty.look()>{t("继续扫码", "Go on")}</button>
    }
}

/// What the pass says: the name masked, the kind, the dates, the number.
#[component]
fn Facts(seen: Seen, bundle: Arc<GateBundle>) -> impl IntoView {
    let (first, last, hours) = bundle.zone.span(seen.valid_from, seen.valid_until);
    let days = sentences::days_and_hours(first, last, hours);
    view! {
        <dl class="verdict-facts">
            <dt>{t("姓名", "Name")}</dt>
            <dd class="verdict-name">{seen.name}</dd>
            <dt>{t("类型", "Kind")}</dt>
            <dd>{say(&seen.title)}</dd>
            <dt>{t("有效期", "Valid")}</dt>
            <dd>{days}</dd>
            <dt>{t("通行证号", "Pass number")}</dt>
            <dd>{seen.number.to_string()}</dd>
        </dl>
    }
}
