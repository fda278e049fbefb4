//! `/review/standin`: who decides in one's place while one is away (代理).

use crate::browser::limited::Limited;
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::fresh::or_last;
use crate::ui::{Days, Empty, Failure, Field, Notice, PageTitle, SubmitButton, Tone, Wrong};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn;
use leptos_router::components::A;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standins {
    /// Those that are not over, the soonest first.
    pub standins: Vec<Standin>,
    /// Today at the site.
    pub today: Date,
    /// A fresh name for what the form sends.
    pub fresh: Uuid,
}

/// That somebody stands in for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standin {
    /// Its name.
    pub id: Uuid,
    /// Whether it is for the one who looks; otherwise they stand in themselves.
    pub mine: bool,
    /// The other one's name.
    pub name: String,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
}

/// Who stands in for the person who asks, and for whom they do.
///
/// # Errors
/// [`AppError::NotAllowed`] for whom there is nothing to review.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/standins", input = server_fn::codec::GetUrl)]
pub async fn load_standins() -> Result<Standins, AppError> {
    crate::backend::delegating::Delegating::asking()
        .await?
        .list()
        .await
}

/// Lets somebody, by staff number or login, decide in one's place. The same `id` again changes nothing.
///
/// # Errors
/// [`AppError::NotAllowed`]; `who` unknown or oneself; a day at fault.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/name-standin")]
pub async fn name_standin(
    id: Uuid,
    #[server(default)] who: String,
    #[server(default)] first_day: String,
    #[server(default)] last_day: String,
) -> Result<(), AppError> {
    crate::backend::delegating::Delegating::asking()
        .await?
        .delegate(id, &who, &first_day, &last_day)
        .await
}

/// Takes that back.
///
/// # Errors
/// [`AppError::NotAllowed`]; [`AppError::Changed`] when it is over already.
#[server(client = Limited, prefix = "/api/v1", endpoint = "review/end-standin")]
pub async fn end_standin(id: Uuid) -> Result<(), AppError> {
    crate::backend::delegating::Delegating::asking()
        .await?
        .end(id)
        .await
}

/// The page.
#[component]
pub fn StandinPage() -> impl IntoView {
    let standins = Resource::new_blocking(|| (), |()| load_standins());
    let (name, end) = (
        ServerAction::<NameStandin>::new(),
        ServerAction::<EndStandin>::new(),
    );
    let (named, ended) = (name.value(), end.value());
    Effect::new(move || {
        // Both are looked at each time: what is not read is not waited for.
        let (named, ended) = (matches!(*named.read(), Some(Ok(()))), ended.read().is_some());
        if named || ended {
            standins.refetch();
        }
    });
    let last = StoredValue::new(None);
    view! {
        <PageTitle title=t("代理审批", "Standing in")/>
        <p class="back"><A href="/review">{t("← 返回待审核", "← Waiting")}</A></p>
        <p>{t("外出期间由他人代为审批。代理人以自己的账号办理，记录中写明代谁办理；代理人不能办理自己的申请，也不能办理您的申请。",
            "While you are away somebody else decides in your place, signed in as themselves; the history says for whom. They decide neither their own applications nor yours.")}</p>
        {move || matches!(*named.read(), Some(Ok(()))).then(|| view! { <Notice tone=Tone::Good>{t("已设置。", "It is set.")}</Notice> })}
        {move || ended.read().as_ref().and_then(|ended| ended.as_ref().err().cloned()).map(|error| view! { <Wrong error/> })}
        <Transition>
            {move || Suspend::new(async move {
                match or_last(last, standins.await) {
                    Ok(facts) => view! { <Whole facts name end/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Whole(facts: Standins, name: ServerAction<NameStandin>, end: ServerAction<EndStandin>) -> impl IntoView {
    let answer = name.value();
    let error =
        move || answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()));
    let refused = move |field: &'static str| {
        Signal::derive(move || match error()? {
            AppError::Refused(refusal) if field == "last_day" => Some(sentences::refusal(&refusal)),
            AppError::Invalid { field: at, .. } if at == "who" && field == "who" => Some(
                t(
                    "没有找到这个工号或账号，也不能填写本人。",
                    "Nobody has this number or login, or it is your own.",
                )
                .to_owned(),
            ),
            AppError::Invalid { field: at, .. } if at == field => Some(
                t(
                    "请选择今天起的日期，且不早于开始日期。",
                    "Choose a day from today on, not before the first.",
                )
                .to_owned(),
            ),
            _ => None,
        })
    };
    let other =
        move || error().filter(|error| !matches!(error, AppError::Invalid { .. } | AppError::Refused(_)));
    let Standins {
        standins,
        today,
        fresh,
    } = facts;
    view! {
        {if standins.is_empty() {
            view! { <Empty title=t("目前没有代理", "Nobody stands in now")><p></p></Empty> }.into_any()
        } else {
            view! {
                <ul class="cards">
                    {standins.into_iter().map(|one| view! { <One one end/> }).collect_view()}
                </ul>
            }.into_any()
        }}
        <section class="form" aria-labelledby="name-standin">
            <h2 id="name-standin">{t("设置代理人", "Name somebody")}</h2>
            <ActionForm action=name attr:novalidate="">
                <input type="hidden" name="id" value=fresh.to_string()/>
                <Field name="who" label=t("代理人工号或登录账号", "Their staff number or login") required=true refused=refused("who")>
                    <input id="who" name="who" autocomplete="off" maxlength="64" required aria-describedby="who-hint who-fault"/>
                </Field>
                <Field name="first_day" label=t("开始日期", "First day") required=true refused=refused("first_day")>
                    <input id="first_day" name="first_day" type="date" value=today.to_string() required aria-describedby="first_day-hint first_day-fault"/>
                </Field>
                <Field name="last_day" label=t("结束日期", "Last day") required=true refused=refused("last_day")>
                    <input id="last_day" name="last_day" type="date" value=today.to_string() required aria-describedby="last_day-hint last_day-fault"/>
                </Field>
                {move || other().map(|error| view! { <Wrong error/> })}
                <SubmitButton label=t("设置", "Set it") pending=name.pending()/>
            </ActionForm>
        </section>
    }
}

#[component]
fn One(one: Standin, end: ServerAction<EndStandin>) -> impl IntoView {
    let Standin {
        id,
        mine,
        name,
        first_day,
        last_day,
    } = one;
    let said = if mine {
        sentences::pick(format!("{name} 代我审批"), format!("{name} decides for me"))
    } else {
        sentences::pick(format!("我代 {name} 审批"), format!("I decide for {name}"))
    };
    view! {
        <li class="card">
            <strong>{said}</strong> " " <Days first=first_day last=last_day/>
            {mine.then(|| view! {
                <ActionForm action=end>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class="button" data-rank="danger">{t("收回", "Take it back")}</button>
                </ActionForm>
            })}
        </li>
    }
}
