//! The forms by which people come, and what is handed to them.

use super::api::{AddPerson, EnterPerson, Secret, UnitChoice};
use super::filter::label;
use crate::admin::forms::{Trouble, error, fault};
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::{Field, Notice, SubmitButton, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Role;
use pass::person::PersonKind;
use pass::role::Reach;

/// A password, shown once.
#[component]
pub fn Password(
    fresh: Secret,
    /// Whether to lead to the one whose it is.
    #[prop(optional)]
    link: bool,
) -> impl IntoView {
    let Secret { id, login, password } = fresh;
    view! {
        <Notice tone=Tone::Good>
            <p>{t("账号 ", "Login ")} <strong>{login}</strong></p>
            <p>{t("密码 ", "Password ")} <code class="secret">{password}</code></p>
            <p>{t("密码只显示这一次，请当面交给本人。", "It is shown this once. Hand it over in person.")}</p>
            {link.then(|| view! { <p><A href=format!("/admin/people/{id}")>{t("查看此账号", "See this account")}</A></p> })}
        </Notice>
    }
}

/// The fields of an entry that can be changed.
#[component]
pub fn EntryFields(
    /// Before the fields' ids, which are unique on a page.
    id: &'static str,
    error: Signal<Option<AppError>>,
    units: Vec<UnitChoice>,
    #[prop(optional)] name: String,
    #[prop(optional_no_strip)] kind: Option<PersonKind>,
    #[prop(optional)] unit: String,
    #[prop(optional)] phone: String,
    #[prop(optional)] mail: String,
) -> impl IntoView {
    let own = move |name: &str| format!("{id}-{name}");
    let about = move |name: &str| format!("{id}-{name}-hint {id}-{name}-fault");
    view! {
        <Field name=own("name") label=t("姓名", "Name") required=true fault=fault(error, "name")>
            <input id=own("name") name="entry[name]" maxlength="40" required autocomplete="off" aria-describedby=about("name") value=name/>
        </Field>
        <Field name=own("kind") label=t("人员类别", "Kind") required=true>
            <select id=own("kind") name="entry[kind]" aria-describedby=about("kind")>
                {PersonKind::ALL.map(|one| view! {
                    <option value=one.as_str() selected={kind == Some(one)}>{sentences::person_kind(one)}</option>
                })}
            </select>
        </Field>
        <Field name=own("unit") label=t("单位", "Unit") required=true fault=fault(error, "unit")>
            <select id=own("unit") name="entry[unit]" aria-describedby=about("unit")>
                {units.into_iter().map(|one| {
                    let label = label(&one);
                    let selected = one.id == unit;
                    view! { <option value=one.id selected=selected>{label}</option> }
                }).collect_view()}
            </select>
        </Field>
        <Field name=own("phone") label=t("手机号", "Phone") fault=fault(error, "phone")
            hint=t("仅用于联系，不能用来登录。", "For messages; nobody signs in with it.")>
            <input id=own("phone") name="entry[phone]" maxlength="32" inputmode="tel" autocomplete="off" aria-describedby=about("phone") value=phone/>
        </Field>
        <Field name=own("mail") label=t("邮箱", "Mail") fault=fault(error, "mail")>
            <input id=own("mail") name="entry[mail]" maxlength="80" inputmode="email" autocomplete="off" aria-describedby=about("mail") value=mail/>
        </Field>
    }
}

/// The fields of an entry that show their own faults.
pub const ENTRY: &[&str] = &["number", "name", "unit", "phone", "mail"];

/// Enters one person; many come from a file.
#[component]
pub fn EnterForm(enter: ServerAction<EnterPerson>, units: Vec<UnitChoice>) -> impl IntoView {
    let error = error(enter);
    view! {
        <section class="form admin-narrow" aria-labelledby="enter-person">
            <h2 id="enter-person">{t("登记人员", "Enter somebody in the register")}</h2>
            <ActionForm action=enter>
                <Field name="number" label=t("学工号", "Staff or student number") required=true fault=fault(error, "number")>
                    <input id="number" name="number" maxlength="32" required autocomplete="off" aria-describedby="number-hint number-fault"/>
                </Field>
                <EntryFields id="new" error units/>
                <Trouble error fields=ENTRY/>
                <SubmitButton label=t("登记", "Enter") pending=enter.pending()/>
            </ActionForm>
        </section>
    }
}

/// Makes an account that is nobody's of the register.
#[component]
pub fn AddForm(add: ServerAction<AddPerson>) -> impl IntoView {
    let error = error(add);
    view! {
        <section class="form admin-narrow" aria-labelledby="add-person">
            <h2 id="add-person">{t("添加工作账号", "Add an account for a duty")}</h2>
            <p class="quiet">{t("用于不在人员登记中的岗位，例如门岗或办公室共用账号。", "For duties outside the register, a gate's or an office's own account.")}</p>
            <ActionForm action=add>
                <Field name="name" label=t("姓名", "Name") required=true fault=fault(error, "name")>
                    <input id="name" name="name" maxlength="40" required autocomplete="off" aria-describedby="name-hint name-fault"/>
                </Field>
                <Field name="login" label=t("登录账号", "Login") required=true fault=fault(error, "login")
                    hint=t("不区分大小写，不含空格。", "Without spaces; upper and lower case are the same.")>
                    <input id="login" name="login" maxlength="64" required autocomplete="off" autocapitalize="none" spellcheck="false"
                        aria-describedby="login-hint login-fault"/>
                </Field>
                <Field name="duty" label=t("权限（全校）", "Role, in the whole site") required=true fault=fault(error, "role")
                    hint=t("校区或单位内的权限，可在账号页面授予。", "Roles in a zone or a unit are granted on the account's page.")>
                    <select id="duty" name="role" aria-describedby="duty-hint duty-fault">
                        {Role::ALL.into_iter().filter(|role| role.reaches_to(Reach::Site)).map(|role| view! {
                            <option value=role.as_str()>{sentences::role(role)}</option>
                        }).collect_view()}
                    </select>
                </Field>
                <Trouble error fields=&["name", "login", "role"]/>
                <SubmitButton label=t("添加并生成密码", "Add, and make a password") pending=add.pending()/>
            </ActionForm>
        </section>
    }
}
