//! How things stand between the tablet and the server, as facts for the line that every gate page shows.

use super::clock::Difference;
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
    /// The tablet's own storage fails.
    Storage,
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
    /// How far the tablet's clock is off, as far as it is known.
    pub clock: Option<Difference>,
}

/// How far uploads have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    acknowledged: u64,
    sent: u64,
}

/// The one thing to show first, the gravest. How many events wait stands beside it, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The tablet was revoked.
    Revoked,
    /// The tablet's own storage fails.
    StorageFails,
    /// The server answers but does not take what is sent.
    ServerRefuses,
    /// No network since then.
    Offline {
        /// When a call failed first.
        since: Timestamp,
    },
    /// The tablet's clock is wrong.
    ClockDiffers(Difference),
    /// Events are on their way.
    Waiting,
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
        match self.failing {
            Some((_, Failing::Revoked)) => return Standing::Revoked,
            Some((_, Failing::Storage)) => return Standing::StorageFails,
            Some((_, Failing::Refused)) => return Standing::ServerRefuses,
            Some((since, Failing::Unreachable)) => return Standing::Offline { since },
            None => {}
        }
        match self.clock_shown() {
            Some(difference) => Standing::ClockDiffers(difference),
            None if self.waiting > 0 => Standing::Waiting,
            None if self.reached_at.is_none() => Standing::Beginning,
            None => Standing::Done,
        }
    }

    /// The clock's difference, where it is worth telling.
    pub fn clock_shown(&self) -> Option<Difference> {
        self.clock
            .filter(|difference| difference.skew.abs() >= SKEW_SHOWN)
    }

    /// How long to wait before the next call after a failure: doubled each time, up to a minute.
    pub fn back_off(&self) -> core::time::Duration {
        let (first, longest) = BACK_OFF;
        let doubled = first.saturating_mul(1 << self.failures.saturating_sub(1).min(16));
        core::time::Duration::from_secs(doubled.min(longest))
    }
}

impl Progress {
    /// From what was acknowledged before.
    pub fn new(acknowledged: u64) -> Self {
        Self {
            acknowledged,
            sent: acknowledged,
        }
    }

    /// The number up to which the server holds everything, as it said last.
    pub fn acknowledged(self) -> u64 {
        self.acknowledged
    }

    /// The number of the first event to send next.
    pub fn next(self) -> u64 {
        self.sent.saturating_add(1)
    }

    /// After the server answered to events up to `last` that it holds everything up to `holds`. A lower number than before is that
    /// of a database out of a backup: what came after it is sent once more.
    #[must_use]
    pub fn answered(self, last: u64, holds: u64) -> Self {
        // Never more than was sent: a server that knows higher numbers knows them from elsewhere.
        let acknowledged = holds.min(last);
        Self {
            acknowledged,
            sent: if acknowledged < self.acknowledged {
                acknowledged
            } else {
                last
            },
        }
    }

    /// Whether the server has what was sent and yet does not acknowledge it: it lacks an event that this tablet has no more.
    pub fn lacks_some(self) -> bool {
        self.sent > self.acknowledged
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
        assert_eq!(sync.standing(), Standing::Waiting);
        let wrong = Difference {
            skew: SignedDuration::from_secs(-90),
            sure: true,
        };
        sync.clock = Some(wrong);
        assert_eq!(sync.standing(), Standing::ClockDiffers(wrong));
        sync.failed(Failing::Unreachable, at(5));
        sync.failed(Failing::Unreachable, at(9));
        assert_eq!(sync.standing(), Standing::Offline { since: at(5) });
        sync.failed(Failing::Refused, at(10));
        assert_eq!(sync.standing(), Standing::ServerRefuses);
        sync.failed(Failing::Storage, at(10));
        assert_eq!(sync.standing(), Standing::StorageFails);
        sync.failed(Failing::Revoked, at(11));
        assert_eq!(sync.standing(), Standing::Revoked);
        sync.reached(at(12));
        sync.clock = None;
        sync.waiting = 0;
        assert_eq!(sync.standing(), Standing::Done);
    }

    /// Sends what a tablet kept, at most three at a time, to a server that holds `server` events. Returns what was sent.
    fn upload(progress: &mut Progress, kept: &[u64], server: &mut u64) -> Vec<u64> {
        let mut sent = vec![];
        loop {
            let next = progress.next();
            let batch = kept.iter().copied().filter(|&seq| seq >= next).take(3);
            let batch: Vec<u64> = batch.collect();
            let Some(&last) = batch.last() else { return sent };
            for &seq in &batch {
                *server += u64::from(seq == *server + 1);
            }
            *progress = progress.answered(last, *server);
            sent.extend(batch);
        }
    }

    #[test]
    fn what_was_acknowledged_is_not_sent_again() {
        let (mut progress, mut server) = (Progress::new(2), 2);
        assert_eq!(
            upload(&mut progress, &[1, 2, 3, 4, 5, 6], &mut server),
            [3, 4, 5, 6]
        );
        assert_eq!(
            (progress.acknowledged(), progress.lacks_some(), server),
            (6, false, 6)
        );
    }

    #[test]
    fn an_older_database_gets_back_what_the_tablet_still_has() {
        let (mut progress, mut server) = (Progress::new(8), 2);
        let sent = upload(&mut progress, &[2, 3, 4, 5, 6, 7, 8, 9], &mut server);
        assert_eq!(sent, [9, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(
            (progress.acknowledged(), progress.lacks_some(), server),
            (9, false, 9)
        );
    }

    #[test]
    fn an_older_database_that_cannot_be_filled_gets_everything_else_once() {
        let (mut progress, mut server) = (Progress::new(8), 2);
        let mut kept = vec![5, 6, 7, 8, 9];
        assert_eq!(upload(&mut progress, &kept, &mut server), [9, 5, 6, 7, 8, 9]);
        assert_eq!((progress.acknowledged(), progress.lacks_some()), (2, true));
        kept.push(10);
        assert_eq!(upload(&mut progress, &kept, &mut server), [10]);
        assert_eq!((progress.acknowledged(), progress.lacks_some()), (2, true));
    }

    #[test]
    fn no_more_is_taken_for_acknowledged_than_was_sent() {
        assert_eq!(Progress::new(0).answered(3, 900).acknowledged(), 3);
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
