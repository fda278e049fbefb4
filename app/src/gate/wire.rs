//! What a tablet and the server say to each other: the bodies of `/api/gate/v1/…` and how a request is signed.
//!
//! A tablet has no session. It signs each request with the key it enrolled, and says so in one header:
//!
//! ```text
//! authorization: Campus-Tablet <tablet id> <instant> <signature>
//! ```
//!
//! `instant` is the tablet's clock in milliseconds since 1970, `signature` is ECDSA P-256 with SHA-256 (r and s, 64 bytes,
//! base64url without padding) over [`to_be_signed`]. The server takes requests whose instant is at most
//! [`TOLERANCE`] from its own clock; beyond that it says so. Every answer carries the server's clock in the header
//! [`SERVER_TIME`], so that a tablet whose clock is wrong measures by how much and signs anew.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use pass::TabletId;
use serde::{Deserialize, Serialize};

/// How far a request's instant may be from the server's clock.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The most events in one upload.
pub const MAX_EVENTS: usize = 200;

/// The header with the server's clock, in milliseconds since 1970.
pub const SERVER_TIME: &str = "x-server-time";

/// The scheme of the `authorization` header.
const SCHEME: &str = "Campus-Tablet";

/// `POST /api/gate/v1/enrol`: a tablet introduces itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enrol {
    /// What the administrator shows, in any of its written forms.
    pub code: String,
    /// The tablet's public key: a SEC 1 point, base64url.
    pub public_key: String,
}

/// The answer to a good [`Enrol`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enrolled {
    /// The tablet's name in events and requests.
    pub tablet: TabletId,
    /// The signed gate bundle, base64url.
    pub bundle: String,
    /// The keys that sign bundles, each a SEC 1 compressed point in base64url. The one time a tablet takes keys on trust.
    pub issuers: Vec<String>,
}

/// `POST /api/gate/v1/events`: what happened, for the first time or again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Upload {
    /// At most [`MAX_EVENTS`], best in the order of their numbers.
    pub events: Vec<Sent>,
}

/// An event on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The number the tablet gave it: also an event that cannot be read is counted by it.
    pub seq: u64,
    /// The sealed event, base64url.
    pub sealed: String,
}

/// The answer to an [`Upload`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The server holds every event up to and including this number.
    pub acknowledged: u64,
    /// How many of this upload were put aside for a person to look at.
    pub quarantined: usize,
    /// Whether the tablet was revoked: then all of it was put aside.
    pub revoked: bool,
}

/// Why the server does not do what a tablet asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// No such enrolment code, or it was used.
    WrongCode,
    /// The enrolment code is too old.
    ExpiredCode,
    /// Too many tries from this address.
    TooMany,
    /// The key is not a P-256 point, or belongs to a tablet already.
    BadKey,
    /// The request is not signed, or not as it should be.
    Unsigned,
    /// No such tablet at this site.
    UnknownTablet,
    /// The tablet was revoked; it must be enrolled anew.
    Revoked,
    /// The tablet's clock is too far from the server's.
    Clock,
    /// The body is not of the expected form.
    Malformed,
    /// No site is asked under this host name.
    NoSite,
    /// Something is broken on the server.
    Internal,
}

/// Every answer that is not a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Why.
    pub error: Trouble,
}

/// Who signed a request, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The tablet.
    pub tablet: TabletId,
    /// The tablet's clock, in whole milliseconds.
    pub at: Timestamp,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signed {
    /// The header's value.
    pub fn header(&self) -> String {
        let (tablet, at) = (self.tablet, self.at.as_millisecond());
        format!("{SCHEME} {tablet} {at} {}", to_text(&self.signature))
    }

    /// Reads the header's value.
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split(' ');
        let (scheme, tablet, at, signature) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if scheme != SCHEME || parts.next().is_some() {
            return None;
        }
        Some(Self {
            tablet: tablet.parse().ok()?,
            at: Timestamp::from_millisecond(at.parse().ok()?).ok()?,
            signature: from_text(signature)?,
        })
    }
}

/// What a tablet signs for a request: the method, the path with its query, the body and the instant, so that a
/// signature serves for nothing else.
pub fn to_be_signed(method: &str, path: &str, body: &[u8], tablet: TabletId, at: Timestamp) -> Vec<u8> {
    let body = pass::Hash::of(body);
    let at = at.as_millisecond();
    format!("campus-pass gate request 1\n{method}\n{path}\n{body}\n{tablet}\n{at}\n").into_bytes()
}

/// Bytes as base64url without padding.
pub fn to_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// An enrolment code in its one written form: upper case, what people mistake for one another made equal, everything else
/// left out. Codes are made of digits and letters without I, L, O and U.
pub fn plain_code(given: &str) -> String {
    given
        .chars()
        .map(|c| match c {
            // Full-width forms, as an input method gives them.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_is_written() {
        let signed = Signed {
            tablet: TabletId([7; 16]),
            at: Timestamp::from_millisecond(1_581_900_000_123).unwrap(),
            signature: vec![250; 64],
        };
        assert_eq!(Signed::parse(&signed.header()), Some(signed.clone()));
        let header = signed.header();
        for bad in [
            "",
            "Bearer x",
            &header[..header.len() - 1],
            &format!("{header} x"),
            &header.replace("Campus-Tablet", "Campus"),
        ] {
            assert_eq!(Signed::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn everything_that_matters_is_signed() {
        let sign = |method, path, body: &[u8], id, at| {
            to_be_signed(
                method,
                path,
                body,
                TabletId([id; 16]),
                Timestamp::from_millisecond(at).unwrap(),
            )
        };
        let one = sign("GET", "/a?b=1", b"", 1, 1);
        for other in [
            sign("POST", "/a?b=1", b"", 1, 1),
            sign("GET", "/a?b=2", b"", 1, 1),
            sign("GET", "/a?b=1", b"x", 1, 1),
            sign("GET", "/a?b=1", b"", 2, 1),
            sign("GET", "/a?b=1", b"", 1, 2),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        for given in [
            "K7QD-10XP",
            "k7qd lOxp",
            " K7QD IoXP ",
            "Ｋ７ｑｄ－１０ＸＰ",
            "K7QD–10XP",
        ] {
            assert_eq!(plain_code(given), "K7QD10XP", "{given}");
        }
    }
}
