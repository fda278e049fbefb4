//! What the camera has in view: each code is looked at once while it stays, the next person's at once.

use jiff::{SignedDuration, Timestamp};

/// A code unseen for this long has left the view. Longer than a hand's tremble or a frame that could not be read.
const GONE: SignedDuration = SignedDuration::from_millis(2_500);

/// A code that stays in view longer than this is looked at anew: a holder who waits for an answer gets one.
const AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// The codes seen last, newest first. Two or three may be in view at once, read by turns.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    seen: Vec<Seen>,
}

#[derive(Clone, Debug)]
struct Seen {
    text: String,
    judged_at: Timestamp,
    last_at: Timestamp,
}

impl Sight {
    /// A code was read in a frame. Whether it is to be judged now.
    pub fn see(&mut self, text: &str, now: Timestamp) -> bool {
        self.seen
            .retain(|seen| now.duration_since(seen.last_at).abs() < GONE);
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.text == text) {
            seen.last_at = now;
            let again = now.duration_since(seen.judged_at) >= AGAIN;
            if again {
                seen.judged_at = now;
            }
            return again;
        }
        self.seen.push(Seen {
            text: text.to_owned(),
            judged_at: now,
            last_at: now,
        });
        true
    }

    /// A code was read while nothing is judged. One that was judged before stays in view; another stays new.
    pub fn hold(&mut self, text: &str, now: Timestamp) {
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.text == text) {
            seen.last_at = now;
        }
    }

    /// Forgets everything: whatever comes next is new.
    pub fn clear(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes seen at milliseconds, and whether each is judged.
    fn check(sights: &[(&str, i64, bool)]) {
        let mut sight = Sight::default();
        for &(text, at, judged) in sights {
            let now = Timestamp::from_millisecond(at).unwrap();
            assert_eq!(sight.see(text, now), judged, "{text} at {at}");
        }
    }

    #[test]
    fn a_code_is_judged_once_while_it_stays() {
        check(&[
            ("a", 0, true),
            ("a", 30, false),
            ("a", 2_400, false),
            ("a", 4_800, false),
        ]);
    }

    #[test]
    fn a_code_that_left_and_came_back_is_judged_again() {
        check(&[("a", 0, true), ("a", 1_000, false), ("a", 3_600, true)]);
    }

    #[test]
    fn the_next_person_is_judged_at_once() {
        check(&[
            ("a", 0, true),
            ("b", 30, true),
            ("a", 60, false),
            ("b", 90, false),
        ]);
    }

    #[test]
    fn while_the_guard_decides_nobody_is_judged_and_nobody_forgotten() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap();
        let mut sight = Sight::default();
        assert!(sight.see("a", at(0)));
        for milliseconds in (0..5_000).step_by(100) {
            sight.hold("a", at(milliseconds));
            sight.hold("b", at(milliseconds));
        }
        assert!(!sight.see("a", at(5_000)));
        assert!(sight.see("b", at(5_000)));
    }

    #[test]
    fn who_waits_gets_another_answer() {
        let mut sights = vec![("a", 0, true)];
        sights.extend((1..20).map(|second| ("a", second * 1_000, false)));
        sights.push(("a", 20_000, true));
        sights.push(("a", 21_000, false));
        check(&sights);
    }
}
