//! Staff: accounts with passwords and roles.

pub mod api;

use super::Head;
use super::forms::{Confirm, Trouble, error, fault};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Field, Notice, SubmitButton, Tone, Wrong};
use api::{
    AddPerson, DisablePerson, EnablePerson, FreshPassword, GrantRole, People, Person, RevokeRole, Secret,
    load_people,
};
use leptos::prelude::*;
use pass::{Role, Text};

/// What the page does.
#[derive(Clone, Copy)]
struct Acts {
    add: ServerAction<AddPerson>,
    fresh: ServerAction<FreshPassword>,
    grant: ServerAction<GrantRole>,
    revoke: ServerAction<RevokeRole>,
    disable: ServerAction<DisablePerson>,
    enable: ServerAction<EnablePerson>,
}

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let acts = Acts {
        add: ServerAction::new(),
        fresh: ServerAction::new(),
        grant: ServerAction::new(),
        revoke: ServerAction::new(),
        disable: ServerAction::new(),
        enable: ServerAction::new(),
    };
    let done = move || {
        acts.add.version().get()
            + acts.grant.version().get()
            + acts.revoke.version().get()
            + acts.disable.version().get()
            + acts.enable.version().get()
    };
    let people = Resource::new_blocking(done, |_| load_people());
    let shown = move || {
        let made = acts.add.value().get().and_then(Result::ok);
        acts.fresh.value().get().and_then(Result::ok).or(made)
    };
    let not_granted = error(acts.grant);
    view! {
        <Head title=t("工作人员", "Staff")/>
        <Trouble error=error(acts.fresh)/>
        {move || not_granted.get().map(|error| view! { <Wrong words=grant_fault(&error) error/> })}
        <Trouble error=error(acts.revoke)/>
        <Trouble error=error(acts.disable)/>
        <Trouble error=error(acts.enable)/>
        {move || shown().map(|fresh| view! { <Password fresh/> })}
        <Transition>
            {move || Suspend::new(async move {
                match people.await {
                    Ok(People { staff, places }) => view! {
                        <ul class="cards admin-cards">
                            {staff.into_iter().map(|person| view! { <One person places=places.clone() acts/> }).collect_view()}
                        </ul>
                    }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
        <AddForm add=acts.add/>
    }
}

/// Why a role was not granted.
fn grant_fault(error: &AppError) -> String {
    match error {
        AppError::Invalid { field, .. } if field == "at" => t(
            "这项权限不能授予在所选范围，请换一个范围。",
            "This role is not granted there. Choose another place.",
        )
        .to_owned(),
        error => sentences::error(error),
    }
}

/// A password, shown once.
#[component]
fn Password(fresh: Secret) -> impl IntoView {
    let Secret { login, password } = fresh;
    view! {
        <Notice tone=Tone::Good>
            <p>{t("账号 ", "Login ")} <strong>{login}</strong></p>
            <p>{t("密码 ", "Password ")} <code class="secret">{password}</code></p>
            <p>{t("密码只显示这一次，请当面交给本人。", "It is shown this once. Hand it over in person.")}</p>
        </Notice>
    }
}

#[component]
fn One(person: Person, places: Vec<(String, Text)>, acts: Acts) -> impl IntoView {
    let Person {
        id,
        name,
        login,
        grants,
        disabled,
        own,
    } = person;
    let place = {
        let places = places.clone();
        move |at: &str| {
            places
                .iter()
                .find(|(place, _)| place == at)
                .map_or_else(|| t("全校", "whole site").to_owned(), |(_, name)| say(name))
        }
    };
    view! {
        <li class="card" data-closed=disabled.then_some("true")>
            <h2>
                {name} " "
                {own.then(|| view! { <span class="state">{t("本人", "You")}</span> })}
                {disabled.then(|| view! { <span class="state" data-state="closed">{t("已停用", "Disabled")}</span> })}
            </h2>
            <p class="quiet">{login.clone().unwrap_or_default()}</p>
            <ul class="grants">
                {grants.into_iter().map(|(role, at)| view! {
                    <li>
                        <span>{sentences::role(role)} " · " {place(&at)}</span>
                        {(!own || role != Role::Administrator).then(|| view! {
                            <ActionForm action=acts.revoke>
                                <input type="hidden" name="id" value=id.to_string()/>
                                <input type="hidden" name="role" value=role.as_str()/>
                                <input type="hidden" name="at" value=at/>
                                <button class="button" data-rank="quiet" aria-label=format!("{} {}", t("收回", "Take back"), sentences::role(role))>{t("收回", "Take back")}</button>
                            </ActionForm>
                        })}
                    </li>
                }).collect_view()}
            </ul>
            {disabled.then(|| view! {
                <div class="buttons">
                    <Confirm deed=t("恢复账号", "Enable") what=t("恢复后可用原密码登录，权限不变。", "They can sign in again with their password; their roles are as before.")>
                        <ActionForm action=acts.enable>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <button class="button" data-rank="first">{t("确认恢复", "Yes, enable it")}</button>
                        </ActionForm>
                    </Confirm>
                </div>
            })}
            {(!disabled).then(|| view! {
                <div class="buttons">
                    <details class="confirm">
                        <summary class="button">{t("授予权限", "Grant a role")}</summary>
                        <ActionForm action=acts.grant attr:class="confirm-body">
                            <input type="hidden" name="id" value=id.to_string()/>
                            <label class="field">{t("权限", "Role")}
                                <select name="role"><RoleOptions/></select>
                            </label>
                            <label class="field">{t("范围", "Where")}
                                <select name="at">
                                    <option value="site">{t("全校", "whole site")}</option>
                                    {places.into_iter().map(|(at, name)| view! { <option value=at>{say(&name)}</option> }).collect_view()}
                                </select>
                            </label>
                            <button class="button" data-rank="first">{t("授予", "Grant")}</button>
                        </ActionForm>
                    </details>
                    {login.map(|_| view! {
                        <Confirm deed=t("重置密码", "New password") what=t("生成新密码，并使其所有登录失效。", "Makes a new password and ends all their sessions.")>
                            <ActionForm action=acts.fresh>
                                <input type="hidden" name="id" value=id.to_string()/>
                                <button class="button" data-rank="danger">{t("确认重置", "Yes, make a new one")}</button>
                            </ActionForm>
                        </Confirm>
                    })}
                    {(!own).then(|| view! {
                        <Confirm deed=t("停用账号", "Disable") what=t("不能再登录，已有登录立即失效；历史记录保留。", "No signing in any more; sessions end now. What they did stays on record.")>
                            <ActionForm action=acts.disable>
                                <input type="hidden" name="id" value=id.to_string()/>
                                <button class="button" data-rank="danger">{t("确认停用", "Yes, disable it")}</button>
                            </ActionForm>
                        </Confirm>
                    })}
                </div>
            })}
        </li>
    }
}

#[component]
fn RoleOptions() -> impl IntoView {
    Role::ALL
        .into_iter()
        .map(|role| view! { <option value=role.as_str()>{sentences::role(role)}</option> })
        .collect_view()
}

#[component]
fn AddForm(add: ServerAction<AddPerson>) -> impl IntoView {
    let error = error(add);
    view! {
        <section class="form admin-narrow" aria-labelledby="add-person">
            <h2 id="add-person">{t("添加工作人员", "Add somebody")}</h2>
            <ActionForm action=add>
                <Field name="name" label=t("姓名", "Name") required=true fault=fault(error, "name")>
                    <input id="name" name="name" maxlength="40" required autocomplete="off" aria-describedby="name-hint name-fault"/>
                </Field>
                <Field name="login" label=t("登录账号", "Login") required=true fault=fault(error, "login")
                    hint=t("不区分大小写，不含空格。", "Without spaces; upper and lower case are the same.")>
                    <input id="login" name="login" maxlength="64" required autocomplete="off" autocapitalize="none" spellcheck="false"
                        aria-describedby="login-hint login-fault"/>
                </Field>
                <Field name="role" label=t("权限", "Role") required=true>
                    <select id="role" name="role" aria-describedby="role-hint role-fault"><RoleOptions/></select>
                </Field>
                <Trouble error fields=&["name", "login"]/>
                <SubmitButton label=t("添加并生成密码", "Add, and make a password") pending=add.pending()/>
            </ActionForm>
        </section>
    }
}
