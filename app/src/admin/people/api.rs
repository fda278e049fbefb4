//! Staff accounts and what they may do.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::{Role, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The staff of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By name.
    pub staff: Vec<Person>,
    /// Where a role can be granted in a part of the site: the place's word, and its name.
    pub places: Vec<(String, Text)>,
}

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their account.
    pub id: Uuid,
    /// The name people see.
    pub name: String,
    /// What they sign in with.
    pub login: Option<String>,
    /// What they may do: the role and the place's word (`site`, `zone-3`, `unit-…`).
    pub grants: Vec<(Role, String)>,
    /// Whether they may not sign in any more.
    pub disabled: bool,
    /// Whether it is the person who asks.
    pub own: bool,
}

/// A fresh password, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// What is typed with it.
    pub login: String,
    /// The password.
    pub password: String,
}

/// Everybody with a role.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/people", input = server_fn::codec::GetUrl)]
pub async fn load_people() -> Result<People, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .people()
        .await
}

/// Makes an account with a role in the whole site and a fresh password.
///
/// # Errors
/// `name` or `login` invalid, `login` taken.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/add-person")]
pub async fn add_person(name: String, login: String, role: Role) -> Result<Secret, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .add_person(&name, &login, role)
        .await
}

/// Gives somebody a fresh password and ends their sessions.
///
/// # Errors
/// [`AppError::NotFound`]; also for residents, who have no login.
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
