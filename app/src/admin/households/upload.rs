//! Where a file is chosen. A plain form: it needs no scripts. An upload changes nothing, so sending it twice does no harm.

use crate::admin::Head;
use crate::error::Fault;
use crate::language::t;
use crate::sentences;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn UploadPage() -> impl IntoView {
    let query = use_query_map();
    let fault = move || {
        query
            .with(|query| query.get("fault"))
            .and_then(|fault| serde_json::from_str::<Fault>(&fault).ok())
    };
    view! {
        <Head title=t("导入住户", "Import households")>
            <A href="/admin/households" attr:class="button">{t("返回住户", "Back to the register")}</A>
        </Head>
        {move || fault().map(|fault| view! {
            <Notice tone=Tone::Bad>
                <p>{sentences::fault(&fault)}</p>
                <p>{t("没有导入任何内容。", "Nothing was imported.")}</p>
            </Notice>
        })}
        <form class="form admin-narrow" method="post" enctype="multipart/form-data" action="/admin/households/upload">
            <div class="field">
                <label for="file">{t("住户文件（CSV 或 XLSX，最大 4 MB）", "Household file (CSV or XLSX, 4 MB at most)")}</label>
                <input id="file" name="file" type="file" required aria-describedby="file-hint"
                    accept=".csv,.txt,.tsv,.xlsx,.xls,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>
                <p class="field-hint" id="file-hint">
                    {t("第一行为列名：小区、楼栋、门牌号、户主。UTF-8 或 GBK 编码均可。", "The first line names the columns: community, building, door, householder. UTF-8 or GBK.")}
                    " " <a href="/admin/households/template.csv" download rel="external">{t("下载模板", "Get a template")}</a>
                </p>
            </div>
            <button class="button" data-rank="first">{t("上传并检查", "Upload and check")}</button>
        </form>
        <ol class="admin-steps">
            <li>{t("逐行检查：有任何错误都不会导入，并列出每一行的问题。", "Every line is checked. With any fault nothing is imported, and each line's fault is listed.")}</li>
            <li>{t("检查通过后先预览新增、变更和不变的户数，确认后才写入。", "A good file is shown first: what is new, what changes, what stays. It is taken over at your word.")}</li>
            <li>{t("文件中没有的住户保持不变。重复导入同一文件不会产生重复。", "Households that are not in the file stay as they are. The same file again changes nothing.")}</li>
        </ol>
    }
}
