//! `/apply`: what may be applied for; before that, whose household it is.

use super::api;
use super::claim::{ClaimForm, Steps, Waiting};
use super::facts::{Home, KindOffer, Offered, Standing};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::fresh::or_last;
use crate::ui::{Empty, Failure, Notice, PageTitle, Tone};
use leptos::prelude::*;
use leptos_router::components::A;

/// What the page loads.
pub type OfferedResource = Resource<Result<Offered, AppError>>;

/// The kinds on offer, or the way to a household.
#[component]
pub fn OfferedPage() -> impl IntoView {
    let offered: OfferedResource = Resource::new_blocking(|| (), |()| api::load_offered());
    let places = Steps::of_address();
    let last = StoredValue::new(None);
    view! {
        <PageTitle title=t("申请通行证", "Apply for a pass")/>
        <Transition>
            {move || Suspend::new(async move {
                match or_last(last, offered.await) {
                    Ok(facts) => view! { <Where facts offered places/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The page by where the applicant stands: what may be applied for now, then the way to a household and what there is for one.
#[component]
fn Where(facts: Offered, offered: OfferedResource, places: Steps) -> impl IntoView {
    let Offered {
        phone,
        standing,
        own,
        kinds,
    } = facts;
    let (ready, later): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|offer| offer.ready);
    let bound = matches!(standing, Standing::Bound(_));
    let nothing = ready.is_empty() && later.is_empty();
    // Who belongs to the site and may apply for something has come for that.
    let aside = own.is_some() && !ready.is_empty();
    let home = match &standing {
        Standing::Bound(home) => Some(home.clone()),
        _ => None,
    };
    view! {
        {own.map(|own| view! {
            <p class="household"><span class="quiet">{own.number}</span> " " <strong>{own.name}</strong> " · " {say(&own.unit)}</p>
        })}
        {home.map(|home| view! { <Household home/> })}
        {if bound || aside {
            view! {
                {(nothing || !ready.is_empty()).then(|| view! { <Kinds kinds=ready bound=true/> })}
                {(!bound).then(|| view! {
                    <details class="rules">
                        <summary>{t("我也是校区居民：绑定住户", "I live on campus too: bind my household")}</summary>
                        <Claiming standing phone offered places/>
                    </details>
                    {(!later.is_empty()).then(|| view! { <Kinds kinds=later bound=false/> })}
                })}
            }.into_any()
        } else {
            // A phone that is new here is most often a resident's.
            view! {
                <Claiming standing phone offered places/>
                {(!later.is_empty()).then(|| view! { <Kinds kinds=later bound=false/> })}
                {(!ready.is_empty()).then(|| view! {
                    <h2>{t("不是住户？可以申请", "No resident? You can apply for")}</h2>
                    <Kinds kinds=ready bound=true/>
                })}
            }.into_any()
        }}
    }
}

/// The way to a household.
#[component]
fn Claiming(standing: Standing, phone: String, offered: OfferedResource, places: Steps) -> impl IntoView {
    match standing {
        Standing::Bound(_) => ().into_any(),
        Standing::Pending(claim) => view! { <Waiting claim phone offered/> }.into_any(),
        Standing::None => view! { <ClaimForm phone offered places/> }.into_any(),
        Standing::Refused(claim) => {
            let again = t("社区办没有确认您上次填写的住户信息，请核对后重新提交。", "The community office did not confirm the household you named. Check it and try again.");
            view! {
                <Notice tone=Tone::Bad>
                    <p>{again}</p>
                    <p>{place(&claim.address)} " · " {claim.householder}</p>
                    {claim.opinion.map(|opinion| view! { <p>{t("社区办意见：", "The office says: ")} {opinion}</p> })}
                </Notice>
                <ClaimForm phone offered places/>
            }.into_any()
        }
        Standing::Released(claim) => view! {
            <Notice tone=Tone::Care>
                <p>{t("您的手机号目前没有绑定住户。", "Your phone is not bound to a household now.")}</p>
                {claim.opinion.map(|opinion| view! { <p>{t("社区办意见：", "The office says: ")} {opinion}</p> })}
            </Notice>
            <ClaimForm phone offered places/>
        }.into_any(),
    }
}

/// The household that passes are for.
#[component]
fn Household(home: Home) -> impl IntoView {
    view! {
        <p class="household">
            <span class="quiet">{t("住户", "Household")}</span> " " <strong>{place(&home.address)}</strong> " · " {home.householder}
        </p>
    }
}

/// What there is to apply for, each with its rules.
#[component]
fn Kinds(kinds: Vec<KindOffer>, bound: bool) -> impl IntoView {
    if kinds.is_empty() {
        return view! {
            <Empty title=t("目前没有可申请的通行证", "There is nothing to apply for now")>
                <p>{t("请稍后再来，或咨询社区办。", "Come back later, or ask the community office.")}</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        {(!bound).then(|| view! { <h2>{t("确认后可以申请", "Once confirmed, you can apply for")}</h2> })}
        <ul class="cards kinds">
            {kinds.into_iter().map(|offer| view! { <li class="card"><Kind offer bound/></li> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// One kind: its rules, the next free day, the way to its form.
#[component]
fn Kind(offer: KindOffer, bound: bool) -> impl IntoView {
    let KindOffer {
        kind,
        next_free,
        repeatable,
        ..
    } = offer;
    let href = format!("/apply/{}", kind.key);
    let again = format!("{href}?repeat=1");
    view! {
        <h2>{say(&kind.title)}</h2>
        <p>{say(&kind.summary)}</p>
        <dl class="facts">
            {sentences::rules(&kind).into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}
        </dl>
        {bound.then(|| match next_free {
            Some(day) => view! {
                <p class="next-free">{t("最近可选：", "Next free day: ")} <strong>{sentences::day(day)}</strong></p>
                <div class="buttons">
                    <A href=href attr:class="button" attr:data-rank="first">{t("申请", "Apply")}</A>
                    {repeatable.then(|| view! { <A href=again attr:class="button">{t("再来一次（同上次）", "Same as last time")}</A> })}
                </div>
            }.into_any(),
            None => view! {
                <p class="next-free" data-spent="true">{t("可选日期内名额已用完，请过几天再来。", "Every day that may be chosen is spent. Come back in some days.")}</p>
            }.into_any(),
        })}
    }
}

/// A household's address in one line.
pub fn place(address: &pass::Address) -> String {
    format!("{} {} {}", address.community, address.building, address.door)
}
