//! Bytes as decimal digits, for QR's numeric mode.
//!
//! Numeric mode spends 10 bits on 3 digits, so 17 digits carry 7 bytes at a loss of one part in a hundred;
//! and digits pass through every keyboard layout that a hardware scanner may type on. The coding is that
//! of FIDO CTAP 2.2, §11.5.1 (`digitEncode`): each 7 bytes are a little-endian number written with 17 digits,
//! and the 1 to 6 bytes that remain take 3, 5, 8, 10, 13 or 15.

use alloc::{string::String, vec::Vec};

/// Bytes in a full group.
const GROUP: usize = 7;

/// Digits of a group of so many bytes.
const DIGITS: [usize; GROUP + 1] = [0, 3, 5, 8, 10, 13, 15, 17];

/// Text that no bytes are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitsError;

/// Writes bytes as digits.
pub fn encode(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len().div_ceil(GROUP) * DIGITS[GROUP]);
    for group in bytes.chunks(GROUP) {
        let mut number = group
            .iter()
            .rev()
            .fold(0, |number: u64, &byte| number << 8 | u64::from(byte));
        let mut written = [b'0'; DIGITS[GROUP]];
        let written = &mut written[..DIGITS[group.len()]];
        for digit in written.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
        }
        digits.extend(written.iter().map(|&digit| char::from(digit)));
    }
    digits
}

/// Reads digits back into bytes.
///
/// # Errors
///
/// When the text has anything but ASCII digits, a length that [`encode`] never gives, or a group that is
/// too large for its bytes.
pub fn decode(digits: &str) -> Result<Vec<u8>, DigitsError> {
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for group in digits.as_bytes().chunks(DIGITS[GROUP]) {
        let length = DIGITS
            .iter()
            .position(|&digits| digits == group.len())
            .ok_or(DigitsError)?;
        let number = group.iter().try_fold(0, |number: u64, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + u64::from(digit - b'0'))
                .ok_or(DigitsError)
        })?;
        if number >> (8 * length) != 0 {
            return Err(DigitsError);
        }
        bytes.extend_from_slice(&number.to_le_bytes()[..length]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(bytes: &[u8], digits: &str) {
        assert_eq!(encode(bytes), digits);
        assert_eq!(decode(digits).as_deref(), Ok(bytes));
    }

    #[test]
    fn both_ways() {
        check(&[], "");
        check(&[0], "000");
        check(&[255], "255");
        check(&[0, 1], "00256");
        check(&[255; 2], "65535");
        check(&[255; 3], "16777215");
        check(&[255; 4], "4294967295");
        check(&[255; 5], "1099511627775");
        check(&[255; 6], "281474976710655");
        check(&[255; 7], "72057594037927935");
        check(&[1, 0, 0, 0, 0, 0, 0], "00000000000000001");
        check(&[1, 0, 0, 0, 0, 0, 0, 2], "00000000000000001002");
    }

    #[test]
    fn what_is_never_written() {
        for text in [
            "0",
            "00",
            "256",
            "65536",
            "99999999999999999",
            "00000000000000001999",
            "0a0",
            "-01",
            "٠٠٠",
            " 12",
        ] {
            assert_eq!(decode(text), Err(DigitsError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let digits = encode(&bytes);
            prop_assert_eq!(decode(&digits), Ok(bytes));
        }

        #[test]
        fn what_is_read_is_written_the_same(digits in "[0-9]{0,60}") {
            if let Ok(bytes) = decode(&digits) {
                prop_assert_eq!(encode(&bytes), digits);
            }
        }

        #[test]
        fn any_text_is_no_panic(text in any::<String>()) {
            let _ = decode(&text);
        }
    }
}
