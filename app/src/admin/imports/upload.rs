//! Where a file is chosen. A plain form: it needs no scripts. An upload changes nothing, so sending it twice does no harm.

use super::{place, title};
use crate::admin::Head;
use crate::error::Fault;
use crate::language::t;
use crate::sentences;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::table::Register;

/// The page.
#[component]
pub fn UploadPage(
    /// What the file is for.
    register: Register,
) -> impl IntoView {
    let place = place(register);
    let query = use_query_map();
    let fault = move || {
        query
            .with(|query| query.get("fault"))
            .and_then(|fault| serde_json::from_str::<Fault>(&fault).ok())
    };
    view! {
        <Head title=title(register)>
            <A href=place attr:class="button">{t("返回", "Back to the register")}</A>
        </Head>
        {move || fault().map(|fault| view! {
            <Notice tone=Tone::Bad>
                <p>{sentences::fault(&fault)}</p>
                <p>{t("没有导入任何内容。", "Nothing was imported.")}</p>
            </Notice>
        })}
        <form class="form admin-narrow" method="post" enctype="multipart/form-data" action=format!("{place}/upload")>
            <div class="field">
                <label for="file">{label(register)}</label>
                <input id="file" name="file" type="file" required aria-describedby="file-hint"
                    accept=".csv,.txt,.tsv,.xlsx,.xls,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>
                <p class="field-hint" id="file-hint">
                    {columns(register)} " "
                    {t("UTF-8 或 GBK 编码均可。", "UTF-8 or GBK.")}
                    " " <a href=format!("{place}/template.csv") download rel="external">{t("下载模板", "Get a template")}</a>
                </p>
            </div>
            <button class="button" data-rank="first">{t("上传并检查", "Upload and check")}</button>
        </form>
        <ol class="admin-steps">
            <li>{t("逐行检查：有任何错误都不会导入，并列出每一行的问题。", "Every line is checked. With any fault nothing is imported, and each line's fault is listed.")}</li>
            <li>{t("检查通过后先预览新增、变更和不变的数量，确认后才写入。", "A good file is shown first: what is new, what changes, what stays. It is taken over at your word.")}</li>
            <li>{t("文件中没有的内容保持不变。重复导入同一文件不会产生重复。", "What is not in the file stays as it is. The same file again changes nothing.")}</li>
            {more(register).map(|words| view! { <li>{words}</li> })}
        </ol>
    }
}

fn label(register: Register) -> &'static str {
    match register {
        Register::Households => t(
            "住户文件（CSV 或 XLSX，最大 4 MB）",
            "Household file (CSV or XLSX, 4 MB at most)",
        ),
        Register::Units => t(
            "单位文件（CSV 或 XLSX，最大 4 MB）",
            "File of units (CSV or XLSX, 4 MB at most)",
        ),
        Register::People => t(
            "人员文件（CSV 或 XLSX，最大 4 MB）",
            "File of people (CSV or XLSX, 4 MB at most)",
        ),
    }
}

/// What the first line must name, and may.
fn columns(register: Register) -> &'static str {
    match register {
        Register::Households => t(
            "第一行为列名：小区、楼栋、门牌号、户主。",
            "The first line names the columns: community, building, door, householder.",
        ),
        Register::Units => t(
            "第一行为列名：单位代码、单位名称；可另有英文名称、上级单位代码、负责人学工号、副职学工号（多人用顿号或逗号分隔）。",
            "The first line names the columns: code, name; and may name: name in English, parent code, heads, deputies (staff numbers with commas between them).",
        ),
        Register::People => t(
            "第一行为列名：学工号、姓名、人员类别（教职工、本科生、研究生、离退休、外聘）、所在单位（代码或名称）；可另有手机号、邮箱、职务（负责人、副职）、离校。",
            "The first line names the columns: number, name, kind (staff, student, postgraduate, retired, contractor), unit (code or name); and may name: phone, mail, duty (head, deputy), left.",
        ),
    }
}

/// What is particular to a register.
fn more(register: Register) -> Option<&'static str> {
    match register {
        Register::Households => None,
        Register::Units => Some(t(
            "负责人按学工号写入。人员登记中还没有的学工号会列出并略过；导入人员后再导入一次即可。",
            "Heads are set by their numbers. Those that are not in the register of people yet are listed and passed over: import the file once more after the people.",
        )),
        Register::People => Some(t(
            "文件中没有的列不改动；空的手机号或邮箱会清空。标为离校的人员不能再登录，权限保留但暂停。",
            "A column that is missing changes nothing; an empty phone or mail is emptied. Whoever is marked as left cannot sign in; their roles stay and sleep.",
        )),
    }
}
