//! What a kind says about the gate: how often it admits, what it is shown with, what the guard looks at.

use alloc::{borrow::Cow, vec, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Document, Hosting, KindFault, KindFaultWhy, PassKind};
use crate::{credential::Medium, flow::FlowFault};

/// How often a credential admits within its validity. What that means is [`redemption`](crate::redemption)'s to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uses {
    /// 单次: one entry; leaving is nobody's business.
    Once,
    /// 出入各一次: one entry and one exit, in either order.
    Pair,
    /// 多次: any number of entries.
    Many,
}

impl Uses {
    /// The stricter of two: one entry, else a pair, else many.
    pub fn stricter(self, other: Uses) -> Uses {
        match (self, other) {
            (Uses::Once, _) | (_, Uses::Once) => Uses::Once,
            (Uses::Pair, _) | (_, Uses::Pair) => Uses::Pair,
            (Uses::Many, Uses::Many) => Uses::Many,
        }
    }
}

/// What keeps a code from being copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Nothing: the code stays the same.
    #[default]
    Static,
    /// The phone signs it anew every few seconds, with a key that never leaves it.
    Rotating,
}

/// Something that the guard checks by eye, or by asking, before the gate opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The document that the pass names. A kind asks for it with its `document`, not among its checks.
    Document,
    /// 测温正常: the temperature was taken and is normal.
    Temperature,
    /// 已登记: they are written down in the gate's register.
    Registration,
    /// 已与接待人确认: the host was called and expects them.
    HostCalled,
}

impl Check {
    /// Every check, in the order in which they are shown and recorded.
    pub const ALL: [Check; 4] = [
        Check::Document,
        Check::Temperature,
        Check::Registration,
        Check::HostCalled,
    ];

    /// What is checked where a pass asks for this document and its kind for these checks besides, in order.
    pub fn all(document: Document, besides: &[Check]) -> Vec<Check> {
        let document = (document != Document::None).then_some(Check::Document);
        let mut all: Vec<Check> = document.into_iter().chain(besides.iter().copied()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The check's name in documents, in bundles and in events, the same for ever.
    pub fn code(self) -> &'static str {
        match self {
            Check::Document => "document",
            Check::Temperature => "temperature",
            Check::Registration => "registration",
            Check::HostCalled => "host_called",
        }
    }

    /// The check of this name.
    pub fn of_code(code: &str) -> Option<Check> {
        Check::ALL.into_iter().find(|check| check.code() == code)
    }
}

/// What the guard does when the code is good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateCheck {
    /// Whether the guard confirms each person with a tap. Otherwise a good code opens by itself.
    pub confirm: bool,
    /// What the guard confirms besides the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// What a kind is shown with where its document does not say it.
pub(super) fn phone() -> Vec<Medium> {
    vec![Medium::Phone]
}

/// Whether that is what it says.
pub(super) fn is_phone(medium: &[Medium]) -> bool {
    medium == [Medium::Phone]
}

impl PassKind {
    /// What keeps the kind's words about the gate from being published.
    pub(super) fn check_gate(&self, faults: &mut Vec<KindFault>) {
        let mut fault = |path: &'static str, wrong: bool, why| {
            if wrong {
                faults.push(KindFault {
                    path: Cow::Borrowed(path),
                    why,
                });
            }
        };
        let GateCheck { confirm, checks } = &self.gate;
        fault("medium", self.medium.is_empty(), KindFaultWhy::Empty);
        fault("medium", repeated(&self.medium), KindFaultWhy::Repeated);
        let on_paper = self.medium.contains(&Medium::Paper);
        fault("medium", on_paper, KindFaultWhy::NotYet);
        let rotates = self.rotation == Rotation::Rotating;
        fault("rotation", rotates, KindFaultWhy::NotYet);
        let unasked = !confirm && !checks.is_empty();
        fault("gate.confirm", unasked, KindFaultWhy::ChecksUnasked);
        fault("gate.checks", repeated(checks), KindFaultWhy::Repeated);
        let twofold = checks.contains(&Check::Document);
        fault("gate.checks", twofold, KindFaultWhy::DocumentApart);
        let nobody = self.host == Hosting::None && checks.contains(&Check::HostCalled);
        fault("gate.checks", nobody, KindFaultWhy::Step(FlowFault::NoHost));
    }
}

fn repeated<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(at, one)| list[..at].contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::tests::resident_once;
    use alloc::string::String;

    #[track_caller]
    fn check(change: impl FnOnce(&mut PassKind), faults: &[(&str, KindFaultWhy)]) {
        let mut kind = resident_once();
        change(&mut kind);
        let found = kind.check();
        let found: Vec<(&str, &KindFaultWhy)> =
            found.iter().map(|fault| (&*fault.path, &fault.why)).collect();
        let expected: Vec<(&str, &KindFaultWhy)> = faults.iter().map(|(path, why)| (*path, why)).collect();
        assert_eq!(found, expected);
    }

    fn checks(kind: &mut PassKind, confirm: bool, checks: &[Check]) {
        kind.gate = GateCheck {
            confirm,
            checks: checks.to_vec(),
        };
    }

    #[test]
    fn what_the_guard_checks_needs_the_guard() {
        let temperature = [Check::Temperature];
        check(|kind| checks(kind, true, &temperature), &[]);
        check(
            |kind| checks(kind, false, &temperature),
            &[("gate.confirm", KindFaultWhy::ChecksUnasked)],
        );
        check(
            |kind| checks(kind, true, &[Check::Registration, Check::Registration]),
            &[("gate.checks", KindFaultWhy::Repeated)],
        );
        check(
            |kind| checks(kind, true, &[Check::Document]),
            &[("gate.checks", KindFaultWhy::DocumentApart)],
        );
        check(
            |kind| checks(kind, true, &[Check::HostCalled]),
            &[("gate.checks", KindFaultWhy::Step(FlowFault::NoHost))],
        );
    }

    #[test]
    fn paper_and_rotating_codes_are_not_issued_yet() {
        check(|kind| kind.uses = Uses::Pair, &[]);
        check(|kind| kind.medium.clear(), &[("medium", KindFaultWhy::Empty)]);
        check(
            |kind| kind.medium = vec![Medium::Phone, Medium::Phone],
            &[("medium", KindFaultWhy::Repeated)],
        );
        check(
            |kind| kind.medium = vec![Medium::Phone, Medium::Paper],
            &[("medium", KindFaultWhy::NotYet)],
        );
        check(
            |kind| kind.rotation = Rotation::Rotating,
            &[("rotation", KindFaultWhy::NotYet)],
        );
    }

    #[test]
    fn what_goes_without_saying_is_not_written() {
        let kind = resident_once();
        let written = serde_json::to_value(&kind).unwrap();
        for unsaid in ["medium", "rotation"] {
            assert!(written.get(unsaid).is_none(), "{unsaid}");
        }
        assert!(written["gate"].get("checks").is_none());
        let mut later = kind;
        later.medium.push(Medium::Paper);
        later.rotation = Rotation::Rotating;
        checks(&mut later, true, &[Check::HostCalled]);
        let written: String = serde_json::to_string(&later).unwrap();
        assert!(written.contains(r#""medium":["phone","paper"],"rotation":"rotating""#));
        assert_eq!(serde_json::from_str::<PassKind>(&written).unwrap(), later);
    }

    #[test]
    fn names_are_those_that_are_written() {
        for check in Check::ALL {
            assert_eq!(serde_json::to_value(check).unwrap(), check.code());
            assert_eq!(Check::of_code(check.code()), Some(check));
        }
        assert!(Check::ALL.is_sorted());
    }
}
