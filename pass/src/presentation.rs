//! What a QR code shows: the credential alone (static), or with the holder's fresh signature (rotating); and
//! how it gets into the code's text and out again.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use ciborium::Value;
use jiff::Timestamp;

use crate::{
    cbor::Writer,
    credential::{Credential, MAX_BYTES},
    digits,
    household::half_width,
    id::PassNumber,
    key::{HolderKey, KeyError, RawSignature, SignatureFault, normalise_signature},
    refusal::GateRefusal,
};

/// How far the holder's clock may lie from the tablet's, either way, in seconds.
pub const FRESH_SECONDS: i64 = 60;

/// How often a phone signs anew, in seconds.
pub const ROTATE_SECONDS: i64 = 15;

/// Digits of the longest presentation.
const MAX_DIGITS: usize = MAX_BYTES / 7 * 17 + 3;

/// So many digits in a row are a pass, whatever stands before them: a hardware scanner may type the link's
/// signs on the wrong keyboard layout.
const SURELY_DIGITS: usize = 100;

/// What a code shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// The credential alone: paper, and phones that lose keys.
    Static(Credential),
    /// The credential and the holder's signature.
    Rotating {
        /// The credential, which has the holder's key.
        credential: Credential,
        /// When the holder signed, in whole seconds.
        at: Timestamp,
        /// The signature over [`to_be_signed_by_holder`].
        signature: RawSignature,
    },
}

/// What came from the camera or out of the field beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A code.
    Presented(Presentation),
    /// A pass number, typed by hand.
    TypedNumber(PassNumber),
}

/// A code's text in its two parts, so that a QR encoder can put each in its own mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `https://HOST/v#`, for byte mode.
    pub prefix: String,
    /// Digits only, for numeric mode.
    pub digits: String,
}

impl core::fmt::Display for Link {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.prefix)?;
        f.write_str(&self.digits)
    }
}

/// The link that shows these presentation bytes. `host` is a name, with a port where it isn't 443.
pub fn link(host: &str, bytes: &[u8]) -> Link {
    Link {
        prefix: ["https://", host, "/v#"].concat(),
        digits: digits::encode(bytes),
    }
}

/// What the holder's key signs: `[credential's SHA-256, at, "present"]` in deterministic CBOR.
///
/// `at` counts in whole seconds.
pub fn to_be_signed_by_holder(credential: &Credential, at: Timestamp) -> Vec<u8> {
    let mut message = Writer::default();
    message
        .array(3)
        .bytes(&credential.hash().0)
        .int(at.as_second())
        .text("present");
    message.0
}

impl Presentation {
    /// A rotating presentation from a signature over [`to_be_signed_by_holder`].
    ///
    /// # Errors
    ///
    /// When the bytes are no signature.
    pub fn rotating(
        credential: Credential,
        at: Timestamp,
        raw: &RawSignature,
    ) -> Result<Presentation, KeyError> {
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        Ok(Presentation::Rotating {
            credential,
            at,
            signature: normalise_signature(raw)?,
        })
    }

    /// The credential shown.
    pub fn credential(&self) -> &Credential {
        match self {
            Presentation::Static(credential) | Presentation::Rotating { credential, .. } => credential,
        }
    }

