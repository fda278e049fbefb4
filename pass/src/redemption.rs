//! Redemptions: the entries a tablet remembers, by pass number.

use alloc::{collections::BTreeMap, vec::Vec};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    admission::{AdmissionEvent, What},
    id::{EventId, PassNumber},
    site::Text,
};

/// One entry with a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub checkpoint: Text,
    /// The event that says so.
    pub event: EventId,
    /// The event's number on its tablet.
    pub seq: u64,
}

/// The entries at one tablet, made from its log.
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
        } else if event.is_entry()
            && let Some(number) = event.number
            && self.numbers.insert(event.id, number).is_none()
        {
            let checkpoint = checkpoint.clone();
            let entry = Redemption {
                at: event.at,
                checkpoint,
                event: event.id,
                seq: event.seq,
            };
            self.entries.entry(number).or_default().push(entry);
        }
    }

    /// The entries with a pass, in the order of the log.
    pub fn of(&self, number: PassNumber) -> &[Redemption] {
        self.entries.get(&number).map_or(&[], Vec::as_slice)
    }
}
