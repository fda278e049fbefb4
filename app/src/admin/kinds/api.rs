//! The site's pass kinds: read, written, checked and published. Words are the server's: the browser carries none of them.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::{KindKey, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A kind in the list: its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Its name in the site.
    pub key: KindKey,
    /// What people call it.
    pub title: Text,
    /// What it is for.
    pub summary: Text,
    /// Whether one may apply for it.
    pub offered: bool,
    /// Its rules, each a name and a sentence.
    pub rules: Vec<(String, String)>,
    /// Its versions, the newest first.
    pub versions: Vec<Version>,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Which.
    pub version: u32,
    /// The number that credentials carry.
    pub no: u16,
    /// Since when.
    pub published_at: DateTime,
    /// Who published it; absent for what set-up brought.
    pub by: Option<String>,
    /// Since when nobody may apply under it.
    pub retired_at: Option<DateTime>,
    /// How many applications are in review under it.
    pub running: i64,
}

/// The kinds, and what a new one can begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    /// Those that are offered first.
    pub kinds: Vec<Kind>,
    /// The documents that come with the product: file and title.
    pub presets: Vec<(String, Text)>,
}

/// A kind's versions with what they say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The kind.
    pub kind: Kind,
    /// For each of its versions, the newest first: its document, and what it changed.
    pub documents: Vec<(String, Vec<Line>)>,
}

/// What the editor begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// Whose draft is kept in the tab.
    pub account: Uuid,
    /// What the kind is called; absent for a new one.
    pub title: Option<Text>,
    /// The version that is edited; 0 for a new kind.
    pub from: u32,
    /// Whether one may apply for it.
    pub offered: bool,
    /// The document.
    pub text: String,
}

/// A line of what a version changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whether it stays.
    pub change: Change,
    /// What it says.
    pub text: String,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It is there before and after.
    Kept,
    /// It goes away.
    Gone,
    /// It is new.
    Added,
    /// Lines that stay are left out here.
    Skipped,
}

/// Something that keeps a document from being published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What it is about, as the document calls it; empty where that is not known.
    pub part: String,
    /// Why, in words.
    pub why: String,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Checked {
    /// It cannot be published.
    Faulty(Vec<Fault>),
    /// It can.
    Good(Box<Proposal>),
}

/// What publishing would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What the kind is called.
    pub title: Text,
    /// Which version it becomes.
    pub version: u32,
    /// What it changes in the one before; empty where that says the same.
    pub changes: Vec<Line>,
    /// Whether publishing would change nothing: the newest version is offered and says the same.
    pub same: bool,
    /// What applies to applications that are in review, in words.
    pub running: String,
    /// How it looks.
    pub preview: Preview,
}

/// A kind in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Its rules, each a name and a sentence.
    pub rules: Vec<(String, String)>,
    /// What its form asks besides what every form asks.
    pub fields: Vec<FieldShown>,
    /// Who decides, in order.
    pub steps: Vec<StepShown>,
}

/// A field as applicants see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldShown {
    /// What they read beside it.
    pub label: String,
    /// The line below it.
    pub hint: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it takes, in words.
    pub takes: String,
}

/// A step of the flow in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepShown {
    /// What it is called.
    pub title: String,
    /// Who decides.
    pub seats: Vec<String>,
    /// Condition, choices and deadline, a sentence each.
    pub notes: Vec<String>,
}

/// What came of publishing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Publication {
    /// It is this version now.
    Published {
        /// The kind.
        key: KindKey,
        /// The version.
        version: u32,
    },
    /// The newest version, this one, says the same: nothing has changed.
    Same {
        /// The kind.
        key: KindKey,
        /// The version.
        version: u32,
    },
    /// It cannot be published.
    Faulty(Vec<Fault>),
    /// There is a newer version than the one that was edited: nothing has been published.
    Overtaken {
        /// The newest version.
        version: u32,
        /// Who published it.
        by: Option<String>,
        /// What it changed in the one that was edited.
        changes: Vec<Line>,
    },
}

/// The published kinds, those that are offered first.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/kinds", input = server_fn::codec::GetUrl)]
pub async fn load_kinds() -> Result<Kinds, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .kinds()
        .await
}

/// A kind's versions.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/kind-history", input = server_fn::codec::GetUrl)]
pub async fn load_history(key: String) -> Result<History, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .kind_history(&key)
        .await
}

/// What the editor begins with: the newest version of `key`; where that is empty, of `copy` or the document of a `preset`; else an
/// example.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/kind-beginning", input = server_fn::codec::GetUrl)]
pub async fn load_beginning(key: String, copy: String, preset: String) -> Result<Beginning, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .kind_beginning(&key, &copy, &preset)
        .await
}

/// Checks a document without publishing it. `key` is the kind that it is a version of, empty for a new one.
///
/// # Errors
/// [`AppError::NotFound`]; `text` too long.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/check-kind")]
pub async fn check_kind(key: String, text: String) -> Result<Checked, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .check_kind(&key, &text)
        .await
}

/// Publishes a document as the version after `from`, which is 0 for a new kind. Sent again it changes nothing.
///
/// # Errors
/// [`AppError::NotFound`]; `text` too long.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/publish-kind")]
pub async fn publish_kind(key: String, from: u32, text: String) -> Result<Publication, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .publish_kind(&key, from, &text)
        .await
}

/// Stops offering a kind whose newest version is `version`. What runs and what was issued stays.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Changed`] when there is a newer version.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/retire-kind")]
pub async fn retire_kind(key: String, version: u32) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .retire_kind(&key, version)
        .await
}

/// Offers a kind again whose newest version is `version`: as its next one, which says the same.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Changed`] when there is a newer version, or its zones are not there any more.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/offer-kind")]
pub async fn offer_kind(key: String, version: u32) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .offer_kind(&key, version)
        .await
}
