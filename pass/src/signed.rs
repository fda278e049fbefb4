//! Signed statements: COSE_Sign1 (RFC 9052 §4.2) with exactly the headers we write.
//!
//! Credentials, gate bundles and admission events share this envelope. Each has its own *context*, the
//! external data of RFC 9052 §4.3, so that a statement of one sort is never taken for one of another. The
//! credential's is empty, as any COSE library has it.

use alloc::vec::Vec;

use coset::{
    Algorithm, CoseError, CoseSign1, ProtectedHeader, SignatureContext, TaggedCborSerializable, iana,
    sig_structure_data,
};
use serde::{Deserialize, Serialize};

use crate::{
    cbor::Writer,
    key::{PublicKey, RawSignature, SignatureFault},
};

/// Why a signed statement is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedFault {
    /// It is longer than its sort allows.
    TooLong,
    /// It is no COSE_Sign1, tagged, with a payload and a signature of 64 bytes.
    Malformed,
    /// Bytes follow the statement.
    TrailingBytes,
    /// The algorithm is another than ES256, or none is named.
    WrongAlgorithm,
    /// Its headers are not exactly the algorithm and the key's name.
    UnexpectedHeader,
    /// It is not written in the one deterministic form.
    NotCanonical,
    /// No key of that name is known.
    UnknownKey,
    /// The signature has the large s.
    HighS,
    /// The signature does not belong to these bytes and this key.
    BadSignature,
    /// It holds, but what it says is not what this sort of statement says.
    UnexpectedContent,
}

impl SignedFault {
    /// The fault's name, the same for ever.
    pub fn code(self) -> &'static str {
        match self {
            SignedFault::TooLong => "too-long",
            SignedFault::Malformed => "malformed",
            SignedFault::TrailingBytes => "trailing-bytes",
            SignedFault::WrongAlgorithm => "wrong-algorithm",
            SignedFault::UnexpectedHeader => "unexpected-header",
            SignedFault::NotCanonical => "not-canonical",
            SignedFault::UnknownKey => "unknown-key",
            SignedFault::HighS => "high-s",
            SignedFault::BadSignature => "bad-signature",
            SignedFault::UnexpectedContent => "unexpected-content",
        }
    }
}

/// The protected header: `{1: -7, 4: kid}`.
fn protected(kid: &[u8]) -> Vec<u8> {
    let mut header = Writer::default();
    header.map(2).int(1).int(-7).int(4).bytes(kid);
    header.0
}

/// The bytes a signature is made over: the Sig_structure of RFC 9052 §4.4.
pub(crate) fn to_be_signed(context: &[u8], kid: &[u8], payload: &[u8]) -> Vec<u8> {
    let body = ProtectedHeader {
        original_data: Some(protected(kid)),
        ..ProtectedHeader::default()
    };
    sig_structure_data(SignatureContext::CoseSign1, body, None, context, payload)
}

/// Writes a statement: tag 18, `[protected, {}, payload, signature]`.
pub(crate) fn encode(kid: &[u8], payload: &[u8], signature: &RawSignature) -> Vec<u8> {
    let mut statement = Writer::default();
    statement
        .tag(18)
        .array(4)
        .bytes(&protected(kid))
        .map(0)
        .bytes(payload)
        .bytes(signature);
    statement.0
}

/// A statement that is well-formed; its signature has not been checked.
pub(crate) struct Unverified {
    pub(crate) kid: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    signature: RawSignature,
}

/// Reads a statement of at most `limit` bytes.
pub(crate) fn read(bytes: &[u8], limit: usize) -> Result<Unverified, SignedFault> {
    if bytes.len() > limit {
        return Err(SignedFault::TooLong);
    }
    let cose = CoseSign1::from_tagged_slice(bytes).map_err(|error| match error {
        CoseError::ExtraneousData => SignedFault::TrailingBytes,
        CoseError::UnregisteredIanaNonPrivateValue => SignedFault::WrongAlgorithm,
        _ => SignedFault::Malformed,
    })?;
    let header = cose.protected.header;
    if header.alg != Some(Algorithm::Assigned(iana::Algorithm::ES256)) {
        return Err(SignedFault::WrongAlgorithm);
    }
    let expected = coset::Header {
        alg: header.alg.clone(),
        key_id: header.key_id.clone(),
        ..Default::default()
    };
    if header.key_id.is_empty() || header != expected || !cose.unprotected.is_empty() {
        return Err(SignedFault::UnexpectedHeader);
    }
    let (Some(payload), Ok(signature)) = (cose.payload, cose.signature.try_into()) else {
        return Err(SignedFault::Malformed);
    };
    if encode(&header.key_id, &payload, &signature) != bytes {
        return Err(SignedFault::NotCanonical);
    }
    Ok(Unverified {
        kid: header.key_id,
        payload,
        signature,
    })
}

impl Unverified {
    /// Checks the signature.
    pub(crate) fn check(&self, context: &[u8], key: &PublicKey) -> Result<(), SignedFault> {
        let message = to_be_signed(context, &self.kid, &self.payload);
        key.verify(&message, &self.signature)
            .map_err(|fault| match fault {
                SignatureFault::HighS => SignedFault::HighS,
                SignatureFault::Bad => SignedFault::BadSignature,
            })
    }

    /// Checks the signature against every key of its name.
    pub(crate) fn check_any<'k>(
        &self,
        context: &[u8],
        keys: impl Iterator<Item = &'k PublicKey>,
    ) -> Result<(), SignedFault> {
        let mut fault = SignedFault::UnknownKey;
        for key in keys {
            match self.check(context, key) {
                Ok(()) => return Ok(()),
                Err(found) => fault = found,
            }
        }
        Err(fault)
    }
}
