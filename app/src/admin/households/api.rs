//! The household register and its imports.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::household::{Address, HeaderFault, HouseholdRow, LineFault};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Part of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// By address.
    pub rows: Vec<HouseholdRow>,
    /// Whether there are more after the last one.
    pub more: bool,
    /// How many households there are in all.
    pub count: u64,
}

/// An uploaded file as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its name in addresses.
    pub id: Uuid,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded, by the site's clocks.
    pub at: DateTime,
    /// What it comes to.
    pub standing: Standing,
}

/// What an uploaded file comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It has faults, and nothing of it is taken.
    Faulty {
        /// Of the line of column names.
        header: Vec<HeaderFault>,
        /// The first of those below.
        faults: Vec<LineFault>,
        /// How many there are in all.
        count: usize,
    },
    /// It is good and waits for a word.
    Good {
        /// What it would do.
        counts: Counts,
        /// The first of the households it would change: before and after.
        changes: Vec<(HouseholdRow, HouseholdRow)>,
    },
    /// It is in the register.
    Applied {
        /// Since when.
        at: DateTime,
        /// What it did.
        counts: Counts,
    },
}

/// What an import does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Addresses that are new.
    pub created: u64,
    /// Addresses that change.
    pub updated: u64,
    /// Addresses that stay as they are.
    pub unchanged: u64,
}

/// A page of the register: householders whose name begins with `text`, after an address.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/households", input = server_fn::codec::GetUrl)]
pub async fn load_households(
    #[server(default)] text: String,
    after: Option<Address>,
) -> Result<Register, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .households(&text, after.as_ref())
        .await
}

/// An uploaded file.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`], [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/import", input = server_fn::codec::GetUrl)]
pub async fn load_import(id: Uuid) -> Result<Import, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .import(id)
        .await
}

/// Takes an uploaded file over into the register: all of it, once. Doing it again changes nothing.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Changed`] when it has faults.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/apply-import")]
pub async fn apply_import(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .apply_import(id)
        .await
}

/// Forgets an uploaded file that was not taken over, and leads to the register.
///
/// # Errors
/// The store's.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/discard-import")]
pub async fn discard_import(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .discard_import(id)
        .await?;
    leptos_axum::redirect("/admin/households");
    Ok(())
}
