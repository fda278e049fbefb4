//! Claiming a household: community, building, door, the householder's name; then waiting for the office.

use super::api::{self, Claim, WithdrawClaim};
use super::facts::{ClaimFacts, Places};
use super::page::{OfferedResource, place};
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::fresh::ask_again;
use crate::ui::{Failure, Field, SubmitButton, Wrong};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// Above so many choices a field narrows them.
const FILTER_ABOVE: usize = 20;
/// How often a waiting page asks whether the office has decided.
const ASK_EVERY: Duration = Duration::from_secs(20);

/// Where one stands in the steps, by the address, and what each offers.
#[derive(Clone, Copy)]
pub struct Steps {
    community: Memo<Option<String>>,
    building: Memo<Option<String>>,
    places: Resource<Result<Places, AppError>>,
}

impl Steps {
    /// Made by the page itself: what is made while another load is awaited is not found again by the browser.
    pub fn of_address() -> Steps {
        let query = use_query_map();
        let chosen = move |name: &str| {
            query
                .with(|query| query.get(name))
                .filter(|value| !value.is_empty())
        };
        let community = Memo::new(move |_| chosen("community"));
        let building = Memo::new(move |_| chosen("building").filter(|_| community.get().is_some()));
        let places = Resource::new_blocking(
            move || (community.get(), building.get()),
            |(community, building)| api::load_places(community, building),
        );
        Steps {
            community,
            building,
            places,
        }
    }
}

