//! What the office's pages are told.

use crate::applications::facts::Step;
use crate::applications::flow::{About, Stage};
use crate::applications::given::Given;
use jiff::civil::{Date, DateTime};
use pass::application::State;
use pass::flow::Next;
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
    /// All that the reader oversees (查询统计), the newest first.
    All,
}

impl Shelf {
    /// The word in addresses; the first list needs none.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "",
            Self::Done => "done",
            Self::All => "all",
        }
    }

    /// The list of that word.
    pub fn of_word(word: &str) -> Self {
        match word {
            "done" => Self::Done,
            "all" => Self::All,
            _ => Self::Pending,
        }
    }
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
    /// In this state, of all that one oversees; empty for any.
    pub state: String,
    /// Whose name, number or door begins with this.
    pub text: String,
    /// Where the page begins; empty for the first.
    pub after: String,
}

/// How far those that wait are counted; so many and more are told as more.
pub const COUNTED: u16 = 1000;

/// A page of applications, and what the filters offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The rows, in the list's order.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many wait in all, counted no further than [`COUNTED`].
    pub waiting: u64,
    /// How many household claims wait in all, for the office.
    pub claims_waiting: Option<u64>,
    /// Whether there is anything that the reader oversees.
    pub oversees: bool,
    /// The kinds one may narrow to.
    pub kinds: Vec<(KindKey, Text)>,
    /// The communities one may narrow to.
    pub communities: Vec<String>,
}

/// All that fit the filters and may be decided at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matching {
    /// Their names, those first that have waited longest; as many as are decided at once.
    pub ids: Vec<Uuid>,
    /// How many there are.
    pub all: u64,
}

/// An application as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in addresses.
    pub id: Uuid,
    /// The kind's title.
    pub kind: Text,
    /// About whom it is.
    pub about: About,
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
    /// What the reader may decide now.
    pub deciding: Option<Deciding>,
    /// Whether it is the reader's own, who therefore decides nothing.
    pub own: bool,
    /// Whether the reader may end it.
    pub may_terminate: bool,
    /// Its way through the flow.
    pub stages: Vec<Stage>,
    /// Every act, oldest first.
    pub history: Vec<Step>,
    /// The household's other recent applications, newest first.
    pub others: Vec<Row>,
}

/// A step that somebody may decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deciding {
    /// The step's title.
    pub step: Text,
    /// For whom, where the reader stands in for somebody.
    pub of: Option<String>,
    /// Where it may go on (下一步); one or more.
    pub choices: Vec<Choice>,
}

/// Where an application may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What forms send.
    pub next: Next,
    /// The step's title; absent for the end.
    pub title: Option<Text>,
    /// Among whom the one who decides there may be picked (下一步办理人); empty where nobody is picked.
    pub people: Vec<(Uuid, String)>,
}

/// What is done with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// 同意.
    Agree,
    /// 不同意.
    Refuse,
    /// 退回修改: to be corrected and sent again.
    SendBack,
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
    /// It is so now, and goes on to the next step.
    PassedOn,
    /// Nobody decides his own.
    Own,
    /// The step at which it stands is not the reader's to decide.
    NotHis,
    /// It waits still, but cannot be agreed to.
    Refused(pass::Refusal),
    /// There is no such thing any more.
    Gone,
    /// The household is bound to another phone already: that binding has to be released first.
    HouseholdBound,
    /// The applicant is bound to another household already.
    AccountBound,
}

impl Outcome {
    /// Whether it was decided as asked.
    pub fn went_through(&self) -> bool {
        matches!(self, Self::Done | Self::PassedOn)
    }
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
