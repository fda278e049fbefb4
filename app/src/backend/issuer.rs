//! Issuer keys: made here, sealed before they reach the database, opened in memory only to sign.

use super::secret;
use crate::error::AppError;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use pass::IssuerKey;
use store::SiteId;
use store::issuer_key::SealedKey;
use store::push::PushKey;

/// What a key is sealed for: it opens for nothing else.
const ISSUER: &[u8] = b"issuer-key";
/// The key by which push services know a site.
const PUSH: &[u8] = b"push-key";

/// The length of a sealed key's nonce, in bytes (XChaCha20).
const NONCE: usize = 24;

/// Seals and opens issuer keys under one master key, which comes from a file or the environment, never the database.
pub struct Issuers {
    master: XChaCha20Poly1305,
}

impl Issuers {
    /// Under the given 256-bit master key.
    pub fn new(master: &[u8; 32]) -> Self {
        Self {
            master: XChaCha20Poly1305::new(master.into()),
        }
    }

    /// Makes a fresh issuer key for the site and stores it sealed; from then on it signs.
    ///
    /// # Errors
    /// The store's, or [`AppError::Internal`] when sealing fails.
    pub async fn create(
        &self,
        pool: &store::Pool,
        site: SiteId,
        now: jiff::Timestamp,
    ) -> Result<(), AppError> {
        store::issuer_key::rotate(pool, site, &self.fresh(site)?, now).await?;
        Ok(())
    }

    /// A fresh issuer key for the site, sealed.
    ///
    /// # Errors
    /// [`AppError::Internal`] when sealing fails.
    pub fn fresh(&self, site: SiteId) -> Result<SealedKey, AppError> {
        let (scalar, key) = fresh_scalar();
        let public = key.public();
        let sealed = self.seal(ISSUER, site, &public.kid.0, &scalar)?;
        Ok(SealedKey { public, sealed })
    }

    /// A fresh key by which push services will know the site (RFC 8292), sealed.
    ///
    /// # Errors
    /// [`AppError::Internal`] when sealing fails.
    pub fn fresh_push_key(&self, site: SiteId) -> Result<PushKey, AppError> {
        let (scalar, key) = fresh_scalar();
        let public = key
            .public()
            .key
            .to_sec1_uncompressed()
            .map_err(|_| AppError::Internal)?;
        let sealed = self.seal(PUSH, site, &public, &scalar)?;
        Ok(PushKey { public, sealed })
    }

    /// The private scalar of the site's push key.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it was sealed under another master key.
    pub fn open_push_key(&self, site: SiteId, key: &PushKey) -> Result<[u8; 32], AppError> {
        self.open(PUSH, site, &key.public, &key.sealed)
    }

    /// The key that signs for the site now.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the site has none, or it was sealed under another master key.
    pub async fn active(&self, pool: &store::Pool, site: SiteId) -> Result<IssuerKey, AppError> {
        let Some(row) = store::issuer_key::active(pool, site).await? else {
            tracing::error!(site = site.0, "the site has no issuer key");
            return Err(AppError::Internal);
        };
        let scalar = self.open(ISSUER, site, &row.public.kid.0, &row.sealed)?;
        IssuerKey::from_scalar(&scalar).map_err(|_| AppError::Internal)
    }

    fn seal(
        &self,
        purpose: &[u8],
        site: SiteId,
        name: &[u8],
        scalar: &[u8; 32],
    ) -> Result<Vec<u8>, AppError> {
        let nonce = secret::random::<NONCE>();
        let payload = Payload {
            msg: scalar,
            aad: &bound_to(purpose, site, name),
        };
        let sealed = self
            .master
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| AppError::Internal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, purpose: &[u8], site: SiteId, name: &[u8], sealed: &[u8]) -> Result<[u8; 32], AppError> {
        let failed = || {
            tracing::error!(
                site = site.0,
                "a sealed key does not open: was it sealed under another master key?"
            );
            AppError::Internal
        };
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(failed)?;
        let payload = Payload {
            msg: sealed,
            aad: &bound_to(purpose, site, name),
        };
        let scalar = self
            .master
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| failed())?;
        scalar.try_into().map_err(|_| failed())
    }
}

/// A sealed key opens only in the place it was sealed for.
fn bound_to(purpose: &[u8], site: SiteId, name: &[u8]) -> Vec<u8> {
    [purpose, &site.0.to_be_bytes(), name].concat()
}

/// A random private key.
fn fresh_scalar() -> ([u8; 32], IssuerKey) {
    // A random scalar is out of range once in 2^32 draws; then another is drawn.
    loop {
        let scalar = secret::random::<32>();
        if let Ok(key) = IssuerKey::from_scalar(&scalar) {
            return (scalar, key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_under_the_same_master_key_site_and_kid() {
        let issuers = Issuers::new(&[7; 32]);
        let scalar = [9; 32];
        let sealed = issuers.seal(ISSUER, SiteId(1), b"kid0", &scalar).unwrap();
        assert!(!sealed.windows(32).any(|window| window == scalar));
        assert_eq!(issuers.open(ISSUER, SiteId(1), b"kid0", &sealed), Ok(scalar));
        assert!(issuers.open(ISSUER, SiteId(2), b"kid0", &sealed).is_err());
        assert!(issuers.open(ISSUER, SiteId(1), b"kid1", &sealed).is_err());
        assert!(
            Issuers::new(&[8; 32])
                .open(ISSUER, SiteId(1), b"kid0", &sealed)
                .is_err()
        );
        assert!(issuers.open(PUSH, SiteId(1), b"kid0", &sealed).is_err());
    }
}
