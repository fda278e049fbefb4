//! What the application pages load: the household, the kinds on offer, the form, an applicant's own applications.

use super::{Backend, Viewer, attaching, calendar, secret};
use crate::applications::facts::{Detail, Step, Who};
use crate::applications::given;
use crate::apply::facts::{ClaimFacts, FormFacts, Home, KindOffer, Offered, Places, Standing};
use crate::error::{AppError, Fault};
use jiff::Timestamp;
use jiff::civil::Date;
use pass::kind::{KindKey, PassKind};
use pass::{Refusal, SiteZone};
use std::collections::HashMap;
use store::application::Own;
use store::claim::{Claim, ClaimState};
use store::household::Household;
use store::pass_kind::Published;
use uuid::Uuid;

/// How many applications a page shows.
const PAGE: u16 = 20;

/// Who applies, where and when: what every function here needs.
pub struct Applicant {
    /// The server's means.
    pub backend: Backend,
    /// The person.
    pub viewer: Viewer,
    /// The site's calendar.
    pub zone: SiteZone,
    /// The time of this decision.
    pub now: Timestamp,
}

impl Applicant {
    /// The person who asks.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] without a living session.
    pub async fn asking() -> Result<Applicant, AppError> {
        let viewer = super::viewer().await?;
        let zone = calendar::zone_of(&viewer.site)?;
        Ok(Applicant {
            backend: super::backend()?,
            viewer,
            zone,
            now: super::now(),
        })
    }

    /// Today at the site.
    pub fn today(&self) -> Date {
        self.zone.day_of(self.now)
    }

    /// The household that the office confirmed for the person.
    ///
    /// # Errors
    /// [`Refusal::HouseholdNotConfirmed`].
    pub fn household(&self) -> Result<&Household, AppError> {
        self.viewer
            .person
            .household
            .as_ref()
            .ok_or(AppError::Refused(Refusal::HouseholdNotConfirmed))
    }

    /// The person's own telephone.
    pub fn phone(&self) -> String {
        self.viewer.person.phone.clone().unwrap_or_default()
    }

