//! Writing CBOR in the one deterministic form of RFC 8949 §4.2.1: shortest heads, definite lengths, and map
//! keys in the order the caller gives, which is ascending by their encoded bytes.
//!
//! What is read is read by `coset` and `ciborium`, which take any form; it is then written again with this
//! module and must come out the same.

use alloc::vec::Vec;

/// Bytes being written.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    /// A head of a major type (0 to 7) and its argument, in the shortest form.
    fn head(&mut self, major: u8, argument: u64) -> &mut Writer {
        let be = argument.to_be_bytes();
        let (info, tail) = match argument {
            0..24 => (be[7], &be[8..]),
            24..0x100 => (24, &be[7..]),
            0x100..0x1_0000 => (25, &be[6..]),
            0x1_0000..0x1_0000_0000 => (26, &be[4..]),
            _ => (27, &be[..]),
        };
        self.0.push(major << 5 | info);
        self.0.extend_from_slice(tail);
        self
    }

    /// An unsigned or negative integer.
    pub(crate) fn int(&mut self, n: i64) -> &mut Writer {
        if n < 0 {
            self.head(1, n.unsigned_abs() - 1)
        } else {
            self.head(0, n.unsigned_abs())
        }
    }

    /// A byte string.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Writer {
        self.head(2, bytes.len() as u64).0.extend_from_slice(bytes);
        self
    }

    /// A text string.
    pub(crate) fn text(&mut self, text: &str) -> &mut Writer {
        self.head(3, text.len() as u64)
            .0
            .extend_from_slice(text.as_bytes());
        self
    }

    /// The head of an array of so many items.
    pub(crate) fn array(&mut self, items: u64) -> &mut Writer {
        self.head(4, items)
    }

    /// The head of a map of so many pairs.
    pub(crate) fn map(&mut self, pairs: u64) -> &mut Writer {
        self.head(5, pairs)
    }

    /// The head of a tagged item.
    pub(crate) fn tag(&mut self, tag: u64) -> &mut Writer {
        self.head(6, tag)
    }

    /// A truth value.
    pub(crate) fn bool(&mut self, value: bool) -> &mut Writer {
        self.head(7, if value { 21 } else { 20 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciborium::Value;

    /// The value is written as these bytes, and as ciborium writes it.
    #[track_caller]
    fn check(write: impl FnOnce(&mut Writer) -> &mut Writer, value: Value) {
        let mut written = Writer::default();
        write(&mut written);
        let mut expected = Vec::new();
        ciborium::into_writer(&value, &mut expected).unwrap();
        assert_eq!(written.0, expected);
    }

    #[test]
    fn as_ciborium_writes_it() {
        let numbers = [
            0,
            23,
            24,
            255,
            256,
            65535,
            65536,
            (1 << 32) - 1,
            1 << 32,
            i64::MAX,
        ];
        for n in numbers {
            check(|w| w.int(n), Value::from(n));
            check(|w| w.int(-n), Value::from(-n));
            check(|w| w.int(-n - 1), Value::from(-n - 1));
        }
        for length in [0, 1, 23, 24, 255, 256, 70000] {
            let text = "x".repeat(length);
            check(|w| w.text(&text), Value::from(text.as_str()));
            check(|w| w.bytes(text.as_bytes()), Value::Bytes(text.clone().into()));
        }
        check(|w| w.bool(true), Value::Bool(true));
        check(
            |w| w.tag(18).bool(false),
            Value::Tag(18, Value::Bool(false).into()),
        );
        check(
            |w| w.array(1).map(1).int(1).text("é"),
            Value::Array([Value::Map([(1.into(), "é".into())].into())].into()),
        );
    }
}
