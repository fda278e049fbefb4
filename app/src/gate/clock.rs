//! Which time it is: the tablet's clock, put right by the server's where that was heard.
//!
//! The difference holds as long as the tablet's clock goes on evenly. Once somebody sets it, the difference says nothing any
//! more and is dropped until the server has been heard again.

use jiff::{SignedDuration, Timestamp};

/// How unevenly a clock may go before it counts as set.
const UNEVEN: SignedDuration = SignedDuration::from_secs(5);

/// The tablet's two clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The clock that people set.
    pub device: Timestamp,
    /// A clock that nobody sets, from any beginning.
    pub steady: SignedDuration,
}

/// What is known of the right time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    measured: Option<(SignedDuration, Reading)>,
}

impl Clock {
    /// The server's clock less the tablet's, as measured at this moment.
    pub fn measured(&mut self, skew: SignedDuration, at: Reading) {
        self.measured = Some((skew, at));
    }

    /// The time now.
    pub fn now(&self, at: Reading) -> Timestamp {
        match self.measured {
            Some((skew, then)) if Self::went_evenly(then, at) => at.device + skew,
            _ => at.device,
        }
    }

    fn went_evenly(then: Reading, now: Reading) -> bool {
        let (device, steady) = (now.device.duration_since(then.device), now.steady - then.steady);
        (device - steady).abs() <= UNEVEN
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

    #[test]
    fn a_measured_difference_holds_until_the_clock_is_set() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(at(1_000, 0)), at(1_000, 0).device);
        clock.measured(SignedDuration::from_secs(600), at(1_000, 0));
        assert_eq!(clock.now(at(1_000, 0)), at(1_600, 0).device);
        assert_eq!(clock.now(at(1_100, 100)), at(1_700, 0).device);
        // Set right by a person: ten minutes in no time.
        assert_eq!(clock.now(at(1_710, 110)), at(1_710, 0).device);
        clock.measured(SignedDuration::ZERO, at(1_720, 120));
        assert_eq!(clock.now(at(1_730, 130)), at(1_730, 0).device);
    }
}
