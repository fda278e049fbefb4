//! What needs attention.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::table::Register;
use serde::{Deserialize, Serialize};

/// What needs attention, and how much there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// Tablets that have not been heard of for long.
    pub silent: Vec<Silent>,
    /// Things that tablets sent and that are no facts; at most 200 are counted.
    pub quarantined: usize,
    /// Passes for one entry that were used more often; at most 200 are counted.
    pub double_uses: usize,
    /// Files that wait for a word.
    pub imports: Vec<WaitingImport>,
    /// Households in the register.
    pub households: u64,
    /// People in the register of staff and students.
    pub people: u64,
    /// Tablets in use.
    pub tablets: usize,
    /// Open checkpoints without a tablet.
    pub bare: usize,
    /// Messages given up.
    pub failed_messages: u64,
    /// Whether text messages cannot be sent at all, so that nobody can sign in by phone.
    pub no_sms: bool,
}

/// A tablet that has not been heard of for long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    /// Its name.
    pub name: String,
    /// When it last was, by the site's clocks.
    pub last_seen: DateTime,
}

/// A file that waits for a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingImport {
    /// Its name in addresses.
    pub id: String,
    /// What it is for.
    pub register: Register,
    /// The file's name.
    pub file_name: String,
    /// When it was uploaded.
    pub at: DateTime,
}

/// What needs attention.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/attention", input = server_fn::codec::GetUrl)]
pub async fn load_attention() -> Result<Attention, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .attention()
        .await
}