    /// The bytes for a [`link`].
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Presentation::Static(credential) => credential.as_bytes().to_vec(),
            Presentation::Rotating {
                credential,
                at,
                signature,
            } => {
                let mut bytes = Writer::default();
                bytes
                    .array(3)
                    .bytes(credential.as_bytes())
                    .int(at.as_second())
                    .bytes(signature);
                bytes.0
            }
        }
    }

    /// Reads presentation bytes: a tagged item (`d2`) is a static one, an array of three (`83`) a rotating
    /// one. The credential inside is not looked at.
    ///
    /// # Errors
    ///
    /// `TooLong`, `Malformed`, `TrailingBytes` or `NotCanonical`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Presentation, GateRefusal> {
        if bytes.len() > MAX_BYTES {
            return Err(GateRefusal::TooLong);
        }
        match bytes.first() {
            Some(0xd2) => Ok(Presentation::Static(Credential::from_bytes(bytes.to_vec()))),
            Some(0x83) => Presentation::read_rotating(bytes),
            _ => Err(GateRefusal::Malformed),
        }
    }

    fn read_rotating(bytes: &[u8]) -> Result<Presentation, GateRefusal> {
        let mut rest = bytes;
        let value: Value = ciborium::from_reader(&mut rest).map_err(|_| GateRefusal::Malformed)?;
        if !rest.is_empty() {
            return Err(GateRefusal::TrailingBytes);
        }
        let Ok(Ok(
            [
                Value::Bytes(credential),
                Value::Integer(at),
                Value::Bytes(signature),
            ],
        )) = value.into_array().map(<[Value; 3]>::try_from)
        else {
            return Err(GateRefusal::Malformed);
        };
        let at = u32::try_from(at).map_err(|_| GateRefusal::Malformed)?;
        let read = Presentation::Rotating {
            credential: Credential::from_bytes(credential),
            at: Timestamp::from_second(at.into()).map_err(|_| GateRefusal::Malformed)?,
            signature: signature.try_into().map_err(|_| GateRefusal::Malformed)?,
        };
        if read.to_bytes() == bytes {
            Ok(read)
        } else {
            Err(GateRefusal::NotCanonical)
        }
    }

    /// Checks the holder's proof against the key of the credential, which has been verified, at `now`.
    pub(crate) fn check_holder(&self, holder: Option<&HolderKey>, now: Timestamp) -> Result<(), GateRefusal> {
        match (self, holder) {
            (Presentation::Static(_), None) => Ok(()),
            (Presentation::Static(_), Some(_)) => Err(GateRefusal::HolderSignatureMissing),
            (Presentation::Rotating { .. }, None) => Err(GateRefusal::HolderSignatureUnexpected),
            (
                Presentation::Rotating {
                    credential,
                    at,
                    signature,
                },
                Some(key),
            ) => {
                let message = to_be_signed_by_holder(credential, *at);
                key.verify(&message, signature).map_err(|fault| match fault {
                    SignatureFault::HighS => GateRefusal::HighS,
                    SignatureFault::Bad => GateRefusal::HolderSignatureBad,
                })?;
                let apart = now.as_second().abs_diff(at.as_second());
                if apart > FRESH_SECONDS.unsigned_abs() {
                    return Err(GateRefusal::Stale { at: *at, now });
                }
                Ok(())
            }
        }
    }
}

impl Input {
    /// Reads a code's text, as the camera gives it or as a scanner or a person types it: the link of any
    /// host, its digits alone, or a pass number of 1 to 10 digits. Full-width forms and white space, which
    /// an input method may add, don't matter.
    ///
    /// # Errors
    ///
    /// `NotAPass`, `BadDigits`, `TooLong`, or those of [`Presentation::from_bytes`].
    pub fn from_text(text: &str) -> Result<Input, GateRefusal> {
        let (head, digits) = split(text)?;
        let linked = head.ends_with("/v#");
        if head.is_empty()
            && (1..=10).contains(&digits.len())
            && let Ok(number @ 1..) = digits.parse()
        {
            return Ok(Input::TypedNumber(PassNumber(number)));
        }
        if !linked && digits.len() < SURELY_DIGITS {
            return Err(GateRefusal::NotAPass);
        }
        if digits.len() > MAX_DIGITS {
            return Err(GateRefusal::TooLong);
        }
        let bytes = digits::decode(&digits).map_err(|_| GateRefusal::BadDigits)?;
        Presentation::from_bytes(&bytes).map(Input::Presented)
    }
}

/// A text without white space and in half-width forms, parted before the digits at its end.
fn split(text: &str) -> Result<(String, String), GateRefusal> {
    // Ten times what any pass needs: a text this long is not looked at.
    if text.len() > 10 * MAX_DIGITS {
        return Err(GateRefusal::NotAPass);
    }
    let plain: String = text
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    let head = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    Ok((head.to_string(), plain[head.len()..].to_string()))
}

#[cfg(test)]
#[path = "presentation_tests.rs"]
mod tests;
