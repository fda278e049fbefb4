//! Zones and checkpoints: listed, made, renamed, given up.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::{Direction, Text};
use serde::{Deserialize, Serialize};

/// A zone with its checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its number.
    pub no: u8,
    /// What people call it.
    pub name: Text,
    /// The open ones first.
    pub checkpoints: Vec<Checkpoint>,
}

/// A checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Its name in addresses.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// Which way people pass.
    pub direction: Direction,
    /// The names of its tablets in use.
    pub tablets: Vec<String>,
    /// Whether it is given up.
    pub closed: bool,
}

/// The zones of the site with their checkpoints, by number.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/places", input = server_fn::codec::GetUrl)]
pub async fn load_places() -> Result<Vec<Zone>, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .places()
        .await
}

/// Makes a zone, with the lowest number that is free.
///
/// # Errors
/// `name_zh` or `name_en` invalid; [`AppError::Changed`] when all 32 numbers are in use.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/add-zone")]
pub async fn add_zone(name_zh: String, #[server(default)] name_en: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .add_zone(&name_zh, &name_en)
        .await
}

/// Gives a zone another name.
///
/// # Errors
/// `name_zh` or `name_en` invalid; [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/rename-zone")]
pub async fn rename_zone(
    no: u8,
    name_zh: String,
    #[server(default)] name_en: String,
) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .rename_zone(no, &name_zh, &name_en)
        .await
}

/// Makes a checkpoint.
///
/// # Errors
/// `name_zh` or `name_en` invalid; [`AppError::Changed`] when the zone is not there.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/add-checkpoint")]
pub async fn add_checkpoint(
    zone: u8,
    name_zh: String,
    #[server(default)] name_en: String,
    direction: Direction,
) -> Result<(), AppError> {
    let administrator = crate::backend::administration::Administrator::asking().await?;
    administrator
        .add_checkpoint(zone, &name_zh, &name_en, direction)
        .await
}

/// Gives a checkpoint another name.
///
/// # Errors
/// `name_zh` or `name_en` invalid; [`AppError::NotFound`] also when it is given up.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/rename-checkpoint")]
pub async fn rename_checkpoint(
    id: String,
    name_zh: String,
    #[server(default)] name_en: String,
) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .rename_checkpoint(&id, &name_zh, &name_en)
        .await
}

/// Gives a checkpoint up: no tablet can be enrolled for it any more. Doing it again changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] when the id is none.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/close-checkpoint")]
pub async fn close_checkpoint(id: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .close_checkpoint(&id)
        .await
}
