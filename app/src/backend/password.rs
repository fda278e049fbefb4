//! Local passwords, for the demo and for sites without a sign-in service of their own: argon2id (RFC 9106).

use crate::error::{AppError, Fault};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The shortest password that somebody may choose, in characters.
const MIN_CHARS: u16 = 10;
/// The longest one: more are no safer, and take time to hash.
const MAX_CHARS: u16 = 256;

/// Whether somebody may choose this password.
///
/// # Errors
/// What is wrong with it.
pub fn acceptable(password: &str) -> Result<(), Fault> {
    match password.chars().count() {
        0 => Err(Fault::Missing),
        length if length < usize::from(MIN_CHARS) => Err(Fault::TooShort { min_chars: MIN_CHARS }),
        length if length > usize::from(MAX_CHARS) => Err(Fault::TooLong { max_chars: MAX_CHARS }),
        _ => Ok(()),
    }
}

/// [`hash`] on a thread where it holds up no other request: hashing is meant to be slow.
///
/// # Errors
/// Those of [`hash`].
pub async fn hash_apart(password: String) -> Result<String, AppError> {
    tokio::task::spawn_blocking(move || hash(&password))
        .await
        .map_err(|_| AppError::Internal)?
}

/// The hash to keep, in the PHC string format.
///
/// # Errors
/// [`AppError::Internal`] when hashing fails, which only broken parameters cause.
pub fn hash(password: &str) -> Result<String, AppError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            AppError::Internal
        })
}

/// Whether the password fits the kept hash. Without a hash (no such login) the same work is done and the answer is no,
/// so that the time taken tells nobody which logins exist.
pub fn verify(password: &str, kept: Option<&str>) -> bool {
    let Some(kept) = kept else {
        let _ = hash(password);
        return false;
    };
    PasswordHash::new(kept).is_ok_and(|kept| {
        Argon2::default()
            .verify_password(password.as_bytes(), &kept)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_password_is_not_short() {
        assert_eq!(acceptable(""), Err(Fault::Missing));
        assert_eq!(acceptable("123456789"), Err(Fault::TooShort { min_chars: 10 }));
        assert_eq!(acceptable("一二三四五六七八九十"), Ok(()));
        assert_eq!(
            acceptable(&"x".repeat(257)),
            Err(Fault::TooLong { max_chars: 256 })
        );
    }
}
