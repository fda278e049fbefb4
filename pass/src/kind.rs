//! Pass kinds: a sort of pass with its policy, as data.
//!
//! An administrator edits a kind; publishing it makes a *version*, which never changes afterwards. Each
//! published version of a site has a running number, the [`KindNo`], which is all a credential carries.

use alloc::{borrow::Cow, format, string::String, vec, vec::Vec};
use core::{fmt, str::FromStr};

use jiff::civil::{self, Date};
use serde::{Deserialize, Serialize};

use crate::{
    field::{Field, Takes},
    flow::{Flow, FlowFault, Of},
    quota::Quota,
    role::Role,
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

/// Who may apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// A person whom the office has confirmed as the phone of a household.
    Household,
}

/// How often a credential admits within its validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uses {
    /// 单次: one entry.
    Once,
    /// 多次: any number of entries.
    Many,
}

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

/// What the guard does when the code is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateCheck {
    /// Whether the guard confirms each person with a tap. Otherwise a good code opens by itself.
    pub confirm: bool,
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
    /// How often a household may have one; none: without limit.
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
    /// What the guard does.
    pub gate: GateCheck,
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
    /// A step of the flow cannot stand.
    Step(FlowFault),
    /// It is well written, but this version of the product does not do it yet: flows of several steps, of other deciders than the
    /// community office, or with a deadline; fields for files, people and identity documents.
    NotYet,
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

impl PassKind {
    /// The longest title, in characters; a guard reads it at two metres.
    pub const MAX_TITLE: usize = 24;
    /// The longest summary, in characters.
    pub const MAX_SUMMARY: usize = 300;

    /// Everything that keeps this policy from being published; empty when it can be.
    pub fn check(&self) -> Vec<KindFault> {
        use KindFaultWhy::{Above, Below, Empty, Repeated};

        let mut faults = vec![];
        let mut fault = |path: &'static str, wrong: bool, why| {
            if wrong {
                faults.push(KindFault {
                    path: path.into(),
                    why,
                });
            }
        };
        let window = &self.window;
        let furthest = u32::from(Window::MAX_DAYS);

