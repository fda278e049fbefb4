//! The site's pass kinds with their rules in words. They are read here, not yet edited.

pub mod api;

use super::Head;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Empty, Failure};
use api::{Kind, load_kinds};
use leptos::prelude::*;

/// The page.
#[component]
pub fn KindsPage() -> impl IntoView {
    let kinds = Resource::new_blocking(|| (), |()| load_kinds());
    view! {
        <Head title=t("通行证类型", "Pass kinds")/>
        <Suspense>
            {move || Suspend::new(async move {
                match kinds.await {
                    Ok(kinds) if kinds.is_empty() => view! {
                        <Empty title=t("还没有通行证类型", "No pass kinds yet")>{t("发布后，住户才能申请。", "Residents can apply once one is published.")}</Empty>
                    }.into_any(),
                    Ok(kinds) => view! {
                        <ul class="cards admin-cards">{kinds.into_iter().map(|kind| view! { <One kind/> }).collect_view()}</ul>
                    }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn One(kind: Kind) -> impl IntoView {
    let Kind {
        no,
        kind,
        offered,
        zones,
    } = kind;
    let (state, word) = if offered {
        ("completed", t("可申请", "Offered"))
    } else {
        ("closed", t("不再提供", "Not offered"))
    };
    let zones = zones.iter().map(say).collect::<Vec<_>>().join(", ");
    view! {
        <li class="card">
            <h2>{say(&kind.title)} " " <span class="state" data-state=state>{word}</span></h2>
            <p>{say(&kind.summary)}</p>
            <dl class="facts">
                {sentences::rules(&kind).into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}
                <dt>{t("校区", "Zones")}</dt><dd>{zones}</dd>
                <dt>{t("门岗", "At the gate")}</dt>
                <dd>{if kind.gate.confirm { t("逐人点按确认", "The guard confirms each person") } else { t("验证通过即放行", "A good code opens by itself") }}</dd>
                <dt>{t("版本", "Version")}</dt><dd>{kind.version} " (" {kind.key.to_string()} " #" {no} ")"</dd>
            </dl>
        </li>
    }
}
