//! The credential: what an agreed application yields, signed by the issuer.
//!
//! COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392) in deterministic CBOR (RFC 8949 §4.2.1). What is
//! special to a pass stands in one private-use claim, an array, because every byte is a row of dots in the QR
//! code. `FORMAT.md` has it to the byte.

use alloc::{string::String, vec::Vec};

use ciborium::Value;
use coset::{AsCborValue, CoseKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cbor::Writer,
    id::{Hash, Kid, PassNumber},
    key::{HolderKey, IssuerKey, IssuerPublic, PublicKey},
    kind::{Document, KindNo, Uses},
    refusal::GateRefusal,
    signed,
    site::{SiteCode, ZoneSet},
};

/// The longest credential, and the longest presentation of one, in bytes.
pub const MAX_BYTES: usize = 512;

/// The longest masked name, in bytes of UTF-8.
pub const MAX_NAME: usize = 16;

/// The claim that holds what is special to a pass (private use, RFC 8392 §9.1).
const PASS_CLAIM: i64 = -65537;

/// What a credential is shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A sheet of paper.
    Paper,
    /// A phone.
    Phone,
}

/// What a credential says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The site whose gates it may open (`aud`).
    pub site: SiteCode,
    /// Its number in the site.
    pub number: PassNumber,
    /// The version of a pass kind it was given under.
    pub kind: KindNo,
    /// What it is shown with.
    pub medium: Medium,
    /// The zones it opens.
    pub zones: ZoneSet,
    /// The first instant at which it is valid (`nbf`), in whole seconds.
    pub valid_from: Timestamp,
    /// The first instant at which it no longer is (`exp`), in whole seconds.
    pub valid_until: Timestamp,
    /// How often it admits.
    pub uses: Uses,
    /// The holder's name, masked (`张*`).
    pub name: String,
    /// The document the guard must see.
    pub document: Document,
    /// The holder's key (`cnf`), on a phone that keeps one: then a fresh signature of it is needed too.
    pub holder: Option<HolderKey>,
}

/// Why claims can't be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsFault {
    /// The validity holds no instant: it ends when or before it begins.
    EmptyValidity,
    /// An instant is not a whole second of the years 1970 to 2106.
    Instant,
    /// The name is empty, longer than [`MAX_NAME`] or has control characters.
    Name,
    /// It opens no zone.
    NoZone,
    /// Pass numbers begin at 1.
    NumberZero,
    /// Paper holds no key.
    PaperWithKey,
}

/// A signed credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential(Vec<u8>);

