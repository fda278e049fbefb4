//! What the guard's screen shows, and for how long: looking for a code, asking the guard, telling the verdict.

use core::time::Duration;
use jiff::{SignedDuration, Timestamp};
use pass::admission::What;
use pass::{Caution, Check, GateRefusal, Seen, Verdict};

/// The code of a refusal that is the guard's own.
pub const BY_GUARD: &str = "by-guard";

/// How long a verdict stays when nobody comes: long enough to read, short enough that the next in line reads no name.
const ADMITTED: Duration = Duration::from_secs(2);
const REFUSED: Duration = Duration::from_secs(8);
/// A question nobody answers is taken for a no.
const ASKING: Duration = Duration::from_secs(60);

/// A question takes no answer before it can have been seen: a second tap was meant for the one before it.
pub const UNSEEN: Duration = Duration::from_millis(400);

/// How a verdict looks and sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Green: go.
    Admit,
    /// Red: stop.
    Refuse,
    /// Amber: the guard looks and decides.
    Caution,
}

impl Tone {
    /// The value of `data-verdict`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Refuse => "refuse",
            Self::Caution => "caution",
        }
    }
}

/// A verdict that waits for the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which question it is: an answer is to one question.
    pub number: u64,
    /// When it was shown, by a clock that nobody sets.
    pub since: SignedDuration,
    /// The code's text, judged again when the guard decides.
    pub text: String,
    /// When it was shown: the instant it is judged by.
    pub shown_at: Timestamp,
    /// What the pass says.
    pub seen: Seen,
    /// What the tablet cannot promise.
    pub cautions: Vec<Caution>,
}

impl Asked {
    /// Whether an answer that is given now to the question of this number is one to this question.
    pub fn takes(&self, number: u64, steady: SignedDuration) -> bool {
        self.number == number && steady.saturating_sub(self.since).unsigned_abs() >= UNSEEN
    }

    /// The guard's answer, as far as it answers this verdict, which the same code got when the guard had decided. What was not listed is not
    /// confirmed: where a bundle that came meanwhile has other things checked, a yes is none, and the guard is asked again.
    pub fn answers(&self, verdict: &Verdict, agreed: bool) -> Option<bool> {
        let is_as_listed = match verdict {
            Verdict::Admit(seen) | Verdict::Caution(seen, _) => seen.to_check() == self.seen.to_check(),
            Verdict::Refuse { .. } => true,
        };
        (is_as_listed || !agreed).then_some(agreed)
    }
}

/// A verdict as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Let in; it is stored.
    Admitted(Seen),
    /// Turned away, and why.
    Refused(GateRefusal, Option<Seen>),
    /// Turned away by the guard.
    ByGuard(Seen),
    /// The event could not be stored, so nobody may be let in on it. What the browser said.
    NotStored(String),
}

/// What the screen shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The camera's picture.
    #[default]
    Looking,
    /// A question to the guard.
    Asking(Asked),
    /// A verdict.
    Telling(Told),
}

impl Screen {
    /// Its colour; none while looking.
    pub fn tone(&self) -> Option<Tone> {
        match self {
            Self::Looking => None,
            Self::Asking(_) => Some(Tone::Caution),
            // A number proves nothing, for or against: the guard looks.
            Self::Telling(Told::Refused(GateRefusal::NumberOnly { .. }, _)) => Some(Tone::Caution),
            Self::Telling(Told::Admitted(_)) => Some(Tone::Admit),
            Self::Telling(Told::Refused(..) | Told::ByGuard(_) | Told::NotStored(_)) => Some(Tone::Refuse),
        }
    }

    /// After how long it gives way to the camera by itself.
    pub fn lasts(&self) -> Option<Duration> {
        match self {
            Self::Looking => None,
            Self::Asking(_) => Some(ASKING),
            Self::Telling(Told::Admitted(_)) => Some(ADMITTED),
            Self::Telling(_) => Some(REFUSED),
        }
    }

    /// Whether the next code may take its place at once.
    pub fn yields(&self) -> bool {
        !matches!(self, Self::Asking(_))
    }
}

/// What a verdict leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask the guard first.
    Ask(Seen, Vec<Caution>),
    /// Store this event with what the guard confirmed, then tell.
    Store(What, Told, Vec<Check>),
}

