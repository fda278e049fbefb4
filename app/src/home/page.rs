//! The start page.

use super::{Me, use_me};
use crate::language::{say, t};
use crate::passes::showing::ShowingNow;
use crate::ui::{Failure, PageTitle};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;
use pass::role::Role;

/// What to do next, for this person.
#[component]
pub fn HomePage() -> impl IntoView {
    let me = use_me();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => Either::Left(view! { <Next me/> }),
                    Err(error) => Either::Right(view! { <Failure error/> }),
                }
            })}
        </Suspense>
    }
}

/// The ways to go on, the likeliest first.
#[component]
fn Next(me: Me) -> impl IntoView {
    let has = |role| me.roles.contains(&role);
    // Whoever has a place of work finds that first; everybody else, also one who heads a unit, may need a pass.
    let applicant = ![Role::Office, Role::Guard, Role::Administrator]
        .into_iter()
        .any(has);
    let ways = [
        (
            applicant,
            "/apply",
            t("申请通行证", "Apply for a pass"),
            t(
                "选择日期，提交后在这里查看进度。",
                "Choose a day; follow it here.",
            ),
        ),
        (
            me.signed_in && applicant,
            "/applications",
            t("我的申请", "My applications"),
            t("查看进度，出示通行码。", "See where they stand; show the code."),
        ),
        (
            me.reviews,
            "/review",
            t("审核申请", "Review applications"),
            t(
                "同意或不同意，可批量处理。",
                "Agree or refuse, one by one or many.",
            ),
        ),
        (
            has(Role::Office),
            "/review/households",
            t("确认住户", "Confirm households"),
            t("确认手机号与住户的绑定。", "Bind a phone to its household."),
        ),
        (
            has(Role::Guard),
            "/gate",
            t("门岗核验", "Gate"),
            t(
                "把这台设备用作核验终端。",
                "Use this device as a tablet at a gate.",
            ),
        ),
        (
            has(Role::Administrator),
            "/admin",
            t("系统管理", "Administration"),
            t(
                "住户、人员、单位、门岗、核验终端、通行记录。",
                "Households, people, units, checkpoints, tablets, admissions.",
            ),
        ),
    ];
    view! {
        <PageTitle title=say(&me.site_name)/>
        {(me.signed_in && applicant).then(|| view! { <ShowingNow/> })}
        <ul class="ways">
            {ways
                .into_iter()
                .filter(|(shown, ..)| *shown)
                .map(|(_, href, name, what)| view! {
                    <li><A href=href><strong>{name}</strong><span>{what}</span></A></li>
                })
                .collect_view()}
        </ul>
        {me.demo.then(|| view! {
            <p class="demo-hint">
                {t("这是演示单位。", "This is a demonstration site.")} " "
                <A href="/demo/messages">{t("查看演示短信", "See its text messages")}</A>
            </p>
        })}
    }
}