        fault("version", self.version == 0, Below { min: 1 });
        fault("title.zh", self.title.zh.trim().is_empty(), Empty);
        fault("title.en", self.title.en.trim().is_empty(), Empty);
        for (path, text, max) in [
            ("title.zh", &self.title.zh, PassKind::MAX_TITLE),
            ("title.en", &self.title.en, PassKind::MAX_TITLE),
            ("summary.zh", &self.summary.zh, PassKind::MAX_SUMMARY),
            ("summary.en", &self.summary.en, PassKind::MAX_SUMMARY),
        ] {
            fault(
                path,
                text.chars().count() > max,
                KindFaultWhy::Longer { max: bound(max) },
            );
        }
        if let Some(quota) = self.quota {
            fault("quota.passes", quota.passes == 0, Below { min: 1 });
            fault("quota.days", quota.days == 0, Below { min: 1 });
            fault(
                "quota.days",
                quota.days > Quota::MAX_DAYS,
                Above { max: Quota::MAX_DAYS },
            );
        }
        fault(
            "window.latest_days",
            window.latest_days > Window::MAX_DAYS,
            Above { max: furthest },
        );
        fault(
            "window.latest_days",
            window.latest_days < window.earliest_days,
            Below {
                min: window.earliest_days.into(),
            },
        );
        fault("window.longest_days", window.longest_days == 0, Below { min: 1 });
        fault(
            "window.longest_days",
            window.longest_days > Window::MAX_DAYS,
            Above { max: furthest },
        );
        if let Some(open) = &window.weekdays {
            fault("window.weekdays", open.is_empty(), Empty);
            let repeated = open.iter().enumerate().any(|(at, day)| open[..at].contains(day));
            fault("window.weekdays", repeated, Repeated);
        }
        let max = ReasonRule::MAX_CHARS;
        fault(
            "reason.max_chars",
            self.reason.max_chars > max,
            Above { max: max.into() },
        );
        fault(
            "reason.max_chars",
            self.reason.required && self.reason.max_chars == 0,
            Below { min: 1 },
        );
        fault("zones", self.zones.is_empty(), Empty);
        self.check_fields(&mut faults);
        for (at, why) in self.steps.check(&self.fields) {
            let part = why.part();
            faults.push(KindFault {
                path: format!("steps[{at}].{part}").into(),
                why: KindFaultWhy::Step(why),
            });
        }
        for (at, step) in self.steps.0.iter().enumerate() {
            let office = step
                .seats
                .iter()
                .all(|seat| seat.role == Role::Office && seat.of == Of::Site);
            for (part, not_yet) in [
                ("key", at > 0),
                ("seats", !office),
                ("deadline", step.deadline.is_some()),
            ] {
                if not_yet {
                    faults.push(KindFault {
                        path: format!("steps[{at}].{part}").into(),
                        why: KindFaultWhy::NotYet,
                    });
                }
            }
        }
        if self.steps.0.len() > Flow::MAX_STEPS {
            faults.push(KindFault {
                path: "steps".into(),
                why: Above {
                    max: bound(Flow::MAX_STEPS),
                },
            });
        }
        faults
    }

    /// What keeps the form from being published.
    fn check_fields(&self, faults: &mut Vec<KindFault>) {
        use KindFaultWhy::{Above, Below, Empty, Longer, Repeated};

        if self.fields.len() > Field::MAX_FIELDS {
            faults.push(KindFault {
                path: "fields".into(),
                why: Above {
                    max: bound(Field::MAX_FIELDS),
                },
            });
        }
        for (at, field) in self.fields.iter().enumerate() {
            let mut fault = |part: &str, wrong: bool, why: KindFaultWhy| {
                if wrong {
                    faults.push(KindFault {
                        path: format!("fields[{at}].{part}").into(),
                        why,
                    });
                }
            };
            let max = Field::MAX_LABEL;
            let taken = self.fields[..at].iter().any(|other| other.key == field.key);
            fault("key", taken || RESERVED.contains(&field.key.as_str()), Repeated);
            for (part, text) in [("label.zh", &field.label.zh), ("label.en", &field.label.en)] {
                fault(part, text.trim().is_empty(), Empty);
                fault(part, text.chars().count() > max, Longer { max: bound(max) });
            }
            match &field.takes {
                Takes::Text { max_chars, .. } => {
                    fault("max_chars", *max_chars == 0, Below { min: 1 });
                    let most = Field::MAX_CHARS;
                    fault("max_chars", *max_chars > most, Above { max: most.into() });
                }
                Takes::Number { min, max } => fault(
                    "max",
                    max < min,
                    Below {
                        min: u32::try_from(*min).unwrap_or(0),
                    },
                ),
                Takes::Choice { options } => {
                    fault("options", options.is_empty(), Empty);
                    let most = Field::MAX_OPTIONS;
                    fault("options", options.len() > most, Above { max: bound(most) });
                    let twice = |at: usize| options[..at].iter().any(|other| other.key == options[at].key);
                    fault("options", (0..options.len()).any(twice), Repeated);
                    let unnamed = |text: &Text| text.zh.trim().is_empty() || text.en.trim().is_empty();
                    fault(
                        "options",
                        options.iter().any(|option| unnamed(&option.label)),
                        Empty,
                    );
                }
                Takes::Attachment {
                    max_files,
                    max_megabytes,
                } => {
                    fault("max_files", *max_files == 0, Below { min: 1 });
                    let (files, size) = (Field::MAX_FILES, Field::MAX_MEGABYTES);
                    fault("max_files", *max_files > files, Above { max: files.into() });
                    fault("max_megabytes", *max_megabytes == 0, Below { min: 1 });
                    fault("max_megabytes", *max_megabytes > size, Above { max: size.into() });
                }
                Takes::Date | Takes::Person | Takes::Plate | Takes::IdentityDocument => {}
            }
            let not_yet = matches!(
                field.takes,
                Takes::Attachment { .. } | Takes::Person | Takes::IdentityDocument
            );
            fault("kind", not_yet, KindFaultWhy::NotYet);
        }
    }
}

/// Names that every application has of its own.
const RESERVED: [&str; 4] = ["reason", "householder", "first-day", "last-day"];

