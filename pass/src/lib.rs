//! What a pass is and whether it opens the gate.
//!
//! This crate holds every rule of the product: the policy of pass kinds, the quota, the states of an
//! application. It decides from its arguments and from nothing else, so that the server and a tablet without
//! a network come to the same answer.
//!
//! What it does not do: read a clock (`now` is an argument), draw random numbers, touch a file, a network or a
//! database, or speak to people (refusals are facts; sentences are made elsewhere).

#![no_std]
#![deny(missing_docs)]
#![cfg_attr(
    test,
    expect(
        clippy::needless_pass_by_value,
        reason = "the rows of a test's table own what they expect"
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod admission;
pub mod application;
pub mod booking;
pub mod bundle;
mod bytes;
pub mod calendar;
mod cbor;
pub mod credential;
pub mod digits;
#[cfg(test)]
mod fixture;
pub mod household;
pub mod id;
mod instant;
pub mod key;
pub mod kind;
pub mod presentation;
pub mod quota;
pub mod redemption;
pub mod refusal;
pub mod role;
pub mod signed;
pub mod site;
pub mod status;
pub mod verify;

pub use admission::{AdmissionEvent, ChainFault, What};
pub use application::{Act, State};
pub use booking::{DayOffer, Offer, Request, bookable_days, check_request};
pub use bundle::{CheckpointInfo, Direction, GateBundle, KindRule};
pub use calendar::SiteZone;
pub use credential::{Claims, ClaimsFault, Credential, Medium};
pub use household::{Address, mask};
pub use id::{CheckpointId, EventId, Hash, Kid, PassNumber, TabletId};
pub use key::{HolderKey, IssuerKey, IssuerPublic, PublicKey, RawSignature, TabletPublic};
pub use kind::{
    Applicant, Approval, Document, GateCheck, KindFault, KindFaultWhy, KindKey, KindNo, PassKind, ReasonRule,
    Uses, Weekday, Window,
};
pub use presentation::{Input, Link, Presentation, link};
pub use quota::Quota;
pub use redemption::{Redemption, Redemptions};
pub use refusal::{GateRefusal, LastUse, Refusal};
pub use role::Role;
pub use signed::SignedFault;
pub use site::{Language, SiteCode, Text, ZoneSet};
pub use status::{Status, StatusList};
pub use verify::{Caution, Seen, Verdict, verify};
