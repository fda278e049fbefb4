//! The keys that sign a site's credentials. Sealing and opening them is the server's work: here they are bytes.

use crate::{Conflict, Pool, Result, SiteId, error::OnConstraint, site};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

/// A signing key, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// First four bytes of the key's thumbprint.
    pub kid: [u8; 4],
    /// SEC1 compressed point.
    pub public_key: [u8; 33],
    /// The private key, sealed.
    pub sealed_key: Vec<u8>,
}

/// A key that checks credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// First four bytes of the key's thumbprint.
    pub kid: [u8; 4],
    /// SEC1 compressed point.
    pub public_key: [u8; 33],
    /// Since when it signs no more; what it signed stays valid.
    pub retired_at: Option<Timestamp>,
}

/// Makes this the key that signs, and retires the one before.
///
/// # Errors
/// [`Conflict::KeyMade`] when another server did the same at this moment: read [`active`] again.
pub async fn rotate(pool: &Pool, site: SiteId, key: &SealedKey, now: Timestamp) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "update issuer_key set retired_at = $2 where site_id = $1 and retired_at is null",
        site.0,
        now.to_sqlx()
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "insert into issuer_key (site_id, kid, public_key, sealed_key, created_at) values ($1, $2, $3, $4, $5)",
        site.0,
        key.kid.as_slice(),
        key.public_key.as_slice(),
        key.sealed_key,
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("issuer_key_active", Conflict::KeyMade)?;
    site::bundle_changed(&mut transaction, site).await?;
    transaction.commit().await?;
    Ok(())
}

/// The key that signs.
pub async fn active(pool: &Pool, site: SiteId) -> Result<Option<SealedKey>> {
    let row = sqlx::query!(
        "select kid, public_key, sealed_key from issuer_key where site_id = $1 and retired_at is null",
        site.0,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SealedKey {
        kid: crate::fixed("kid", &row.kid)?,
        public_key: crate::fixed("issuer key", &row.public_key)?,
        sealed_key: row.sealed_key,
    }))
}

/// Every key of the site, retired ones too, newest first.
pub async fn all(pool: &Pool, site: SiteId) -> Result<Vec<PublicKey>> {
    let rows = sqlx::query!(
        "select kid, public_key, retired_at from issuer_key where site_id = $1 order by created_at desc, kid",
        site.0,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PublicKey {
                kid: crate::fixed("kid", &row.kid)?,
                public_key: crate::fixed("issuer key", &row.public_key)?,
                retired_at: row.retired_at.map(|at| at.to_jiff()),
            })
        })
        .collect()
}
