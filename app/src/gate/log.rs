//! The admission log on the tablet: today's events, newest first, and taking a mistake back.

use super::duty::Duty;
use super::journal::Entry;
use super::sync::Standing;
use crate::browser::storage::StorageError;
use crate::language::{say, t};
use crate::sentences::gate;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pass::{EventId, GateBundle, What};
use std::sync::Arc;

/// How many lines are shown at first, and how many more each time.
const PAGE: usize = 100;

/// Which events are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    All,
    Admitted,
    Refused,
    Voided,
}

impl Filter {
    const ALL: [Self; 4] = [Self::All, Self::Admitted, Self::Refused, Self::Voided];

    fn name(self) -> &'static str {
        match self {
            Self::All => t("全部", "All"),
            Self::Admitted => t("放行", "Admitted"),
            Self::Refused => t("拒绝", "Refused"),
            Self::Voided => t("撤销", "Voided"),
        }
    }

    fn takes(self, entry: &Entry) -> bool {
        match self {
            Self::All => true,
            Self::Admitted => entry.event.what.lets_pass(),
            Self::Refused => matches!(entry.event.what, What::Refused { .. }),
            Self::Voided => matches!(entry.event.what, What::Voided { .. }),
        }
    }
}

/// The log.
#[component]
pub fn LogPage(duty: Duty) -> impl IntoView {
    let filter = RwSignal::new(Filter::All);
    let asked = RwSignal::new(None::<EventId>);
    let most = RwSignal::new(PAGE);
    let failed = RwSignal::new(None::<StorageError>);
    let today = Memo::new(move |_| {
        let Some(bundle) = duty.bundle.get() else {
            return vec![];
        };
        let today = bundle.zone.day_of(duty.now());
        let mut lines = duty.log();
        lines.retain(|(entry, _)| bundle.zone.day_of(entry.event.at) == today);
        lines
    });
    let count =
        move |one: Filter| today.with(|lines| lines.iter().filter(|(entry, _)| one.takes(entry)).count());
    let lines = move || {
        let (bundle, filter) = (duty.bundle.get()?, filter.get());
        let mut lines = today.get();
        lines.retain(|(entry, _)| filter.takes(entry));
        lines.truncate(most.get());
        Some(if lines.is_empty() {
            view! { <li class="empty">{t("今天还没有这类记录。", "Nothing of this sort today.")}</li> }
                .into_any()
        } else {
            lines
                .into_iter()
                .map(|(entry, voidable)| view! { <Line duty entry voidable asked failed bundle=bundle.clone()/> })
                .collect_view()
                .into_any()
        })
    };
    view! {
        <main class="gate-log">
            <h1>{t("今日通行记录", "Today's log")}</h1>
            <Uploads duty/>
            {move || failed.get().map(|StorageError(cause)| view! {
                <div class="notice" data-tone="bad" role="alert">
                    <p>{t(
                        "撤销没有保存成功，这次放行仍然有效。请重试；仍不行请记在纸上，并报告管理员。",
                        "It could not be stored, so that admission still stands. Try again. If that fails note it on paper and tell the administrator.",
                    )}</p>
                    <p>{cause}</p>
                </div>
            })}
            <div class="tabs" role="group" aria-label=t("筛选", "Filter")>
                {Filter::ALL.map(|one| view! {
                    <button class="button" aria-pressed=move || (filter.get() == one).to_string() on:click=move |_| filter.set(one)>
                        {one.name()} " " {move || count(one)}
                    </button>
                })}
            </div>
            <ul class="gate-lines">{lines}</ul>
            <Show when=move || { count(filter.get()) > most.get() }>
                <button class="button" on:click=move |_| most.update(|most| *most += PAGE)>{t("更早的", "Earlier")}</button>
            </Show>
        </main>
    }
}

/// In words whether everything is with the server.
#[component]
fn Uploads(duty: Duty) -> impl IntoView {
    let words = move || match duty.standing() {
        Standing::Done => t(
            "本机的全部记录都已在服务器上。",
            "Everything in this log is with the server.",
        )
        .to_owned(),
        _ => duty
            .bundle
            .with(|bundle| duty.sync.with(|sync| gate::standing(sync, bundle.as_deref()).1)),
    };
    view! { <p class="quiet">{words}</p> }
}

/// One event.
#[component]
fn Line(
    duty: Duty,
    entry: Entry,
    voidable: bool,
    asked: RwSignal<Option<EventId>>,
    failed: RwSignal<Option<StorageError>>,
    bundle: Arc<GateBundle>,
) -> impl IntoView {
    let Entry {
        event,
        checkpoint,
        title,
        ..
    } = entry;
    let id = event.id;
    let tone = match event.what {
        What::Admitted | What::Overridden { .. } => "admit",
        What::Refused { .. } => "refuse",
        What::Voided { .. } => "void",
    };
    let at = gate::site_time(&bundle, event.at);
    let why = match &event.what {
        What::Refused { code } | What::Overridden { code } => Some(gate::refusal_code(code)),
        What::Admitted | What::Voided { .. } => None,
    };
    let checks = (!event.checks.is_empty()).then(|| format!(" · {}", gate::checks(&event.checks)));
    let number = event.number.map(|number| format!("№ {number}"));
    let void = move |_| {
        asked.set(None);
        spawn_local(async move {
            failed.try_set(duty.void(id).await.err());
        });
    };
    view! {
        <li class="gate-line" data-verdict=tone>
            <time>{format!("{}:{:02}", gate::clock(at), at.second())}</time>
            <strong class="gate-what">{gate::what(&event.what)}</strong>
            <span class="gate-who">{event.name} " " {title.map(|title| say(&title))} " " {number}</span>
            <span class="gate-why">{why} " " {say(&checkpoint)} {checks}</span>
            {voidable.then(|| view! {
                <Show when=move || asked.get() == Some(id) fallback=move || view! {
                    <button class="button" on:click=move |_| asked.set(Some(id))>{t("误放行，撤销", "Take back")}</button>
                }>
                    <span class="gate-sure">
                        {t("确定撤销这次放行？", "Take this admission back?")}
                        <button class="button" data-rank="danger" on:click=void>{t("撤销", "Take back")}</button>
                        <button class="button" on:click=move |_| asked.set(None)>{t("保留", "Keep")}</button>
                    </span>
                </Show>
            })}
        </li>
    }
}
