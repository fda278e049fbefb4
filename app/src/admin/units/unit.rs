//! One unit: its heads and deputies, its name and place, its end.

use super::api::{CloseUnit, Detail, Found, Holder, MoveUnit, RenameUnit, ReopenUnit, Unit, load_unit};
use crate::admin::Head;
use crate::admin::forms::{Confirm, Trouble, error, times_done};
use crate::admin::people::api::{GrantRole, RevokeRole, UnitChoice};
use crate::admin::people::label;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Notice, SubmitButton, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};
use pass::Role;
use pass::role::Reach;
use uuid::Uuid;

/// What the page does.
#[derive(Clone, Copy)]
struct Acts {
    grant: ServerAction<GrantRole>,
    revoke: ServerAction<RevokeRole>,
    rename: ServerAction<RenameUnit>,
    move_to: ServerAction<MoveUnit>,
    close: ServerAction<CloseUnit>,
    reopen: ServerAction<ReopenUnit>,
}

/// The page.
#[component]
pub fn UnitPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<Uuid>().ok())
    };
    let number = move || query.with(|query| query.get("number")).unwrap_or_default();
    let role = move || {
        let role = query.with(|query| query.get("role")).unwrap_or_default();
        Role::parse(&role).unwrap_or(Role::UnitHead)
    };
    let acts = Acts {
        grant: ServerAction::new(),
        revoke: ServerAction::new(),
        rename: ServerAction::new(),
        move_to: ServerAction::new(),
        close: ServerAction::new(),
        reopen: ServerAction::new(),
    };
    let renamed = times_done(acts.rename);
    let done = move || {
        acts.grant.version().get()
            + acts.revoke.version().get()
            + renamed.get()
            + acts.move_to.version().get()
            + acts.close.version().get()
            + acts.reopen.version().get()
    };
    let unit = Resource::new_blocking(
        move || (id(), number(), done()),
        |(id, number, _)| async move { load_unit(id.ok_or(AppError::NotFound)?, number).await },
    );
    view! {
        <Head title=t("单位", "Unit")>
            <A href="/admin/units" attr:class="button">{t("返回单位", "Back to the units")}</A>
        </Head>
        <Trouble error=error(acts.grant)/>
        <Trouble error=error(acts.revoke)/>
        <Trouble error=error(acts.rename)/>
        <NotChanged error=error(acts.move_to)/>
        <NotChanged error=error(acts.close)/>
        <NotChanged error=error(acts.reopen)/>
        <Transition>
            {move || Suspend::new(async move {
                match unit.await {
                    Ok(detail) => view! { <Shown detail role=role() acts/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Why the tree was not changed.
#[component]
fn NotChanged(error: Signal<Option<AppError>>) -> impl IntoView {
    move || {
        error.get().map(|error| {
            let words = sentences::unit_error(&error);
            view! { <Wrong words error/> }
        })
    }
}

#[component]
fn Shown(detail: Detail, role: Role, acts: Acts) -> impl IntoView {
    let Detail {
        unit,
        parent,
        below,
        holders,
        choices,
        found,
    } = detail;
    let id = unit.id.clone();
    let linked = |unit: UnitChoice| {
        let label = label(&unit);
        view! { <A href=format!("/admin/units/{}", unit.id)>{label}</A> }
    };
    let above = parent
        .as_ref()
        .map(|parent| parent.id.clone())
        .unwrap_or_default();
    view! {
        <section aria-labelledby="unit">
            <h2 id="unit">
                {say(&unit.name)} " "
                {unit.closed.then(|| view! { <span class="state" data-state="closed">{t("已停用", "Closed")}</span> })}
            </h2>
            <dl class="facts">
                <dt>{t("代码", "Code")}</dt><dd>{unit.code.clone()}</dd>
                <dt>{t("上级单位", "Unit above")}</dt>
                <dd>{match parent {
                    Some(parent) => linked(parent).into_any(),
                    None => t("无（最上级）", "none (at the top)").into_any(),
                }}</dd>
                <dt>{t("下级单位", "Units below")}</dt>
                <dd>{if below.is_empty() {
                    t("没有", "none").into_any()
                } else {
                    below.into_iter().map(|unit| view! { <span class="unit-below">{linked(unit)}</span> " " }).collect_view().into_any()
                }}</dd>
                <dt>{t("人数（含下级）", "People, with those below")}</dt>
                <dd><A href=format!("/admin/people?unit={id}")>{unit.people}</A></dd>
            </dl>
        </section>
        <section aria-labelledby="holders">
            <h2 id="holders">{t("负责人与其他权限", "Heads and other roles here")}</h2>
            <Holders id=id.clone() holders=holders.clone() revoke=acts.revoke/>
            {(!unit.closed).then(|| view! { <Appoint id=id.clone() role found holders grant=acts.grant/> })}
        </section>
        <Manage unit above choices acts/>
    }
}

#[component]
fn Holders(id: String, holders: Vec<Holder>, revoke: ServerAction<RevokeRole>) -> impl IntoView {
    if holders.is_empty() {
        return view! { <p class="quiet">{t("还没有负责人。", "Nobody heads it yet.")}</p> }.into_any();
    }
    view! {
        <ul class="grants">
            {holders.into_iter().map(|holder| {
                let who = match holder.number {
                    Some(number) => format!("{} {number}", holder.name),
                    None => holder.name,
                };
                let label = format!("{} {} {who}", t("收回", "Take back"), sentences::role(holder.role));
                let at = format!("unit-{id}");
                view! {
                    <li>
                        <span>
                            {sentences::role(holder.role)} " · "
                            <A href=format!("/admin/people/{}", holder.id)>{who}</A>
                        </span>
                        <ActionForm action=revoke>
                            <input type="hidden" name="id" value=holder.id.to_string()/>
                            <input type="hidden" name="role" value=holder.role.as_str()/>
                            <input type="hidden" name="at" value=at/>
                            <button class="button" data-rank="quiet" aria-label=label>{t("收回", "Take back")}</button>
                        </ActionForm>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
    .into_any()
}

/// Somebody gets a role here: first the number, then the name is looked at, then it is done.
#[component]
fn Appoint(
    id: String,
    role: Role,
    found: Option<Found>,
    holders: Vec<Holder>,
    grant: ServerAction<GrantRole>,
) -> impl IntoView {
    let typed = match &found {
        Some(Found::Nobody(number) | Found::Somebody { number, .. }) => number.clone(),
        None => String::new(),
    };
    let at = format!("unit-{id}");
    view! {
        <form method="get" action=format!("/admin/units/{id}") class="admin-row">
            <div class="field">
                <label for="role">{t("权限", "Role")}</label>
                <select id="role" name="role">
                    {Role::ALL.into_iter().filter(|one| one.reaches_to(Reach::Unit)).map(|one| view! {
                        <option value=one.as_str() selected={one == role}>{sentences::role(one)}</option>
                    }).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="number">{t("学工号", "Staff or student number")}</label>
                <input id="number" name="number" maxlength="32" required autocomplete="off" value=typed/>
            </div>
            <button class="button">{t("查找", "Find")}</button>
        </form>
        {found.map(|found| match found {
            Found::Nobody(number) => view! {
                <Notice tone=Tone::Care>{t("人员登记中没有在校人员使用学工号 ", "Nobody who belongs to the site has the number ")} {number} {t("。", ".")}</Notice>
            }.into_any(),
            Found::Somebody { id, name, number, .. } if holders.iter().any(|holder| holder.id == id && holder.role == role) => view! {
                <Notice tone=Tone::Good>{name} " " {number} " " {t("已是", "is already: ")} {sentences::role(role)} {t("。", ".")}</Notice>
            }.into_any(),
            Found::Somebody { id, number, name, kind, unit } => {
                let what = format!("{}: {name} {number}", sentences::role(role));
                view! {
                    <div class="card">
                        <p><strong>{name}</strong> " " {number} " · " {sentences::person_kind(kind)} " · " {say(&unit)}</p>
                        <ActionForm action=grant>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <input type="hidden" name="role" value=role.as_str()/>
                            <input type="hidden" name="at" value=at/>
                            <button class="button words" data-rank="first">{t("确认授予 ", "Grant ")} {what}</button>
                        </ActionForm>
                    </div>
                }.into_any()
            }
        })}
    }
}

/// The unit's name, its place and its end.
#[component]
fn Manage(unit: Unit, above: String, choices: Vec<UnitChoice>, acts: Acts) -> impl IntoView {
    let Unit { id, name, closed, .. } = unit;
    let (move_id, close_id) = (id.clone(), id.clone());
    if closed {
        return view! {
            <section aria-labelledby="manage">
                <h2 id="manage">{t("管理单位", "Manage the unit")}</h2>
                <ActionForm action=acts.reopen>
                    <input type="hidden" name="id" value=id/>
                    <SubmitButton label=t("恢复单位", "Open it again") pending=acts.reopen.pending()/>
                </ActionForm>
            </section>
        }
        .into_any();
    }
    view! {
        <section aria-labelledby="manage">
            <h2 id="manage">{t("管理单位", "Manage the unit")}</h2>
            <div class="buttons">
                <details class="confirm">
                    <summary class="button">{t("改名", "Rename")}</summary>
                    <ActionForm action=acts.rename attr:class="confirm-body">
                        <input type="hidden" name="id" value=id/>
                        <label class="field">{t("中文名称", "Name in Chinese")}<input name="name_zh" maxlength="40" required value=name.zh/></label>
                        <label class="field">{t("英文名称", "Name in English")}<input name="name_en" maxlength="80" value=name.en/></label>
                        <button class="button" data-rank="first">{t("保存", "Save")}</button>
                    </ActionForm>
                </details>
                <details class="confirm">
                    <summary class="button">{t("移动", "Move")}</summary>
                    <ActionForm action=acts.move_to attr:class="confirm-body">
                        <input type="hidden" name="id" value=move_id/>
                        <label class="field">{t("新的上级单位", "The new unit above")}
                            <select name="parent">
                                <option value="">{t("无（最上级）", "None (at the top)")}</option>
                                {choices.into_iter().map(|one| {
                                    let label = label(&one);
                                    let selected = one.id == above;
                                    view! { <option value=one.id selected=selected>{label}</option> }
                                }).collect_view()}
                            </select>
                        </label>
                        <button class="button" data-rank="first">{t("确认移动", "Yes, move it")}</button>
                    </ActionForm>
                </details>
                <Confirm deed=t("停用", "Close") what=t("没有人员和下级单位时可以停用；历史记录保留。", "Possible once nobody belongs to it and no unit is below. What is on record stays.")>
                    <ActionForm action=acts.close>
                        <input type="hidden" name="id" value=close_id/>
                        <button class="button" data-rank="danger">{t("确认停用", "Yes, close it")}</button>
                    </ActionForm>
                </Confirm>
            </div>
        </section>
    }
    .into_any()
}
