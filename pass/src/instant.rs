//! How an instant is written: whole milliseconds since 1970 in CBOR, RFC 3339 in JSON.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// For serde's `with`.
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        at.serialize(serializer)
    } else {
        serializer.serialize_i64(at.as_millisecond())
    }
}

/// For serde's `with`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    if deserializer.is_human_readable() {
        Timestamp::deserialize(deserializer)
    } else {
        Timestamp::from_millisecond(i64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct At(#[serde(with = "super")] Timestamp);

    #[test]
    fn milliseconds_in_cbor_and_text_in_json() {
        #[track_caller]
        fn check(text: &str, cbor: &[u8]) {
            let at = At(text.parse().unwrap());
            assert_eq!(serde_json::to_value(&at).unwrap(), text);
            assert_eq!(serde_json::from_value::<At>(text.into()).unwrap(), at);
            let mut written = Vec::new();
            ciborium::into_writer(&at, &mut written).unwrap();
            assert_eq!(written, cbor);
            assert_eq!(ciborium::from_reader::<At, _>(cbor).unwrap(), at);
        }
        check("1970-01-01T00:00:00Z", &[0]);
        check("1970-01-01T00:00:00.12Z", &[0x18, 120]);
        check("1969-12-31T23:59:59.999Z", &[0x20]);
        assert!(
            ciborium::from_reader::<At, _>(&[0x1b, 0x7f, 255, 255, 255, 255, 255, 255, 255][..]).is_err()
        );
    }
}
