//! Pass kinds: a sort of pass with its policy, as data.
//!
//! An administrator edits a kind; publishing it makes a *version*, which never changes afterwards. Each
//! published version of a site has a running number, the [`KindNo`], which is all a credential carries.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{fmt, str::FromStr};

mod applicant;
mod check;
mod gate;

pub use applicant::{Applicant, Hosting, Standing, Subject};
pub use gate::{Check, GateCheck, Rotation, Uses};

use jiff::civil::{self, Date};
use serde::{Deserialize, Serialize};

use crate::{
    credential::Medium,
    field::Field,
    flow::{Flow, FlowFault},
    quota::Quota,
    site::{CodeError, Text, ZoneSet, code},
};

/// A kind's name inside its site, the same in all its versions: 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KindKey(String);

impl KindKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KindKey {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<KindKey, CodeError> {
        code(text, 32).map(KindKey)
    }
}

impl TryFrom<String> for KindKey {
    type Error = CodeError;

    fn try_from(text: String) -> Result<KindKey, CodeError> {
        text.parse()
    }
}

impl From<KindKey> for String {
    fn from(key: KindKey) -> String {
        key.0
    }
}

impl fmt::Display for KindKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The running number of one published version of one kind in its site. Credentials carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindNo(pub u16);

/// The document the guard must see beside the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// None.
    None,
    /// Any of the documents the site's rules list (有效证件).
    AnyListed,
    /// The identity card (身份证).
    IdentityCard,
    /// The staff or work card (工作证).
    WorkCard,
    /// A residence permit or proof of residence (居住证).
    ResidencePermit,
    /// The retirement certificate (退休证).
    RetirementCertificate,
    /// The student card (学生证).
    StudentCard,
    /// The household register (户口簿).
    HouseholdRegister,
}

impl Document {
    /// Every document, in the order of its number in the credential.
    pub const ALL: [Document; 8] = [
        Document::None,
        Document::AnyListed,
        Document::IdentityCard,
        Document::WorkCard,
        Document::ResidencePermit,
        Document::RetirementCertificate,
        Document::StudentCard,
        Document::HouseholdRegister,
    ];
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days' names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// The weekday of a date.
    pub fn of(day: Date) -> Weekday {
        match day.weekday() {
            civil::Weekday::Monday => Weekday::Monday,
            civil::Weekday::Tuesday => Weekday::Tuesday,
            civil::Weekday::Wednesday => Weekday::Wednesday,
            civil::Weekday::Thursday => Weekday::Thursday,
            civil::Weekday::Friday => Weekday::Friday,
            civil::Weekday::Saturday => Weekday::Saturday,
            civil::Weekday::Sunday => Weekday::Sunday,
        }
    }
}

/// The days a pass may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The earliest first day, in days from today; 0 is today.
    pub earliest_days: u16,
    /// The latest first day, in days from today.
    pub latest_days: u16,
    /// How many days a pass may last, at least 1.
    pub longest_days: u16,
    /// The weekdays on which a pass may be valid; none given: all. Every day of a pass must be one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<Weekday>>,
}

impl Window {
    /// The furthest day, and the longest pass, in days.
    pub const MAX_DAYS: u16 = 366;

    /// Whether a pass may be valid on the weekday of `day`.
    pub fn open_on(&self, day: Date) -> bool {
        self.weekdays
            .as_ref()
            .is_none_or(|open| open.contains(&Weekday::of(day)))
    }
}

/// What is asked of the reason (申请原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonRule {
    /// Whether it may not be left empty.
    pub required: bool,
    /// The most characters (Unicode scalar values).
    pub max_chars: u16,
}

impl ReasonRule {
    /// The most characters any kind may allow.
    pub const MAX_CHARS: u16 = 1000;
}

/// One version of a pass kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassKind {
    /// The name that all versions share.
    pub key: KindKey,
    /// The version, from 1. Publishing numbers it; a document does not say it.
    #[serde(default)]
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// One sentence for the applicant: what it is for and what its rules are.
    pub summary: Text,
    /// Who may apply.
    pub applicant: Applicant,
    /// Who passes the gate.
    #[serde(default, skip_serializing_if = "is_default")]
    pub subject: Subject,
    /// Who vouches for them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub host: Hosting,
    /// How often a household, or where none applies an applicant, may have one; none: without limit.
    #[serde(default)]
    pub quota: Option<Quota>,
    /// How often it admits.
    pub uses: Uses,
    /// The days it may be asked for.
    pub window: Window,
    /// What is asked of the reason.
    pub reason: ReasonRule,
    /// What else the form asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Who decides, step by step; without a step what keeps to the policy is agreed to at once.
    #[serde(default)]
    pub steps: Flow,
    /// The zones it opens.
    #[serde(with = "zone_list")]
    pub zones: ZoneSet,
    /// The document the guard must see.
    pub document: Document,
    /// What its codes may be shown with; a phone where nothing is said.
    #[serde(default = "gate::phone", skip_serializing_if = "gate::is_phone")]
    pub medium: Vec<Medium>,
    /// What keeps its codes from being copied.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rotation: Rotation,
    /// What the guard does.
    pub gate: GateCheck,
    /// Whether who applied may renew what was completed (续期), many at once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub renewable: bool,
}

/// Something in a kind's policy that can't stand, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindFault {
    /// The field's path, for instance `window.latest_days`.
    pub path: Cow<'static, str>,
    /// What is wrong with it.
    pub why: KindFaultWhy,
}

/// What is wrong with a field of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindFaultWhy {
    /// It may not be empty.
    Empty,
    /// It has more characters than this.
    Longer {
        /// The most.
        max: u32,
    },
    /// It is below this.
    Below {
        /// The least.
        min: u32,
    },
    /// It is above this.
    Above {
        /// The most.
        max: u32,
    },
    /// It has the same entry twice.
    Repeated,
    /// The site has no zone of this number.
    NoSuchZone {
        /// The number.
        zone: u8,
    },
    /// A step of the flow cannot stand.
    Step(FlowFault),
    /// Only a household has members.
    NoHousehold,
    /// Whoever hosts belongs to the site: only its people can be the applicants.
    NoHostApplicant,
    /// A kind that may be renewed asks for a file that must be given: what was given belongs to the application before.
    FileNotRenewable,
    /// A named host confirms first, alone, and always: the first step's only seat is `{ person = "host" }`, without a condition.
    HostNotFirst,
    /// What the guard is to check needs the guard to confirm it: `confirm` has to be true.
    ChecksUnasked,
    /// The document is asked for with the kind's `document`.
    DocumentApart,
    /// It is well written, but this version of the product does not do it yet: paper, rotating codes.
    NotYet,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A set of zones as documents write it: their numbers, or `"all"`.
mod zone_list {
    use alloc::{string::String, vec::Vec};

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use crate::site::ZoneSet;

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Written {
        Numbers(Vec<u8>),
        Word(String),
    }

    pub fn serialize<S: Serializer>(zones: &ZoneSet, serializer: S) -> Result<S::Ok, S::Error> {
        if *zones == ZoneSet::ALL {
            Written::Word("all".into())
        } else {
            Written::Numbers(zones.iter().collect())
        }
        .serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ZoneSet, D::Error> {
        let wrong = || D::Error::custom("zones are a list of zone numbers from 0 to 31, or \"all\"");
        match Written::deserialize(deserializer).map_err(|_| wrong())? {
            Written::Word(word) if word == "all" => Ok(ZoneSet::ALL),
            Written::Numbers(numbers) if numbers.iter().all(|&number| number < 32) => {
                Ok(ZoneSet::of(&numbers))
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
pub(crate) mod tests;
