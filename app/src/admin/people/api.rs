//! The register of staff and students, the accounts beside it, and what they may do.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::person::PersonKind;
use pass::{Role, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which people are asked for. Everything given must hold; what nobody can read narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleQuery {
    /// `roles`, `local` or `left`; otherwise everybody who belongs to the site.
    pub who: Option<String>,
    /// The beginning of a number, a name or a login.
    pub text: Option<String>,
    /// A kind of people.
    pub kind: Option<String>,
    /// A unit's id; those below it count too.
    pub unit: Option<String>,
    /// A role.
    pub role: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
}

/// Some people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By number, then the accounts that are nobody's of the register, by name.
    pub rows: Vec<Person>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many belong to the site.
    pub count: u64,
    /// The units, for the filter and the forms.
    pub units: Vec<UnitChoice>,
}

/// A unit to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their account.
    pub id: Uuid,
    /// The name people see.
    pub name: String,
    /// Their entry in the register: number, kind and the unit's name.
    pub entry: Option<(String, PersonKind, Text)>,
    /// What they sign in with, where they have a password here.
    pub login: Option<String>,
    /// What they may do.
    pub grants: Vec<Granted>,
    /// Whether they may not sign in any more.
    pub disabled: bool,
    /// Whether they belong to the site no more.
    pub left: bool,
    /// Whether it is the person who asks.
    pub own: bool,
}

/// A role, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// What may be done.
    pub role: Role,
    /// The place's word: `site`, `zone-3`, `unit-…`.
    pub at: String,
    /// The place's name; none for the whole site.
    pub place: Option<Text>,
}

/// Somebody, with everything that can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub person: Person,
    /// The id of their unit.
    pub unit: String,
    /// Where messages may go.
    pub phone: String,
    /// Where messages may go.
    pub mail: String,
    /// Since when they belong to the site no more, by the site's clocks.
    pub left_at: Option<DateTime>,
    /// The units one may move to.
    pub units: Vec<UnitChoice>,
    /// Where a role can be granted in a part of the site: the place's word, and its name.
    pub places: Vec<(String, Text)>,
}

/// A fresh password, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Whose.
    pub id: Uuid,
    /// What is typed with it.
    pub login: String,
    /// The password.
    pub password: String,
}

/// What is typed of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Their name.
    pub name: String,
    /// What they are to the site.
    pub kind: PersonKind,
    /// The id of their unit.
    pub unit: String,
    /// Where messages may go; may be empty.
    #[serde(default)]
    pub phone: String,
    /// Where messages may go; may be empty.
    #[serde(default)]
    pub mail: String,
}

/// People.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/people", input = server_fn::codec::GetUrl)]
pub async fn load_people(#[server(default)] query: PeopleQuery) -> Result<People, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .people(&query)
        .await
}

/// Somebody.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/person", input = server_fn::codec::GetUrl)]
pub async fn load_person(id: Uuid) -> Result<Profile, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .person(id)
        .await
}

/// Enters somebody in the register, and leads to them.
///
/// # Errors
/// A field invalid, `number` taken.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/enter-person")]
pub async fn enter_person(number: String, entry: Entry) -> Result<(), AppError> {
    let id = crate::backend::administration::Administrator::asking()
        .await?
        .enter_person(&number, &entry)
        .await?;
    leptos_axum::redirect(&format!("/admin/people/{id}"));
    Ok(())
}

/// Changes somebody's entry.
///
/// # Errors
/// A field invalid; [`AppError::NotFound`] when they have none.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/edit-person")]
pub async fn edit_person(id: Uuid, entry: Entry) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .edit_person(id, &entry)
        .await
}

/// Somebody belongs to the site no more. Nobody says so of themselves.
///
/// # Errors
/// [`AppError::NotAllowed`] for oneself; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/leave-person")]
pub async fn leave_person(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .leave_person(id)
        .await
}

/// Somebody who left is back.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Changed`] when their unit was closed meanwhile.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/return-person")]
pub async fn return_person(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .return_person(id)
        .await
}

/// Makes an account that is nobody's of the register, with a role in the whole site and a fresh password.
///
/// # Errors
/// `name`, `login` or `role` invalid, `login` taken.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/add-person")]
pub async fn add_person(name: String, login: String, role: Role) -> Result<Secret, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .add_person(&name, &login, role)
        .await
}

/// Gives somebody a login of this site's own and a fresh password, and ends their sessions.
///
/// # Errors
/// `login` invalid or taken; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/give-login")]
pub async fn give_login(id: Uuid, login: String) -> Result<Secret, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .give_login(id, &login)
        .await
}

/// Gives somebody a fresh password and ends their sessions.
///
/// # Errors
/// [`AppError::NotFound`]; also for those who have no login.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/fresh-password")]
pub async fn fresh_password(id: Uuid) -> Result<Secret, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .fresh_password(id)
        .await
}

/// Grants a role at a place (`site`, `zone-3`, `unit-…`).
///
/// # Errors
/// `at` malformed, or a place where this role is not granted; [`AppError::NotFound`]; [`AppError::Changed`] when the place is not there.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/grant-role")]
pub async fn grant_role(id: Uuid, role: Role, at: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .grant_role(id, role, &at)
        .await
}

/// Takes a role back. Nobody takes their own administration back: a site keeps one.
///
/// # Errors
/// [`AppError::NotAllowed`] for one's own administration.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/revoke-role")]
pub async fn revoke_role(id: Uuid, role: Role, at: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .revoke_role(id, role, &at)
        .await
}

/// Ends an account: no signing in any more, sessions end now. Nobody ends their own.
///
/// # Errors
/// [`AppError::NotAllowed`] for one's own account; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/disable-person")]
pub async fn disable_person(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .disable_person(id)
        .await
}

/// Lets a disabled account sign in again.
///
/// # Errors
/// [`AppError::NotFound`] when none such is disabled.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/enable-person")]
pub async fn enable_person(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .enable_person(id)
        .await
}
