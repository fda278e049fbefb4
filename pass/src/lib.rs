//! What a pass is and whether it opens the gate.
//!
//! This crate holds every rule of the product. It decides from its arguments and from nothing else, so that
//! the server and a tablet without a network come to the same answer.
//!
//! - *May they have one?* [`kind`] is the policy as data, [`quota`] and [`booking`] apply it, [`application`]
//!   has the states, [`household`] and [`calendar`] what the rules speak of.
//! - *What do they get?* A [`credential`], signed by a [`key`], shown as a [`presentation`] in a QR code.
//! - *Does it open?* [`verify()`] decides from the text of the code, the [`bundle`] the tablet carries with its
//!   [`status`] list, the [redemptions](redemption) it remembers, and the time.
//! - *What happened?* [`admission`] events, numbered, chained and signed by the tablet.
//!
//! What it does not do: read a clock (`now` is an argument), draw random numbers, touch a file, a network or a
//! database, or speak to people (refusals are facts; sentences are made elsewhere).
//!
//! What always holds: no input makes it panic. A statement has one written form, and every other is refused.
//! A rule about days is stated in site-local days and turned into instants in [`calendar`] only; intervals of
//! instants are half-open. `FORMAT.md` beside this crate has everything that leaves it to the byte, and
//! `vectors/` examples.
//!
//! ```
//! use pass::{Claims, Document, IssuerKey, KindNo, Medium, PassNumber, Uses, ZoneSet, credential, link, mask};
//!
//! let claims = Claims {
//!     site: "demo".parse().unwrap(),
//!     number: PassNumber(4711),
//!     kind: KindNo(3),
//!     medium: Medium::Paper,
//!     zones: ZoneSet::of(&[0, 1]),
//!     valid_from: "2020-02-16T16:00:00Z".parse().unwrap(),
//!     valid_until: "2020-02-17T16:00:00Z".parse().unwrap(),
//!     uses: Uses::Once,
//!     name: mask("张三"),
//!     document: Document::AnyListed,
//!     holder: None,
//! };
//! let issuer = IssuerKey::from_scalar(&[0x11; 32]).unwrap(); // secret and random, but in examples
//! let credential = issuer.sign(&claims).unwrap();
//! assert_eq!(credential::open(credential.as_bytes(), &[issuer.public()]), Ok(claims));
//!
//! let link = link("pass.cu.example", credential.as_bytes());
//! assert_eq!(link.prefix, "https://pass.cu.example/v#");
//! assert_eq!(link.digits.len(), 289);
//! ```

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
pub mod attachment;
pub mod booking;
pub mod bundle;
mod bytes;
pub mod calendar;
mod cbor;
pub mod credential;
pub mod digits;
pub mod draft;
pub mod field;
#[cfg(test)]
mod fixture;
pub mod flow;
pub mod household;
pub mod id;
mod instant;
pub mod joining;
pub mod key;
pub mod kind;
pub mod notice;
pub mod period;
pub mod person;
pub mod presentation;
pub mod quota;
pub mod redemption;
pub mod refusal;
pub mod renewal;
pub mod role;
pub mod signed;
pub mod site;
pub mod status;
pub mod table;
pub mod task;
pub mod unit;
pub mod verify;

pub use admission::{AdmissionEvent, ChainFault, What};
pub use application::{Act, State};
pub use attachment::AttachmentFault;
pub use booking::{DayOffer, Offer, Request, bookable_days, check_request};
pub use bundle::{CheckpointInfo, Direction, GateBundle, KindRule};
pub use calendar::SiteZone;
pub use credential::{Claims, ClaimsFault, Credential, Medium};
pub use field::{Field, FieldKey, Takes, Value, ValueFault, Values};
pub use flow::{Flow, FlowFault, Next, Seat, Step, StepKey};
pub use household::{Address, mask};
pub use id::{CheckpointId, EventId, Hash, Kid, PassNumber, TabletId};
pub use key::{HolderKey, IssuerKey, IssuerPublic, PublicKey, RawSignature, TabletPublic};
pub use kind::{
    Applicant, Check, Document, GateCheck, KindFault, KindFaultWhy, KindKey, KindNo, PassKind, ReasonRule,
    Rotation, Uses, Weekday, Window,
};
pub use notice::{Channel, News, Notice};
pub use period::Period;
pub use presentation::{Input, Link, Presentation, link};
pub use quota::Quota;
pub use redemption::{Passages, Redemption, Redemptions};
pub use refusal::{GateRefusal, LastUse, Refusal};
pub use role::Role;
pub use signed::SignedFault;
pub use site::{Language, SiteCode, Text, ZoneSet};
pub use status::{Status, StatusList};
pub use verify::{Caution, Seen, Verdict, verify};
