//! What keeps a kind from being published.

use alloc::{borrow::Cow, format, vec, vec::Vec};

use super::{Applicant, Hosting, KindFault, KindFaultWhy, PassKind, ReasonRule, Subject, Window};
use crate::{
    field::{Field, Takes},
    flow::{self, Flow, FlowFault, Seat},
    quota::Quota,
    site::{Text, ZoneSet},
};

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

        fault("key", self.key.as_str() == NEW, Repeated);
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
        self.check_gate(&mut faults);
        self.check_fields(&mut faults);
        for (at, why) in self.steps.check(&self.fields) {
            let part = why.part();
            faults.push(KindFault {
                path: format!("steps[{at}].{part}").into(),
                why: KindFaultWhy::Step(why),
            });
        }
        self.check_applicant(&mut faults);
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

    /// The zones that a site with these zones does not have: what keeps the policy from being published there.
    pub fn check_zones(&self, site: ZoneSet) -> Vec<KindFault> {
        if self.zones == ZoneSet::ALL {
            return vec![];
        }
        let missing = self.zones.iter().filter(|zone| !site.contains(*zone));
        missing
            .map(|zone| KindFault {
                path: "zones".into(),
                why: KindFaultWhy::NoSuchZone { zone },
            })
            .collect()
    }

    /// Whether another version says the same.
    pub fn says_the_same(&self, other: &PassKind) -> bool {
        let numbered = PassKind {
            version: other.version,
            ..self.clone()
        };
        numbered == *other
    }

    /// What does not go together in who applies, for whom, and who decides.
    fn check_applicant(&self, faults: &mut Vec<KindFault>) {
        let mut fault = |path: Cow<'static, str>, wrong: bool, why: KindFaultWhy| {
            if wrong {
                faults.push(KindFault { path, why });
            }
        };
        let person = matches!(self.applicant, Applicant::Person(_));
        fault(
            "subject".into(),
            self.subject == Subject::Member && self.applicant != Applicant::Household,
            KindFaultWhy::NoHousehold,
        );
        fault(
            "host".into(),
            self.host == Hosting::Applicant && !person,
            KindFaultWhy::NoHostApplicant,
        );
        let first = self.steps.0.first();
        let confirms = first.is_some_and(|step| step.seats == [Seat::Host] && step.when.is_none());
        fault(
            "steps".into(),
            self.host == Hosting::Named && !confirms,
            KindFaultWhy::HostNotFirst,
        );
        for (at, seat) in self.steps.seats() {
            let hosted = match seat {
                Seat::Host => self.host == Hosting::Named,
                _ => self.host != Hosting::None,
            };
            for (wrong, why) in [
                (seat.needs_host() && !hosted, FlowFault::NoHost),
                (seat.needs_unit() && !person, FlowFault::NoUnit),
            ] {
                fault(
                    format!("steps[{at}].seats").into(),
                    wrong,
                    KindFaultWhy::Step(why),
                );
            }
        }
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
                    fault(
                        "required",
                        self.renewable && field.required,
                        KindFaultWhy::FileNotRenewable,
                    );
                    fault("max_files", *max_files == 0, Below { min: 1 });
                    let (files, size) = (Field::MAX_FILES, Field::MAX_MEGABYTES);
                    fault("max_files", *max_files > files, Above { max: files.into() });
                    fault("max_megabytes", *max_megabytes == 0, Below { min: 1 });
                    fault("max_megabytes", *max_megabytes > size, Above { max: size.into() });
                }
                Takes::IdentityDocument { documents } => {
                    fault("documents", documents.is_empty(), Empty);
                    let twice = |at: usize| documents[..at].contains(&documents[at]);
                    fault("documents", (0..documents.len()).any(twice), Repeated);
                }
                Takes::Date | Takes::Person | Takes::Plate => {}
            }
        }
    }
}

/// What stands in a kind's place in the address of the page for one that is not there yet.
const NEW: &str = "new";

/// Names that every application has of its own: parts of every form, the host as a seat, and what conditions may ask besides fields.
const RESERVED: [&str; 8] = [
    "reason",
    "holder",
    "householder",
    "first-day",
    "last-day",
    "host",
    flow::APPLICANT,
    flow::DAYS,
];

fn bound(most: usize) -> u32 {
    u32::try_from(most).unwrap_or(u32::MAX)
}
