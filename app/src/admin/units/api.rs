//! The tree of units, their heads and deputies.

use crate::admin::people::api::UnitChoice;
use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::person::PersonKind;
use pass::{Role, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A unit in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// How many units stand above it.
    pub depth: u16,
    /// How many people belong to it and to those below it.
    pub people: u64,
    /// The names of its heads.
    pub heads: Vec<String>,
    /// The names of their deputies.
    pub deputies: Vec<String>,
    /// Whether it is no more.
    pub closed: bool,
}

/// One unit, with everything that can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The unit.
    pub unit: Unit,
    /// The one above it.
    pub parent: Option<UnitChoice>,
    /// Those right below it.
    pub below: Vec<UnitChoice>,
    /// Who has a role here.
    pub holders: Vec<Holder>,
    /// The units it may be moved below.
    pub choices: Vec<UnitChoice>,
    /// Whoever has the number that was asked for.
    pub found: Option<Found>,
}

/// Somebody with a role at a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Their account.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their number, where they are in the register.
    pub number: Option<String>,
    /// What they may do here.
    pub role: Role,
}

/// What a number leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// Nobody of the register has it.
    Nobody(String),
    /// Somebody.
    Somebody {
        /// Their account.
        id: Uuid,
        /// The number.
        number: String,
        /// Their name.
        name: String,
        /// What they are to the site.
        kind: PersonKind,
        /// The name of their unit.
        unit: Text,
    },
}

/// The tree, each unit after the one above it.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/units", input = server_fn::codec::GetUrl)]
pub async fn load_units() -> Result<Vec<Unit>, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .units()
        .await
}

/// One unit; and whoever has `number`, to be looked at before a role is granted.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/unit", input = server_fn::codec::GetUrl)]
pub async fn load_unit(id: Uuid, #[server(default)] number: String) -> Result<Detail, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .unit(id, &number)
        .await
}

/// Makes a unit below another, or at the top.
///
/// # Errors
/// `code` or a name invalid, `code` taken; [`AppError::Changed`] when the unit above is not there any more.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/add-unit")]
pub async fn add_unit(
    code: String,
    name_zh: String,
    name_en: String,
    #[server(default)] parent: String,
) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .add_unit(&code, &name_zh, &name_en, &parent)
        .await
}

/// Gives a unit another name.
///
/// # Errors
/// A name invalid; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/rename-unit")]
pub async fn rename_unit(id: Uuid, name_zh: String, name_en: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .rename_unit(id, &name_zh, &name_en)
        .await
}

/// Puts a unit below another, or at the top.
///
/// # Errors
/// `parent` when it would stand below itself; [`AppError::Changed`] when either is not there any more.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/move-unit")]
pub async fn move_unit(id: Uuid, #[server(default)] parent: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .move_unit(id, &parent)
        .await
}

/// Gives a unit up.
///
/// # Errors
/// `people` or `below` while there are any; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/close-unit")]
pub async fn close_unit(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .close_unit(id)
        .await
}

/// Opens a closed unit again.
///
/// # Errors
/// `above` while the unit above is closed, or when there is no such unit.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/reopen-unit")]
pub async fn reopen_unit(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .reopen_unit(id)
        .await
}
