//! What narrows the list: its states and its range of days. All of it are links, so that it works before the page has come to life.

use super::wanted::Wanted;
use crate::language::t;
use crate::sentences;
use jiff::civil::Date;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Period;
use pass::application::State;

/// All, and each state, in the notice's order, with its name.
fn states() -> Vec<(Option<State>, &'static str)> {
    let each = State::ALL
        .into_iter()
        .map(|state| (Some(state), sentences::state(state)));
    [(None, t("全部", "All"))].into_iter().chain(each).collect()
}

/// The states as a menu, where there is little room: 全部 ▾.
#[component]
pub fn StateMenu(wanted: Memo<Wanted>) -> impl IntoView {
    let current = move || wanted.with(|wanted| wanted.state.map_or(t("全部", "All"), sentences::state));
    view! {
        <details class="menu only-phone">
            <summary class="button">
                <span class="visually-hidden">{t("按状态筛选：", "By state: ")}</span>
                {current} <span aria-hidden="true">" ▾"</span>
            </summary>
            <nav class="menu-body" aria-label=t("按状态筛选", "By state") on:click=close_menu>
                {states().into_iter().map(|(state, name)| view! {
                    <a href=move || wanted.with(|wanted| wanted.in_state(state).address())
                        aria-current=move || wanted.with(|wanted| wanted.state == state).then_some("page")>{name}</a>
                }).collect_view()}
            </nav>
        </details>
    }
}

/// Closes the menu that a choice was made in.
fn close_menu(event: MouseEvent) {
    use leptos::web_sys::Element;
    use wasm_bindgen::JsCast;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(menu) = target.and_then(|target| target.closest("details").ok().flatten()) {
        // An attribute that is not there is gone already.
        let _ = menu.remove_attribute("open");
    }
}

/// The states as tabs, on a PC.
#[component]
pub fn StateTabs(wanted: Wanted) -> impl IntoView {
    view! {
        <nav class="tabs only-pc" aria-label=t("状态", "State")>
            {states().into_iter().map(|(state, name)| {
                let here = (wanted.state == state).then_some("page");
                view! { <a href=wanted.in_state(state).address() aria-current=here>{name}</a> }
            }).collect_view()}
        </nav>
    }
}

/// The range of days, and the steps to the one before and after. On a phone it is there only while it narrows the list.
#[component]
pub fn RangeControl(
    /// What is asked for.
    wanted: Wanted,
    /// The days of the range, where there is one.
    span: Option<(Date, Date)>,
    /// Today at the site.
    today: Date,
) -> impl IntoView {
    // The range that today lies in is `Some(period)` without a day.
    let is_now = span.is_none_or(|(first, last)| first <= today && today <= last);
    let link = |range: Option<Period>, name| {
        let here = (wanted.range == range && is_now).then_some("page");
        view! { <a href=wanted.in_range(range, None).address() aria-current=here>{name}</a> }
    };
    let steps = wanted.range.zip(span).map(|(range, (first, last))| {
        // Stepping into today's is today's again, whose link stays true tomorrow.
        let to = |day: Date| {
            let (from, until) = range.around(day);
            let on = Some(day).filter(|_| today < from || until < today);
            wanted.in_range(Some(range), on).address()
        };
        view! {
            <div class="range-steps">
                <A href=to(range.before(first)) attr:class="button" attr:aria-label=sentences::period_before(range)>"‹"</A>
                <strong class="nowrap">{sentences::days(first, last)}</strong>
                <A href=to(range.after(last)) attr:class="button" attr:aria-label=sentences::period_after(range)>"›"</A>
            </div>
        }
    });
    let set = wanted.range.is_some().then_some("true");
    view! {
        <div class="range" data-set=set>
            <nav class="chips" aria-label=t("申请时间", "When submitted")>
                {Period::ALL.into_iter().map(|range| link(Some(range), sentences::period(range))).collect_view()}
                {link(None, t("全部时间", "Any time"))}
            </nav>
            {steps}
        </div>
    }
}
