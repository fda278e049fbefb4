//! `/applications/{id}`: everything about one of one's own applications.

use super::api::{self, Withdraw};
use super::facts::{Detail, Step, Who};
use super::flow::{AboutFacts, FlowDrawing};
use super::given::GivenFacts;
use super::list::{ListResource, StateBadge};
use crate::apply::draft::Draft;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::fresh::{ask_again, or_last};
use crate::ui::{Days, Failure, Notice, PageTitle, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};
use pass::application::{Act, State};
use pass::kind::Document;
use std::time::Duration;
use uuid::Uuid;

/// How often a page that waits for the office asks whether it has decided.
const ASK_EVERY: Duration = Duration::from_secs(20);

/// What the page and the drawer load.
pub(super) type DetailResource = Resource<Result<Detail, AppError>>;

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
    let query = use_query_map();
    let sent = move || query.with(|query| query.get_str("sent").is_some());
    Effect::new(move || {
        // The draft has become this application.
        if sent() {
            Draft::forget();
        }
    });
    let moved = move || query.with(|query| query.get_str("moved").is_some());
    let last = StoredValue::new(None);
    view! {
        <PageTitle title=t("申请详情", "Application")/>
        {move || moved().then(|| view! { <Notice tone=Tone::Good>{t("已改约。如果之前已有通行码，它已作废，请出示新的通行码。", "Moved. If there was a code before, it is void: show the new one.")}</Notice> })}
        <Transition>
            {move || Suspend::new(async move {
                match or_last(last, detail.await) {
                    Ok(facts) => view! { <Whole facts detail sent=sent()/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
        <p class="back"><A href="/applications">{t("← 返回我的申请", "← My applications")}</A></p>
    }
}

/// Everything about one application, on a page of its own or beside the list.
#[component]
pub(super) fn Whole(
    /// What is known of it.
    facts: Detail,
    /// What loads it anew.
    detail: DetailResource,
    /// Whether it was submitted just now.
    #[prop(optional)]
    sent: bool,
    /// Where taking it back leads to; its own page without one.
    #[prop(optional)]
    back: String,
) -> impl IntoView {
    let Detail {
        row,
        kind_key,
        stages,
        given,
        document,
        used_at,
        may_withdraw,
        may_correct,
        may_move,
        history,
    } = facts;
    let shows_code = row.state == State::Completed && !row.over;
    let reason = row.reason;
    if row.state == State::InReview {
        ask_again(ASK_EVERY, move || detail.refetch());
    }
    view! {
        {sent.then(|| view! { <Sent state=row.state/> })}
        <article class="card detail">
            <header class="detail-head"><h2>{say(&row.kind)}</h2> <StateBadge state=row.state/></header>
            {row.number.filter(|_| shows_code).map(|number| view! {
                <p><a class="button wide" data-rank="first" rel="external" href=format!("/passes/{number}")>{t("我的通行码", "Show my code")}</a></p>
            })}
            <dl class="facts">
                <dt>{t("通行日期", "For")}</dt><dd><Days first=row.first_day last=row.last_day hours=row.hours/></dd>
                {row.number.map(|number| view! { <dt>{t("通行证号", "Pass number")}</dt><dd>{number}</dd> })}
                {used_at.map(|at| view! { <dt>{t("首次使用", "First used")}</dt><dd>{sentences::instant(at)}</dd> })}
                <dt>{t("手机号", "Phone")}</dt><dd>{row.phone}</dd>
                <AboutFacts about=row.about/>
                {(!reason.is_empty()).then(|| view! { <dt>{t("申请原因", "Reason")}</dt><dd class="lines">{reason}</dd> })}
                <GivenFacts given/>
                {(document != Document::None).then(|| view! { <dt>{t("携带证件", "Bring")}</dt><dd>{sentences::document(document)}</dd> })}
                <dt>{t("创建时间", "Created")}</dt><dd>{sentences::instant_with_seconds(row.created_at)}</dd>
            </dl>
            <FlowDrawing stages completed=row.state == State::Completed/>
            <h3>{t("办理过程", "What happened")}</h3>
            <History history/>
            {(row.state == State::InReview).then(|| view! {
                <p class="quiet">{t("正在审核，结果会显示在这里。", "It is being looked at; what is decided will be shown here.")}</p>
            })}
        </article>
        <div class="buttons">
            {may_correct.then(|| view! {
                <A href=format!("/applications/{}/correct", row.id) attr:class="button" attr:data-rank="first">{t("修改后重新提交", "Correct and send again")}</A>
            })}
            {may_move.then(|| view! {
                <A href=format!("/applications/{}/move", row.id) attr:class="button">{t("改约", "Move")}</A>
            })}
            <A href=format!("/apply/{kind_key}?repeat=1") attr:class="button">{t("再申请一次", "Apply again")}</A>
            {may_withdraw.then(|| view! { <Withdrawing id=row.id issued=row.number.is_some() back=back.clone() detail/> })}
        </div>
    }
}

/// What came of submitting.
#[component]
fn Sent(state: State) -> impl IntoView {
    let (tone, words) = match state {
        State::Completed => (
            Tone::Good,
            t(
                "申请已通过，请在通行日出示通行码。",
                "Agreed. Show the code on the day.",
            ),
        ),
        State::InReview => (
            Tone::Good,
            t("已提交，等待审核。", "Sent. It waits to be decided."),
        ),
        _ => (
            Tone::Plain,
            t("这份申请之前已经提交过。", "This application was sent before."),
        ),
    };
    view! { <Notice tone>{words}</Notice> }
}

/// Every act, oldest first.
#[component]
pub fn History(
    /// The acts.
    history: Vec<Step>,
) -> impl IntoView {
    view! {
        <ol class="history">
            {history.into_iter().map(|step| view! {
                <li data-act=step.act.as_str()>
                    <strong>{sentences::act(step.act)}</strong> " "
                    {step.title.as_ref().map(|title| format!("{} · ", say(title)))} {who(&step.who, step.act)}
                    {step.of.map(|of| sentences::pick(format!("（代 {of}）"), format!(" (for {of})")))}
                    <span class="quiet">{sentences::instant_with_seconds(step.at)}</span>
                    {step.moved.map(|moved| view! { <span class="lines">{sentences::moved(&moved)}</span> })}
                    {step.opinion.filter(|opinion| !opinion.is_empty()).map(|opinion| view! { <q class="opinion">{opinion}</q> })}
                </li>
            }).collect_view()}
        </ol>
    }
}

fn who(who: &Who, act: Act) -> String {
    match who {
        Who::Applicant => t("申请人", "Applicant").to_owned(),
        Who::Policy if act == Act::Agree => t("按规定自动通过", "by the rules, at once").to_owned(),
        Who::Policy => t("系统", "System").to_owned(),
        Who::Office(role) => sentences::role(*role).to_owned(),
        Who::Named(name) => name.clone(),
    }
}

/// Taking the application back, asked twice, and what it means.
#[component]
fn Withdrawing(id: Uuid, issued: bool, back: String, detail: DetailResource) -> impl IntoView {
    let withdraw = ServerAction::<Withdraw>::new();
    let answer = withdraw.value();
    let list = use_context::<ListResource>();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(()))) {
            detail.refetch();
            if let Some(list) = list {
                list.refetch();
            }
        }
    });
    let means = if issued {
        t(
            "撤回后名额立即退还，已生成的通行码作废，不能恢复。",
            "The quota is given back at once. The code that was issued becomes void; this cannot be undone.",
        )
    } else {
        t(
            "撤回后名额立即退还，可以重新申请。",
            "The quota is given back at once, and you can apply again.",
        )
    };
    view! {
        <details class="confirm">
            <summary class="button">{t("撤回申请", "Withdraw")}</summary>
            <ActionForm action=withdraw attr:class="confirm-body">
                <p>{means}</p>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="back" value=back/>
                {move || answer.read().as_ref().and_then(|answer| answer.as_ref().err().cloned()).map(|error| view! { <Wrong error/> })}
                <button class="button" data-rank="danger" disabled=withdraw.pending()>{t("确认撤回", "Yes, withdraw it")}</button>
            </ActionForm>
        </details>
    }
}
