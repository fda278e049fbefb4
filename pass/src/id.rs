//! Names of things that are bytes: tablets, checkpoints, events, keys.

use alloc::string::String;
use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::bytes;

/// A text that is no identifier of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier of the expected form")
    }
}

impl core::error::Error for IdError {}

/// Defines a name of `$n` bytes: hexadecimal as text, with hyphens before the bytes `$hyphens`; in CBOR a
/// byte string.
macro_rules! byte_name {
    ($(#[$doc:meta])* $name:ident, $n:literal, $hyphens:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $n]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let hyphens: &[usize] = &$hyphens;
                for (at, byte) in self.0.iter().enumerate() {
                    if hyphens.contains(&at) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<$name, IdError> {
                let plain: String = text.chars().filter(|&c| c != '-').collect();
                let bytes = bytes::from_hex(&plain).ok_or(IdError)?;
                bytes.try_into().map($name).map_err(|_| IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(de::Error::custom)
                } else {
                    let read = bytes::read(deserializer)?;
                    read.try_into().map($name).map_err(|_| de::Error::custom(IdError))
                }
            }
        }
    };
}

byte_name!(
    /// An enrolled tablet (a UUID).
    TabletId, 16, [4, 6, 8, 10]
);
byte_name!(
    /// A checkpoint (a UUID).
    CheckpointId, 16, [4, 6, 8, 10]
);
byte_name!(
    /// An admission event (a UUID, made by the tablet).
    EventId, 16, [4, 6, 8, 10]
);
byte_name!(
    /// The name of an issuer's key: the first 4 bytes of its COSE Key Thumbprint (RFC 9679, SHA-256).
    ///
    /// Two keys may share a name; a verifier tries every key of that name.
    Kid, 4, []
);
byte_name!(
    /// A SHA-256 hash.
    Hash, 32, []
);

/// The running number of a credential in its site (通行证号). Single use is counted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PassNumber(pub u32);

impl fmt::Display for PassNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Hash {
    /// The SHA-256 hash of some bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        use sha2::{Digest, Sha256};
        Hash(Sha256::digest(bytes).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec::Vec};

    #[test]
    fn text_json_and_cbor() {
        let id = TabletId([
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
        ]);
        let text = "00112233-4455-6677-8899-aabbccddeeff";
        assert_eq!(id.to_string(), text);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        assert_eq!("00112233".parse::<TabletId>(), Err(IdError));
        assert_eq!(
            serde_json::from_value::<TabletId>(serde_json::to_value(id).unwrap()).unwrap(),
            id
        );
        assert_eq!(Kid([1, 2, 3, 0xff]).to_string(), "010203ff");
        let mut cbor = Vec::new();
        ciborium::into_writer(&id, &mut cbor).unwrap();
        assert_eq!(cbor.len(), 17);
        assert_eq!(ciborium::from_reader::<TabletId, _>(cbor.as_slice()).unwrap(), id);
        assert!(ciborium::from_reader::<Kid, _>(cbor.as_slice()).is_err());
    }

    #[test]
    fn sha256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::of(b"").to_string(), empty);
    }
}
