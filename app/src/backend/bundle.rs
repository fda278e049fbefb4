//! Assembles the gate bundle of a checkpoint: the one place where what a tablet carries is put together and signed.

use super::{Backend, calendar};
use crate::error::AppError;
use jiff::Timestamp;
use pass::{CheckpointId, CheckpointInfo, GateBundle, KindRule, StatusList, ZoneSet};
use store::SiteId;
use store::site::Site;

/// The low bits of a version count the hours since 1970, enough until the year 2089.
const HOUR_BITS: u32 = 20;

/// The version of a site's bundle at `now`: the store's, which rises with every change, and within one of those the hour. So a
/// tablet that is online has a bundle at most an hour old even where nothing changes, and knows that nothing did.
fn version(stored: u64, now: Timestamp) -> u64 {
    let hours = u64::try_from(now.as_second() / 3600).unwrap_or(0);
    (stored << HOUR_BITS) | (hours & ((1 << HOUR_BITS) - 1))
}

/// The version that [`assemble`] would give now.
///
/// # Errors
/// The store's.
pub async fn current_version(backend: &Backend, site: SiteId, now: Timestamp) -> Result<u64, AppError> {
    let stored = store::site::bundle_version(&backend.pool, site).await?;
    Ok(version(stored.ok_or(AppError::NotFound)?, now))
}

/// The bundle for the tablets of a checkpoint, signed.
///
/// # Errors
/// [`AppError::NotFound`] when the site has no such checkpoint, and the store's.
pub async fn assemble(
    backend: &Backend,
    site: &Site,
    checkpoint: CheckpointId,
    now: Timestamp,
) -> Result<Vec<u8>, AppError> {
    let pool = &backend.pool;
    // The version first: what changes while the rest is read gets a higher one, and is fetched next time.
    let version = current_version(backend, site.id, now).await?;
    let place = store::checkpoint::get(pool, site.id, checkpoint)
        .await?
        .ok_or(AppError::NotFound)?;
    let zones = store::checkpoint::zones(pool, site.id).await?;
    let kinds = store::pass_kind::all(pool, site.id).await?;
    let status = store::credential::status(pool, site.id, now).await?;
    let too_long = || {
        tracing::error!(site = site.id.0, "the status list is too long for a gate bundle");
        AppError::Internal
    };
    let bundle = GateBundle {
        site: site.code.clone(),
        site_name: site.name.clone(),
        zone: calendar::zone_of(site)?,
        version,
        issued_at: now,
        checkpoint: CheckpointInfo {
            id: place.id,
            name: place.name,
            zones: ZoneSet::of(&[place.zone]),
            direction: place.direction,
        },
        issuers: store::issuer_key::publics(pool, site.id).await?,
        kinds: kinds
            .iter()
            .map(|published| KindRule::of(published.no, &published.kind))
            .collect(),
        status: StatusList::build(status.first, status.statuses).map_err(|_| too_long())?,
        zones: zones.into_iter().map(|zone| (zone.no, zone.name)).collect(),
    };
    let key = backend.issuers.active(pool, site.id).await?;
    bundle.sign(&key).map_err(|fault| {
        tracing::error!(
            fault = fault.code(),
            site = site.id.0,
            "the gate bundle cannot be signed"
        );
        AppError::Internal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_rises_with_every_change_and_every_hour() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        assert!(version(1, at(440_000)) < version(1, at(440_001)));
        assert!(version(1, at(440_001)) < version(2, at(440_001)));
        assert!(version(1, at(900_000)) < version(2, at(440_000)));
        assert_eq!(
            version(3, at(440_000)),
            version(3, at(440_000) + jiff::SignedDuration::from_mins(59))
        );
    }
}
