//! `/applications`: one's own applications, newest first.

use super::api;
use super::facts::{List, Row};
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Days, Empty, Failure, PageTitle};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::application::State;

/// The states one may narrow the list to.
const STATES: [State; 5] = [
    State::InReview,
    State::Completed,
    State::Rejected,
    State::Withdrawn,
    State::Terminated,
];

/// The list, narrowed by the address.
#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_query_map();
    let state = Memo::new(move |_| {
        query.with(|query| {
            query
                .get_str("state")
                .and_then(|state| state.parse::<State>().ok())
        })
    });
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let list = Resource::new_blocking(
        move || (state.get(), after.get()),
        |(state, after)| api::load_list(state, after),
    );
    view! {
        <PageTitle title=t("我的申请", "My applications")/>
        <div class="above-list">
            <nav class="chips" aria-label=t("按状态筛选", "By state")>
                <a href="/applications" aria-current=move || state.get().is_none().then_some("page")>{t("全部", "All")}</a>
                {STATES.map(|one| view! {
                    <a href=format!("/applications?state={one}") aria-current=move || (state.get() == Some(one)).then_some("page")>
                        {sentences::state(one)}
                    </a>
                }).collect_view()}
            </nav>
            <A href="/apply" attr:class="button" attr:data-rank="first">{t("申请通行证", "Apply")}</A>
        </div>
        <Transition>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(list) => view! { <Cards list state=state.get() paged=after.get().is_some()/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Cards(list: List, state: Option<State>, paged: bool) -> impl IntoView {
    if list.rows.is_empty() {
        return match state {
            None => view! {
                <Empty title=t("还没有申请", "No applications yet")>
                    <p>{t("选好日期就能申请，通过后在这里出示通行码。", "Choose a day to apply; the code will be here.")}</p>
                </Empty>
            }.into_any(),
            Some(_) => view! {
                <Empty title=t("没有这种状态的申请", "None in this state")>
                    <p><A href="/applications">{t("查看全部", "See all")}</A></p>
                </Empty>
            }.into_any(),
        };
    }
    let part = state.map(|state| format!("state={state}&")).unwrap_or_default();
    let (newest, next) = (
        paged.then(|| format!("/applications?{}", part.trim_end_matches('&'))),
        list.next.map(|next| format!("/applications?{part}after={next}")),
    );
    view! {
        <ul class="cards">{list.rows.into_iter().map(|row| view! { <li><Card row/></li> }).collect_view()}</ul>
        <nav class="pages" aria-label=t("翻页", "Pages")>
            {newest.map(|href| view! { <A href attr:class="button">{t("回到最新", "Newest")}</A> })}
            {next.map(|href| view! { <A href attr:class="button">{t("更早的申请", "Older")}</A> })}
        </nav>
    }
    .into_any()
}

/// One application; the code one tap away when there is one to show.
#[component]
fn Card(row: Row) -> impl IntoView {
    let code = row
        .number
        .filter(|_| row.state == State::Completed && !row.over && !row.used);
    view! {
        <article class="card application">
            <A href=format!("/applications/{}", row.id) attr:class="application-link">
                <strong>{say(&row.kind)}</strong>
                <StateBadge state=row.state/>
                <span class="application-days">{t("通行日期 ", "For ")} <Days first=row.first_day last=row.last_day/></span>
                <span class="quiet">{t("申请时间 ", "Applied ")} {sentences::instant(row.created_at)}</span>
                {row.used.then(|| view! { <span class="quiet">{t("已使用", "Used")}</span> })}
                {(row.over && row.state == State::Completed && !row.used).then(|| view! { <span class="quiet">{t("已过期", "Over")}</span> })}
            </A>
            {code.map(|number| view! {
                <a class="button" data-rank="first" rel="external" href=format!("/passes/{number}")>{t("我的通行码", "Show my code")}</a>
            })}
        </article>
    }
}

/// A state as a badge: by colour and by word.
#[component]
pub fn StateBadge(
    /// The state.
    state: State,
) -> impl IntoView {
    view! { <span class="state" data-state=state.as_str()>{sentences::state(state)}</span> }
}
