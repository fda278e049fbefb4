//! What came of deciding, row by row.

use super::facts::{Decided, Outcome, Stands};
use crate::error::{AppError, Fault};
use crate::language::t;
use crate::sentences::{self, claim_state, pick};
use crate::ui::{Notice, Tone};
use leptos::prelude::*;

/// How many went through, and of each that did not, why.
#[component]
pub fn Outcomes(
    /// One for each row.
    decided: Vec<Decided>,
) -> impl IntoView {
    let (through, failed): (Vec<Decided>, Vec<Decided>) =
        decided.into_iter().partition(|one| one.outcome.went_through());
    let done = through.len();
    view! {
        {(done > 0).then(|| view! {
            <Notice tone=Tone::Good>{pick(format!("已处理 {done} 项。"), format!("{done} decided."))}</Notice>
        })}
        {(!failed.is_empty()).then(|| view! {
            <Notice tone=Tone::Care>
                <p>{pick(format!("{} 项没有处理：", failed.len()), format!("{} not decided:", failed.len()))}</p>
                <ul class="outcomes">
                    {failed.into_iter().map(|one| view! { <li><strong>{one.name.clone()}</strong> " " {words(&one.outcome)}</li> }).collect_view()}
                </ul>
            </Notice>
        })}
    }
}

/// What came of it, in words.
pub fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done => t("已处理。", "Decided.").to_owned(),
        Outcome::Already { state, by, at } => {
            let state = match state {
                Stands::Application(state) => sentences::state(*state),
                Stands::Claim(state) => claim_state(*state),
            };
            let by = by.clone().unwrap_or_else(|| t("系统", "the rules").to_owned());
            let at = at.map(sentences::instant).unwrap_or_default();
            pick(
                format!("{by} 已于 {at} 处理，目前为“{state}”。"),
                format!("{by} was first, at {at}: it is {}.", state.to_lowercase()),
            )
        }
        Outcome::PassedOn => t("已同意，转到下一步。", "Agreed; it goes on to the next step.").to_owned(),
        Outcome::NotHis => t(
            "这一步不由您办理，或已经办理过。",
            "This step is not yours to decide, or has been decided.",
        )
        .to_owned(),
        Outcome::Own => t(
            "这是您本人的申请，须由其他人员审核。",
            "This is your own; somebody else has to decide it.",
        )
        .to_owned(),
        Outcome::Refused(why) => sentences::cannot_agree(why),
        Outcome::Gone => t("没有找到这一项。", "There is no such thing any more.").to_owned(),
        Outcome::HouseholdBound => t(
            "该住户已绑定另一个手机号，请先在“已绑定”中解除。",
            "This household is bound to another phone. Release that one first, under “Bound”.",
        )
        .to_owned(),
        Outcome::AccountBound => t(
            "申请人已绑定其他住户。",
            "The applicant is bound to another household already.",
        )
        .to_owned(),
    }
}

/// What keeps anything from being decided: at the opinion, or as a whole.
pub fn fault(error: &AppError) -> String {
    match error {
        AppError::Invalid {
            field,
            fault: Fault::Missing,
        } if field == "ids" => {
            t("请先勾选要处理的申请。", "Tick the applications to decide first.").to_owned()
        }
        AppError::Invalid { field, fault } if field == "opinion" => {
            format!("{}{}", t("意见：", "Opinion: "), sentences::fault(fault))
        }
        error => sentences::error(error),
    }
}
