//! Which time it is: the tablet's clock, put right by the server's where that was heard.
//!
//! The difference that was measured holds as long as the tablet's clock goes on evenly beside one that nobody sets. When it does not, the
//! tablet may have slept, because then that other clock stands still, or somebody may have set its clock. The difference is then used on,
//! also over a restart, but it is no longer [sure](Difference::sure) until the server has been heard again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How unevenly a clock may go before it counts as set.
const UNEVEN: SignedDuration = SignedDuration::from_secs(5);

/// A clock that was wrong by more, and has moved on past the right time since, was set right: no tablet sleeps so long.
const LONGEST_SLEEP: SignedDuration = SignedDuration::from_hours(24);

/// The tablet's two clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The clock that people set.
    pub device: Timestamp,
    /// A clock that nobody sets, from any beginning.
    pub steady: SignedDuration,
}

/// How far the tablet's clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The right time less the tablet's clock.
    pub skew: SignedDuration,
    /// Whether the tablet's clock has gone on evenly since the server was heard.
    pub sure: bool,
}

/// What is known of the right time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    measured: Option<Measured>,
}

#[derive(Clone, Copy, Debug)]
struct Measured {
    skew: SignedDuration,
    device: Timestamp,
    /// Absent after a restart, with which that clock began anew.
    steady: Option<SignedDuration>,
}

/// The difference as it is kept over a restart.
#[derive(Serialize, Deserialize)]
struct Kept {
    skew_ms: i64,
    device_ms: i64,
}

impl Clock {
    /// The server's clock less the tablet's, as measured at this moment.
    pub fn measured(&mut self, skew: SignedDuration, at: Reading) {
        self.measured = Some(Measured {
            skew,
            device: at.device,
            steady: Some(at.steady),
        });
    }

    /// The time now.
    pub fn now(&self, at: Reading) -> Timestamp {
        self.reckon(at).0
    }

    /// How far the tablet's clock is off; none before the server was ever heard.
    pub fn difference(&self, at: Reading) -> Option<Difference> {
        let (now, sure) = self.reckon(at);
        self.measured.map(|_| Difference {
            skew: now.duration_since(at.device),
            sure,
        })
    }

    /// What to keep over a restart.
    pub fn to_text(&self) -> Option<String> {
        let measured = self.measured?;
        serde_json::to_string(&Kept {
            skew_ms: i64::try_from(measured.skew.as_millis()).ok()?,
            device_ms: measured.device.as_millisecond(),
        })
        .ok()
    }

    /// As it was kept; knowing nothing when the text is not one.
    pub fn from_text(text: &str) -> Self {
        let kept = serde_json::from_str::<Kept>(text).ok();
        let measured = kept.and_then(|kept| {
            Some(Measured {
                skew: SignedDuration::from_millis(kept.skew_ms),
                device: Timestamp::from_millisecond(kept.device_ms).ok()?,
                steady: None,
            })
        });
        Self { measured }
    }

    fn reckon(&self, at: Reading) -> (Timestamp, bool) {
        let Some(measured) = self.measured else {
            return (at.device, false);
        };
        let plus = |instant: Timestamp, more: SignedDuration| instant.checked_add(more).unwrap_or(at.device);
        let skew = measured.skew;
        // The right time when it was measured: it is later now.
        let then = plus(measured.device, skew);
        let as_before = plus(at.device, skew);
        let moved = at.device.duration_since(measured.device);
        let steady = measured.steady.map(|steady| at.steady.saturating_sub(steady));
        match steady.map(|steady| moved.saturating_sub(steady)) {
            Some(jump) if jump.abs() <= UNEVEN => (as_before, true),
            // Set by just what was wrong.
            Some(jump) if jump.saturating_sub(skew).abs() <= UNEVEN => (at.device, false),
            // Nothing sleeps backwards: it was set, and the other clock says how much time has passed.
            Some(jump) if jump.is_negative() => (plus(then, steady.unwrap_or_default()), false),
            None if moved.is_negative() => (at.device.max(then), false),
            _ if skew > LONGEST_SLEEP && at.device >= then => (at.device, false),
            _ => (as_before, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(device: i64, steady: i64) -> Reading {
        Reading {
            device: Timestamp::from_second(device).unwrap(),
            steady: SignedDuration::from_secs(steady),
        }
    }

    /// A clock that was slow by `skew` seconds at 100,000 s, and the time by it at a later reading.
    #[track_caller]
    fn check(skew: i64, reading: Reading, now: i64, sure: bool) {
        let mut clock = Clock::default();
        clock.measured(SignedDuration::from_secs(skew), at(100_000, 0));
        assert_eq!(clock.now(reading), at(now, 0).device);
        assert_eq!(clock.difference(reading).unwrap().sure, sure);
    }

    /// The same, after a restart in between.
    #[track_caller]
    fn check_restarted(skew: i64, device: i64, now: i64) {
        let mut clock = Clock::default();
        clock.measured(SignedDuration::from_secs(skew), at(100_000, 0));
        let clock = Clock::from_text(&clock.to_text().unwrap());
        assert_eq!(clock.now(at(device, 3)), at(now, 0).device);
        assert!(!clock.difference(at(device, 3)).unwrap().sure);
    }

    #[test]
    fn a_measured_difference_holds_until_the_clock_is_set() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(at(1_000, 0)), at(1_000, 0).device);
        assert_eq!(clock.difference(at(1_000, 0)), None);
        clock.measured(SignedDuration::from_secs(600), at(1_000, 0));
        assert_eq!(clock.now(at(1_000, 0)), at(1_600, 0).device);
        assert_eq!(clock.now(at(1_100, 100)), at(1_700, 0).device);
        // Set right by a person: ten minutes in no time.
        assert_eq!(clock.now(at(1_710, 110)), at(1_710, 0).device);
        clock.measured(SignedDuration::ZERO, at(1_720, 120));
        assert_eq!(clock.now(at(1_730, 130)), at(1_730, 0).device);
    }

    #[test]
    fn a_sleep_keeps_the_difference() {
        check(600, at(100_060, 60), 100_660, true);
        // Eight hours, of which the steady clock saw one minute.
        check(600, at(128_800, 60), 129_400, false);
        check(-600, at(128_800, 60), 128_200, false);
    }

    #[test]
    fn a_clock_set_back_is_told_by_the_other_clock() {
        check(0, at(96_400, 60), 100_060, false);
        check(600, at(96_400, 60), 100_660, false);
        // By just what it was fast.
        check(-3_600, at(96_460, 60), 96_460, false);
    }

    #[test]
    fn a_restart_keeps_the_difference() {
        check_restarted(600, 100_060, 100_660);
        check_restarted(-600, 100_060, 99_460);
        // Set back meanwhile: it is not earlier than it was.
        check_restarted(600, 90_000, 100_600);
        // From 1970 to the right year: the clock was set, not slow any more.
        check_restarted(1_700_000_000, 1_700_200_000, 1_700_200_000);
        check_restarted(1_700_000_000, 100_060, 1_700_100_060);
        for text in ["", "{}", "null"] {
            assert_eq!(Clock::from_text(text).now(at(5, 0)), at(5, 0).device);
        }
    }
}
