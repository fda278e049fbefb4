//! `/review/{id}`: one application with what helps to decide it.

use super::api::{self, Decide};
use super::decide::{Onward, Opinion, Verbs, word};
use super::facts::{Decided, Deciding, Detail, Outcome, Row, Verb};
use super::outcome::{fault, words};
use crate::applications::flow::{AboutFacts, FlowDrawing};
use crate::applications::{GivenFacts, History, StateBadge};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Days, Failure, Notice, PageTitle, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use pass::application::State;
use pass::kind::Document;
use uuid::Uuid;

type DetailResource = Resource<Result<Detail, AppError>>;

/// The application in the address.
#[component]
pub fn DetailPage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<Uuid>().ok())));
    let detail: DetailResource = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::load_detail(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let decide = ServerAction::<Decide>::new();
    let answer = decide.value();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(_))) {
            detail.refetch();
        }
    });
    view! {
        <PageTitle title=t("审核申请", "Application to review")/>
        <div data-width="wide">
            <p class="back"><A href="/review">{t("← 返回待审核", "← Waiting")}</A></p>
            {move || answer.get().map(|answer| match answer {
                Ok(decided) => view! { <Came decided/> }.into_any(),
                Err(error) => view! { <Wrong words=fault(&error) error/> }.into_any(),
            })}
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(facts) => view! { <Whole facts decide/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// What came of deciding this one.
#[component]
fn Came(decided: Vec<Decided>) -> impl IntoView {
    decided
        .into_iter()
        .map(|one| {
            let tone = if one.outcome.went_through() { Tone::Good } else { Tone::Care };
            view! { <Notice tone><p>{words(&one.outcome)}</p><p><A href="/review">{t("看下一条", "On to the next")}</A></p></Notice> }
        })
        .collect_view()
}

#[component]
fn Whole(facts: Detail, decide: ServerAction<Decide>) -> impl IntoView {
    let Detail {
        row,
        phone,
        given,
        document,
        policy,
        number,
        used_at,
        deciding,
        own,
        may_terminate,
        stages,
        history,
        others,
    } = facts;
    let (id, state) = (row.id, row.state);
    let household = row.about.household;
    view! {
        <div class="two">
            <article class="card detail">
                <header class="detail-head"><h2>{say(&row.kind)}</h2> <StateBadge state/></header>
                <dl class="facts">
                    <AboutFacts about=row.about/>
                    {(!phone.is_empty()).then(|| view! { <dt>{t("手机号", "Phone")}</dt><dd><a href=format!("tel:{phone}")>{phone.clone()}</a></dd> })}
                    <dt>{t("通行日期", "For")}</dt><dd><Days first=row.first_day last=row.last_day hours=row.hours/></dd>
                    <dt>{t("申请原因", "Reason")}</dt><dd class="lines">{if row.reason.is_empty() { "—".to_owned() } else { row.reason }}</dd>
                    <GivenFacts given/>
                    <dt>{t("创建时间", "Created")}</dt><dd>{sentences::instant_with_seconds(row.created_at)}</dd>
                    {number.map(|number| view! { <dt>{t("通行证号", "Pass number")}</dt><dd>{number}</dd> })}
                    {used_at.map(|at| view! { <dt>{t("首次使用", "First used")}</dt><dd>{sentences::instant(at)}</dd> })}
                    {(document != Document::None).then(|| view! { <dt>{t("携带证件", "Bring")}</dt><dd>{sentences::document(document)}</dd> })}
                </dl>
                <FlowDrawing stages completed=state == State::Completed/>
                <h3>{t("办理过程", "What happened")}</h3>
                <History history/>
                {own.then(|| view! { <Notice tone=Tone::Care>{words(&Outcome::Own)}</Notice> })}
                {deciding.map(|deciding| view! { <Decides id deciding decide/> })}
                {may_terminate.then(|| view! { <Ending id completed=state == State::Completed decide/> })}
            </article>
            <aside>
                {household.then(|| view! {
                    <section class="card" aria-labelledby="others-title">
                        <h2 id="others-title">{t("同住户近期申请", "The household’s other applications")}</h2>
                        <Others others/>
                    </section>
                })}
                <details class="rules">
                    <summary>{t("这种通行证的规定", "The rules of this kind")}</summary>
                    <dl class="facts">
                        {sentences::rules(&policy).into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}
                    </dl>
                </details>
            </aside>
        </div>
    }
}

/// Agreeing, sending back or refusing (处理信息).
#[component]
fn Decides(id: Uuid, deciding: Deciding, decide: ServerAction<Decide>) -> impl IntoView {
    let opinion = RwSignal::new(String::new());
    let Deciding { step, of, choices } = deciding;
    view! {
        <ActionForm action=decide attr:class="deciding">
            <h3>{say(&step)} {of.map(|of| sentences::pick(format!("（代 {of} 办理）"), format!(" (for {of})")))}</h3>
            <input type="hidden" name="ids[]" value=id.to_string()/>
            <Onward choices/>
            <Opinion opinion/>
            <Verbs pending=decide.pending()/>
        </ActionForm>
    }
}

/// Ending an application or the pass it led to, with a reason.
#[component]
fn Ending(id: Uuid, completed: bool, decide: ServerAction<Decide>) -> impl IntoView {
    let opinion = RwSignal::new(String::new());
    let (deed, means) = if completed {
        (
            t("终止通行证", "End this pass"),
            t(
                "通行码立即作废，各门岗同步后拒绝放行；未使用的名额退还。",
                "The code becomes void at once and gates refuse it as soon as they have synced; an unused quota is given back.",
            ),
        )
    } else {
        (
            t("终止申请", "End this application"),
            t(
                "申请就此结束，不能修改后再提交；名额退还。",
                "It ends here and cannot be corrected and sent again; its quota is given back.",
            ),
        )
    };
    view! {
        <details class="confirm">
            <summary class="button" data-rank="danger">{deed}</summary>
            <ActionForm action=decide attr:class="confirm-body">
                <p>{means}</p>
                <input type="hidden" name="ids[]" value=id.to_string()/>
                <Opinion opinion label=t("终止原因（必填，申请人可见）", "Reason (needed, the applicant sees it)")/>
                <button class="button" data-rank="danger" name="verb" value=word(Verb::Terminate) disabled=decide.pending()>{t("确认终止", "Yes, end it")}</button>
            </ActionForm>
        </details>
    }
}

/// The household's other applications.
#[component]
fn Others(others: Vec<Row>) -> impl IntoView {
    if others.is_empty() {
        return view! { <p class="quiet">{t("没有其他申请。", "None.")}</p> }.into_any();
    }
    view! {
        <ul class="others">
            {others.into_iter().map(|row| view! {
                <li>
                    <A href=format!("/review/{}", row.id)><Days first=row.first_day last=row.last_day hours=row.hours/></A>
                    <StateBadge state=row.state/>
                    <span class="quiet">{say(&row.kind)} " · " {row.about.holder.clone()} <span class="visually-hidden">{row.about.belongs()}</span></span>
                </li>
            }).collect_view()}
        </ul>
    }
    .into_any()
}
