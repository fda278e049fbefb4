//! The tablet's own memory of what happened: the chain of events, and which passes were used here.

use jiff::{SignedDuration, Timestamp};
use pass::admission::{AdmissionEvent, What, chain_start};
use pass::{Check, CheckpointInfo, EventId, Hash, KindNo, PassNumber, Redemptions, Seen, TabletId, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How long an entry stays in the log on the tablet at the least.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Where the chain ends, as it is kept beside the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    /// The last event's number; 0 before the first.
    pub seq: u64,
    /// The hash of the last sealed event.
    pub hash: Hash,
}

impl ChainEnd {
    /// Before the first event.
    pub fn start(tablet: TabletId) -> Self {
        Self {
            seq: 0,
            hash: chain_start(tablet),
        }
    }

    /// After this sealed event.
    pub fn after(self, sealed: &[u8]) -> Self {
        Self {
            seq: self.seq + 1,
            hash: Hash::of(sealed),
        }
    }
}

/// A line of the log: the event, and what the event itself does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The event.
    pub event: AdmissionEvent,
    /// The checkpoint's name at the time.
    pub checkpoint: Text,
    /// The pass kind's title, where there was a pass.
    pub title: Option<Text>,
    /// When the pass ends, where this is the use of a pass for one entry or a pair: until then it counts. Other entries count for no longer
    /// than their day.
    pub valid_until: Option<Timestamp>,
}

impl Entry {
    /// Whether the tablet may forget it: the server has it, it is not of these days, and it says nothing any more about a pass for
    /// one entry or a pair.
    pub fn may_go(&self, acknowledged: u64, now: Timestamp) -> bool {
        let of_these_days = self.event.at.checked_add(KEPT).unwrap_or(Timestamp::MAX);
        let matters_until = self.valid_until.unwrap_or(self.event.at).max(of_these_days);
        self.event.seq <= acknowledged && matters_until < now
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The pass seen.
    pub number: Option<PassNumber>,
    /// Its kind.
    pub kind_no: Option<KindNo>,
    /// The masked name.
    pub name: &'a str,
    /// What the guard confirmed.
    pub checks: &'a [Check],
}

impl<'a> About<'a> {
    /// What a genuine pass says.
    pub fn seen(seen: &'a Seen) -> Self {
        Self {
            number: Some(seen.number),
            kind_no: Some(seen.kind_no),
            name: &seen.name,
            checks: &[],
        }
    }
}

/// The log in memory.
#[derive(Clone, Debug)]
pub struct Journal {
    tablet: TabletId,
    end: ChainEnd,
    redemptions: Redemptions,
    entries: Vec<Entry>,
}

impl Journal {
    /// From what was kept, oldest first.
    pub fn new(tablet: TabletId, end: ChainEnd, entries: Vec<Entry>) -> Self {
        let mut redemptions = Redemptions::new();
        for entry in &entries {
            redemptions.record(&entry.event, &entry.checkpoint);
        }
        Self {
            tablet,
            end,
            redemptions,
            entries,
        }
    }

    /// Which passes were used here.
    pub fn redemptions(&self) -> &Redemptions {
        &self.redemptions
    }

    /// The log, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where the chain ends.
    pub fn end(&self) -> ChainEnd {
        self.end
    }

    /// The next event, not sealed yet. `at` is cut to whole milliseconds.
    pub fn next(
        &self,
        id: EventId,
        what: What,
        about: About<'_>,
        at: &CheckpointInfo,
        now: Timestamp,
    ) -> AdmissionEvent {
        AdmissionEvent {
            id,
            tablet: self.tablet,
            seq: self.end.seq + 1,
            at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
            checkpoint: at.id,
            direction: at.direction,
            number: about.number,
            kind_no: about.kind_no,
            what,
            name: about.name.to_owned(),
            previous: self.end.hash,
            checks: about.checks.to_vec(),
        }
    }

    /// Takes in an event that is stored now.
    pub fn take(&mut self, entry: Entry, end: ChainEnd) {
        self.redemptions.record(&entry.event, &entry.checkpoint);
        self.entries.push(entry);
        self.end = end;
    }

    /// The numbers of the entries that may go.
    pub fn may_go(&self, acknowledged: u64, now: Timestamp) -> Vec<u64> {
        let may_go = self
            .entries
            .iter()
            .filter(|entry| entry.may_go(acknowledged, now));
        may_go.map(|entry| entry.event.seq).collect()
    }

    /// Forgets entries.
    pub fn forget(&mut self, seqs: &[u64]) {
        let gone: BTreeSet<u64> = seqs.iter().copied().collect();
        self.entries.retain(|entry| !gone.contains(&entry.event.seq));
        *self = Self::new(self.tablet, self.end, core::mem::take(&mut self.entries));
    }

    /// The events that later ones took back.
    pub fn voided(&self) -> BTreeSet<EventId> {
        let voided = |entry: &Entry| match entry.event.what {
            What::Voided { event } => Some(event),
            _ => None,
        };
        self.entries.iter().filter_map(voided).collect()
    }

