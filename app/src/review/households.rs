//! `/review/households`: whose household it is.

use super::api::{self, DecideClaim};
use super::decide::Opinion;
use super::facts::{ClaimRow, ClaimState, ClaimVerb, Claims, Outcome};
use super::list::{Here, Places};
use super::outcome::{fault, words};
use crate::apply::place;
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::{Empty, Failure, Notice, PageTitle, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;
use uuid::Uuid;

/// What is being typed about each claim. It outlives the cards, which are drawn anew whenever one of them has been decided.
#[derive(Clone, Copy, Default)]
struct Opinions(StoredValue<HashMap<Uuid, ArcRwSignal<String>>>);

impl Opinions {
    fn about(claim: Uuid) -> RwSignal<String> {
        let Opinions(all) = expect_context();
        let mut mine = ArcRwSignal::default();
        all.update_value(|all| mine = all.entry(claim).or_default().clone());
        mine.into()
    }
}

type ClaimsResource = Resource<Result<Claims, AppError>>;

/// The claims in the state that the address asks for.
#[component]
pub fn HouseholdsPage() -> impl IntoView {
    let query = use_query_map();
    let state = Memo::new(move |_| {
        query
            .with(|query| query.get_str("state").and_then(ClaimState::parse))
            .unwrap_or_default()
    });
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let claims: ClaimsResource = Resource::new_blocking(
        move || (state.get(), after.get()),
        |(state, after)| api::load_claims(state, after),
    );
    let decide = ServerAction::<DecideClaim>::new();
    let answer = decide.value();
    provide_context(Opinions::default());
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(_))) {
            claims.refetch();
        }
    });
    view! {
        <PageTitle title=t("住户确认", "Households")/>
        <div data-width="wide">
            <Transition>
                {move || Suspend::new(async move {
                    let waiting = claims.await.ok().map(|claims| claims.waiting);
                    view! { <Places oversees=true waiting=None claims_waiting=waiting here=Here::Households/> }
                })}
            </Transition>
            <nav class="chips" aria-label=t("按状态筛选", "By state")>
                {ClaimState::ALL.map(|one| view! {
                    <a href=format!("/review/households?state={}", one.as_str()) aria-current=move || (state.get() == one).then_some("page")>
                        {sentences::claim_state(one)}
                    </a>
                }).collect_view()}
            </nav>
            {move || answer.get().map(|answer| match answer {
                Ok(decided) => {
                    let tone = if decided.outcome == Outcome::Done { Tone::Good } else { Tone::Care };
                    view! { <Notice tone><p><strong>{decided.name}</strong> " " {words(&decided.outcome)}</p></Notice> }.into_any()
                }
                Err(error) => view! { <Wrong words=fault(&error) error/> }.into_any(),
            })}
            <Transition>
                {move || Suspend::new(async move {
                    match claims.await {
                        Ok(claims) => view! { <List claims state=state.get() decide/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn List(claims: Claims, state: ClaimState, decide: ServerAction<DecideClaim>) -> impl IntoView {
    if claims.rows.is_empty() {
        return view! {
            <Empty title=t("这里没有住户", "None here")>
                <p>{t("居民提交住户信息后，会出现在“待确认”中。", "When residents claim a household, it appears under “To confirm”.")}</p>
            </Empty>
        }
        .into_any();
    }
    let next = claims
        .next
        .map(|next| format!("/review/households?state={}&after={next}", state.as_str()));
    view! {
        <ul class="cards claims">
            {claims.rows.into_iter().map(|claim| view! { <li class="card"><ClaimCard claim decide/></li> }).collect_view()}
        </ul>
        <nav class="pages" aria-label=t("翻页", "Pages")>
            {next.map(|href| view! { <A href attr:class="button">{t("下一页", "Next page")}</A> })}
        </nav>
    }
    .into_any()
}

/// One claim: what was typed beside what is registered.
#[component]
fn ClaimCard(claim: ClaimRow, decide: ServerAction<DecideClaim>) -> impl IntoView {
    let (id, state, own) = (claim.id, claim.state, claim.own);
    let bound_elsewhere = claim.bound && state == ClaimState::Pending;
    view! {
        <header class="detail-head">
            <h2>{place(&claim.address)}</h2>
            <span class="state" data-state=state.as_str()>{sentences::claim_state(state)}</span>
        </header>
        <dl class="facts">
            <dt>{t("手机号", "Phone")}</dt><dd><a href=format!("tel:{}", claim.phone)>{claim.phone.clone()}</a></dd>
            <dt>{t("填写的户主", "Typed")}</dt>
            <dd>{claim.typed} " " {if claim.same {
                view! { <span class="match" data-same="true">{t("✓ 与登记一致", "✓ as registered")}</span> }
            } else {
                view! { <span class="match" data-same="false">{t("✕ 与登记不符", "✕ not as registered")}</span> }
            }}</dd>
            <dt>{t("登记的户主", "Registered")}</dt><dd>{claim.registered}</dd>
            <dt>{t("提交时间", "Sent")}</dt><dd>{sentences::instant(claim.created_at)}</dd>
            {claim.decided_at.map(|at| view! { <dt>{t("处理时间", "Decided")}</dt><dd>{sentences::instant(at)}</dd> })}
            {claim.opinion.map(|opinion| view! { <dt>{t("意见", "Opinion")}</dt><dd>{opinion}</dd> })}
        </dl>
        {bound_elsewhere.then(|| view! { <Notice tone=Tone::Care>{words(&Outcome::HouseholdBound)}</Notice> })}
        {match (state, own) {
            (ClaimState::Pending, true) => view! { <Notice tone=Tone::Care>{words(&Outcome::Own)}</Notice> }.into_any(),
            (ClaimState::Pending, false) => view! { <Deciding id decide/> }.into_any(),
            (ClaimState::Confirmed, false) => view! { <Releasing id decide/> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// A verb as forms send it.
fn word(verb: ClaimVerb) -> &'static str {
    match verb {
        ClaimVerb::Confirm => "confirm",
        ClaimVerb::Refuse => "refuse",
        ClaimVerb::Release => "release",
    }
}

#[component]
fn Deciding(id: Uuid, decide: ServerAction<DecideClaim>) -> impl IntoView {
    let opinion = Opinions::about(id);
    view! {
        <ActionForm action=decide attr:class="deciding">
            <input type="hidden" name="id" value=id.to_string()/>
            <Opinion opinion/>
            <div class="verbs">
                <button class="button" data-rank="first" name="verb" value=word(ClaimVerb::Confirm) disabled=decide.pending()>{t("确认绑定", "Confirm")}</button>
                <button class="button" data-rank="danger" name="verb" value=word(ClaimVerb::Refuse) disabled=decide.pending()>{t("不确认", "Refuse")}</button>
            </div>
        </ActionForm>
    }
}

#[component]
fn Releasing(id: Uuid, decide: ServerAction<DecideClaim>) -> impl IntoView {
    let opinion = Opinions::about(id);
    view! {
        <details class="confirm">
            <summary class="button">{t("解除绑定", "Release")}</summary>
            <ActionForm action=decide attr:class="confirm-body">
                <p>{t("解除后这个手机号不能再为该住户申请，待审核的申请随即终止，有效的通行证立即作废；其他手机号可以申请绑定。",
                    "This phone can then not apply for the household any more: what waits for a decision is ended and valid passes become void. Another phone may be bound.")}</p>
                <input type="hidden" name="id" value=id.to_string()/>
                <Opinion opinion/>
                <button class="button" data-rank="danger" name="verb" value=word(ClaimVerb::Release) disabled=decide.pending()>{t("确认解除", "Yes, release it")}</button>
            </ActionForm>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_send_the_words_that_are_read() {
        for verb in [ClaimVerb::Confirm, ClaimVerb::Refuse, ClaimVerb::Release] {
            assert_eq!(serde_json::to_value(verb).unwrap(), word(verb));
        }
    }
}
