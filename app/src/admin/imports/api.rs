//! Files that are taken over into a register.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::table::{Column, HeaderFault, LineFault, Register};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An uploaded file as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its name in addresses.
    pub id: Uuid,
    /// What it is for.
    pub register: Register,
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
        /// The first of what it would change.
        changes: Vec<Change>,
        /// How many changes there are in all.
        count: usize,
        /// The first of what would not be taken: the line, the column, and what stands there.
        passed_over: Vec<(u32, Column, String)>,
    },
    /// It is in the register.
    Applied {
        /// Since when.
        at: DateTime,
        /// What it did.
        counts: Counts,
    },
}

/// What a file changes in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Whose.
    pub of: String,
    /// In which column.
    pub column: Column,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// What an import does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that are new.
    pub created: u64,
    /// Rows that change.
    pub updated: u64,
    /// Rows that stay.
    pub unchanged: u64,
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
/// [`AppError::NotFound`]; [`AppError::Changed`] when it has faults, or has by now.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/apply-import")]
pub async fn apply_import(id: Uuid) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .apply_import(id)
        .await
}

/// Forgets an uploaded file that was not taken over, and leads to its register.
///
/// # Errors
/// The store's.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/discard-import")]
pub async fn discard_import(id: Uuid) -> Result<(), AppError> {
    let register = crate::backend::administration::Administrator::asking()
        .await?
        .discard_import(id)
        .await?;
    leptos_axum::redirect(super::place(register));
    Ok(())
}
