//! An uploaded file: what is wrong with it, or what it would do.

use super::api::{ApplyImport, Change, Counts, DiscardImport, Import, Standing, load_import};
use super::{place, title};
use crate::admin::Head;
use crate::admin::forms::{Trouble, error};
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::{Failure, Notice, SubmitButton, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use pass::table::{Column, HeaderFault, LineFault, Register};
use uuid::Uuid;

/// The page.
#[component]
pub fn ImportPage(
    /// What the file is for.
    register: Register,
) -> impl IntoView {
    let params = use_params_map();
    let apply = ServerAction::<ApplyImport>::new();
    let id = move || {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<Uuid>().ok())
    };
    let import = Resource::new_blocking(
        move || (id(), apply.version().get()),
        |(id, _)| async move { load_import(id.ok_or(AppError::NotFound)?).await },
    );
    view! {
        <Head title=title(register)>
            <A href=format!("{}/import", place(register)) attr:class="button">{t("换一个文件", "Another file")}</A>
        </Head>
        <Trouble error=error(apply)/>
        <Transition>
            {move || Suspend::new(async move {
                match import.await {
                    Ok(import) => view! { <Shown import apply/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(import: Import, apply: ServerAction<ApplyImport>) -> impl IntoView {
    let Import {
        id,
        register,
        file_name,
        at,
        standing,
    } = import;
    view! {
        <p class="quiet">{file_name} " · " {sentences::instant(at)}</p>
        {match standing {
            Standing::Faulty { header, faults, count } => view! { <Faulty id register header faults count/> }.into_any(),
            Standing::Good { counts, changes, count, passed_over } => view! {
                <Good id counts apply/>
                <PassedOver rows=passed_over/>
                <Changes changes count/>
            }.into_any(),
            Standing::Applied { at, counts } => view! {
                <Notice tone=Tone::Good>{t("已导入，时间 ", "Imported at ")} {sentences::instant(at)}</Notice>
                <CountList counts done=true/>
                <p class="buttons"><A href=place(register) attr:class="button" attr:data-rank="first">{t("查看结果", "See the register")}</A></p>
            }.into_any(),
        }}
    }
}

#[component]
fn Faulty(
    id: Uuid,
    register: Register,
    header: Vec<HeaderFault>,
    faults: Vec<LineFault>,
    count: usize,
) -> impl IntoView {
    let shown = faults.len();
    let all = header.len() + count;
    view! {
        <Notice tone=Tone::Bad>
            <p>{sentences::import_faults(all)}</p>
            <p>{t("没有导入任何内容。请改正后重新上传整个文件。", "Nothing was imported. Correct the file and upload all of it again.")}</p>
        </Notice>
        <p class="buttons">
            <a class="button" rel="external" download href=format!("{}/imports/{id}/report.csv", place(register))>{t("下载错误报告 (CSV)", "Get the report (CSV)")}</a>
        </p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("错误", "Faults")>
            <table>
                <thead><tr>
                    <th scope="col">{t("行号", "Line")}</th><th scope="col">{t("列", "Column")}</th><th scope="col">{t("问题", "What is wrong")}</th>
                </tr></thead>
                <tbody>
                    {header.into_iter().map(|fault| {
                        let (column, what) = sentences::header_fault(fault);
                        view! { <tr><td>"1"</td><td>{column}</td><td>{what}</td></tr> }
                    }).collect_view()}
                    {faults.into_iter().map(|LineFault { line, fault }| view! {
                        <tr><td>{line}</td><td>{sentences::column(fault.column)}</td><td>{sentences::cell_fault(fault)}</td></tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {(count > shown).then(|| view! { <p class="quiet">{t("这里只列出前 100 个问题，报告中有全部。", "Only the first 100 are shown here; the report has all of them.")}</p> })}
    }
}

#[component]
fn Good(id: Uuid, counts: Counts, apply: ServerAction<ApplyImport>) -> impl IntoView {
    let discard = ServerAction::<DiscardImport>::new();
    view! {
        <Notice tone=Tone::Good>{t("文件没有问题。确认后写入。", "The file is good. It is taken over at your word.")}</Notice>
        <CountList counts done=false/>
        <div class="buttons">
            <ActionForm action=apply>
                <input type="hidden" name="id" value=id.to_string()/>
                <SubmitButton label=t("确认导入", "Import it") pending=apply.pending()/>
            </ActionForm>
            <ActionForm action=discard>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class="button">{t("不导入", "Do not import")}</button>
            </ActionForm>
        </div>
    }
}

/// Numbers that nobody in the register has: no fault, and no heads either.
#[component]
fn PassedOver(rows: Vec<(u32, Column, String)>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Care>
                <p>{t("人员登记中没有这些学工号，导入时略过：", "Nobody in the register of people has these numbers. They are passed over:")}</p>
                <ul>
                    {rows.into_iter().map(|(line, column, number)| view! {
                        <li>{sentences::line(line)} " · " {sentences::column(column)} " · " {number}</li>
                    }).collect_view()}
                </ul>
                <p>{t("导入人员后再次导入此文件，或在人员文件中用“职务”列指定。", "Import the people and then this file again, or name heads in the people's file, in the column “duty”.")}</p>
            </Notice>
        }
    })
}

#[component]
fn Changes(changes: Vec<Change>, count: usize) -> impl IntoView {
    let more = count > changes.len();
    (!changes.is_empty()).then(|| view! {
        <h2>{t("将要变更的内容", "What changes")}</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("变更", "Changes")>
            <table>
                <thead><tr>
                    <th scope="col">{t("对象", "Of")}</th><th scope="col">{t("列", "Column")}</th>
                    <th scope="col">{t("现为", "Now")}</th><th scope="col">{t("改为", "Becomes")}</th>
                </tr></thead>
                <tbody>
                    {changes.into_iter().map(|Change { of, column, before, after }| view! {
                        <tr>
                            <td>{of}</td>
                            <td>{sentences::column(column)}</td>
                            <td>{sentences::cell(column, before)}</td>
                            <td>{sentences::cell(column, after)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {more.then(|| view! { <p class="quiet">{t("这里只列出前 100 处变更。", "Only the first 100 changes are shown.")}</p> })}
    })
}

#[component]
fn CountList(counts: Counts, done: bool) -> impl IntoView {
    let Counts {
        created,
        updated,
        unchanged,
    } = counts;
    let words = if done {
        [t("新增", "New"), t("已变更", "Changed"), t("不变", "Unchanged")]
    } else {
        [
            t("将新增", "New"),
            t("将变更", "Will change"),
            t("不变", "Unchanged"),
        ]
    };
    view! {
        <dl class="admin-counts">
            {words.into_iter().zip([created, updated, unchanged]).map(|(word, count)| view! {
                <div><dt>{word}</dt><dd>{count}</dd></div>
            }).collect_view()}
        </dl>
    }
}
