//! The calendar of a form: a day that may be chosen is a radio button, so keys and readers know it well.

use super::strip::{self, Month, Outlook, WEEKDAYS};
use crate::language::t;
use crate::sentences;
use crate::ui::{Notice, Tone};
use jiff::civil::Date;
use leptos::prelude::*;
use pass::kind::PassKind;
use pass::{DayOffer, Offer};

/// What the days come to: which is the next free one, where the first is spent.
#[component]
pub fn NextFree(kind: PassKind, days: Vec<DayOffer>) -> impl IntoView {
    let quota = kind.quota;
    match strip::outlook(&days) {
        Outlook::Open => None,
        Outlook::From(next_free) => Some(Some(next_free)),
        Outlook::None => Some(None),
    }
    .map(|next_free| {
        let any = |picks: fn(&Offer) -> bool| days.iter().any(|one| picks(&one.offer));
        let spent = any(|offer| matches!(offer, Offer::Spent { .. }));
        let words = match quota.filter(|_| spent) {
            Some(quota) => sentences::refusal(&pass::Refusal::QuotaSpent {
                passes: quota.passes,
                days: quota.days,
                next_free,
            }),
            None if any(|offer| *offer == Offer::Full) => t(
                "可选日期的时段都已约满，请过几天再来。",
                "Every slot of the days that may be chosen is taken. Come back in some days.",
            )
            .to_owned(),
            None if any(|offer| *offer == Offer::Late) => t(
                "可选日期都已来不及申请。",
                "It is too late for every day that may be chosen.",
            )
            .to_owned(),
            None => t("可选日期内都不开放。", "No day that may be chosen is open.").to_owned(),
        };
        view! { <Notice tone=Tone::Care>{words}</Notice> }
    })
}

/// The calendar.
#[component]
pub fn Days(
    /// The days on offer.
    days: Vec<DayOffer>,
    /// Today at the site.
    today: Date,
    /// The chosen one.
    chosen: RwSignal<Option<Date>>,
    /// The field's label.
    label: &'static str,
    /// What is wrong with the choice.
    #[prop(into)]
    fault: Signal<Option<String>>,
) -> impl IntoView {
    let months = strip::months(&days);
    // Only what is to be seen is explained; where every day is free, nothing.
    let any = |picks: fn(&Offer) -> bool| days.iter().any(|one| picks(&one.offer));
    let mut marks = vec![
        (
            "spent",
            t("名额已用", "Spent"),
            any(|offer| matches!(offer, Offer::Spent { .. })),
        ),
        (
            "closed",
            t("不开放", "Closed"),
            any(|offer| *offer == Offer::Closed),
        ),
        (
            "late",
            t("来不及", "Too late"),
            any(|offer| *offer == Offer::Late),
        ),
        ("full", t("已约满", "Full"), any(|offer| *offer == Offer::Full)),
    ];
    marks.retain(|(_, _, seen)| *seen);
    view! {
        <fieldset class="field days" data-faulty=move || fault.with(Option::is_some).then_some("true") aria-describedby="first_day-fault">
            <legend>{label}<span class="field-required" aria-hidden="true">"*"</span></legend>
            <div class="days-scroll">
                {months.into_iter().map(|month| view! { <MonthGrid month today chosen/> }).collect_view()}
            </div>
            {(!marks.is_empty()).then(|| view! {
                <p class="days-legend" aria-hidden="true">
                    <span data-offer="free">{t("可选", "Free")}</span>
                    {marks.into_iter().map(|(offer, word, _)| view! { <span data-offer=offer>{word}</span> }).collect_view()}
                </p>
            })}
            <p class="field-fault" id="first_day-fault" role="alert">{fault}</p>
        </fieldset>
    }
}

#[component]
fn MonthGrid(month: Month, today: Date, chosen: RwSignal<Option<Date>>) -> impl IntoView {
    view! {
        <div class="month">
            <p class="month-name">{sentences::month(month.first)}</p>
            <div class="week" aria-hidden="true">
                {WEEKDAYS.map(|day| view! { <span class="weekday">{sentences::weekday(day)}</span> }).collect_view()}
            </div>
            {month.weeks.into_iter().map(|week| view! {
                <div class="week">
                    {week.map(|cell| match cell {
                        Some(offer) => view! { <Day offer today chosen/> }.into_any(),
                        None => view! { <span class="day" data-offer="none"></span> }.into_any(),
                    }).collect_view()}
                </div>
            }).collect_view()}
        </div>
    }
}

#[component]
fn Day(offer: DayOffer, today: Date, chosen: RwSignal<Option<Date>>) -> impl IntoView {
    let DayOffer { day, offer } = offer;
    let (state, mark) = match offer {
        Offer::Free => ("free", ""),
        Offer::Spent { .. } => ("spent", t("已用", "Spent")),
        Offer::Closed => ("closed", t("不开放", "Closed")),
        Offer::Late => ("late", t("来不及", "Too late")),
        Offer::Full => ("full", t("已满", "Full")),
    };
    let is_today = (day == today).then_some(t("今天", "Today"));
    let spoken = [
        Some(sentences::day(day)),
        is_today.map(str::to_owned),
        Some(mark.to_owned()).filter(|mark| !mark.is_empty()),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(t("，", ", "));
    let chosen_at_first = chosen.get_untracked() == Some(day);
    view! {
        <label class="day" data-offer=state>
            <input type="radio" name="first_day" value=day.to_string() required disabled=offer != Offer::Free
                checked=chosen_at_first prop:checked=move || chosen.get() == Some(day)
                aria-label=spoken on:change=move |_| chosen.set(Some(day))/>
            <span class="day-number" aria-hidden="true">{day.day()}</span>
            <span class="day-mark" aria-hidden="true">{is_today.filter(|_| mark.is_empty()).unwrap_or(mark)}</span>
        </label>
    }
}
