//! The register, searched and leafed through.

use super::api::{Register, load_households};
use crate::admin::Head;
use crate::language::t;
use crate::sentences::{self, url_part};
use crate::ui::{Empty, Failure};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::household::Address;

/// The page.
#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let part = |name: &str| query.get(name).unwrap_or_default();
            let after = query
                .get("community")
                .map(|community| Address::new(&community, &part("building"), &part("door")));
            (part("text"), after)
        })
    });
    let register = Resource::new_blocking(move || asked.get(), |(text, after)| load_households(text, after));
    view! {
        <Head title=t("住户", "Households")>
            <A href="/admin/households/import" attr:class="button" attr:data-rank="first">{t("导入", "Import")}</A>
        </Head>
        <form method="get" action="/admin/households" class="admin-row" role="search">
            <div class="field">
                <label for="text">{t("户主姓名", "Householder")}</label>
                <input id="text" name="text" type="search" maxlength="40" prop:value=move || asked.get().0 value=asked.get_untracked().0
                    placeholder=t("姓名开头几个字", "the beginning of the name")/>
            </div>
            <button class="button">{t("查找", "Find")}</button>
        </form>
        <Transition>
            {move || Suspend::new(async move {
                match register.await {
                    Ok(register) => view! { <Rows register text=asked.get_untracked().0/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Rows(register: Register, text: String) -> impl IntoView {
    let Register { rows, more, count } = register;
    if rows.is_empty() {
        return view! {
            <Empty title=t("没有找到住户", "No households found")>
                <A href="/admin/households/import">{t("从文件导入", "Import them from a file")}</A>
            </Empty>
        }
        .into_any();
    }
    let next = rows.last().filter(|_| more).map(|last| {
        let Address {
            community,
            building,
            door,
        } = &last.address;
        let (text, community) = (url_part(&text), url_part(community));
        format!(
            "/admin/households?text={text}&community={community}&building={}&door={}",
            url_part(building),
            url_part(door)
        )
    });
    view! {
        <p class="quiet">{sentences::household_count(count)}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("住户表", "Table of households")>
            <table>
                <thead><tr>
                    <th scope="col">{t("小区", "Community")}</th><th scope="col">{t("楼栋", "Building")}</th>
                    <th scope="col">{t("门牌号", "Door")}</th><th scope="col">{t("户主", "Householder")}</th>
                </tr></thead>
                <tbody>
                    {rows.into_iter().map(|row| view! {
                        <tr><td>{row.address.community}</td><td>{row.address.building}</td><td>{row.address.door}</td><td>{row.householder}</td></tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {next.map(|href| view! { <p class="buttons"><A href=href attr:class="button">{t("下一页", "Next page")}</A></p> })}
    }
    .into_any()
}
