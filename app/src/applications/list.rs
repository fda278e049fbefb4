//! `/applications`: one's own applications, newest first: cards on a phone, from 1024 px a table with one of them open beside it.

use super::api;
use super::drafts::DraftCard;
use super::drawer::Drawer;
use super::facts::{List, Row};
use super::narrow::{RangeControl, StateMenu, StateTabs};
use super::renew;
use super::table::Table;
use super::wanted::{self, Wanted};
use crate::error::AppError;
use crate::language::{say, t};
use crate::passes::showing::ShowingNow;
use crate::sentences;
use crate::ui::{Days, Empty, Failure, PageTitle};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::application::State;
use uuid::Uuid;

/// What the page loads; in the context, so that what changes an application loads it anew.
pub(super) type ListResource = Resource<Result<List, AppError>>;

/// Which application is open beside the list, and whether the keyboard's focus goes to it.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    /// Its name in the address.
    pub id: Memo<Option<Uuid>>,
    /// Set by whoever opens it to read it; moving through the rows leaves the focus in them.
    pub take_focus: RwSignal<bool>,
}

/// The list, narrowed by the address.
#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::read));
    let opened = Opened {
        id: Memo::new(move |_| query.with(wanted::open)),
        take_focus: RwSignal::new(false),
    };
    let list: ListResource = Resource::new_blocking(
        move || wanted.get(),
        |wanted| api::load_list(wanted.state, wanted.range, wanted.on, wanted.after),
    );
    provide_context(list);
    view! {
        <PageTitle title=t("我的申请", "My applications")/>
        <ShowingNow/>
        <div class="above-list">
            <StateMenu wanted/>
            <A href="/apply" attr:class="button" attr:data-rank="first">{t("申请通行证", "Apply")}</A>
        </div>
        <div data-width="wide" class="beside" data-open=move || opened.id.get().is_some().then_some("true")>
            <div class="beside-list">
                <Transition>
                    {move || Suspend::new(async move {
                        match list.await {
                            Ok(list) => view! { <Whole list wanted=wanted.get() opened/> }.into_any(),
                            Err(error) => view! { <Failure error/> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
            <Drawer wanted opened/>
        </div>
    }
}

#[component]
fn Whole(list: List, wanted: Wanted, opened: Opened) -> impl IntoView {
    let List {
        drafts,
        rows,
        renewable,
        next,
        span,
        today,
    } = list;
    let pages = Pages {
        newest: wanted.after.is_some().then(|| wanted.from(None).address()),
        next: next.map(|next| wanted.from(Some(next)).address()),
    };
    let shown = if rows.is_empty() && drafts.is_empty() {
        view! { <Nothing wanted=wanted.clone()/> }.into_any()
    } else {
        view! {
            <ul class="cards only-phone">
                {drafts.iter().cloned().map(|row| view! { <li><DraftCard row/></li> }).collect_view()}
                {rows.iter().cloned().map(|row| view! { <li><Card renew=renewable.contains(&row.id) row/></li> }).collect_view()}
            </ul>
            <Table drafts rows renewable wanted=wanted.clone() opened/>
        }
        .into_any()
    };
    view! {
        <RangeControl wanted=wanted.clone() span today/>
        <StateTabs wanted/>
        {shown}
        {pages.view()}
    }
}

/// The ways to the other pages of the list.
struct Pages {
    newest: Option<String>,
    next: Option<String>,
}

impl Pages {
    fn view(self) -> impl IntoView {
        view! {
            <nav class="pages" aria-label=t("翻页", "Pages")>
                {self.newest.map(|href| view! { <A href attr:class="button">{t("回到最新", "Newest")}</A> })}
                {self.next.map(|href| view! { <A href attr:class="button">{t("更早的申请", "Older")}</A> })}
            </nav>
        }
    }
}

#[component]
fn Nothing(wanted: Wanted) -> impl IntoView {
    if wanted == Wanted::default() {
        return view! {
            <Empty title=t("还没有申请", "No applications yet")>
                <p>{t("选好日期就能申请，通过后在这里出示通行码。", "Choose a day to apply; the code will be here.")}</p>
            </Empty>
        }
        .into_any();
    }
    let (title, way) = match wanted.range {
        None => (t("没有这种状态的申请", "None in this state"), None),
        Some(_) => (
            t("这段时间内没有符合条件的申请", "None like that in these days"),
            Some(wanted.in_range(None, None).address()),
        ),
    };
    view! {
        <Empty title>
            {way.filter(|_| wanted.state.is_some()).map(|href| view! { <p><A href>{t("不限时间", "Whenever submitted")}</A></p> })}
            <p><A href="/applications">{t("查看全部", "See all")}</A></p>
        </Empty>
    }
    .into_any()
}

/// One application; the code one tap away when there is one to show.
#[component]
fn Card(row: Row, renew: bool) -> impl IntoView {
    let code = row
        .number
        .filter(|_| row.state == State::Completed && !row.over && !row.spent);
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
            {renew.then(|| view! { <A href=renew::address(row.id) attr:class="button">{t("续期", "Renew")}</A> })}
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
