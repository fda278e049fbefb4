//! What tablets sent that could not be taken for a fact.

use super::api::{Quarantined, load_quarantine};
use crate::admin::Head;
use crate::language::t;
use crate::sentences;
use crate::ui::{Empty, Failure};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page.
#[component]
pub fn QuarantinePage() -> impl IntoView {
    let rows = Resource::new_blocking(|| (), |()| load_quarantine());
    view! {
        <Head title=t("待查记录", "Quarantine")>
            <A href="/admin/admissions" attr:class="button">{t("通行记录", "Admissions")}</A>
        </Head>
        <p class="quiet">{t("终端上传、但无法确认为事实的内容：签名不对、序号断裂等。原样保存，从不丢弃。", "What tablets sent and the server could not take for a fact: a bad signature, a broken chain. It is kept as it came, never dropped.")}</p>
        <Suspense>
            {move || Suspend::new(async move {
                match rows.await {
                    Ok(rows) if rows.is_empty() => view! { <Empty title=t("没有待查记录", "Nothing in quarantine")>{t("一切正常。", "All is well.")}</Empty> }.into_any(),
                    Ok(rows) => view! { <Table rows/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Table(rows: Vec<Quarantined>) -> impl IntoView {
    view! {
        <div class="table-scroll table-cards" tabindex="0" role="region" aria-label=t("待查记录表", "Table of what is in quarantine")>
            <table>
                <thead><tr>
                    <th scope="col">{t("到达时间", "Arrived")}</th><th scope="col">{t("终端", "Tablet")}</th>
                    <th scope="col">{t("序号", "Event")}</th><th scope="col">{t("原因", "Why")}</th><th scope="col">{t("字节数", "Bytes")}</th>
                </tr></thead>
                <tbody>
                    {rows.into_iter().map(|row| view! {
                        <tr>
                            <td data-head=t("到达时间", "Arrived")>{sentences::instant_with_seconds(row.received)}</td>
                            <td data-head=t("终端", "Tablet")>{row.tablet}</td>
                            <td data-head=t("序号", "Event")>{row.seq}</td>
                            <td data-head=t("原因", "Why")>{sentences::event_fault(&row.reason)}</td>
                            <td data-head=t("字节数", "Bytes")>{row.length}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}
