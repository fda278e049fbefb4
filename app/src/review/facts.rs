//! What the office's pages are told.

use crate::applications::facts::Step;
use crate::applications::given::Given;
use jiff::civil::{Date, DateTime};
use pass::application::State;
use pass::household::Address;
use pass::kind::{Document, KindKey, PassKind};
use pass::site::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which of the office's two lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Those that wait (待审核), the oldest first.
    #[default]
    Pending,
    /// Those that are decided (已审核), the latest first.
    Done,
}

/// What narrows a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Narrow {
    /// Which list.
    pub shelf: Shelf,
    /// Of this kind; empty for all.
    pub kind: String,
    /// Of this community; empty for all.
    pub community: String,
    /// Whose householder or door begins with this.
    pub text: String,
    /// Where the page begins; empty for the first.
    pub after: String,
}

/// A page of applications, and what the filters offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The rows, in the list's order.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many wait in all.
    pub waiting: u64,
    /// How many household claims wait in all.
    pub claims_waiting: u64,
    /// The kinds one may narrow to.
    pub kinds: Vec<(KindKey, Text)>,
    /// The communities one may narrow to.
    pub communities: Vec<String>,
}

/// An application as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in addresses.
    pub id: Uuid,
    /// The kind's title.
    pub kind: Text,
    /// The household's address.
    pub address: Address,
    /// The householder's name as given.
    pub householder: String,
    /// The first day of the pass.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub created_at: DateTime,
    /// When it was decided.
    pub decided_at: Option<DateTime>,
    /// Whether the one who looks applied himself: then somebody else decides.
    pub own: bool,
}

/// Everything the office sees of one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What its row shows.
    pub row: Row,
    /// The applicant's telephone.
    pub phone: String,
    /// What else the form asked.
    pub given: Vec<Given>,
    /// The document to carry.
    pub document: Document,
    /// The kind it is for.
    pub policy: PassKind,
    /// The pass number, once there is a pass.
    pub number: Option<u32>,
    /// When the pass was first used.
    pub used_at: Option<DateTime>,
    /// Every act, oldest first.
    pub history: Vec<Step>,
    /// The household's other recent applications, newest first.
    pub others: Vec<Row>,
}

/// What the office does with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// 同意.
    Agree,
    /// 不同意.
    Refuse,
    /// 终止: ends it, also once it was agreed to.
    Terminate,
}

/// What came of deciding one application or claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is so now.
    Done,
    /// Somebody was first.
    Already {
        /// How it stands.
        state: Stands,
        /// Who brought it there; absent where the rules did.
        by: Option<String>,
        /// When.
        at: Option<DateTime>,
    },
    /// Nobody decides his own.
    Own,
    /// It waits still, but cannot be agreed to.
    Refused(pass::Refusal),
    /// There is no such thing any more.
    Gone,
    /// The household is bound to another phone already: that binding has to be released first.
    HouseholdBound,
    /// The applicant is bound to another household already.
    AccountBound,
}

/// How an application or a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stands {
    /// An application.
    Application(State),
    /// A claim.
    Claim(ClaimState),
}

/// One row's outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Which.
    pub id: Uuid,
    /// What it was about, for reading.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// Where a household claim stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// With the office.
    #[default]
    Pending,
    /// The phone is the household's.
    Confirmed,
    /// The office did not believe it.
    Refused,
    /// It has ended.
    Released,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Confirmed, Self::Refused, Self::Released];

    /// The word in addresses and attributes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Released => "released",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A page of household claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The rows, the oldest first.
    pub rows: Vec<ClaimRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many wait in all.
    pub waiting: u64,
}

/// A claim as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// Its name.
    pub id: Uuid,
    /// The telephone that would be bound.
    pub phone: String,
    /// The household's address.
    pub address: Address,
    /// The householder as registered.
    pub registered: String,
    /// The householder's name as typed.
    pub typed: String,
    /// Whether the two are the same to the register.
    pub same: bool,
    /// Whether the household is bound to a phone at present.
    pub bound: bool,
    /// Where it stands.
    pub state: ClaimState,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was decided.
    pub decided_at: Option<DateTime>,
    /// What the office said.
    pub opinion: Option<String>,
    /// Whether the one who looks made it himself.
    pub own: bool,
}

/// What the office does with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerb {
    /// Binds the phone.
    Confirm,
    /// Does not.
    Refuse,
    /// Ends a binding.
    Release,
}
