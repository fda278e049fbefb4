//! The tree of units, with how many people belong to each and who heads it.

use super::api::{AddUnit, Unit, load_units};
use crate::admin::Head;
use crate::admin::forms::{Trouble, error, fault, times_done};
use crate::language::{say, t};
use crate::ui::{Empty, Failure, Field, SubmitButton};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page.
#[component]
pub fn UnitsPage() -> impl IntoView {
    let add = ServerAction::<AddUnit>::new();
    let added = times_done(add);
    let units = Resource::new_blocking(move || added.get(), |_| load_units());
    view! {
        <Head title=t("单位", "Units")>
            <A href="/admin/units/import" attr:class="button" attr:data-rank="first">{t("导入", "Import")}</A>
        </Head>
        <Transition>
            {move || Suspend::new(async move {
                match units.await {
                    Ok(units) => view! { <Tree units=units.clone()/> <AddForm units add/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Tree(units: Vec<Unit>) -> impl IntoView {
    if units.is_empty() {
        return view! {
            <Empty title=t("还没有单位", "No units yet")>
                <A href="/admin/units/import">{t("从文件导入", "Import them from a file")}</A>
            </Empty>
        }
        .into_any();
    }
    let heads = [
        t("单位", "Unit"),
        t("代码", "Code"),
        t("人数（含下级）", "People, with those below"),
        t("负责人", "Heads"),
        t("副职", "Deputies"),
    ];
    let named = |names: Vec<String>| {
        if names.is_empty() {
            "—".to_owned()
        } else {
            names.join(t("、", ", "))
        }
    };
    view! {
        <div class="table-scroll table-cards" tabindex="0" role="region" aria-label=t("单位表", "Table of units")>
            <table class="unit-tree">
                <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> })}</tr></thead>
                <tbody>
                    {units.into_iter().map(|unit| view! {
                        <tr data-depth=unit.depth.min(6).to_string()>
                            <td data-head=heads[0]>
                                <span>
                                    <A href=format!("/admin/units/{}", unit.id)>{say(&unit.name)}</A> " "
                                    {unit.closed.then(|| view! { <span class="state" data-state="closed">{t("已停用", "Closed")}</span> })}
                                </span>
                            </td>
                            <td data-head=heads[1]>{unit.code}</td>
                            <td data-head=heads[2]>{unit.people}</td>
                            <td data-head=heads[3]>{named(unit.heads)}</td>
                            <td data-head=heads[4]>{named(unit.deputies)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn AddForm(units: Vec<Unit>, add: ServerAction<AddUnit>) -> impl IntoView {
    let error = error(add);
    view! {
        <section class="form admin-narrow admin-forms" aria-labelledby="add-unit">
            <h2 id="add-unit">{t("添加单位", "Add a unit")}</h2>
            <ActionForm action=add>
                <Field name="code" label=t("单位代码", "Code") required=true fault=fault(error, "code")
                    hint=t("字母、数字、- 和 .，导入时用它指明单位。", "Letters, digits, - and .; imports name the unit by it.")>
                    <input id="code" name="code" maxlength="20" required autocomplete="off" aria-describedby="code-hint code-fault"/>
                </Field>
                <Field name="name_zh" label=t("中文名称", "Name in Chinese") required=true fault=fault(error, "name_zh")>
                    <input id="name_zh" name="name_zh" maxlength="40" required autocomplete="off" aria-describedby="name_zh-hint name_zh-fault"/>
                </Field>
                <Field name="name_en" label=t("英文名称（可不填）", "Name in English (may be left out)") fault=fault(error, "name_en")>
                    <input id="name_en" name="name_en" maxlength="80" autocomplete="off" aria-describedby="name_en-hint name_en-fault"/>
                </Field>
                <Field name="parent" label=t("上级单位", "Unit above")>
                    <select id="parent" name="parent" aria-describedby="parent-hint parent-fault">
                        <option value="">{t("无（最上级）", "None (at the top)")}</option>
                        {units.into_iter().filter(|unit| !unit.closed).map(|unit| {
                            let label = format!("{} {}", unit.code, say(&unit.name));
                            view! { <option value=unit.id>{label}</option> }
                        }).collect_view()}
                    </select>
                </Field>
                <Trouble error fields=&["code", "name_zh", "name_en"]/>
                <SubmitButton label=t("添加单位", "Add the unit") pending=add.pending()/>
            </ActionForm>
        </section>
    }
}
