//! Admission events: what happened at a checkpoint, numbered, chained and signed by the tablet.
//!
//! Events are never changed. A mistake is taken back by a further event, [`What::Voided`].

use alloc::{string::String, vec::Vec};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    bundle::Direction,
    id::{CheckpointId, EventId, Hash, PassNumber, TabletId},
    key::{KeyError, RawSignature, TabletPublic, normalise_signature},
    kind::{Check, KindNo},
    signed::{self, SignedFault},
};

/// The longest sealed event, in bytes.
pub const MAX_BYTES: usize = 1024;

/// The longest code of a refusal in an event, in bytes.
pub const MAX_CODE: usize = 40;

/// The instants an event may have, in milliseconds since 1970: those before the year 3000. A tablet whose clock lost its battery
/// begins at 1970; what is outside is no clock's, and databases need not be able to hold it.
const INSTANTS: core::ops::Range<i64> = 0..32_503_680_000_000;

/// The context of an event's signature.
const CONTEXT: &[u8] = b"campus-pass event 1";

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The verdict was good and the guard let them pass.
    Admitted,
    /// They were turned away.
    Refused {
        /// The refusal's [code](crate::refusal::GateRefusal::code), or `by-guard`.
        code: String,
    },
    /// The guard let them pass in spite of a refusal.
    Overridden {
        /// The refusal's code.
        code: String,
    },
    /// An earlier event of the same tablet was a mistake.
    Voided {
        /// That event.
        event: EventId,
    },
}

impl What {
    /// Whether somebody passed, whichever way.
    pub fn lets_pass(&self) -> bool {
        matches!(self, What::Admitted | What::Overridden { .. })
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionEvent {
    /// Made by the tablet; the server counts an event once by it.
    pub id: EventId,
    /// The tablet.
    pub tablet: TabletId,
    /// The event's number on its tablet, from 1, without gaps.
    pub seq: u64,
    /// When it happened by the tablet's clock, in whole milliseconds.
    #[serde(with = "crate::instant")]
    pub at: Timestamp,
    /// Where.
    pub checkpoint: CheckpointId,
    /// Which way.
    pub direction: Direction,
    /// The pass, where there was one to read.
    pub number: Option<PassNumber>,
    /// Its kind.
    pub kind_no: Option<KindNo>,
    /// What happened.
    pub what: What,
    /// The masked name the guard saw; empty without a pass.
    pub name: String,
    /// The hash of the sealed event before this one, or [`chain_start`].
    pub previous: Hash,
    /// What the guard confirmed before letting them pass, in the order of [`Check::ALL`]. Not written where it is nothing: events from
    /// before there were checks keep their bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

impl AdmissionEvent {
    /// Whether its parts are within their bounds.
    fn fits(&self) -> bool {
        let code = match &self.what {
            What::Refused { code } | What::Overridden { code } => code.as_str(),
            What::Admitted | What::Voided { .. } => "",
        };
        let plain = |text: &str, longest| text.len() <= longest && !text.chars().any(char::is_control);
        let once_each_in_order = self.checks.is_sorted_by(|one, next| one < next);
        self.seq > 0
            && once_each_in_order
            && (self.checks.is_empty() || self.what.lets_pass())
            && INSTANTS.contains(&self.at.as_millisecond())
            && plain(code, MAX_CODE)
            && plain(&self.name, crate::credential::MAX_NAME)
    }

    /// The event as CBOR, the payload of its envelope.
    fn payload(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        // Writing to a vector can't fail; an empty payload would be refused by every reader.
        let _ = ciborium::into_writer(self, &mut payload);
        payload
    }
}

/// The `previous` of a tablet's first event: the hash of its name.
pub fn chain_start(tablet: TabletId) -> Hash {
    Hash::of(&tablet.0)
}

/// The `previous` of the event after this sealed one.
pub fn hash(sealed: &[u8]) -> Hash {
    Hash::of(sealed)
}

/// The bytes that the tablet signs with its key (ECDSA, P-256, SHA-256).
pub fn to_be_signed(event: &AdmissionEvent) -> Vec<u8> {
    signed::to_be_signed(CONTEXT, &event.tablet.0, &event.payload())
}

/// The sealed event, from the signature over [`to_be_signed`] as WebCrypto gives it.
///
/// # Errors
///
/// When the bytes are no signature.
pub fn seal(event: &AdmissionEvent, raw: &RawSignature) -> Result<Vec<u8>, KeyError> {
    Ok(signed::encode(
        &event.tablet.0,
        &event.payload(),
        &normalise_signature(raw)?,
    ))
}

/// Reads a sealed event of this tablet.
///
/// # Errors
///
/// The first thing that is not as expected; `UnknownKey` when another tablet's name is on it.
pub fn open(bytes: &[u8], tablet: &TabletPublic) -> Result<AdmissionEvent, SignedFault> {
    let statement = signed::read(bytes, MAX_BYTES)?;
    if statement.kid != tablet.id.0 {
        return Err(SignedFault::UnknownKey);
    }
    statement.check(CONTEXT, &tablet.key)?;
    let event: AdmissionEvent =
        ciborium::from_reader(statement.payload.as_slice()).map_err(|_| SignedFault::UnexpectedContent)?;
    if event.payload() != statement.payload {
        return Err(SignedFault::NotCanonical);
    }
    if event.tablet == tablet.id && event.fits() {
        Ok(event)
    } else {
        Err(SignedFault::UnexpectedContent)
    }
}

/// Why an event does not follow the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum ChainFault {
    /// Its number was there already: two events of one number, or one sent again.
    Repeated {
        /// The number that was due.
        expected: u64,
    },
    /// Events before it are missing.
    Gap {
        /// The number that was due.
        expected: u64,
    },
    /// It follows another event than the one before it: the chain was rewritten.
    Broken,
}

impl ChainFault {
    /// The fault's name, the same for ever.
    pub fn code(self) -> &'static str {
        match self {
            ChainFault::Repeated { .. } => "repeated",
            ChainFault::Gap { .. } => "gap",
            ChainFault::Broken => "broken",
        }
    }
}

/// Whether an event follows the one with this hash and number; before the first they are
/// [`chain_start`] and 0.
///
/// # Errors
///
/// How it doesn't.
pub fn check_link(previous_hash: Hash, previous_seq: u64, event: &AdmissionEvent) -> Result<(), ChainFault> {
    let expected = previous_seq.saturating_add(1);
    if event.seq < expected {
        Err(ChainFault::Repeated { expected })
    } else if event.seq > expected {
        Err(ChainFault::Gap { expected })
    } else if event.previous != previous_hash {
        Err(ChainFault::Broken)
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
pub(crate) mod tests;
