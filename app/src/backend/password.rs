//! Local passwords, for the demo and for sites without a sign-in service of their own: argon2id (RFC 9106).

use crate::error::AppError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

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
