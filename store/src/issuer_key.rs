//! The keys that sign a site's credentials. Sealing and opening them is the server's work: here they are bytes.

use crate::{Conflict, Pool, Result, SiteId, error::OnConstraint, site};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{IssuerPublic, Kid};
use sqlx::PgConnection;

/// A signing key, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// Its name and its public half.
    pub public: IssuerPublic,
    /// The private half, sealed.
    pub sealed: Vec<u8>,
}

/// Makes this the key that signs, and retires the one before.
///
/// # Errors
/// [`Conflict::KeyMade`] when another server did the same at this moment: read [`active`] again.
pub async fn rotate(pool: &Pool, site: SiteId, key: &SealedKey, now: Timestamp) -> Result<()> {
    let mut transaction = pool.begin().await?;
    rotate_in(&mut transaction, site, key, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// [`rotate`] inside the caller's transaction, as the last thing in it.
pub(crate) async fn rotate_in(
    connection: &mut PgConnection,
    site: SiteId,
    key: &SealedKey,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "update issuer_key set retired_at = $2 where site_id = $1 and retired_at is null",
        site.0,
        now.to_sqlx()
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into issuer_key (site_id, kid, public_key, sealed_key, created_at) values ($1, $2, $3, $4, $5)",
        site.0,
        key.public.kid.0.as_slice(),
        key.public.key.as_bytes().as_slice(),
        key.sealed,
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await
    .on_constraint("issuer_key_active", Conflict::KeyMade)?;
    site::bundle_changed(connection, site).await
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
        public: public(&row.kid, &row.public_key)?,
        sealed: row.sealed_key,
    }))
}

/// Every key of the site, the one that signs first, then the retired ones, which check what they signed. Newest first.
pub async fn publics(pool: &Pool, site: SiteId) -> Result<Vec<IssuerPublic>> {
    let rows = sqlx::query!(
        "select kid, public_key from issuer_key where site_id = $1
         order by retired_at is not null, created_at desc, kid",
        site.0,
    )
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| public(&row.kid, &row.public_key)).collect()
}

fn public(kid: &[u8], key: &[u8]) -> Result<IssuerPublic> {
    Ok(IssuerPublic {
        kid: Kid(crate::fixed("kid", kid)?),
        key: crate::public_key(key)?,
    })
}
