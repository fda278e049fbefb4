//! What the application pages load: the household, the kinds on offer, the form, an applicant's own applications.

use super::{Backend, Viewer, attaching, calendar, flowing, secret};
use crate::applications::facts::Detail;
use crate::applications::given;
use crate::apply::facts::{
    ApplyingAs, ClaimFacts, Correcting, FormFacts, Home, KindOffer, Offered, Own, Places, Standing,
};
use crate::apply::slots::{self, OddDays};
use crate::error::{AppError, Fault};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use pass::application::Act;
use pass::booking::slot_offers;
use pass::hours::TakenSlots;
use pass::kind::{KindKey, PassKind};
use pass::{Refusal, SiteNow, SiteZone, Taken};
use std::collections::HashMap;
use store::application::{Application, Applying};
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

    /// Now at the site.
    pub fn at(&self) -> SiteNow<'_> {
        SiteNow {
            zone: &self.zone,
            now: self.now,
        }
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

    /// As what the person applies for a kind.
    ///
    /// # Errors
    /// [`Refusal::HouseholdNotConfirmed`] or [`Refusal::NotForApplicant`].
    pub fn applying(&self, kind: &PassKind) -> Result<Applying, AppError> {
        match &kind.applicant {
            pass::Applicant::Household => Ok(Applying::Household(self.household()?.id)),
            pass::Applicant::Anybody => Ok(Applying::Anybody),
            pass::Applicant::Person(kinds) => {
                let own = self.viewer.person.person.as_ref();
                own.filter(|own| kinds.contains(&own.kind))
                    .map(|_| Applying::Person)
                    .ok_or(AppError::Refused(Refusal::NotForApplicant))
            }
        }
    }

    /// Who the person is in the register of staff and students.
    async fn own(&self) -> Result<Option<Own>, AppError> {
        let Some(own) = &self.viewer.person.person else {
            return Ok(None);
        };
        let units = store::unit::list(&self.backend.pool, self.viewer.site_id()).await?;
        let unit = units.into_iter().find(|unit| unit.id == own.unit);
        Ok(Some(Own {
            number: own.number.clone(),
            name: own.name.clone(),
            unit: unit.map(|unit| unit.name).unwrap_or_default(),
        }))
    }

    /// What may be applied for.
    ///
    /// # Errors
    /// The store's.
    pub async fn offered(&self) -> Result<Offered, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let standing = self.standing().await?;
        let before = store::application::mine(
            pool,
            site,
            self.viewer.id(),
            &store::application::Own::default(),
            None,
            PAGE,
        )
        .await?
        .rows;
        let mut kinds = Vec::new();
        for Published { kind, .. } in store::pass_kind::offered(pool, site).await? {
            let next_free = match self.applying(&kind) {
                Ok(applying) => pass::booking::first_free(&self.days(applying, &kind).await?.0),
                Err(AppError::Refused(Refusal::NotForApplicant)) => continue,
                Err(_) => None,
            };
            let repeatable = before
                .iter()
                .any(|application| application.kind_key == kind.key.as_str());
            kinds.push(KindOffer {
                ready: self.applying(&kind).is_ok(),
                kind,
                next_free,
                repeatable,
            });
        }
        Ok(Offered {
            phone: self.phone(),
            standing,
            own: self.own().await?,
            kinds,
        })
    }

    /// What the form of a kind shows.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the kind is not on offer, or [`Refusal::HouseholdNotConfirmed`].
    pub async fn form(&self, key: &str) -> Result<FormFacts, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let offered = store::pass_kind::offered(pool, site).await?;
        let kinds = offered
            .iter()
            .filter(|one| self.applying(&one.kind).is_ok())
            .map(|one| (one.kind.key.clone(), one.kind.title.clone()))
            .collect();
        let Published { no, kind, .. } = offered
            .into_iter()
            .find(|one| one.kind.key.as_str() == key)
            .ok_or(AppError::NotFound)?;
        let before = store::application::mine(
            pool,
            site,
            self.viewer.id(),
            &store::application::Own::default(),
            None,
            PAGE,
        )
        .await?
        .rows;
        let last_reason = before
            .into_iter()
            .find(|one| one.kind_key == key)
            .map(|one| one.reason);
        let applying = self.applying(&kind)?;
        let (days, odd) = self.days(applying, &kind).await?;
        Ok(FormFacts {
            no,
            days,
            odd,
            kind,
            kinds,
            account: self.viewer.id().0,
            phone: self.phone(),
            applying: self.shown(applying).await?,
            correcting: None,
            draft: None,
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
            .filter(|one| sees(&self.viewer, one))
            .ok_or(AppError::NotFound)?;
        let kinds = kinds(&self.backend, site).await?;
        let kind = kinds.get(&one.kind.0).ok_or(AppError::Internal)?;
        let used = one.redeemed_at.is_some();
        let history = store::decision::history(pool, site, id.into()).await?;
        let tasks = store::task::of_application(pool, site, id.into()).await?;
        let mine = one.applicant == self.viewer.id();
        let files = if mine {
            attaching::files_of(&self.backend, site, one.id, &one.given).await?
        } else {
            Vec::new()
        };
        let withdraw = pass::application::withdraw(one.state, used, one.last_day, self.today());
        let correct = pass::application::next(one.state, Act::Resubmit);
        Ok(Detail {
            row: self.row(&one, &kinds),
            kind_key: kind.key.clone(),
            stages: flowing::stages(&self.zone, kind, &one, &tasks, flowing::Eyes::Applicant),
            given: given::shown(&kind.fields, &one.given, &files, mine),
            document: kind.document,
            used_at: one.redeemed_at.map(|at| calendar::local(&self.zone, at)),
            may_withdraw: mine && withdraw.is_ok(),
            may_correct: mine && correct.is_ok(),
            may_move: self.may_move(kind, &one),
            history: flowing::history(&self.zone, kind, &one, history, flowing::Eyes::Applicant),
        })
    }

    /// What the form shows that corrects an application which came back, in the version of its kind that it began with.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not the applicant's; the refusal when there is nothing to correct.
    pub async fn correction(&self, id: Uuid) -> Result<FormFacts, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let found = store::application::get(pool, site, id.into()).await?;
        let one = found
            .filter(|one| one.applicant == self.viewer.id())
            .ok_or(AppError::NotFound)?;
        pass::application::next(one.state, Act::Resubmit)?;
        let kind = store::pass_kind::get(pool, site, one.kind).await?;
        let kind = kind.ok_or(AppError::Internal)?.kind;
        let applying = self.applying(&kind)?;
        let host = match &one.host {
            Some(host) => store::person::of(pool, site, host.account).await?,
            None => None,
        };
        let history = store::decision::history(pool, site, id.into()).await?;
        let opinion = history.into_iter().next_back().and_then(|step| step.opinion);
        let (days, odd) = self.days(applying, &kind).await?;
        Ok(FormFacts {
            no: one.kind,
            days,
            odd,
            kinds: vec![(kind.key.clone(), kind.title.clone())],
            account: self.viewer.id().0,
            phone: self.phone(),
            applying: self.shown(applying).await?,
            correcting: Some(Correcting {
                id,
                round: one.round,
                opinion,
                holder: one.holder,
                phone: one.holder_phone.unwrap_or_default(),
                host: host.map(|host| (host.number, host.name)),
                days: (one.first_day, one.last_day),
                slot: one.slot,
                reason: one.reason,
                given: given::typed(&kind.fields, &one.given),
            }),
            draft: None,
            kind,
            today: self.today(),
            opened_at: calendar::local(&self.zone, self.now),
            request_id: uuid::Builder::from_random_bytes(secret::random()).into_uuid(),
            last_reason: None,
        })
    }

    /// As what somebody applies, for showing.
    async fn shown(&self, applying: Applying) -> Result<ApplyingAs, AppError> {
        Ok(match applying {
            Applying::Household(_) => ApplyingAs::Household(home(self.household()?)),
            Applying::Person => ApplyingAs::Person(self.own().await?.ok_or(AppError::Internal)?),
            Applying::Anybody => ApplyingAs::Anybody,
        })
    }

    /// The days on offer, and those of which not every slot is free.
    async fn days(
        &self,
        applying: Applying,
        kind: &PassKind,
    ) -> Result<(Vec<pass::DayOffer>, OddDays), AppError> {
        let taker = match applying {
            Applying::Household(household) => household.0,
            Applying::Person | Applying::Anybody => self.viewer.id().0,
        };
        let taken = self.taken(taker, kind).await?;
        let days = pass::bookable_days(kind, &taken, self.at());
        let odd = self.odd(kind, &days, &taken);
        Ok((days, odd))
    }

    /// What is taken of a kind: of its quota by the taker, of its slots by anybody.
    pub(super) async fn taken(&self, taker: Uuid, kind: &PassKind) -> Result<Taken, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let days = store::quota::taken(pool, site, taker, &kind.key).await?;
        let first = self.today();
        let last = first.saturating_add(i64::from(kind.window.latest_days).days());
        let slots = match kind.slots {
            Some(_) => store::slot::taken(pool, site, &kind.key, first, last).await?,
            None => TakenSlots::new(),
        };
        Ok(Taken { days, slots })
    }

    /// The free days of which not every slot is.
    pub(super) fn odd(&self, kind: &PassKind, days: &[pass::DayOffer], taken: &Taken) -> OddDays {
        let Some(slots) = kind.slots else {
            return OddDays::new();
        };
        let whole = slots::whole(slots);
        days.iter()
            .filter(|offer| offer.offer == pass::Offer::Free)
            .map(|offer| (offer.day, slot_offers(kind, offer.day, taken, self.at())))
            .filter(|(_, offers)| *offers != whole)
            .collect()
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

/// Whether somebody may see an application: their own, or one that is for them as a guest.
pub fn sees(viewer: &Viewer, one: &Application) -> bool {
    let phone = &viewer.person.phone;
    one.applicant == viewer.id() || phone.is_some() && one.holder_phone == *phone
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