impl Credential {
    /// A credential from stored bytes, which are not looked at.
    pub fn from_bytes(bytes: Vec<u8>) -> Credential {
        Credential(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The hash a holder signs.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl Claims {
    /// Whether the claims may be signed.
    ///
    /// # Errors
    ///
    /// The first rule they break.
    pub fn check(&self) -> Result<(), ClaimsFault> {
        let whole = |at: Timestamp| at.subsec_nanosecond() == 0 && u32::try_from(at.as_second()).is_ok();
        if !whole(self.valid_from) || !whole(self.valid_until) {
            Err(ClaimsFault::Instant)
        } else if self.valid_from >= self.valid_until {
            Err(ClaimsFault::EmptyValidity)
        } else if !(1..=MAX_NAME).contains(&self.name.len()) || self.name.chars().any(char::is_control) {
            Err(ClaimsFault::Name)
        } else if self.zones.is_empty() {
            Err(ClaimsFault::NoZone)
        } else if self.number.0 == 0 {
            Err(ClaimsFault::NumberZero)
        } else if self.medium == Medium::Paper && self.holder.is_some() {
            Err(ClaimsFault::PaperWithKey)
        } else {
            Ok(())
        }
    }

    /// The payload: the claims map in deterministic CBOR.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.map(if self.holder.is_some() { 5 } else { 4 });
        w.int(3).text(self.site.as_str());
        w.int(4).int(self.valid_until.as_second());
        w.int(5).int(self.valid_from.as_second());
        if let Some(key) = &self.holder {
            // cnf {1: COSE_Key} (RFC 8747), the key with a compressed point (RFC 9053 §7.1.1).
            w.int(8).map(1).int(1).map(4);
            w.int(1)
                .int(2)
                .int(-1)
                .int(1)
                .int(-2)
                .bytes(key.x())
                .int(-3)
                .bool(key.y_is_odd());
        }
        w.int(PASS_CLAIM).array(7);
        w.int(self.number.0.into()).int(self.kind.0.into());
        w.int(medium_number(self.medium))
            .int(self.zones.0.into())
            .int(uses_number(self.uses));
        w.text(&self.name).int(document_number(self.document));
        w.0
    }

    /// Reads a payload. Its form is compared with [`Claims::to_cbor`] by the caller.
    fn from_cbor(payload: &[u8]) -> Result<Claims, GateRefusal> {
        let mut rest = payload;
        let value: Value = ciborium::from_reader(&mut rest).map_err(|_| GateRefusal::Malformed)?;
        if !rest.is_empty() {
            return Err(GateRefusal::TrailingBytes);
        }
        let map = value.into_map().map_err(|_| GateRefusal::Malformed)?;
        let [mut aud, mut exp, mut nbf, mut cnf, mut pass] = [const { None::<Value> }; 5];
        for (key, value) in map {
            let key = key.as_integer().and_then(|key| i64::try_from(key).ok());
            let claim = match key {
                Some(3) => &mut aud,
                Some(4) => &mut exp,
                Some(5) => &mut nbf,
                Some(8) => &mut cnf,
                Some(PASS_CLAIM) => &mut pass,
                _ => return Err(GateRefusal::UnexpectedClaim),
            };
            if claim.replace(value).is_some() {
                return Err(GateRefusal::UnexpectedClaim);
            }
        }
        let (Some(aud), Some(exp), Some(nbf), Some(pass)) = (aud, exp, nbf, pass) else {
            return Err(GateRefusal::Malformed);
        };
        let holder = cnf.map(holder_key).transpose()?;
        let pass = pass.into_array().map_err(|_| GateRefusal::Malformed)?;
        let Ok([number, kind, medium, zones, uses, name, document]) = <[Value; 7]>::try_from(pass) else {
            return Err(GateRefusal::UnexpectedClaim);
        };
        Ok(Claims {
            site: text(aud)?.parse().map_err(|_| GateRefusal::UnexpectedClaim)?,
            number: PassNumber(number_of(&number)?),
            kind: KindNo(number_of(&kind)?),
            medium: medium_of(number_of(&medium)?).ok_or(GateRefusal::UnexpectedClaim)?,
            zones: ZoneSet(number_of(&zones)?),
            valid_from: instant(&nbf)?,
            valid_until: instant(&exp)?,
            uses: uses_of(number_of(&uses)?).ok_or(GateRefusal::UnexpectedClaim)?,
            name: text(name)?,
            document: document_of(number_of(&document)?).ok_or(GateRefusal::UnexpectedClaim)?,
            holder,
        })
    }
}

fn medium_number(medium: Medium) -> i64 {
    match medium {
        Medium::Paper => 0,
        Medium::Phone => 1,
    }
}

fn medium_of(number: u8) -> Option<Medium> {
    [Medium::Paper, Medium::Phone]
        .into_iter()
        .find(|medium| medium_number(*medium) == i64::from(number))
}

fn uses_number(uses: Uses) -> i64 {
    match uses {
        Uses::Many => 0,
        Uses::Once => 1,
        Uses::Pair => 2,
    }
}

fn uses_of(number: u8) -> Option<Uses> {
    [Uses::Many, Uses::Once, Uses::Pair]
        .into_iter()
        .find(|uses| uses_number(*uses) == i64::from(number))
}

fn document_number(document: Document) -> i64 {
    match document {
        Document::None => 0,
        Document::AnyListed => 1,
        Document::IdentityCard => 2,
        Document::WorkCard => 3,
        Document::ResidencePermit => 4,
        Document::RetirementCertificate => 5,
        Document::StudentCard => 6,
        Document::HouseholdRegister => 7,
    }
}

fn document_of(number: u8) -> Option<Document> {
    Document::ALL
        .into_iter()
        .find(|document| document_number(*document) == i64::from(number))
}

/// A non-negative integer that fits.
fn number_of<N: TryFrom<i128>>(value: &Value) -> Result<N, GateRefusal> {
    let number = value.as_integer().ok_or(GateRefusal::Malformed)?;
    N::try_from(number.into()).map_err(|_| GateRefusal::UnexpectedClaim)
}

/// Seconds since 1970.
fn instant(value: &Value) -> Result<Timestamp, GateRefusal> {
    let seconds: u32 = number_of(value)?;
    Timestamp::from_second(seconds.into()).map_err(|_| GateRefusal::UnexpectedClaim)
}

fn text(value: Value) -> Result<String, GateRefusal> {
    value.into_text().map_err(|_| GateRefusal::Malformed)
}

/// The key of a `cnf` claim.
fn holder_key(cnf: Value) -> Result<HolderKey, GateRefusal> {
    let methods = cnf.into_map().map_err(|_| GateRefusal::Malformed)?;
    let Ok([(method, key)]) = <[(Value, Value); 1]>::try_from(methods) else {
        return Err(GateRefusal::UnexpectedClaim);
    };
    if method != Value::from(1) {
        return Err(GateRefusal::UnexpectedClaim);
    }
    let key = CoseKey::from_cbor_value(key).map_err(|_| GateRefusal::Malformed)?;
    let point = key
        .to_sec1_octet_string()
        .map_err(|_| GateRefusal::UnexpectedClaim)?;
    PublicKey::from_sec1(&point).map_err(|_| GateRefusal::UnexpectedClaim)
}

impl IssuerKey {
    /// Signs claims.
    ///
    /// # Errors
    ///
    /// When the claims break a rule of [`Claims::check`].
    pub fn sign(&self, claims: &Claims) -> Result<Credential, ClaimsFault> {
        claims.check()?;
        Ok(self.sign_payload(&claims.to_cbor()))
    }

    /// Signs any payload as a credential would be.
    pub(crate) fn sign_payload(&self, payload: &[u8]) -> Credential {
        let kid = &self.public().kid.0;
        let signature = self.sign_bytes(&signed::to_be_signed(b"", kid, payload));
        Credential(signed::encode(kid, payload, &signature))
    }
}

/// Reads a credential and checks the issuer's signature. Whether it is this site's, whether now is its time
/// and whether it needs the holder's signature is for [`verify`](mod@crate::verify) to say.
///
/// # Errors
///
/// The first thing that is not as expected, in the order of `FORMAT.md`.
pub fn open(bytes: &[u8], issuers: &[IssuerPublic]) -> Result<Claims, GateRefusal> {
    let statement = signed::read(bytes, MAX_BYTES)?;
    let kid = Kid(statement
        .kid
        .as_slice()
        .try_into()
        .map_err(|_| GateRefusal::UnexpectedHeader)?);
    let mut keys = issuers
        .iter()
        .filter(|issuer| issuer.kid == kid)
        .map(|issuer| &issuer.key)
        .peekable();
    if keys.peek().is_none() {
        // Nothing vouches for this claim; it is a hint for the guard and decides nothing.
        let claimed_site = Claims::from_cbor(&statement.payload)
            .ok()
            .map(|claims| claims.site);
        return Err(GateRefusal::UnknownKey { kid, claimed_site });
    }
    statement.check_any(b"", keys)?;
    let claims = Claims::from_cbor(&statement.payload)?;
    if claims.to_cbor() != statement.payload {
        return Err(GateRefusal::NotCanonical);
    }
    match claims.check() {
        Ok(()) => Ok(claims),
        Err(ClaimsFault::EmptyValidity) => Err(GateRefusal::BadValidity),
        Err(_) => Err(GateRefusal::UnexpectedClaim),
    }
}

#[cfg(test)]
#[path = "credential_tests.rs"]
pub(crate) mod tests;
