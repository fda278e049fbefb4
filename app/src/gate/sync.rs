//! How things stand between the tablet and the server, as facts for the line that every gate page shows.

use jiff::{SignedDuration, Timestamp};

/// A clock difference worth telling people.
pub const SKEW_SHOWN: SignedDuration = SignedDuration::from_secs(30);

/// The first and the longest wait after a failed call.
const BACK_OFF: (u64, u64) = (2, 60);

/// Why the last call did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// No answer: no network, or one that hangs.
    Unreachable,
    /// The server answered that it does not take it.
    Refused,
    /// The server says that this tablet was revoked.
    Revoked,
}

/// What the tablet knows of its uploads and its bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sync {
    /// Events the server has not acknowledged.
    pub waiting: u64,
    /// The last successful call of this start.
    pub reached_at: Option<Timestamp>,
    /// Since when calls fail, and why.
    pub failing: Option<(Timestamp, Failing)>,
    /// How many calls failed one after the other.
    pub failures: u32,
    /// The server's clock less the tablet's, as measured last.
    pub skew: Option<SignedDuration>,
}

/// The one thing to show, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The tablet was revoked.
    Revoked,
    /// The server answers but does not take what is sent.
    ServerRefuses {
        /// Events that wait.
        waiting: u64,
    },
    /// No network since then.
    Offline {
        /// When a call failed first.
        since: Timestamp,
        /// Events that wait.
        waiting: u64,
    },
    /// The tablet's clock is wrong by this much; positive when it is slow.
    ClockDiffers {
        /// The server's clock less the tablet's.
        skew: SignedDuration,
    },
    /// Events are on their way.
    Waiting {
        /// How many.
        waiting: u64,
    },
    /// No call has been answered since the start.
    Beginning,
    /// Everything is with the server.
    Done,
}

impl Sync {
    /// A call was answered as hoped.
    pub fn reached(&mut self, now: Timestamp) {
        self.reached_at = Some(now);
        self.failing = None;
        self.failures = 0;
    }

    /// A call was not.
    pub fn failed(&mut self, why: Failing, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.failing = match self.failing {
            Some((since, before)) if before == why => Some((since, why)),
            _ => Some((now, why)),
        };
    }

    /// What to show.
    pub fn standing(&self) -> Standing {
        let waiting = self.waiting;
        match self.failing {
            Some((_, Failing::Revoked)) => return Standing::Revoked,
            Some((_, Failing::Refused)) => return Standing::ServerRefuses { waiting },
            Some((since, Failing::Unreachable)) => return Standing::Offline { since, waiting },
            None => {}
        }
        match self.skew {
            Some(skew) if skew.abs() >= SKEW_SHOWN => Standing::ClockDiffers { skew },
            _ if waiting > 0 => Standing::Waiting { waiting },
            _ if self.reached_at.is_none() => Standing::Beginning,
            _ => Standing::Done,
        }
    }

    /// How long to wait before the next call after a failure: doubled each time, up to a minute.
    pub fn back_off(&self) -> core::time::Duration {
        let (first, longest) = BACK_OFF;
        let doubled = first.saturating_mul(1 << self.failures.saturating_sub(1).min(16));
        core::time::Duration::from_secs(doubled.min(longest))
    }
}

/// The server's clock less the tablet's, from a call that began and ended at these instants of the tablet's clock.
pub fn skew(server: Timestamp, began: Timestamp, ended: Timestamp) -> SignedDuration {
    let middle = began + ended.duration_since(began) / 2;
    server.duration_since(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_gravest_is_shown() {
        let mut sync = Sync::default();
        assert_eq!(sync.standing(), Standing::Beginning);
        sync.reached(at(1));
        assert_eq!(sync.standing(), Standing::Done);
        sync.waiting = 3;
        assert_eq!(sync.standing(), Standing::Waiting { waiting: 3 });
        sync.skew = Some(SignedDuration::from_secs(-90));
        assert_eq!(
            sync.standing(),
            Standing::ClockDiffers {
                skew: SignedDuration::from_secs(-90)
            }
        );
        sync.failed(Failing::Unreachable, at(5));
        sync.failed(Failing::Unreachable, at(9));
        assert_eq!(
            sync.standing(),
            Standing::Offline {
                since: at(5),
                waiting: 3
            }
        );
        sync.failed(Failing::Refused, at(10));
        assert_eq!(sync.standing(), Standing::ServerRefuses { waiting: 3 });
        sync.failed(Failing::Revoked, at(11));
        assert_eq!(sync.standing(), Standing::Revoked);
        sync.reached(at(12));
        sync.skew = None;
        sync.waiting = 0;
        assert_eq!(sync.standing(), Standing::Done);
    }

    #[test]
    fn waits_longer_each_time_up_to_a_minute() {
        let mut sync = Sync::default();
        let mut waits = vec![];
        for _ in 0..8 {
            sync.failed(Failing::Unreachable, at(0));
            waits.push(sync.back_off().as_secs());
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
        sync.failures = u32::MAX;
        assert_eq!(sync.back_off().as_secs(), 60);
    }

    #[test]
    fn half_of_the_way_there_and_back_is_no_skew() {
        assert_eq!(skew(at(101), at(100), at(102)), SignedDuration::ZERO);
        assert_eq!(skew(at(111), at(100), at(102)), SignedDuration::from_secs(10));
    }
}
