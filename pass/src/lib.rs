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

pub mod application;
pub mod booking;
mod bytes;
pub mod calendar;
pub mod household;
pub mod kind;
pub mod quota;
pub mod refusal;
pub mod role;
pub mod site;

pub use application::{Act, State};
pub use booking::{DayOffer, Offer, Request, bookable_days, check_request};
pub use calendar::SiteZone;
pub use household::{Address, mask};
pub use kind::{
    Applicant, Approval, Document, GateCheck, KindFault, KindFaultWhy, KindKey, KindNo, PassKind, ReasonRule,
    Uses, Weekday, Window,
};
pub use quota::Quota;
pub use refusal::Refusal;
pub use role::Role;
pub use site::{Language, SiteCode, Text, ZoneSet};