    /// Whether an event let somebody pass and has not been taken back.
    pub fn may_be_voided(&self, id: EventId) -> bool {
        let is_it = |entry: &Entry| entry.event.id == id && entry.event.what.lets_pass();
        self.entries.iter().any(is_it) && !self.voided().contains(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::admission::check_link;
    use pass::{CheckpointId, Direction, ZoneSet};

    const TABLET: TabletId = TabletId([1; 16]);

    fn checkpoint() -> CheckpointInfo {
        CheckpointInfo {
            id: CheckpointId([2; 16]),
            name: Text::new("东门", "East gate"),
            zones: ZoneSet::of(&[0]),
            direction: Direction::In,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Appends as the tablet does; the "sealed" bytes need not be sealed for the chain.
    fn append(journal: &mut Journal, id: u8, what: What, number: u32) -> AdmissionEvent {
        let about = About {
            number: Some(PassNumber(number)),
            ..About::default()
        };
        let event = journal.next(EventId([id; 16]), what, about, &checkpoint(), at(i64::from(id)));
        let end = journal.end().after(&[id]);
        let entry = Entry {
            event: event.clone(),
            checkpoint: checkpoint().name,
            title: None,
            valid_until: Some(at(1_000_000)),
        };
        journal.take(entry, end);
        event
    }

    #[test]
    fn events_are_chained() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        let one = append(&mut journal, 1, What::Admitted, 7);
        let two = append(&mut journal, 2, What::Admitted, 8);
        assert_eq!(check_link(chain_start(TABLET), 0, &one), Ok(()));
        assert_eq!(check_link(Hash::of(&[1]), 1, &two), Ok(()));
        assert_eq!(
            journal.end(),
            ChainEnd {
                seq: 2,
                hash: Hash::of(&[2])
            }
        );
    }

    #[test]
    fn a_restart_remembers_who_was_in() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        append(&mut journal, 1, What::Admitted, 7);
        append(
            &mut journal,
            2,
            What::Refused {
                code: "expired".to_owned(),
            },
            8,
        );
        let again = Journal::new(TABLET, journal.end(), journal.entries().to_vec());
        assert_eq!(again.redemptions().of(PassNumber(7)).len(), 1);
        assert_eq!(again.redemptions().of(PassNumber(8)).len(), 0);
        assert_eq!(again.end(), journal.end());
    }

    #[test]
    fn what_the_guard_confirmed_is_in_the_event_and_outlives_a_restart() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        let about = About {
            checks: &[Check::Document, Check::Temperature],
            ..About::default()
        };
        let event = journal.next(EventId([1; 16]), What::Admitted, about, &checkpoint(), at(1));
        assert_eq!(event.checks, [Check::Document, Check::Temperature]);
        append(&mut journal, 1, What::Admitted, 7);
        let mut line = serde_json::to_value(&journal.entries()[0]).unwrap();
        assert!(
            line["event"].get("checks").is_none(),
            "as lines were before there were checks"
        );
        line["event"]["checks"] = serde_json::json!(["temperature"]);
        let kept: Entry = serde_json::from_value(line).unwrap();
        assert_eq!(kept.event.checks, [Check::Temperature]);
    }

    #[test]
    fn only_who_was_let_in_is_taken_back_and_once() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        let admitted = append(&mut journal, 1, What::Admitted, 7);
        let refused = append(
            &mut journal,
            2,
            What::Refused {
                code: "expired".to_owned(),
            },
            8,
        );
        assert!(journal.may_be_voided(admitted.id));
        assert!(!journal.may_be_voided(refused.id));
        assert!(!journal.may_be_voided(EventId([9; 16])));
        append(&mut journal, 3, What::Voided { event: admitted.id }, 7);
        assert!(!journal.may_be_voided(admitted.id));
        assert_eq!(journal.redemptions().of(PassNumber(7)).len(), 0);
    }

    #[test]
    fn nothing_goes_before_the_server_has_it_and_the_pass_is_over() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        append(&mut journal, 1, What::Admitted, 7);
        let entry = &journal.entries()[0];
        assert!(!entry.may_go(0, at(2_000_000)));
        assert!(!entry.may_go(1, at(999_999)));
        assert!(entry.may_go(1, at(1_000_001)));
        let short = Entry {
            valid_until: None,
            ..entry.clone()
        };
        assert!(!short.may_go(1, at(48 * 3600)));
        assert!(short.may_go(1, at(48 * 3600 + 2)));
    }

    #[test]
    fn what_is_forgotten_counts_no_more_and_the_rest_does() {
        let mut journal = Journal::new(TABLET, ChainEnd::start(TABLET), vec![]);
        for (id, number) in [(1, 7), (2, 8), (3, 9)] {
            append(&mut journal, id, What::Admitted, number);
        }
        let end = journal.end();
        journal.entries[1].valid_until = None;
        let now = at(48 * 3600 + 5);
        assert_eq!(
            journal.may_go(3, now),
            [2],
            "two passes for one entry last longer"
        );
        assert_eq!(journal.may_go(1, now), [0; 0]);
        journal.forget(&[2]);
        let uses = |number| journal.redemptions().of(PassNumber(number)).len();
        assert_eq!((uses(7), uses(8), uses(9)), (1, 0, 1));
        assert_eq!((journal.end(), journal.entries().len()), (end, 2));
    }
}
