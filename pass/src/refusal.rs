//! Why something is refused: facts only. Sentences are made of them elsewhere, in both languages.

use alloc::vec::Vec;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    application::{Act, State},
    bundle::Direction,
    field::{FieldKey, ValueFault},
    id::{Kid, PassNumber},
    kind::{KindNo, Uses, Weekday},
    signed::SignedFault,
    site::{SiteCode, Text, ZoneSet},
};

/// Why an application, or an act on one, is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Refusal {
    /// The act is not possible in this state.
    NotNow {
        /// The application's state.
        state: State,
        /// What was asked.
        act: Act,
    },
    /// The pass has already been used.
    Used,
    /// The pass's last day is over.
    Over {
        /// That day.
        last_day: Date,
    },
    /// The first day lies before the earliest that may be asked for.
    TooEarly {
        /// The earliest.
        earliest: Date,
    },
    /// The first day lies after the latest that may be asked for.
    TooLate {
        /// The latest.
        latest: Date,
    },
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// The pass would last too long.
    TooLong {
        /// The longest, in days.
        longest: u16,
    },
    /// A day of the pass is a weekday on which this kind is not given.
    ClosedDay {
        /// The first such day.
        day: Date,
        /// Its weekday.
        weekday: Weekday,
    },
    /// The household has had as many as the quota allows.
    QuotaSpent {
        /// How many are allowed …
        passes: u32,
        /// … in how many days in a row.
        days: u32,
        /// The next day on which one may begin, of those that may be asked for.
        next_free: Option<Date>,
    },
    /// A reason is needed.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong {
        /// The most characters.
        max: u16,
    },
    /// The name of whoever passes is needed.
    HolderMissing,
    /// That name is too long.
    HolderTooLong {
        /// The most characters.
        max: u16,
    },
    /// The name given is not the householder's of this address in the register.
    HouseholderDiffers,
    /// A vehicle's pass bears a plate, and this is none.
    NoPlate,
    /// The guest's telephone is needed: the code goes there.
    PhoneMissing,
    /// A host has to be named.
    HostMissing,
    /// Nobody of the register has this number and this name.
    HostUnknown,
    /// Nobody hosts himself.
    HostOwn,
    /// Nobody of the register has the number given in this field.
    PersonUnknown {
        /// The field.
        field: FieldKey,
    },
    /// The kind is not for whoever applies.
    NotForApplicant,
    /// The choice of the next step, or of the person who decides there, is not on offer.
    NextNotOffered,
    /// What was given for the kind's own fields does not fit them.
    Given {
        /// Each fault with its field.
        faults: Vec<(FieldKey, ValueFault)>,
    },
    /// A text has control characters.
    ControlCharacter,
    /// The kind is not offered, or has a newer version since the form was opened.
    KindNotOffered,
    /// What was completed of this kind, or what was not, cannot be renewed.
    NotRenewable,
    /// There are as many drafts of the kind as one keeps.
    DraftsFull {
        /// The most.
        most: u16,
    },
    /// The office has not yet confirmed that the applicant belongs to the household.
    HouseholdNotConfirmed,
}

