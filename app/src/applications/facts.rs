//! What the pages of an applicant's own applications are told.

use super::drafts::DraftRow;
use super::flow::{About, Stage};
use super::given::Given;
use jiff::civil::{Date, DateTime};
use pass::application::{Act, State};
use pass::kind::{Document, KindKey};
use pass::role::Role;
use pass::site::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An application as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in addresses.
    pub id: Uuid,
    /// The kind's title.
    pub kind: Text,
    /// The first day of the pass.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub created_at: DateTime,
    /// The pass number, once there is a pass.
    pub number: Option<u32>,
    /// Whether the pass has been used.
    pub used: bool,
    /// Whether nothing is left of it.
    pub spent: bool,
    /// Whether its last day is over.
    pub over: bool,
    /// The applicant's telephone.
    pub phone: String,
    /// About whom it is.
    pub about: About,
    /// Why.
    pub reason: String,
}

/// A page of applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What was not handed in yet, on the first page.
    pub drafts: Vec<DraftRow>,
    /// The newest first.
    pub rows: Vec<Row>,
    /// Which of them may be renewed.
    pub renewable: Vec<Uuid>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// The first and the last day of the range that was asked for, where one was.
    pub span: Option<(Date, Date)>,
    /// Today at the site.
    pub today: Date,
}

/// Everything about one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What the list shows.
    pub row: Row,
    /// The kind's key, to apply again.
    pub kind_key: KindKey,
    /// Its way through the flow.
    pub stages: Vec<Stage>,
    /// What else the form asked.
    pub given: Vec<Given>,
    /// The document to carry.
    pub document: Document,
    /// When the pass was first used.
    pub used_at: Option<DateTime>,
    /// Whether it may be taken back now.
    pub may_withdraw: bool,
    /// Whether it came back and may be corrected.
    pub may_correct: bool,
    /// Every act, oldest first.
    pub history: Vec<Step>,
}

/// One act in an application's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// At which step of the flow.
    pub title: Option<Text>,
    /// By whom.
    pub who: Who,
    /// Whom they stood in for.
    pub of: Option<String>,
    /// When.
    pub at: DateTime,
    /// What they said.
    pub opinion: Option<String>,
}

/// Who did something, as far as the reader may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// The applicant.
    Applicant,
    /// The kind's policy, by itself.
    Policy,
    /// Somebody of this role, whose name is not for the reader.
    Office(Role),
    /// A person by name.
    Named(String),
}
