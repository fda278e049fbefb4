//! Secrets made and recognised: session tokens, one-time codes. Only their hashes reach the database.

use sha2::{Digest, Sha256};

/// A fresh random token of 256 bits, in hexadecimal.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
pub fn token() -> String {
    hex(&random::<32>())
}

/// Fresh random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without randomness no secret may be made at all"
    )]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A one-time code of six decimal digits, uniformly drawn.
pub fn six_digits() -> String {
    // 2^64 is not a multiple of 10^6; the bias is below 10^-13 and of no use to anybody.
    format!("{:06}", u64::from_le_bytes(random::<8>()) % 1_000_000)
}

/// A fresh password of 80 bits, in four groups of letters and digits that are not mistaken for each other.
pub fn password() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let signs: Vec<char> = random::<16>()
        .iter()
        .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
        .collect();
    signs
        .chunks(4)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join("-")
}

/// What the database keeps of a secret: its SHA-256, bound to what it is for, so that no hash serves twice.
pub fn hash(purpose: &str, parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(purpose.as_bytes());
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits() {
        for _ in 0..100 {
            let code = six_digits();
            assert!(
                code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()),
                "{code}"
            );
        }
    }

    #[test]
    fn a_password_is_long_and_never_the_same() {
        assert_eq!(password().len(), 19);
        assert_ne!(password(), password());
    }

    #[test]
    fn a_hash_is_bound_to_its_purpose_and_its_parts() {
        assert_ne!(hash("session", &["ab", "c"]), hash("session", &["a", "bc"]));
        assert_ne!(hash("session", &["ab"]), hash("enrolment", &["ab"]));
    }
}