/// Why a gate does not open. Each has a [`code`](GateRefusal::code), and `FORMAT.md` the order in which they
/// are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum GateRefusal {
    /// The text is another code: a web address, a product, anything but a pass.
    NotAPass,
    /// The digits of the link are no bytes.
    BadDigits,
    /// Longer than any pass.
    TooLong,
    /// The bytes are not built like a pass.
    Malformed,
    /// Bytes follow the pass.
    TrailingBytes,
    /// Signed with an algorithm other than ES256.
    WrongAlgorithm,
    /// Headers other than those a pass has.
    UnexpectedHeader,
    /// Not written in the one deterministic form.
    NotCanonical,
    /// Signed with a key that this tablet doesn't know.
    UnknownKey {
        /// The key's name.
        kid: Kid,
        /// The site that the pass says it is for. Nothing vouches for that.
        claimed_site: Option<SiteCode>,
    },
    /// The signature has the large s.
    HighS,
    /// The signature does not belong to these bytes: forged, or altered.
    BadSignature,
    /// Claims other than those a pass has, or with values they can't have.
    UnexpectedClaim,
    /// It ends when or before it begins.
    BadValidity,
    /// A pass of another site.
    OtherSite {
        /// Which one, as the pass says.
        site: SiteCode,
    },
    /// The kind is not in this tablet's bundle, which is older than the kind.
    UnknownKind {
        /// The kind's number.
        kind: KindNo,
    },
    /// Its time has not come.
    NotYet {
        /// When it comes.
        valid_from: Timestamp,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        valid_until: Timestamp,
    },
    /// It opens other zones than this checkpoint's.
    WrongZone {
        /// Those it opens.
        zones: ZoneSet,
    },
    /// It was revoked.
    Revoked,
    /// The status list does not vouch for its number.
    Unlisted,
    /// A phone's code without the phone's fresh signature: a copy.
    HolderSignatureMissing,
    /// A phone's fresh signature on a pass that has no key for it.
    HolderSignatureUnexpected,
    /// The phone's signature is not by the key of the pass.
    HolderSignatureBad,
    /// The phone's signature is too old, or from the future: a picture of a code, or a wrong clock.
    Stale {
        /// When the phone says it signed.
        at: Timestamp,
        /// What this tablet holds to be now.
        now: Timestamp,
    },
    /// Used up, at this tablet at last.
    AlreadyUsed {
        /// What it was for: one entry, or a pair.
        uses: Uses,
        /// When.
        at: Timestamp,
        /// Where.
        checkpoint: Text,
    },
    /// For a pair, of which the half that this checkpoint takes was used at this tablet. The other half is still there, as far as is known.
    HalfUsed {
        /// The half that is used: in, or out.
        way: Direction,
        /// When.
        at: Timestamp,
        /// Where.
        checkpoint: Text,
    },
    /// Used up, as the status list knows.
    UsedElsewhere {
        /// What it was for: one entry, or a pair.
        uses: Uses,
    },
    /// A typed number tells nothing by itself; this is what the tablet knows of it.
    NumberOnly {
        /// The number.
        number: PassNumber,
        /// Whether the status list says it was used.
        used: bool,
        /// The last time that somebody passed with it at this tablet.
        last_use: Option<LastUse>,
    },
}

/// A passage at this tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub checkpoint: Text,
}

impl GateRefusal {
    /// The refusal's name in admission events and in the test vectors, the same for ever.
    pub fn code(&self) -> &'static str {
        match self {
            GateRefusal::NotAPass => "not-a-pass",
            GateRefusal::BadDigits => "bad-digits",
            GateRefusal::TooLong => "too-long",
            GateRefusal::Malformed => "malformed",
            GateRefusal::TrailingBytes => "trailing-bytes",
            GateRefusal::WrongAlgorithm => "wrong-algorithm",
            GateRefusal::UnexpectedHeader => "unexpected-header",
            GateRefusal::NotCanonical => "not-canonical",
            GateRefusal::UnknownKey { .. } => "unknown-key",
            GateRefusal::HighS => "high-s",
            GateRefusal::BadSignature => "bad-signature",
            GateRefusal::UnexpectedClaim => "unexpected-claim",
            GateRefusal::BadValidity => "bad-validity",
            GateRefusal::OtherSite { .. } => "other-site",
            GateRefusal::UnknownKind { .. } => "unknown-kind",
            GateRefusal::NotYet { .. } => "not-yet",
            GateRefusal::Expired { .. } => "expired",
            GateRefusal::WrongZone { .. } => "wrong-zone",
            GateRefusal::Revoked => "revoked",
            GateRefusal::Unlisted => "unlisted",
            GateRefusal::HolderSignatureMissing => "holder-signature-missing",
            GateRefusal::HolderSignatureUnexpected => "holder-signature-unexpected",
            GateRefusal::HolderSignatureBad => "holder-signature-bad",
            GateRefusal::Stale { .. } => "stale",
            GateRefusal::AlreadyUsed { .. } => "already-used",
            GateRefusal::HalfUsed { .. } => "half-used",
            GateRefusal::UsedElsewhere { .. } => "used-elsewhere",
            GateRefusal::NumberOnly { .. } => "number-only",
        }
    }
}

impl From<SignedFault> for GateRefusal {
    fn from(fault: SignedFault) -> GateRefusal {
        match fault {
            SignedFault::TooLong => GateRefusal::TooLong,
            SignedFault::Malformed => GateRefusal::Malformed,
            SignedFault::TrailingBytes => GateRefusal::TrailingBytes,
            SignedFault::WrongAlgorithm => GateRefusal::WrongAlgorithm,
            SignedFault::UnexpectedHeader => GateRefusal::UnexpectedHeader,
            SignedFault::NotCanonical => GateRefusal::NotCanonical,
            SignedFault::HighS => GateRefusal::HighS,
            // The key was found before its signature was checked.
            SignedFault::BadSignature | SignedFault::UnknownKey => GateRefusal::BadSignature,
            SignedFault::UnexpectedContent => GateRefusal::UnexpectedClaim,
        }
    }
}
