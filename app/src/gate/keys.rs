//! A hardware scanner types: its keystrokes put together to a line.
//!
//! Scanners send what they read as fast keystrokes and end with Enter (or Tab). An input method may turn digits into
//! full-width ones; what it composes arrives as text all the same. A line that stops half-way is forgotten, so that
//! its rest never joins the next person's code.

use jiff::{SignedDuration, Timestamp};

/// The longest pause inside one line; a person typing a number needs more than a scanner.
const PAUSE: SignedDuration = SignedDuration::from_secs(8);

/// The longest line, in characters: the longest link has some 1,300.
const LONGEST: usize = 2048;

/// The longest line that a person types: a pass number has ten digits.
const LONGEST_TYPED: usize = 20;

/// Whether a scanner typed this: it is longer than any pass number.
pub fn is_scanned(line: &str) -> bool {
    line.trim().len() > LONGEST_TYPED
}

/// Keystrokes on their way to being a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keystrokes {
    line: String,
    last_at: Option<Timestamp>,
}

impl Keystrokes {
    /// Takes one key by its name in the browser (`KeyboardEvent.key`): a character, or `Enter`, `Tab`, `Backspace`,
    /// `Escape`. Returns the line when this ends one.
    pub fn key(&mut self, key: &str, now: Timestamp) -> Option<String> {
        if self
            .last_at
            .is_some_and(|last| now.duration_since(last).abs() > PAUSE)
        {
            self.line.clear();
        }
        self.last_at = Some(now);
        let mut characters = key.chars();
        match (key, characters.next(), characters.next()) {
            ("Enter" | "Tab", ..) => self.finish(),
            ("Backspace", ..) => {
                self.line.pop();
                None
            }
            ("Escape", ..) => {
                self.line.clear();
                None
            }
            (_, Some(character), None) => {
                if self.line.len() >= LONGEST {
                    self.line.clear();
                }
                self.line.push(character);
                None
            }
            // Shift, arrows, function keys, an input method's `Process`.
            _ => None,
        }
    }

    /// The line so far, taken out; nothing when there is none.
    pub fn finish(&mut self) -> Option<String> {
        let line = core::mem::take(&mut self.line);
        let line = line.trim();
        (!line.is_empty()).then(|| line.to_owned())
    }

    /// What has been typed so far.
    pub fn line(&self) -> &str {
        &self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    /// Keys, each with the milliseconds since the one before, give these lines.
    fn check(keys: &[(&str, i64)], lines: &[&str]) {
        let mut strokes = Keystrokes::default();
        let mut now = 0;
        let found: Vec<String> = keys
            .iter()
            .filter_map(|(key, after)| {
                now += after;
                strokes.key(key, at(now))
            })
            .collect();
        assert_eq!(found, lines);
    }

    #[test]
    fn lines_end_with_enter_or_tab() {
        check(&[("1", 0), ("2", 5), ("Enter", 5)], &["12"]);
        check(&[("1", 0), ("Tab", 5), ("2", 5), ("Enter", 5)], &["1", "2"]);
        check(&[("Enter", 0), ("Tab", 5)], &[]);
        check(
            &[
                ("Shift", 0),
                ("H", 1),
                ("Unidentified", 1),
                ("Process", 1),
                ("Enter", 1),
            ],
            &["H"],
        );
    }

    #[test]
    fn a_line_that_stopped_is_not_joined_to_the_next() {
        check(&[("1", 0), ("2", 9_000), ("Enter", 5)], &["2"]);
        check(&[("1", 0), ("2", 3_000), ("Enter", 5)], &["12"]);
    }

    #[test]
    fn a_person_may_correct() {
        check(
            &[
                ("1", 0),
                ("3", 500),
                ("Backspace", 500),
                ("2", 500),
                ("Enter", 500),
            ],
            &["12"],
        );
        check(&[("1", 0), ("Escape", 500), ("2", 500), ("Enter", 500)], &["2"]);
    }

    #[test]
    fn an_endless_line_is_bounded() {
        let mut strokes = Keystrokes::default();
        for _ in 0..10_000 {
            strokes.key("7", at(0));
        }
        assert!(strokes.line().len() <= LONGEST);
    }

    #[test]
    fn a_link_is_told_from_a_number() {
        assert!(is_scanned("https://pass.example.cn/v#0123456789"));
        assert!(!is_scanned(" 1234567890 "));
        assert!(!is_scanned(""));
    }
}
