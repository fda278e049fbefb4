//! What happened at the gates.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos::server_fn;
use pass::{Check, Direction, Text, What};
use serde::{Deserialize, Serialize};

/// Which admissions are asked for. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdmissionQuery {
    /// The first site-local day.
    pub from: Option<Date>,
    /// The last one.
    pub until: Option<Date>,
    /// A checkpoint's id.
    pub checkpoint: Option<String>,
    /// A pass number.
    pub number: Option<u32>,
    /// `admitted`, `refused`, `overridden` or `voided`.
    pub what: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
}

/// Some admissions, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admissions {
    /// In order.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// The site's checkpoints, for the filter.
    pub checkpoints: Vec<(String, Text)>,
    /// Passes that were used more often than they may be, the latest found first.
    pub double_uses: Vec<u32>,
}

/// One admission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// When, by the site's clocks.
    pub at: DateTime,
    /// When it reached the server.
    pub received: DateTime,
    /// Where.
    pub checkpoint: Text,
    /// The tablet's name.
    pub tablet: String,
    /// Its number on the tablet.
    pub seq: u64,
    /// Which way.
    pub direction: Direction,
    /// The pass.
    pub number: Option<u32>,
    /// Its kind's name.
    pub kind: Option<Text>,
    /// The masked name.
    pub name: String,
    /// What happened.
    pub what: What,
    /// What the guard confirmed before.
    pub checks: Vec<Check>,
    /// Whether a later event took it back.
    pub voided: bool,
    /// Whether its pass was used more often than it may be, and this is one of the uses.
    pub double_use: bool,
}

/// Something that is no fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The tablet's name.
    pub tablet: String,
    /// The number it gave.
    pub seq: u64,
    /// Why it is here, as a code.
    pub reason: String,
    /// When it arrived, by the site's clocks.
    pub received: DateTime,
    /// How long it is, in bytes.
    pub length: usize,
}

/// Admissions, the latest first.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/admissions", input = server_fn::codec::GetUrl)]
pub async fn load_admissions(#[server(default)] query: AdmissionQuery) -> Result<Admissions, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .admissions(&query)
        .await
}

/// What tablets sent that is no fact.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/quarantine", input = server_fn::codec::GetUrl)]
pub async fn load_quarantine() -> Result<Vec<Quarantined>, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .quarantine()
        .await
}
