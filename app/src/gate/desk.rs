//! What the guard's screen shows, and for how long: looking for a code, asking the guard, telling the verdict.

use core::time::Duration;
use jiff::{SignedDuration, Timestamp};
use pass::admission::What;
use pass::{Caution, GateRefusal, Seen, Verdict};

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
    /// Store this event, then tell.
    Store(What, Told),
}

/// What to do about a verdict. `agreed` is the guard's answer, once there is one.
pub fn next(verdict: Verdict, agreed: Option<bool>) -> Next {
    match (verdict, agreed) {
        (Verdict::Refuse { why, seen }, _) => {
            let code = why.code().to_owned();
            Next::Store(What::Refused { code }, Told::Refused(why, seen))
        }
        (Verdict::Admit(seen) | Verdict::Caution(seen, _), Some(false)) => Next::Store(
            What::Refused {
                code: BY_GUARD.to_owned(),
            },
            Told::ByGuard(seen),
        ),
        (Verdict::Admit(seen) | Verdict::Caution(seen, _), Some(true)) => {
            Next::Store(What::Admitted, Told::Admitted(seen))
        }
        (Verdict::Caution(seen, cautions), None) => Next::Ask(seen, cautions),
        (Verdict::Admit(seen), None) if seen.confirm => Next::Ask(seen, vec![]),
        (Verdict::Admit(seen), None) => Next::Store(What::Admitted, Told::Admitted(seen)),
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
            times_today: 0,
        }
    }

    #[test]
    fn a_good_code_needs_no_tap_unless_its_kind_asks_for_one() {
        let admitted = Next::Store(What::Admitted, Told::Admitted(seen(false)));
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
            Next::Store(What::Admitted, Told::Admitted(seen(false)))
        );
    }

    #[test]
    fn the_guard_says_no_but_cannot_say_yes_to_a_refusal() {
        let by_guard = What::Refused {
            code: BY_GUARD.to_owned(),
        };
        assert_eq!(
            next(Verdict::Admit(seen(true)), Some(false)),
            Next::Store(by_guard, Told::ByGuard(seen(true)))
        );
        let refused = Verdict::Refuse {
            why: GateRefusal::Revoked,
            seen: None,
        };
        let Next::Store(what, _) = next(refused, Some(true)) else {
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