/// The steps. Where one stands in them is in the address, so they work before the page answers and survive a reload.
#[component]
pub fn ClaimForm(phone: String, offered: OfferedResource, places: Steps) -> impl IntoView {
    let Steps {
        community,
        building,
        places,
    } = places;
    view! {
        <section class="form" aria-labelledby="claim-title">
            <h2 id="claim-title">{t("先确认您的住户信息", "First, your household")}</h2>
            <p class="quiet">
                {t("一户绑定一个手机号。提交后由社区办与登记信息核对，确认后即可申请通行证。", "A household binds one phone. The community office compares this with its register; then you can apply.")}
            </p>
            <dl class="facts"><dt>{t("手机号", "Phone")}</dt><dd>{phone}</dd></dl>
            <Transition>
                {move || Suspend::new(async move {
                    match places.await {
                        Ok(places) => view! { <StepForms places community=community.get() building=building.get() offered/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

/// Community and building by the address, door and name by the form.
#[component]
fn StepForms(
    places: Places,
    community: Option<String>,
    building: Option<String>,
    offered: OfferedResource,
) -> impl IntoView {
    let Places {
        communities,
        buildings,
        doors,
    } = places;
    let (of_building, asks_building) = (community.clone(), community.is_some());
    let doors: Vec<Choice> = doors
        .into_iter()
        .map(|door| Choice {
            value: door.household.to_string(),
            label: door.door,
        })
        .collect();
    let asks_door = asks_building && building.is_some();
    view! {
        <form method="get" action="/apply" class="steps">
            <Step name="community" label=t("小区名称", "Community") choices=plain(communities) chosen=community before=None/>
            {asks_building.then(|| view! {
                <Step name="building" label=t("楼栋号", "Building") choices=plain(buildings) chosen=building before=of_building.map(|value| ("community", value))/>
            })}
            <noscript><button class="button">{t("下一步", "Next")}</button></noscript>
        </form>
        {asks_door.then(|| view! { <DoorForm doors offered/> })}
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    value: String,
    label: String,
}

fn plain(names: Vec<String>) -> Vec<Choice> {
    names
        .into_iter()
        .map(|name| Choice {
            value: name.clone(),
            label: name,
        })
        .collect()
}

/// One step: a list, and where it is long a field that narrows it. Choosing leads on to the next step.
#[component]
fn Step(
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    chosen: Option<String>,
    before: Option<(&'static str, String)>,
) -> impl IntoView {
    let navigate = use_navigate();
    let go = move |value: String| {
        let part = |name: &str, value: &str| format!("{name}={}", sentences::url_part(value));
        let mut parts: Vec<String> = before.iter().map(|(name, value)| part(name, value)).collect();
        parts.push(part(name, &value));
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("/apply?{}", parts.join("&")), options);
    };
    view! {
        <Field name label required=true>
            <Choices name choices chosen on_choose=Callback::new(go)/>
        </Field>
    }
}

/// A list of choices that can be narrowed.
#[component]
fn Choices(
    name: &'static str,
    choices: Vec<Choice>,
    chosen: Option<String>,
    #[prop(optional)] on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let filter = RwSignal::new(String::new());
    let long = choices.len() > FILTER_ABOVE;
    let shown = move || {
        let wanted = pass::household::normalise(&filter.get()).to_lowercase();
        choices
            .iter()
            .filter(|choice| choice.label.to_lowercase().contains(&wanted))
            .map(|choice| {
                let Choice { value, label } = choice.clone();
                let selected = chosen.as_ref() == Some(&value);
                view! { <option value=value selected=selected>{label}</option> }
            })
            .collect_view()
    };
    view! {
        {long.then(|| view! {
            <input type="search" class="narrow" autocomplete="off" placeholder=t("输入几个字缩小范围", "Type to narrow the list")
                aria-label=t("缩小下面列表的范围", "Narrow the list below") aria-controls=name
                on:input=move |event| filter.set(event_target_value(&event)) prop:value=filter/>
        })}
        <select id=name name=name required aria-describedby=format!("{name}-hint {name}-fault")
            on:change=move |event| if let Some(choose) = on_choose { choose.run(event_target_value(&event)); }>
            <option value="">{t("请选择", "Choose")}</option>
            {shown}
        </select>
    }
}

/// The last step: the door and the name that the office compares.
#[component]
fn DoorForm(doors: Vec<Choice>, offered: OfferedResource) -> impl IntoView {
    let claim = ServerAction::<Claim>::new();
    let answer = claim.value();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(()))) {
            offered.refetch();
        }
    });
    let error = move || {
        answer
            .read()
            .as_ref()
            .and_then(|answer| answer.as_ref().err().cloned())
    };
    let fault = move |name: &'static str| {
        Signal::derive(move || error().and_then(|error| error.fault_of(name).cloned()))
    };
    view! {
        <ActionForm action=claim attr:novalidate="">
            <Field name="household" label=t("门牌号", "Door") required=true fault=fault("household")>
                <Choices name="household" choices=doors chosen=None/>
            </Field>
            <Field name="householder" label=t("户主姓名", "Householder's name") required=true fault=fault("householder")
                hint=t("与社区登记一致的户主姓名，不一定是您本人。", "As registered with the community; not necessarily you.")>
                <input id="householder" name="householder" type="text" autocomplete="off" maxlength="40" required
                    aria-describedby="householder-hint householder-fault"/>
            </Field>
            {move || error().filter(|error| !matches!(error, AppError::Invalid { .. })).map(|error| view! { <Wrong error/> })}
            <SubmitButton label=t("提交社区办确认", "Send to the office") pending=claim.pending()/>
        </ActionForm>
    }
}

/// A claim that waits for the office: what was sent, what happens next, the way back.
#[component]
pub fn Waiting(claim: ClaimFacts, phone: String, offered: OfferedResource) -> impl IntoView {
    let withdraw = ServerAction::<WithdrawClaim>::new();
    let answer = withdraw.value();
    Effect::new(move || {
        if answer.read().is_some() {
            offered.refetch();
        }
    });
    ask_again(ASK_EVERY, move || offered.refetch());
    view! {
        <section class="card" aria-labelledby="waiting-title">
            <h2 id="waiting-title">{t("等待社区办确认", "Waiting for the community office")} " " <span class="state" data-state="in_review">{t("审核中", "In review")}</span></h2>
            <dl class="facts">
                <dt>{t("手机号", "Phone")}</dt><dd>{phone}</dd>
                <dt>{t("住户", "Household")}</dt><dd>{place(&claim.address)}</dd>
                <dt>{t("户主姓名", "Householder")}</dt><dd>{claim.householder}</dd>
                <dt>{t("提交时间", "Sent")}</dt><dd>{sentences::instant(claim.created_at)}</dd>
            </dl>
            <p>{t("社区办会把它与住户登记核对。确认后本页自动更新，您就可以申请通行证；如有不符，这里会写明意见，您可以改正后再提交。",
                "The office compares it with the register. Once confirmed, this page changes by itself and you can apply. If something does not fit, their opinion stands here and you can correct it.")}</p>
            <ActionForm action=withdraw>
                <button class="button" disabled=withdraw.pending()>{t("填错了，撤回重填", "Take it back and correct it")}</button>
            </ActionForm>
        </section>
    }
}
