//! Somebody: their entry in the register, their roles, how they sign in.

use super::api::{
    DisablePerson, EditPerson, EnablePerson, FreshPassword, GiveLogin, GrantRole, LeavePerson, Person,
    Profile, ReturnPerson, RevokeRole, load_person,
};
use super::forms::{ENTRY, EntryFields, Password};
use super::list::States;
use super::roles::{GrantForm, Grants, NotGranted};
use crate::admin::Head;
use crate::admin::forms::{Confirm, Trouble, error, fault, is_done, times_done};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Field, Notice, SubmitButton, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// What the page does.
#[derive(Clone, Copy)]
struct Acts {
    edit: ServerAction<EditPerson>,
    leave: ServerAction<LeavePerson>,
    come_back: ServerAction<ReturnPerson>,
    login: ServerAction<GiveLogin>,
    fresh: ServerAction<FreshPassword>,
    grant: ServerAction<GrantRole>,
    revoke: ServerAction<RevokeRole>,
    disable: ServerAction<DisablePerson>,
    enable: ServerAction<EnablePerson>,
}

/// The page.
#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<Uuid>().ok())
    };
    let acts = Acts {
        edit: ServerAction::new(),
        leave: ServerAction::new(),
        come_back: ServerAction::new(),
        login: ServerAction::new(),
        fresh: ServerAction::new(),
        grant: ServerAction::new(),
        revoke: ServerAction::new(),
        disable: ServerAction::new(),
        enable: ServerAction::new(),
    };
    let (edits, logins) = (times_done(acts.edit), times_done(acts.login));
    let done = move || {
        edits.get()
            + acts.leave.version().get()
            + acts.come_back.version().get()
            + logins.get()
            + acts.grant.version().get()
            + acts.revoke.version().get()
            + acts.disable.version().get()
            + acts.enable.version().get()
    };
    let person = Resource::new_blocking(
        move || (id(), done()),
        |(id, _)| async move { load_person(id.ok_or(AppError::NotFound)?).await },
    );
    let fresh = move || {
        let made = acts.login.value().get().and_then(Result::ok);
        acts.fresh.value().get().and_then(Result::ok).or(made)
    };
    view! {
        <Head title=t("人员", "Person")>
            <A href="/admin/people" attr:class="button">{t("返回人员", "Back to the register")}</A>
        </Head>
        <Trouble error=error(acts.fresh)/>
        <NotGranted error=error(acts.grant)/>
        <Trouble error=error(acts.revoke)/>
        <Trouble error=error(acts.leave)/>
        <Trouble error=error(acts.come_back)/>
        <Trouble error=error(acts.disable)/>
        <Trouble error=error(acts.enable)/>
        {move || fresh().map(|fresh| view! { <Password fresh/> })}
        {move || is_done(acts.edit).get().then(|| view! { <Notice tone=Tone::Good>{t("已保存。", "Saved.")}</Notice> })}
        <Transition>
            {move || Suspend::new(async move {
                match person.await {
                    Ok(profile) => view! { <Shown profile acts/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(profile: Profile, acts: Acts) -> impl IntoView {
    let Profile {
        person,
        unit,
        phone,
        mail,
        left_at,
        units,
        places,
    } = profile;
    let Person {
        id,
        name,
        entry,
        login,
        grants,
        disabled,
        left,
        own,
    } = person;
    let facts = entry.clone();
    let name = if name.is_empty() {
        t("（未填姓名）", "(no name)").to_owned()
    } else {
        name
    };
    let shown_name = name.clone();
    view! {
        <section aria-labelledby="who">
            <h2 id="who">
                {shown_name} " "
                {own.then(|| view! { <span class="state">{t("本人", "You")}</span> })} " "
                <States disabled left/>
            </h2>
            <dl class="facts">
                {match facts {
                    Some((number, kind, unit)) => view! {
                        <dt>{t("学工号", "Number")}</dt><dd>{number}</dd>
                        <dt>{t("人员类别", "Kind")}</dt><dd>{sentences::person_kind(kind)}</dd>
                        <dt>{t("单位", "Unit")}</dt><dd>{say(&unit)}</dd>
                    }.into_any(),
                    None => view! {
                        <dt>{t("人员登记", "Register")}</dt>
                        <dd>{t("不在登记中的账号", "An account outside the register")}</dd>
                    }.into_any(),
                }}
                {left_at.map(|at| view! { <dt>{t("离校时间", "Left at")}</dt><dd>{sentences::instant(at)}</dd> })}
                <dt>{t("登录账号", "Login")}</dt>
                <dd>{login.clone().unwrap_or_else(|| t("无本地账号", "none of this site's own").to_owned())}</dd>
            </dl>
        </section>
        <section aria-labelledby="roles">
            <h2 id="roles">{t("权限", "Roles")}</h2>
            {left.then(|| view! {
                <Notice tone=Tone::Care>{t("已离校，以下权限暂停，恢复在校后重新生效。", "They left: these roles sleep until they are back.")}</Notice>
            })}
            <Grants id own grants revoke=acts.revoke/>
            <GrantForm id places grant=acts.grant/>
        </section>
        {entry.is_some().then(|| {
            let error = error(acts.edit);
            let kind = entry.map(|(_, kind, _)| kind);
            view! {
                <section class="form admin-narrow" aria-labelledby="entry">
                    <h2 id="entry">{t("登记信息", "Entry in the register")}</h2>
                    <ActionForm action=acts.edit>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <EntryFields id="edit" error units name kind unit phone mail/>
                        <Trouble error fields=ENTRY/>
                        <SubmitButton label=t("保存", "Save") pending=acts.edit.pending()/>
                    </ActionForm>
                    {(!own).then(|| view! { <Presence id left acts/> })}
                </section>
            }
        })}
        <SignIn id login disabled own acts/>
    }
}

/// Whether somebody belongs to the site.
#[component]
fn Presence(id: Uuid, left: bool, acts: Acts) -> impl IntoView {
    view! {
        <div class="buttons">
            // Each in a place of its own: what was opened for the one is not open for the other.
            {left.then(|| view! {
                <Confirm deed=t("恢复在校", "Back at the site") what=t("恢复后可以登录，原有权限重新生效。", "They can sign in again; what they were granted holds again.")>
                    <ActionForm action=acts.come_back>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class="button" data-rank="first">{t("确认恢复在校", "Yes, they are back")}</button>
                    </ActionForm>
                </Confirm>
            })}
            {(!left).then(|| view! {
                <Confirm deed=t("标为离校", "Left the site") what=t("已有登录立即失效，不能再用密码登录；权限保留但暂停。", "Sessions end now and no password lets them in; their roles stay and sleep.")>
                    <ActionForm action=acts.leave>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class="button" data-rank="danger">{t("确认离校", "Yes, they left")}</button>
                    </ActionForm>
                </Confirm>
            })}
        </div>
    }
}

/// How somebody signs in with a password of this site's own.
#[component]
fn SignIn(id: Uuid, login: Option<String>, disabled: bool, own: bool, acts: Acts) -> impl IntoView {
    let has_login = login.is_some();
    let error = error(acts.login);
    view! {
        <section class="form admin-narrow" aria-labelledby="sign-in">
            <h2 id="sign-in">{t("本地登录", "Signing in with a password")}</h2>
            {(!has_login).then(|| view! {
                <p class="quiet">{t("没有统一身份认证时，可为其设置账号和密码。", "Where there is no single sign-on, give them a login and a password.")}</p>
                <ActionForm action=acts.login>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Field name="login" label=t("登录账号", "Login") required=true fault=fault(error, "login")
                        hint=t("不区分大小写，不含空格。", "Without spaces; upper and lower case are the same.")>
                        <input id="login" name="login" maxlength="64" required autocomplete="off" autocapitalize="none" spellcheck="false"
                            aria-describedby="login-hint login-fault"/>
                    </Field>
                    <Trouble error fields=&["login"]/>
                    <SubmitButton label=t("设置账号并生成密码", "Give a login and a password") pending=acts.login.pending()/>
                </ActionForm>
            })}
            <div class="buttons">
                {(has_login && !disabled).then(|| view! {
                    <Confirm deed=t("重置密码", "New password") what=t("生成新密码，并使其所有登录失效。", "Makes a new password and ends all their sessions.")>
                        <ActionForm action=acts.fresh>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <button class="button" data-rank="danger">{t("确认重置", "Yes, make a new one")}</button>
                        </ActionForm>
                    </Confirm>
                })}
                {(!own && !disabled).then(|| view! {
                    <Confirm deed=t("停用账号", "Disable") what=t("不能再登录，已有登录立即失效；历史记录保留。", "No signing in any more; sessions end now. What they did stays on record.")>
                        <ActionForm action=acts.disable>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <button class="button" data-rank="danger">{t("确认停用", "Yes, disable it")}</button>
                        </ActionForm>
                    </Confirm>
                })}
                {disabled.then(|| view! {
                    <Confirm deed=t("恢复账号", "Enable") what=t("恢复后可用原密码登录，权限不变。", "They can sign in again with their password; their roles are as before.")>
                        <ActionForm action=acts.enable>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <button class="button" data-rank="first">{t("确认恢复", "Yes, enable it")}</button>
                        </ActionForm>
                    </Confirm>
                })}
            </div>
        </section>
    }
}
