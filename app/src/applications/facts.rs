//! What the pages of an applicant's own applications are told.

use super::given::Given;
use jiff::civil::{Date, DateTime};
use pass::application::{Act, State};
use pass::household::Address;
use pass::kind::{Document, KindKey};
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
    /// Whether its last day is over.
    pub over: bool,
    /// The applicant's telephone.
    pub phone: String,
    /// The household's address.
    pub address: Address,
    /// The householder's name as given.
    pub householder: String,
    /// Why.
    pub reason: String,
}

/// A page of applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The newest first.
    pub rows: Vec<Row>,
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
    /// What else the form asked.
    pub given: Vec<Given>,
    /// The document to carry.
    pub document: Document,
    /// When the pass was first used.
    pub used_at: Option<DateTime>,
    /// Whether it may be taken back now.
    pub may_withdraw: bool,
    /// Every act, oldest first.
    pub history: Vec<Step>,
}

/// One act in an application's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// By whom.
    pub who: Who,
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
    /// The community office.
    Office,
    /// A person of the office, by name, for the office's own eyes.
    Named(String),
}
