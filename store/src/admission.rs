//! Admissions (通行记录): what tablets upload, and the lists of it.
//!
//! Nothing a tablet sends is refused: what can't be a fact goes to quarantine with a reason, and counts as received. Uploading the same again
//! changes nothing.

mod lists;
mod upload;
mod uses;

pub use lists::{DoubleUse, Filter, Quarantined, double_uses, list, quarantine};
pub use upload::{Received, Uploaded, upload};

use jiff::Timestamp;
use pass::{Check, CheckpointId, Direction, EventId, KindNo, PassNumber, TabletId, What};

/// An admission as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Its name, made by the tablet.
    pub id: EventId,
    /// The tablet.
    pub tablet: TabletId,
    /// What people call the tablet.
    pub tablet_name: String,
    /// Its number on the tablet.
    pub seq: u64,
    /// When, by the tablet's clock.
    pub at: Timestamp,
    /// When it reached the server.
    pub received_at: Timestamp,
    /// Where.
    pub checkpoint: CheckpointId,
    /// Which way.
    pub direction: Direction,
    /// The pass, where one could be read.
    pub number: Option<PassNumber>,
    /// Its kind.
    pub kind: Option<KindNo>,
    /// What happened.
    pub what: What,
    /// The masked name that was shown.
    pub name: String,
    /// What the guard confirmed before.
    pub checks: Vec<Check>,
    /// Whether it counts as a use of the pass, and no later event took it back.
    pub redeems: bool,
    /// Whether a later event took it back.
    pub voided: bool,
    /// Whether its pass was found used more often than it may be.
    pub double_use: bool,
}