/// What to do about a verdict. `agreed` is the guard's answer, once there is one: who admits has confirmed everything that the question
/// listed. What opens by itself nobody confirmed.
pub fn next(verdict: Verdict, agreed: Option<bool>) -> Next {
    match (verdict, agreed) {
        (Verdict::Refuse { why, seen }, _) => {
            let code = why.code().to_owned();
            Next::Store(What::Refused { code }, Told::Refused(why, seen), vec![])
        }
        (Verdict::Admit(seen) | Verdict::Caution(seen, _), Some(false)) => Next::Store(
            What::Refused {
                code: BY_GUARD.to_owned(),
            },
            Told::ByGuard(seen),
            vec![],
        ),
        (Verdict::Admit(seen) | Verdict::Caution(seen, _), Some(true)) => {
            let confirmed = seen.to_check();
            Next::Store(What::Admitted, Told::Admitted(seen), confirmed)
        }
        (Verdict::Caution(seen, cautions), None) => Next::Ask(seen, cautions),
        (Verdict::Admit(seen), None) if seen.confirm => Next::Ask(seen, vec![]),
        (Verdict::Admit(seen), None) => Next::Store(What::Admitted, Told::Admitted(seen), vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::{Document, KindNo, Medium, PassNumber, Text, Uses};

    fn seen(confirm: bool) -> Seen {
        Seen {
            number: PassNumber(7),
            kind_no: KindNo(1),
            title: Text::new("居民单次通行", "Resident, one entry"),
            name: "张*".to_owned(),
            valid_from: Timestamp::UNIX_EPOCH,
            valid_until: Timestamp::MAX,
            uses: Uses::Once,
            document: Document::None,
            medium: Medium::Phone,
            confirm,
            checks: vec![],
            times_today: 0,
        }
    }

    #[test]
    fn a_good_code_needs_no_tap_unless_its_kind_asks_for_one() {
        let admitted = Next::Store(What::Admitted, Told::Admitted(seen(false)), vec![]);
        assert_eq!(next(Verdict::Admit(seen(false)), None), admitted);
        assert_eq!(
            next(Verdict::Admit(seen(true)), None),
            Next::Ask(seen(true), vec![])
        );
    }

    #[test]
    fn what_the_tablet_cannot_promise_is_asked() {
        let caution = Caution::OldBundle {
            issued_at: Timestamp::UNIX_EPOCH,
        };
        let verdict = Verdict::Caution(seen(false), vec![caution]);
        assert_eq!(next(verdict.clone(), None), Next::Ask(seen(false), vec![caution]));
        assert_eq!(
            next(verdict, Some(true)),
            Next::Store(What::Admitted, Told::Admitted(seen(false)), vec![])
        );
    }

    #[test]
    fn the_guard_says_no_but_cannot_say_yes_to_a_refusal() {
        let by_guard = What::Refused {
            code: BY_GUARD.to_owned(),
        };
        assert_eq!(
            next(Verdict::Admit(seen(true)), Some(false)),
            Next::Store(by_guard, Told::ByGuard(seen(true)), vec![])
        );
        let refused = Verdict::Refuse {
            why: GateRefusal::Revoked,
            seen: None,
        };
        let Next::Store(what, ..) = next(refused, Some(true)) else {
            panic!("a refusal is stored")
        };
        assert_eq!(
            what,
            What::Refused {
                code: "revoked".to_owned()
            }
        );
    }

    #[test]
    fn what_the_question_listed_is_confirmed_by_admitting_and_by_nothing_else() {
        let seen = Seen {
            document: Document::IdentityCard,
            checks: vec![Check::Temperature],
            ..seen(true)
        };
        let confirmed = |seen: &Seen, agreed| match next(Verdict::Admit(seen.clone()), agreed) {
            Next::Store(_, _, confirmed) => Some(confirmed),
            Next::Ask(..) => None,
        };
        assert_eq!(confirmed(&seen, None), None);
        let all = vec![Check::Document, Check::Temperature];
        assert_eq!(confirmed(&seen, Some(true)), Some(all));
        assert_eq!(confirmed(&seen, Some(false)), Some(vec![]));
        let by_itself = Seen {
            confirm: false,
            checks: vec![],
            ..seen
        };
        assert_eq!(confirmed(&by_itself, None), Some(vec![]), "nobody looked");
    }

    #[test]
    fn a_yes_is_to_what_was_listed() {
        let asked = Asked {
            number: 1,
            since: SignedDuration::ZERO,
            text: String::new(),
            shown_at: Timestamp::UNIX_EPOCH,
            seen: seen(true),
            cautions: vec![],
        };
        let same = Verdict::Admit(seen(true));
        let more = Verdict::Admit(Seen {
            checks: vec![Check::Temperature],
            ..seen(true)
        });
        assert_eq!(asked.answers(&same, true), Some(true));
        assert_eq!(asked.answers(&more, true), None);
        assert_eq!(asked.answers(&more, false), Some(false));
    }

    #[test]
    fn only_a_question_keeps_the_next_code_waiting() {
        assert!(Screen::Looking.yields());
        assert!(Screen::Telling(Told::Admitted(seen(false))).yields());
        let asked = Asked {
            number: 1,
            since: SignedDuration::ZERO,
            text: String::new(),
            shown_at: Timestamp::UNIX_EPOCH,
            seen: seen(true),
            cautions: vec![],
        };
        assert!(!Screen::Asking(asked).yields());
    }

    #[test]
    fn an_answer_is_to_one_question_that_was_seen() {
        let asked = Asked {
            number: 7,
            since: SignedDuration::from_millis(1_000),
            text: String::new(),
            shown_at: Timestamp::UNIX_EPOCH,
            seen: seen(true),
            cautions: vec![],
        };
        let at = SignedDuration::from_millis;
        assert!(!asked.takes(7, at(1_000)));
        assert!(!asked.takes(7, at(1_399)));
        assert!(asked.takes(7, at(1_400)));
        assert!(!asked.takes(6, at(9_000)));
    }
}
