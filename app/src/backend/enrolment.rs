//! The one-time codes that tablets enrol with: made here, kept as hashes.

use super::secret;
use crate::gate::wire::plain_code;
use jiff::SignedDuration;
use store::rate::Limit;

/// Digits and letters without those that are mistaken for one another: 32, so that each is five random bits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Codes tried by one network address. With 40 bits a code is not guessed within its quarter of an hour.
pub const TRIES: Limit = Limit {
    scope: "enrol-address",
    most: 60,
    window: SignedDuration::from_hours(1),
};

/// A fresh code, as it is shown: `K7QD-10XP`.
pub fn new_code() -> String {
    let letters: String = secret::random::<8>()
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

/// What the store keeps of a code, however it was typed.
pub fn hash(code: &str) -> [u8; 32] {
    secret::hash("enrolment-code", &[&plain_code(code)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        for _ in 0..100 {
            let code = new_code();
            assert_eq!(code.len(), 9);
            assert_eq!(plain_code(&code).len(), 8);
            assert_eq!(hash(&code), hash(&code.to_lowercase().replace('-', " ")));
        }
        assert_ne!(hash("K7QD-10XP"), hash("K7QD-10XQ"));
    }
}
