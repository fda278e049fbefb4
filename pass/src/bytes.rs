//! How byte strings are written: as bytes in CBOR, as lower-case hexadecimal in JSON.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

/// Bytes, with the written form of this module.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

/// `bytes` as lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|n| char::from(b"0123456789abcdef"[usize::from(n)]))
        .collect()
}

/// Reads hexadecimal of either case; `None` for anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |c: u8| char::from(c).to_digit(16).and_then(|n| u8::try_from(n).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs
        .iter()
        .map(|&[high, low]| Some(nibble(high)? << 4 | nibble(low)?))
        .collect()
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        read(deserializer).map(Bytes)
    }
}

/// Writes bytes in the form of this module.
pub(crate) fn write<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.serialize_str(&to_hex(bytes))
    } else {
        serializer.serialize_bytes(bytes)
    }
}

/// Reads bytes in the form of this module.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Expect;
    impl Visitor<'_> for Expect {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("bytes")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.into())
        }

        fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }
    }

    if deserializer.is_human_readable() {
        let text = Cow::<str>::deserialize(deserializer)?;
        from_hex(&text).ok_or_else(|| de::Error::custom("not hexadecimal"))
    } else {
        deserializer.deserialize_byte_buf(Expect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn hexadecimal() {
        #[track_caller]
        fn check(text: &str, bytes: Option<&[u8]>) {
            assert_eq!(from_hex(text).as_deref(), bytes);
        }
        check("", Some(&[]));
        check("00ff7a", Some(&[0, 255, 0x7a]));
        check("00FF", Some(&[0, 255]));
        check("0", None);
        check("0g", None);
        check("+1", None);
        check("中", None);
        assert_eq!(to_hex(&[0, 255, 0x7a]), "00ff7a");
    }

    #[test]
    fn bytes_in_cbor_and_hexadecimal_in_json() {
        let bytes = Bytes(vec![1, 2, 254]);
        assert_eq!(serde_json::to_string(&bytes).unwrap(), r#""0102fe""#);
        let mut cbor = vec![];
        ciborium::into_writer(&bytes, &mut cbor).unwrap();
        assert_eq!(cbor, [0x43, 1, 2, 254]);
        assert!(ciborium::from_reader::<Bytes, _>(cbor.as_slice()).unwrap() == bytes);
    }
}