    /// What may be applied for.
    ///
    /// # Errors
    /// The store's.
    pub async fn offered(&self) -> Result<Offered, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let standing = self.standing().await?;
        let before = store::application::mine(pool, site, self.viewer.id(), &Own::default(), None, PAGE)
            .await?
            .rows;
        let mut kinds = Vec::new();
        for Published { kind, .. } in store::pass_kind::offered(pool, site).await? {
            let next_free = match &self.viewer.person.household {
                Some(household) => pass::booking::first_free(&self.days(household, &kind).await?),
                None => None,
            };
            let repeatable = before
                .iter()
                .any(|application| application.kind_key == kind.key.as_str());
            kinds.push(KindOffer {
                kind,
                next_free,
                repeatable,
            });
        }
        Ok(Offered {
            phone: self.phone(),
            standing,
            kinds,
        })
    }

    /// What the form of a kind shows.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the kind is not on offer, or [`Refusal::HouseholdNotConfirmed`].
    pub async fn form(&self, key: &str) -> Result<FormFacts, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let household = self.household()?;
        let offered = store::pass_kind::offered(pool, site).await?;
        let kinds = offered
            .iter()
            .map(|one| (one.kind.key.clone(), one.kind.title.clone()))
            .collect();
        let Published { no, kind, .. } = offered
            .into_iter()
            .find(|one| one.kind.key.as_str() == key)
            .ok_or(AppError::NotFound)?;
        let before = store::application::mine(pool, site, self.viewer.id(), &Own::default(), None, PAGE)
            .await?
            .rows;
        let last_reason = before
            .into_iter()
            .find(|one| one.kind_key == key)
            .map(|one| one.reason);
        Ok(FormFacts {
            no,
            days: self.days(household, &kind).await?,
            kind,
            kinds,
            phone: self.phone(),
            home: home(household),
            today: self.today(),
            opened_at: calendar::local(&self.zone, self.now),
            request_id: uuid::Builder::from_random_bytes(secret::random()).into_uuid(),
            last_reason,
        })
    }

    /// One of the applicant's own applications with its history.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not the applicant's.
    pub async fn detail(&self, id: Uuid) -> Result<Detail, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let found = store::application::get(pool, site, id.into()).await?;
        let one = found
            .filter(|one| one.applicant == self.viewer.id())
            .ok_or(AppError::NotFound)?;
        let kinds = kinds(&self.backend, site).await?;
        let kind = kinds.get(&one.kind.0).ok_or(AppError::Internal)?;
        let used = one.redeemed_at.is_some();
        let files = attaching::files_of(&self.backend, site, one.id, &one.given).await?;
        let history = store::decision::history(pool, site, id.into()).await?;
        let history = history
            .into_iter()
            .map(|step| Step {
                act: step.act,
                // The applicant sees the office, not the person who sat there.
                who: match step.by {
                    None => Who::Policy,
                    Some(by) if by == one.applicant => Who::Applicant,
                    Some(_) => Who::Office,
                },
                at: calendar::local(&self.zone, step.at),
                opinion: step.opinion,
            })
            .collect();
        Ok(Detail {
            row: self.row(&one, &kinds),
            kind_key: kind.key.clone(),
            given: given::shown(&kind.fields, &one.given, &files),
            document: kind.document,
            used_at: one.redeemed_at.map(|at| calendar::local(&self.zone, at)),
            may_withdraw: pass::application::withdraw(one.state, used, one.last_day, self.today()).is_ok(),
            history,
        })
    }

    async fn days(&self, household: &Household, kind: &PassKind) -> Result<Vec<pass::DayOffer>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let taken = store::quota::taken(pool, site, household.id, &kind.key).await?;
        Ok(pass::bookable_days(kind, &taken, self.today()))
    }

    async fn standing(&self) -> Result<Standing, AppError> {
        if let Some(household) = &self.viewer.person.household {
            return Ok(Standing::Bound(home(household)));
        }
        let latest =
            store::claim::latest(&self.backend.pool, self.viewer.site_id(), self.viewer.id()).await?;
        Ok(match latest {
            None => Standing::None,
            Some(claim) => match claim.state {
                ClaimState::Pending => Standing::Pending(self.claim(claim)),
                ClaimState::Refused => Standing::Refused(self.claim(claim)),
                ClaimState::Released | ClaimState::Confirmed => Standing::Released(self.claim(claim)),
            },
        })
    }

    fn claim(&self, claim: Claim) -> ClaimFacts {
        ClaimFacts {
            address: claim.household.address,
            householder: claim.householder,
            created_at: calendar::local(&self.zone, claim.created_at),
            decided_at: claim.decided_at.map(|at| calendar::local(&self.zone, at)),
            opinion: claim.opinion,
        }
    }
}

/// The choices of each step from community to door.
///
/// # Errors
/// The store's.
pub async fn places(
    backend: &Backend,
    site: store::SiteId,
    community: Option<&str>,
    building: Option<&str>,
) -> Result<Places, AppError> {
    let pool = &backend.pool;
    let mut places = Places {
        communities: store::household::communities(pool, site).await?,
        ..Places::default()
    };
    if let Some(community) = community {
        places.buildings = store::household::buildings(pool, site, community).await?;
        if let Some(building) = building {
            let doors = store::household::doors(pool, site, community, building).await?;
            places.doors = doors
                .into_iter()
                .map(|door| crate::apply::facts::Door {
                    household: door.household.0,
                    door: door.door,
                })
                .collect();
        }
    }
    Ok(places)
}

/// Every version of every kind by its number, for showing what old applications were for.
///
/// # Errors
/// The store's.
pub async fn kinds(backend: &Backend, site: store::SiteId) -> Result<HashMap<u16, PassKind>, AppError> {
    let all = store::pass_kind::all(&backend.pool, site).await?;
    Ok(all.into_iter().map(|one| (one.no.0, one.kind)).collect())
}

/// A kind's key out of an address.
///
/// # Errors
/// [`AppError::NotFound`] when no kind can have it.
pub fn key(text: &str) -> Result<KindKey, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// A day out of a form.
///
/// # Errors
/// The field's fault.
pub fn day(field: &str, text: &str) -> Result<Date, AppError> {
    match text.trim() {
        "" => Err(AppError::invalid(field, Fault::Missing)),
        text => text
            .parse()
            .map_err(|_| AppError::invalid(field, Fault::Malformed)),
    }
}

fn home(household: &Household) -> Home {
    Home {
        address: household.address.clone(),
        householder: household.householder.clone(),
    }
}
