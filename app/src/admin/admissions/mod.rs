//! What happened at the gates, and what could not be taken for a fact.

pub mod api;
mod filter;
mod quarantine;

pub use quarantine::QuarantinePage;

use super::Head;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Empty, Failure, Notice, Tone};
use api::{AdmissionQuery, Admissions, Row, load_admissions};
use filter::{FilterForm, address, asked, ignored};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::What;

/// The page.
#[component]
pub fn AdmissionsPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(asked));
    let admissions = Resource::new_blocking(move || query.get(), load_admissions);
    view! {
        <Head title=t("通行记录", "Admissions")>
            <A href="/admin/quarantine" attr:class="button">{t("待查记录", "Quarantine")}</A>
            <a class="button" rel="external" download href=move || format!("/admin/admissions/export.csv?{}", address(&query.get()))>
                {t("导出全部结果 (CSV)", "Export all of these (CSV)")}
            </a>
        </Head>
        {move || {
            let ignored = map.with(ignored);
            (!ignored.is_empty()).then(|| view! {
                <Notice tone=Tone::Care>
                    {t("下列条件无法识别，未起作用：", "Not understood, and therefore left aside: ")} {ignored.join(t("、", ", "))}
                </Notice>
            })
        }}
        <Transition>
            {move || Suspend::new(async move {
                match admissions.await {
                    Ok(admissions) => view! { <Shown admissions query=query.get_untracked()/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(admissions: Admissions, query: AdmissionQuery) -> impl IntoView {
    let Admissions {
        rows,
        next,
        checkpoints,
        double_uses,
    } = admissions;
    let next = next.map(|after| {
        format!(
            "/admin/admissions?{}",
            address(&AdmissionQuery {
                after: Some(after),
                ..query.clone()
            })
        )
    });
    let first = query.after.is_some().then(|| {
        format!(
            "/admin/admissions?{}",
            address(&AdmissionQuery {
                after: None,
                ..query.clone()
            })
        )
    });
    view! {
        <FilterForm query checkpoints/>
        {(!double_uses.is_empty()).then(|| view! {
            <Notice tone=Tone::Care>
                <p>
                    {t("被重复使用的通行证：", "Passes that were used more often than they may be: ")}
                    {double_uses.into_iter().map(|number| view! { <A href=format!("/admin/admissions?number={number}")>{number}</A> " " }).collect_view()}
                </p>
            </Notice>
        })}
        {if rows.is_empty() {
            view! { <Empty title=t("没有符合条件的记录", "No admissions like that")><A href="/admin/admissions">{t("查看全部", "See all")}</A></Empty> }.into_any()
        } else {
            view! { <Table rows/> }.into_any()
        }}
        <p class="buttons">
            {first.map(|href| view! { <A href=href attr:class="button">{t("回到最新", "To the latest")}</A> })}
            {next.map(|href| view! { <A href=href attr:class="button">{t("更早的记录", "Earlier ones")}</A> })}
        </p>
    }
}

#[component]
fn Table(rows: Vec<Row>) -> impl IntoView {
    view! {
        <div class="table-scroll table-cards" tabindex="0" role="region" aria-label=t("通行记录表", "Table of admissions")>
            <table>
                <thead><tr>
                    <th scope="col">{t("时间", "Time")}</th>
                    <th scope="col">{t("结果", "What happened")}</th>
                    <th scope="col">{t("门岗", "Checkpoint")}</th>
                    <th scope="col">{t("通行证号", "Pass")}</th>
                    <th scope="col">{t("姓名", "Name")}</th>
                    <th scope="col">{t("类型", "Kind")}</th>
                    <th scope="col">{t("终端", "Tablet")}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Line row/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(row: Row) -> impl IntoView {
    let (state, why) = match &row.what {
        What::Admitted => ("admitted", None),
        What::Refused { code } => ("refused", Some(sentences::gate::refusal_code(code))),
        What::Overridden { code } => ("overridden", Some(sentences::gate::refusal_code(code))),
        What::Voided { .. } => ("voided", None),
    };
    let confirmed = (!row.checks.is_empty()).then(|| {
        let checks = sentences::gate::checks(&row.checks);
        sentences::pick(format!("已核对：{checks}"), format!("checked: {checks}"))
    });
    view! {
        <tr data-voided=row.voided.then_some("true")>
            <td data-head=t("时间", "Time")>{sentences::instant_with_seconds(row.at)}</td>
            <td data-head=t("结果", "What happened")>
                <span class="state" data-state=state>{sentences::gate::what(&row.what)}</span>
                {why.map(|why| view! { " " <span class="admission-why">{why}</span> })}
                {confirmed.map(|confirmed| view! { " " <span class="admission-why">{confirmed}</span> })}
                {row.voided.then(|| view! { " " <span class="state" data-state="voided">{t("已撤销", "taken back")}</span> })}
                {row.double_use.then(|| view! { " " <span class="state" data-state="double">{t("重复使用", "double use")}</span> })}
            </td>
            <td data-head=t("门岗", "Checkpoint")>{say(&row.checkpoint)} " · " {sentences::direction(row.direction)}</td>
            <td data-head=t("通行证号", "Pass")>
                {row.number.map_or_else(|| "—".into_any(), |number| view! { <A href=format!("/admin/admissions?number={number}")>{number}</A> }.into_any())}
            </td>
            <td data-head=t("姓名", "Name")>{if row.name.is_empty() { "—".to_owned() } else { row.name }}</td>
            <td data-head=t("类型", "Kind")>{row.kind.map_or_else(|| "—".to_owned(), |kind| say(&kind))}</td>
            <td data-head=t("终端", "Tablet")>{row.tablet} " #" {row.seq}</td>
        </tr>
    }
}