fn bound(most: usize) -> u32 {
    u32::try_from(most).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// 单次通行: one per household every two days, one day, one use.
    pub(crate) fn resident_once() -> PassKind {
        PassKind {
            key: "resident-once".parse().unwrap(),
            version: 1,
            title: Text::new("居民单次通行", "Resident, one entry"),
            summary: Text::new("每户每2天1个", "One per household every two days"),
            applicant: Applicant::Household,
            quota: Some(Quota { passes: 1, days: 2 }),
            uses: Uses::Once,
            window: Window {
                earliest_days: 0,
                latest_days: 6,
                longest_days: 1,
                weekdays: None,
            },
            reason: ReasonRule {
                required: true,
                max_chars: 150,
            },
            fields: vec![],
            steps: Flow::default(),
            zones: ZoneSet::of(&[0, 1]),
            document: Document::AnyListed,
            gate: GateCheck { confirm: false },
        }
    }

    /// After `change` the faults are exactly these paths.
    #[track_caller]
    fn check(change: impl FnOnce(&mut PassKind), paths: &[&str]) {
        let mut kind = resident_once();
        change(&mut kind);
        let found: Vec<Cow<'static, str>> = kind.check().into_iter().map(|fault| fault.path).collect();
        assert_eq!(found, paths);
    }

    #[test]
    fn faults_name_their_field() {
        check(|_| {}, &[]);
        check(|kind| kind.version = 0, &["version"]);
        check(|kind| kind.title = Text::new(" ", "x"), &["title.zh"]);
        check(|kind| kind.title.en = "x".repeat(25), &["title.en"]);
        check(|kind| kind.title.zh = "证".repeat(24), &[]);
        check(|kind| kind.summary.zh = "证".repeat(301), &["summary.zh"]);
        check(|kind| kind.quota = None, &[]);
        check(
            |kind| kind.quota = Some(Quota { passes: 0, days: 0 }),
            &["quota.passes", "quota.days"],
        );
        check(
            |kind| kind.quota = Some(Quota { passes: 1, days: 367 }),
            &["quota.days"],
        );
        check(|kind| kind.window.earliest_days = 7, &["window.latest_days"]);
        check(|kind| kind.window.latest_days = 367, &["window.latest_days"]);
        check(|kind| kind.window.longest_days = 0, &["window.longest_days"]);
        check(|kind| kind.window.weekdays = Some(vec![]), &["window.weekdays"]);
        check(|kind| kind.window.weekdays = Some(vec![Weekday::Monday]), &[]);
        check(
            |kind| kind.window.weekdays = Some(vec![Weekday::Monday; 2]),
            &["window.weekdays"],
        );
        check(|kind| kind.reason.max_chars = 0, &["reason.max_chars"]);
        check(
            |kind| {
                kind.reason = ReasonRule {
                    required: false,
                    max_chars: 0,
                }
            },
            &[],
        );
        check(|kind| kind.reason.max_chars = 1001, &["reason.max_chars"]);
        check(|kind| kind.zones = ZoneSet::NONE, &["zones"]);
    }

    #[test]
    fn faults_in_lists_name_their_place() {
        let number = |key: &str, min, max| Field {
            key: key.parse().unwrap(),
            label: Text::new("人数", "People"),
            hint: None,
            required: true,
            takes: Takes::Number { min, max },
        };
        check(|kind| kind.fields = vec![number("people", 1, 9)], &[]);
        check(
            |kind| kind.fields = vec![number("people", 1, 9), number("people", 5, 1)],
            &["fields[1].key", "fields[1].max"],
        );
        check(
            |kind| kind.fields = vec![number("reason", 1, 9)],
            &["fields[0].key"],
        );
        check(
            |kind| {
                kind.fields = vec![number("people", 1, 9)];
                kind.fields[0].label.en.clear();
                kind.fields[0].takes = Takes::Choice { options: vec![] };
            },
            &["fields[0].label.en", "fields[0].options"],
        );
        check(
            |kind| {
                kind.fields = vec![number("people", 1, 9)];
                kind.fields[0].takes = Takes::Text {
                    max_chars: 0,
                    lines: false,
                };
            },
            &["fields[0].max_chars"],
        );
        check(|kind| kind.steps = Flow::office(), &[]);
        check(
            |kind| {
                kind.steps = Flow::office();
                kind.steps.0[0].seats.clear();
            },
            &["steps[0].seats"],
        );
    }

    #[test]
    fn zones_are_written_as_numbers_or_all() {
        let read = |zones: &str| {
            let mut json = serde_json::to_value(resident_once()).unwrap();
            json["zones"] = serde_json::from_str(zones).unwrap();
            serde_json::from_value::<PassKind>(json).map(|kind| kind.zones)
        };
        assert_eq!(read("[0, 5]").unwrap(), ZoneSet::of(&[0, 5]));
        assert_eq!(read("\"all\"").unwrap(), ZoneSet::ALL);
        for wrong in ["[32]", "\"some\"", "7", "[-1]"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn policy_is_data() {
        let mut kind = resident_once();
        kind.window.weekdays = Some(vec![Weekday::Monday, Weekday::Sunday]);
        for kind in [resident_once(), kind] {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<PassKind>(&json).unwrap(), kind);
        }
        let json = serde_json::to_value(resident_once()).unwrap();
        assert_eq!(json["uses"], "once");
        assert_eq!(json["quota"], serde_json::json!({ "passes": 1, "days": 2 }));
        assert_eq!(json["document"], "any_listed");
    }
}
