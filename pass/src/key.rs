//! P-256 keys: public ones as they are carried, and the issuer's own.

use core::fmt;

use p256::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    bytes,
    cbor::Writer,
    id::{Hash, Kid, TabletId},
};

/// A signature as WebCrypto and COSE have it: r and s, 32 bytes each, big-endian.
pub type RawSignature = [u8; 64];

/// A P-256 public key, known to lie on the curve: a SEC 1 compressed point of 33 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 33]);

/// The holder's key in a phone's credential.
pub type HolderKey = PublicKey;

/// Bytes that are no point of P-256, or no scalar of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a P-256 key")
    }
}

impl core::error::Error for KeyError {}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// It is the twin with the large s, which anybody can make from a good one.
    HighS,
    /// It was not made by this key over these bytes.
    Bad,
}

impl PublicKey {
    /// A key from a SEC 1 point, compressed (33 bytes) or not (65 bytes, as WebCrypto exports `raw`).
    ///
    /// # Errors
    ///
    /// When the bytes are no point of the curve.
    pub fn from_sec1(point: &[u8]) -> Result<PublicKey, KeyError> {
        if !matches!(point, [2 | 3, ..] | [4, ..]) {
            return Err(KeyError);
        }
        let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| KeyError)?;
        PublicKey::of(&key)
    }

    fn of(key: &VerifyingKey) -> Result<PublicKey, KeyError> {
        key.to_sec1_point(true)
            .as_bytes()
            .try_into()
            .map(PublicKey)
            .map_err(|_| KeyError)
    }

    /// The SEC 1 compressed point.
    pub fn as_bytes(&self) -> &[u8; 33] {
        &self.0
    }

    /// The SEC 1 uncompressed point, as push services and WebCrypto want it.
    ///
    /// # Errors
    ///
    /// Never for a key that exists, which lies on the curve.
    pub fn to_sec1_uncompressed(&self) -> Result<[u8; 65], KeyError> {
        let key = VerifyingKey::from_sec1_bytes(&self.0).map_err(|_| KeyError)?;
        let point = key.to_sec1_point(false);
        point.as_bytes().try_into().map_err(|_| KeyError)
    }

    /// The x coordinate.
    pub(crate) fn x(&self) -> &[u8] {
        &self.0[1..]
    }

    /// Whether y is odd.
    pub(crate) fn y_is_odd(&self) -> bool {
        self.0[0] == 3
    }

    /// Checks an ES256 signature with a small s.
    pub(crate) fn verify(&self, message: &[u8], raw: &[u8]) -> Result<(), SignatureFault> {
        let signature = Signature::from_slice(raw).map_err(|_| SignatureFault::Bad)?;
        if signature.normalize_s() != signature {
            return Err(SignatureFault::HighS);
        }
        let key = VerifyingKey::from_sec1_bytes(&self.0).map_err(|_| SignatureFault::Bad)?;
        key.verify(message, &signature).map_err(|_| SignatureFault::Bad)
    }

    /// Whether this key made an ES256 signature, with either s, over a message that is no statement of ours: a
    /// tablet signs its requests so.
    pub fn has_signed(&self, message: &[u8], raw: &RawSignature) -> bool {
        normalise_signature(raw).is_ok_and(|raw| self.verify(message, &raw).is_ok())
    }

    /// The COSE Key Thumbprint (RFC 9679): the hash of the key's required members, y uncompressed.
    pub fn thumbprint(&self) -> Hash {
        let point = self.to_sec1_uncompressed();
        let y = point.as_ref().map_or(&[][..], |point| &point[33..]);
        let mut members = Writer::default();
        members
            .map(4)
            .int(1)
            .int(2)
            .int(-1)
            .int(1)
            .int(-2)
            .bytes(self.x())
            .int(-3)
            .bytes(y);
        Hash::of(&members.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", bytes::to_hex(&self.0))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::write(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
        PublicKey::from_sec1(&bytes::read(deserializer)?).map_err(de::Error::custom)
    }
}

/// An issuer's key as tablets carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerPublic {
    /// Its name in credentials.
    pub kid: Kid,
    /// The key.
    pub key: PublicKey,
}

