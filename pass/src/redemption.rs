//! Redemptions: the passages a tablet remembers, by pass number, and how many a pass is good for.

use alloc::{collections::BTreeMap, vec::Vec};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    admission::{AdmissionEvent, What},
    bundle::Direction,
    id::{EventId, PassNumber},
    kind::Uses,
    site::Text,
};

/// How often somebody passed with one pass, by the direction of the checkpoint. Only the numbers count, never the order: tablets upload
/// in any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passages {
    /// Where people pass into the site.
    pub ins: u32,
    /// Where they pass out of it.
    pub outs: u32,
    /// Where they pass both ways.
    pub either: u32,
}

impl Passages {
    /// These, and one more.
    #[must_use]
    pub fn and(mut self, way: Direction) -> Passages {
        let count = match way {
            Direction::In => &mut self.ins,
            Direction::Out => &mut self.outs,
            Direction::Both => &mut self.either,
        };
        *count = count.saturating_add(1);
        self
    }

    /// These and those.
    #[must_use]
    pub fn plus(self, others: Passages) -> Passages {
        Passages {
            ins: self.ins.saturating_add(others.ins),
            outs: self.outs.saturating_add(others.outs),
            either: self.either.saturating_add(others.either),
        }
    }
}

impl Uses {
    /// How many of these passages are uses of the pass. Leaving is one of a pair's, and otherwise none.
    pub fn taken(self, passages: Passages) -> u32 {
        let entries = passages.ins.saturating_add(passages.either);
        match self {
            Uses::Once | Uses::Many => entries,
            Uses::Pair => entries.saturating_add(passages.outs),
        }
    }

    /// Whether passing this way is a use of the pass.
    pub fn takes(self, way: Direction) -> bool {
        self.taken(Passages::default().and(way)) > 0
    }

    /// Whether passing this way is a use of which there are only so many.
    pub fn is_limited(self, way: Direction) -> bool {
        self != Uses::Many && self.takes(way)
    }

    /// Whether so many passages are no more than the pass is good for. Of a pair, a passage where people pass both ways is whichever
    /// half the other passage leaves.
    pub fn allows(self, passages: Passages) -> bool {
        let taken = self.taken(passages);
        match self {
            Uses::Once => taken <= 1,
            Uses::Pair => passages.ins <= 1 && passages.outs <= 1 && taken <= 2,
            Uses::Many => true,
        }
    }

    /// Whether nothing is left of the pass after so many.
    pub fn is_spent(self, passages: Passages) -> bool {
        let taken = self.taken(passages);
        match self {
            Uses::Once => taken >= 1,
            Uses::Pair => taken >= 2,
            Uses::Many => false,
        }
    }
}

/// One passage with a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub checkpoint: Text,
    /// Which way.
    pub direction: Direction,
    /// The event that says so.
    pub event: EventId,
    /// The event's number on its tablet.
    pub seq: u64,
}

/// The passages at one tablet, made from its log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redemptions {
    entries: BTreeMap<PassNumber, Vec<Redemption>>,
    numbers: BTreeMap<EventId, PassNumber>,
}

impl Redemptions {
    /// None yet.
    pub fn new() -> Redemptions {
        Redemptions::default()
    }

    /// Takes in an event of the log, in the order of the log; `checkpoint` is the name of its checkpoint.
    /// An event taken in before changes nothing.
    pub fn record(&mut self, event: &AdmissionEvent, checkpoint: &Text) {
        if let What::Voided { event: mistaken } = &event.what {
            if let Some(number) = self.numbers.remove(mistaken)
                && let Some(entries) = self.entries.get_mut(&number)
            {
                entries.retain(|entry| entry.event != *mistaken);
            }
        } else if event.what.lets_pass()
            && let Some(number) = event.number
            && self.numbers.insert(event.id, number).is_none()
        {
            let checkpoint = checkpoint.clone();
            let entry = Redemption {
                at: event.at,
                checkpoint,
                direction: event.direction,
                event: event.id,
                seq: event.seq,
            };
            self.entries.entry(number).or_default().push(entry);
        }
    }

    /// The passages with a pass, in the order of the log.
    pub fn of(&self, number: PassNumber) -> &[Redemption] {
        self.entries.get(&number).map_or(&[], Vec::as_slice)
    }

    /// How many there were, by direction.
    pub fn passages(&self, number: PassNumber) -> Passages {
        let passages = Passages::default();
        self.of(number)
            .iter()
            .fold(passages, |passages, one| passages.and(one.direction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Both, In, Out};

    /// What came of these passages: how many uses they took, whether they were too many, whether anything is left.
    #[track_caller]
    fn check(uses: Uses, ways: &[Direction], taken: u32, allowed: bool, spent: bool) {
        let passages = ways.iter().fold(Passages::default(), |all, way| all.and(*way));
        let found = (
            uses.taken(passages),
            uses.allows(passages),
            uses.is_spent(passages),
        );
        assert_eq!(found, (taken, allowed, spent), "{uses:?} {ways:?}");
    }

    #[test]
    fn one_entry() {
        check(Uses::Once, &[], 0, true, false);
        check(Uses::Once, &[Out, Out], 0, true, false);
        check(Uses::Once, &[In], 1, true, true);
        check(Uses::Once, &[Both, Out], 1, true, true);
        check(Uses::Once, &[In, Both], 2, false, true);
    }

    #[test]
    fn one_entry_and_one_exit() {
        check(Uses::Pair, &[], 0, true, false);
        check(Uses::Pair, &[In], 1, true, false);
        check(Uses::Pair, &[Out], 1, true, false);
        check(Uses::Pair, &[Both], 1, true, false);
        check(Uses::Pair, &[In, Out], 2, true, true);
        check(Uses::Pair, &[Both, In], 2, true, true);
        check(Uses::Pair, &[Both, Out], 2, true, true);
        check(Uses::Pair, &[Both, Both], 2, true, true);
        check(Uses::Pair, &[In, In], 2, false, true);
        check(Uses::Pair, &[Out, Out], 2, false, true);
        check(Uses::Pair, &[In, Out, Both], 3, false, true);
        check(Uses::Pair, &[Both, Both, Both], 3, false, true);
    }

    #[test]
    fn any_number() {
        check(Uses::Many, &[In, In, Both, Out], 3, true, false);
    }

    #[test]
    fn the_stricter_holds() {
        use Uses::{Many, Once, Pair};
        for (one, other, holds) in [
            (Once, Pair, Once),
            (Once, Many, Once),
            (Pair, Many, Pair),
            (Pair, Pair, Pair),
            (Many, Many, Many),
        ] {
            assert_eq!((one.stricter(other), other.stricter(one)), (holds, holds));
        }
    }
}
