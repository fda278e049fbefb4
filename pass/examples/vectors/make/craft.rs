//! Statements good and bad, put together without the crate's own writers.

use ciborium::Value;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use pass::{Claims, IssuerKey};

/// The secret scalars of everyone in the vectors. Worth nothing anywhere else.
pub const ISSUER: [u8; 32] = [0x11; 32];
pub const OTHER_ISSUER: [u8; 32] = [0x22; 32];
pub const HOLDER: [u8; 32] = [0x33; 32];
pub const OTHER_HOLDER: [u8; 32] = [0x44; 32];
pub const TABLET: [u8; 32] = [0x55; 32];

pub fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

/// r and s over a message, with the small s or, for a bad case, the large one.
pub fn sign(scalar: &[u8; 32], message: &[u8], high: bool) -> [u8; 64] {
    let signature: Signature = SigningKey::from_slice(scalar).unwrap().sign(message);
    let low = signature.normalize_s();
    if high {
        Signature::from_scalars(low.r().to_bytes(), (-*low.s()).to_bytes())
            .unwrap()
            .to_bytes()
            .into()
    } else {
        low.to_bytes().into()
    }
}

/// A COSE_Sign1 of which each part can be spoilt.
pub struct Statement {
    pub scalar: [u8; 32],
    pub protected: Vec<(Value, Value)>,
    pub unprotected: Vec<(Value, Value)>,
    pub payload: Vec<u8>,
    pub high_s: bool,
}

impl Statement {
    /// The good credential of these claims by this issuer.
    pub fn of(claims: &Claims, scalar: [u8; 32]) -> Statement {
        let kid = IssuerKey::from_scalar(&scalar).unwrap().public().kid;
        Statement {
            scalar,
            protected: vec![(1.into(), (-7).into()), (4.into(), bytes(&kid.0))],
            unprotected: vec![],
            payload: claims.to_cbor(),
            high_s: false,
        }
    }

    /// What is signed (RFC 9052 §4.4).
    pub fn sig_structure(&self) -> Vec<u8> {
        let protected = cbor(&Value::Map(self.protected.clone()));
        let parts = vec![
            "Signature1".into(),
            bytes(&protected),
            bytes(&[]),
            bytes(&self.payload),
        ];
        cbor(&Value::Array(parts))
    }

    pub fn seal(&self) -> Vec<u8> {
        let signature = sign(&self.scalar, &self.sig_structure(), self.high_s);
        let protected = cbor(&Value::Map(self.protected.clone()));
        let unprotected = Value::Map(self.unprotected.clone());
        let parts = vec![
            bytes(&protected),
            unprotected,
            bytes(&self.payload),
            bytes(&signature),
        ];
        cbor(&Value::Tag(18, Value::Array(parts).into()))
    }

    /// The statement with its claims changed.
    pub fn with_claims(mut self, change: impl FnOnce(&mut Vec<(Value, Value)>)) -> Statement {
        let mut claims = ciborium::from_reader::<Value, _>(self.payload.as_slice())
            .unwrap()
            .into_map()
            .unwrap();
        change(&mut claims);
        self.payload = cbor(&Value::Map(claims));
        self
    }
}