impl IssuerPublic {
    /// The issuer's key with the name that follows from it.
    pub fn new(key: PublicKey) -> IssuerPublic {
        let [a, b, c, d, ..] = key.thumbprint().0;
        IssuerPublic {
            kid: Kid([a, b, c, d]),
            key,
        }
    }
}

/// A tablet's key as the server keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletPublic {
    /// The tablet.
    pub id: TabletId,
    /// The key.
    pub key: PublicKey,
}

/// An issuer's private key. It signs credentials and gate bundles, deterministically (RFC 6979).
#[derive(Clone)]
pub struct IssuerKey {
    signing: SigningKey,
    public: IssuerPublic,
}

impl IssuerKey {
    /// The key of a secret scalar: 32 random bytes, big-endian.
    ///
    /// # Errors
    ///
    /// When the scalar is zero or not below the group's order, which chance doesn't bring about.
    pub fn from_scalar(scalar: &[u8; 32]) -> Result<IssuerKey, KeyError> {
        let signing = SigningKey::from_slice(scalar).map_err(|_| KeyError)?;
        let public = IssuerPublic::new(PublicKey::of(signing.verifying_key())?);
        Ok(IssuerKey { signing, public })
    }

    /// The public half.
    pub fn public(&self) -> IssuerPublic {
        self.public
    }

    /// Signs with a small s.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> RawSignature {
        let signature: Signature = self.signing.sign(message);
        signature.normalize_s().to_bytes().into()
    }
}

impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IssuerKey").field(&self.public.kid).finish()
    }
}

/// The same signature with the small s, as every verifier here asks for; WebCrypto gives either.
///
/// # Errors
///
/// When the bytes are no ECDSA signature: r or s is zero or not below the group's order.
pub fn normalise_signature(raw: &RawSignature) -> Result<RawSignature, KeyError> {
    let signature = Signature::from_slice(raw).map_err(|_| KeyError)?;
    Ok(signature.normalize_s().to_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points() {
        let key = IssuerKey::from_scalar(&[7; 32]).unwrap();
        let full = key.signing.verifying_key().to_sec1_point(false);
        assert_eq!(PublicKey::from_sec1(full.as_bytes()), Ok(key.public().key));
        assert_eq!(
            PublicKey::from_sec1(key.public().key.as_bytes()),
            Ok(key.public().key)
        );
        for bad in [
            &[][..],
            &[0],
            &[2; 32],
            &[5; 33],
            &[4; 65],
            &full.as_bytes()[..64],
        ] {
            assert_eq!(PublicKey::from_sec1(bad), Err(KeyError));
        }
        assert!(IssuerKey::from_scalar(&[0; 32]).is_err());
        assert!(IssuerKey::from_scalar(&[255; 32]).is_err());
    }

    #[test]
    fn the_large_s_is_refused_and_made_small() {
        let key = IssuerKey::from_scalar(&[7; 32]).unwrap();
        let low = key.sign_bytes(b"message");
        let signature = Signature::from_slice(&low).unwrap();
        let high: RawSignature =
            Signature::from_scalars(signature.r().to_bytes(), (-*signature.s()).to_bytes())
                .unwrap()
                .to_bytes()
                .into();
        let public = key.public().key;
        assert_eq!(public.verify(b"message", &low), Ok(()));
        assert_eq!(public.verify(b"message", &high), Err(SignatureFault::HighS));
        assert_eq!(public.verify(b"massage", &low), Err(SignatureFault::Bad));
        assert_eq!(public.verify(b"message", &low[..63]), Err(SignatureFault::Bad));
        assert_eq!(public.verify(b"message", &[0; 64]), Err(SignatureFault::Bad));
        assert_eq!(normalise_signature(&high), Ok(low));
        assert!(public.has_signed(b"message", &low) && public.has_signed(b"message", &high));
        assert!(!public.has_signed(b"massage", &low) && !public.has_signed(b"message", &[0; 64]));
        assert_eq!(normalise_signature(&low), Ok(low));
        assert_eq!(normalise_signature(&[0; 64]), Err(KeyError));
    }

    #[test]
    fn secrets_are_not_shown() {
        let key = IssuerKey::from_scalar(&[7; 32]).unwrap();
        assert_eq!(
            std::format!("{key:?}"),
            std::format!("IssuerKey({:?})", key.public().kid)
        );
    }
}
