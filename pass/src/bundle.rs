//! The gate bundle: everything a tablet needs to decide without a network, signed by the issuer.

use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::SiteZone,
    id::CheckpointId,
    key::{IssuerKey, IssuerPublic},
    kind::{Check, Document, KindNo, PassKind, Uses},
    signed::{self, SignedFault},
    site::{SiteCode, Text, ZoneSet},
    status::StatusList,
};

/// The longest bundle, in bytes.
pub const MAX_BYTES: usize = 2 << 20;

/// The context of a bundle's signature.
const CONTEXT: &[u8] = b"campus-pass bundle 1";

/// Which way people pass a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the site.
    In,
    /// Out of it. Leaving asks for no use of a pass for one entry; of a pair it takes one half.
    Out,
    /// Both; the guard doesn't tell them apart, so each counts as an entry, and of a pair as the half that is left.
    Both,
}

/// The checkpoint a tablet stands at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointInfo {
    /// Which one.
    pub id: CheckpointId,
    /// What people call it.
    pub name: Text,
    /// The zones it leads into: a pass for any of them opens it.
    pub zones: ZoneSet,
    /// Which way people pass.
    pub direction: Direction,
}

/// What a tablet knows of one published version of a pass kind.
///
/// The credential says the same of itself. The rule may only narrow it, so that the office can tighten a kind
/// for passes that are already out: fewer zones, one entry or a pair instead of many, another document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRule {
    /// The version's number in its site.
    pub no: KindNo,
    /// What people call the kind.
    pub title: Text,
    /// How often it admits; the stricter of this and the credential's holds.
    pub uses: Uses,
    /// The document the guard must see; the credential's where this says none.
    pub document: Document,
    /// Whether the guard confirms each person with a tap.
    pub confirm: bool,
    /// What the guard checks besides the document, in the order of [`Check::ALL`]. With any of them each person is confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The zones it opens; those that the credential has too hold.
    pub zones: ZoneSet,
}

impl KindRule {
    /// The rule that says what the kind says.
    pub fn of(no: KindNo, kind: &PassKind) -> KindRule {
        KindRule {
            no,
            title: kind.title.clone(),
            uses: kind.uses,
            document: kind.document,
            confirm: kind.gate.confirm,
            checks: Check::all(Document::None, &kind.gate.checks),
            zones: kind.zones,
        }
    }
}

/// Everything a tablet needs to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateBundle {
    /// The site.
    pub site: SiteCode,
    /// What people call it.
    pub site_name: Text,
    /// Its time zone.
    pub zone: SiteZone,
    /// Grows with every bundle of the site.
    pub version: u64,
    /// The server's time when it was made, in whole milliseconds: now is not earlier, whatever the tablet's clock says.
    #[serde(with = "crate::instant")]
    pub issued_at: Timestamp,
    /// Where the tablet stands.
    pub checkpoint: CheckpointInfo,
    /// The keys whose credentials and bundles hold.
    pub issuers: Vec<IssuerPublic>,
    /// The kinds that are honoured.
    pub kinds: Vec<KindRule>,
    /// Revoked and used passes.
    pub status: StatusList,
    /// The names of the site's zones, by number.
    pub zones: Vec<(u8, Text)>,
}

impl GateBundle {
    /// The rule of a kind.
    pub fn kind(&self, no: KindNo) -> Option<&KindRule> {
        self.kinds.iter().find(|rule| rule.no == no)
    }

    /// Signs the bundle: COSE_Sign1 over its CBOR.
    ///
    /// # Errors
    ///
    /// `TooLong` when it is longer than [`MAX_BYTES`].
    pub fn sign(&self, key: &IssuerKey) -> Result<Vec<u8>, SignedFault> {
        let mut payload = Vec::new();
        ciborium::into_writer(self, &mut payload).map_err(|_| SignedFault::UnexpectedContent)?;
        let kid = key.public().kid;
        let signature = key.sign_bytes(&signed::to_be_signed(CONTEXT, &kid.0, &payload));
        let bytes = signed::encode(&kid.0, &payload, &signature);
        if bytes.len() > MAX_BYTES {
            Err(SignedFault::TooLong)
        } else {
            Ok(bytes)
        }
    }

    /// Reads a bundle that one of these keys signed: those of the bundle the tablet has, or those it got
    /// when it enrolled.
    ///
    /// # Errors
    ///
    /// The first thing that is not as expected.
    pub fn open(bytes: &[u8], issuers: &[IssuerPublic]) -> Result<GateBundle, SignedFault> {
        let statement = signed::read(bytes, MAX_BYTES)?;
        let named = |issuer: &&IssuerPublic| statement.kid == issuer.kid.0;
        statement.check_any(CONTEXT, issuers.iter().filter(named).map(|issuer| &issuer.key))?;
        let mut rest = statement.payload.as_slice();
        let bundle: GateBundle =
            ciborium::from_reader(&mut rest).map_err(|_| SignedFault::UnexpectedContent)?;
        if rest.is_empty() {
            Ok(bundle)
        } else {
            Err(SignedFault::UnexpectedContent)
        }
    }

    /// Whether a tablet that has this bundle takes `next` instead: of the same site, with a higher version.
    pub fn gives_way_to(&self, next: &GateBundle) -> bool {
        self.site == next.site && self.version < next.version
    }

    /// The names of these zones, for a guard to read.
    pub fn zone_names(&self, zones: ZoneSet) -> impl Iterator<Item = &Text> {
        self.zones
            .iter()
            .filter(move |(zone, _)| zones.contains(*zone))
            .map(|(_, name)| name)
    }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
pub(crate) mod tests;
