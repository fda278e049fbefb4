//! `/review`: 待审核 and 已审核, narrowed by the address; several decided at once.

use super::api::{self, Decide};
use super::decide::{Opinion, Verbs};
use super::facts::{Board, COUNTED, Narrow, Row, Shelf};
use super::keys::{self, Move};
use super::many::{AllMatching, Many, Progress, Ticking};
use super::outcome::{Outcomes, fault};
use crate::applications::StateBadge;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Empty, Failure, PageTitle, Wrong};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::components::{A, Form};
use leptos_router::hooks::use_query_map;
use pass::application::State;
use std::collections::HashSet;
use uuid::Uuid;

/// What the page loads.
type BoardResource = Resource<Result<Board, AppError>>;

/// The list that the address asks for.
#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_query_map();
    let narrow = Memo::new(move |_| {
        query.with(|query| {
            let part = |name: &str| query.get(name).unwrap_or_default();
            Narrow {
                shelf: Shelf::of_word(&part("shelf")),
                kind: part("kind"),
                community: part("community"),
                state: part("state"),
                text: part("text"),
                after: part("after"),
            }
        })
    });
    let board: BoardResource = Resource::new_blocking(move || narrow.get(), api::load_list);
    // What came of deciding outlives the rows, which are loaded anew after it.
    let decide = ServerAction::<Decide>::new();
    let answer = decide.value();
    let many = Many::new();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(_))) {
            board.refetch();
        }
    });
    view! {
        <PageTitle title=t("审核", "Review")/>
        <div data-width="wide">
            {move || answer.get().map(|answer| match answer {
                Ok(decided) => view! { <Outcomes decided/> }.into_any(),
                Err(error) => view! { <Wrong words=fault(&error) error/> }.into_any(),
            })}
            <Progress many/>
            <Transition>
                {move || Suspend::new(async move {
                    match board.await {
                        Ok(facts) => view! { <Whole facts narrow=narrow.get() decide many board/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Whole(
    facts: Board,
    narrow: Narrow,
    decide: ServerAction<Decide>,
    many: Many,
    board: BoardResource,
) -> impl IntoView {
    let Board {
        rows,
        next,
        waiting,
        claims_waiting,
        oversees,
        kinds,
        communities,
    } = facts;
    let here = match narrow.shelf {
        Shelf::Pending => Here::Pending,
        Shelf::Done => Here::Done,
        Shelf::All => Here::All,
    };
    // One page alone is all there is.
    let more = (next.is_some() || !narrow.after.is_empty()).then(|| narrow.clone());
    view! {
        <Places waiting=Some(waiting) claims_waiting oversees here/>
        <p class="aside-link"><A href="/review/standin">{t("外出？设置代理审批", "Away? Let somebody stand in")}</A></p>
        <Filters narrow=narrow.clone() kinds communities/>
        {if rows.is_empty() {
            view! { <Nothing narrow=narrow.clone()/> }.into_any()
        } else {
            view! { <Rows rows shelf=narrow.shelf decide more many board/> }.into_any()
        }}
        <nav class="pages" aria-label=t("翻页", "Pages")>
            {(!narrow.after.is_empty()).then(|| view! { <A href=address(&narrow, "") attr:class="button">{t("回到第一页", "First page")}</A> })}
            {next.map(|next| view! { <A href=address(&narrow, &next) attr:class="button">{t("下一页", "Next page")}</A> })}
        </nav>
    }
}

/// The address of another page of the same list.
fn address(narrow: &Narrow, after: &str) -> String {
    let parts = [
        ("shelf", narrow.shelf.word()),
        ("kind", &narrow.kind),
        ("community", &narrow.community),
        ("state", &narrow.state),
        ("text", &narrow.text),
        ("after", after),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", sentences::url_part(value)))
        .collect();
    if parts.is_empty() {
        "/review".to_owned()
    } else {
        format!("/review?{}", parts.join("&"))
    }
}

/// Which of the office's places one is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// 待审核.
    Pending,
    /// 已审核.
    Done,
    /// 查询统计.
    All,
    /// 住户确认.
    Households,
}

/// The ways between the office's lists, with how many wait.
#[component]
pub fn Places(
    /// How many applications wait, where that is known.
    waiting: Option<u64>,
    /// How many claims wait, for whom they wait.
    claims_waiting: Option<u64>,
    /// Whether there is anything to oversee.
    oversees: bool,
    /// Which one this is.
    here: Here,
) -> impl IntoView {
    let count = |count: Option<u64>| {
        count.filter(|count| *count > 0).map(|count| {
            let more = count >= u64::from(COUNTED);
            let shown = if more {
                format!("{}+", COUNTED - 1)
            } else {
                count.to_string()
            };
            view! { <span class="count-badge">{shown}</span> }
        })
    };
    let current = move |one: Here| (one == here).then_some("page");
    view! {
        <nav class="tabs" aria-label=t("审核列表", "Lists")>
            <a href="/review" aria-current=current(Here::Pending)>{t("待审核", "Waiting")} {count(waiting)}</a>
            <a href="/review?shelf=done" aria-current=current(Here::Done)>{t("已审核", "Decided")}</a>
            {oversees.then(|| view! { <a href="/review?shelf=all" aria-current=current(Here::All)>{t("全部申请", "All")}</a> })}
            {(claims_waiting.is_some() || here == Here::Households).then(|| view! {
                <a href="/review/households" aria-current=current(Here::Households)>{t("住户确认", "Households")} {count(claims_waiting)}</a>
            })}
        </nav>
    }
}

/// The filters; choosing is enough, the button is for those without scripts and for the text.
#[component]
fn Filters(
    narrow: Narrow,
    kinds: Vec<(pass::KindKey, pass::Text)>,
    communities: Vec<String>,
) -> impl IntoView {
    let set = narrows(&narrow);
    let shelf = narrow.shelf.word();
    let clear = address(
        &Narrow {
            shelf: narrow.shelf,
            ..Narrow::default()
        },
        "",
    );
    view! {
        <Form method="GET" action="/review" attr:class="filters" attr:role="search">
            {(!shelf.is_empty()).then(|| view! { <input type="hidden" name="shelf" value=shelf/> })}
            <label>
                <span>{t("类型", "Kind")}</span>
                <select name="kind">
                    <option value="">{t("全部", "All")}</option>
                    {kinds.into_iter().map(|(key, title)| {
                        let selected = key.as_str() == narrow.kind;
                        view! { <option value=key.to_string() selected=selected>{say(&title)}</option> }
                    }).collect_view()}
                </select>
            </label>
            {(narrow.shelf == Shelf::All).then(|| view! {
                <label>
                    <span>{t("状态", "State")}</span>
                    <select name="state">
                        <option value="">{t("全部", "All")}</option>
                        {State::ALL.into_iter().filter(|state| *state != State::Draft).map(|state| {
                            let selected = state.as_str() == narrow.state;
                            view! { <option value=state.as_str() selected=selected>{sentences::state(state)}</option> }
                        }).collect_view()}
                    </select>
                </label>
            })}
            {(!communities.is_empty()).then(|| view! { <label>
                <span>{t("小区", "Community")}</span>
                <select name="community">
                    <option value="">{t("全部", "All")}</option>
                    {communities.into_iter().map(|name| {
                        let selected = name == narrow.community;
                        let shown = name.clone();
                        view! { <option value=name selected=selected>{shown}</option> }
                    }).collect_view()}
                </select>
            </label> })}
            <label>
                <span>{t("姓名、学工号或门牌", "Name, number or door")}</span>
                <input type="search" name="text" maxlength="40" value=narrow.text placeholder=t("开头几个字", "How it begins")/>
            </label>
            <button class="button">{t("筛选", "Filter")}</button>
            {set.then(|| view! { <A href=clear attr:class="button" attr:data-rank="quiet">{t("清除", "Clear")}</A> })}
        </Form>
    }
}

/// Whether anything narrows the list.
fn narrows(narrow: &Narrow) -> bool {
    [&narrow.kind, &narrow.community, &narrow.state, &narrow.text]
        .iter()
        .any(|value| !value.is_empty())
}

#[component]
fn Nothing(narrow: Narrow) -> impl IntoView {
    match (narrows(&narrow), narrow.shelf) {
        (true, _) => view! {
            <Empty title=t("没有符合条件的申请", "None fits the filters")>
                <p>{t("换个条件，或清除筛选。", "Change them, or clear them.")}</p>
            </Empty>
        }
        .into_any(),
        (false, Shelf::Pending) => view! {
            <Empty title=t("没有待审核的申请", "Nothing waits")>
                <p>{t("新的申请会出现在这里。", "New applications will be here.")}</p>
            </Empty>
        }
        .into_any(),
        (false, Shelf::All) => view! {
            <Empty title=t("还没有申请", "No applications yet")><p></p></Empty>
        }
        .into_any(),
        (false, Shelf::Done) => view! {
            <Empty title=t("还没有审核过的申请", "Nothing decided yet")><p></p></Empty>
        }
        .into_any(),
    }
}

/// The rows: a table on a PC, cards on a phone. Those that wait can be ticked and decided together.
#[component]
fn Rows(
    rows: Vec<Row>,
    shelf: Shelf,
    decide: ServerAction<Decide>,
    /// What narrows the list, where there is more of it than this page.
    more: Option<Narrow>,
    many: Many,
    board: BoardResource,
) -> impl IntoView {
    let pending = shelf == Shelf::Pending;
    let when = if shelf == Shelf::Done {
        t("审核时间", "Decided")
    } else {
        t("申请时间", "Applied")
    };
    let opinion = RwSignal::new(String::new());
    let ticking = Ticking::new(rows.iter().filter(|row| !row.own).map(|row| row.id).collect());
    let ticked = ticking.ticked;
    let count = rows.len();
    let table = view! {
        <table class="rows" on:keydown=move |event| move_by_key(&event, count)>
            <thead>
                <tr>
                    {pending.then(|| view! {
                        <th scope="col" class="tick" data-label=t("全选本页", "Tick all on this page")>
                            <input type="checkbox" aria-label=t("全选本页", "Tick all on this page")
                                prop:checked=move || ticking.whole_page()
                                on:change=move |event| ticking.tick_page(event_target_checked(&event))/>
                        </th>
                    })}
                    <th scope="col">{t("姓名", "Name")}</th>
                    <th scope="col">{t("住户或单位", "Household or unit")}</th>
                    <th scope="col">{t("类型", "Kind")}</th>
                    <th scope="col">{t("通行日期", "For")}</th>
                    <th scope="col">{t("原因", "Reason")}</th>
                    <th scope="col">{when}</th>
                    {(!pending).then(|| view! { <th scope="col">{t("状态", "State")}</th> })}
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().enumerate().map(|(at, row)| view! { <RowView row at shelf ticked/> }).collect_view()}
            </tbody>
        </table>
    };
    if !pending {
        return view! { <div class="table-scroll">{table}</div> }.into_any();
    }
    view! {
        <ActionForm action=decide attr:class="bulk" on:submit:capture=move |event| ticking.submitted(&event, many, opinion, board)>
            <div class="table-scroll">{table}</div>
            <div class="bulk-bar" data-active=move || ticked.with(|ticked| !ticked.is_empty()).then_some("true")>
                <p role="status">{move || {
                    let count = ticked.with(HashSet::len);
                    sentences::pick(format!("已选 {count} 项"), format!("{count} ticked"))
                }}</p>
                {more.map(|narrow| view! { <AllMatching ticking narrow/> })}
                <Opinion opinion/>
                <Verbs pending=Signal::derive(move || decide.pending().get() || many.pending()) about=Signal::derive(move || ticked.with(HashSet::len))/>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// One application. On a phone each cell shows its own heading.
#[component]
fn RowView(row: Row, at: usize, shelf: Shelf, ticked: RwSignal<HashSet<Uuid>>) -> impl IntoView {
    let (pending, done) = (shelf == Shelf::Pending, shelf == Shelf::Done);
    let id = row.id;
    let href = format!("/review/{id}");
    let name = row.about.holder.clone();
    let when = row.decided_at.filter(|_| done).unwrap_or(row.created_at);
    let (number, belongs) = (row.about.number.clone(), row.about.belongs());
    let own = row.own;
    view! {
        <tr data-row=at data-ticked=move || ticked.with(|ticked| ticked.contains(&id)).then_some("true")>
            {pending.then(|| view! {
                <td class="tick">
                    {if own {
                        view! { <span class="quiet">{t("本人", "Own")}</span> }.into_any()
                    } else {
                        view! {
                            <input type="checkbox" name="ids[]" value=id.to_string()
                                aria-label=sentences::pick(format!("选择 {name}"), format!("Tick {name}"))
                                prop:checked=move || ticked.with(|ticked| ticked.contains(&id))
                                on:change=move |event| ticked.update(|ticked| {
                                    if event_target_checked(&event) { ticked.insert(id); } else { ticked.remove(&id); }
                                })/>
                        }.into_any()
                    }}
                </td>
            })}
            <td class="row-name"><A href=href>{row.about.holder.clone()}</A> {number.map(|number| view! { <span class="quiet">{number}</span> })}</td>
            <td data-label=t("住户或单位", "Household or unit")>{belongs}</td>
            <td data-label=t("类型", "Kind")>{say(&row.kind)}</td>
            <td data-label=t("通行日期", "For") class="nowrap">{sentences::days(row.first_day, row.last_day)}</td>
            <td data-label=t("原因", "Reason") class="row-reason">{row.reason}</td>
            <td data-label=if done { t("审核时间", "Decided") } else { t("申请时间", "Applied") } class="nowrap">{sentences::instant(when)}</td>
            {(!pending).then(|| view! { <td data-label=t("状态", "State")><StateBadge state=row.state/></td> })}
        </tr>
    }
}

/// The arrow keys go from row to row, Enter opens one.
fn move_by_key(event: &KeyboardEvent, rows: usize) {
    use leptos::web_sys::{Element, HtmlElement};
    use wasm_bindgen::JsCast;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(row) = target.and_then(|target| target.closest("tr[data-row]").ok().flatten()) else {
        return;
    };
    let Some(at) = row.get_attribute("data-row").and_then(|at| at.parse().ok()) else {
        return;
    };
    let focus = |selector: &str| {
        let found = document().query_selector(selector).ok().flatten();
        found.and_then(|found| found.dyn_into::<HtmlElement>().ok())
    };
    let found = match keys::pressed(&event.key(), at, rows) {
        Move::To(at) => focus(&format!("tr[data-row='{at}'] :is(input, a)")).map(|element| element.focus()),
        Move::Open => focus(&format!("tr[data-row='{at}'] a")).map(|element| {
            element.click();
            Ok(())
        }),
        Move::None => None,
    };
    if found.is_some() {
        event.prevent_default();
    }
}
