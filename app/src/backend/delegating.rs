//! Standing in for somebody who is away.

use super::{Backend, Viewer, calendar, reviewing, session};
use crate::backend::applying::day;
use crate::error::{AppError, Fault};
use crate::review::delegation::{Standin, Standins};
use pass::SiteZone;
use pass::booking::length;
use pass::person::person_number;
use store::AccountId;
use uuid::Uuid;

/// The longest that somebody may be away, in days.
const LONGEST: i64 = 92;

/// Somebody who reviews and may be away.
pub struct Delegating {
    backend: Backend,
    viewer: Viewer,
    zone: SiteZone,
    now: jiff::Timestamp,
}

impl Delegating {
    /// The person who asks, who must have something to review.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
    pub async fn asking() -> Result<Delegating, AppError> {
        reviewing::Reviewer::asking().await?;
        let viewer = super::viewer().await?;
        Ok(Delegating {
            backend: super::backend()?,
            zone: calendar::zone_of(&viewer.site)?,
            viewer,
            now: super::now(),
        })
    }

    /// Who stands in for them, and for whom they stand in.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Standins, AppError> {
        let (pool, site, me) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        let all = store::task::delegations(pool, site, me, self.now).await?;
        let shown = |one: store::task::Delegation| Standin {
            id: one.id,
            mine: one.from == me,
            name: if one.from == me {
                one.to_name
            } else {
                one.from_name
            },
            first_day: self.zone.day_of(one.starts_at),
            // The end is the first instant after it.
            last_day: self.zone.day_of(one.ends_at - jiff::SignedDuration::from_secs(1)),
        };
        Ok(Standins {
            standins: all.into_iter().map(shown).collect(),
            today: self.zone.day_of(self.now),
            fresh: uuid::Builder::from_random_bytes(super::secret::random()).into_uuid(),
        })
    }

    /// Lets somebody decide in the person's place on some days. The same `id` again changes nothing.
    ///
    /// # Errors
    /// `who` unknown or oneself, a day malformed, over, before the first, or too far.
    pub async fn delegate(
        &self,
        id: Uuid,
        who: &str,
        first_day: &str,
        last_day: &str,
    ) -> Result<(), AppError> {
        let (pool, site, me) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        let first = day("first_day", first_day)?;
        let last = day("last_day", last_day)?;
        if last < first || last < self.zone.day_of(self.now) {
            return Err(AppError::invalid("last_day", Fault::Malformed));
        }
        if length(first, last) > LONGEST {
            return Err(AppError::Refused(pass::Refusal::TooLong {
                longest: u16::try_from(LONGEST).unwrap_or(u16::MAX),
            }));
        }
        let to = self
            .found(who)
            .await?
            .ok_or_else(|| AppError::invalid("who", Fault::Malformed))?;
        if to == me {
            return Err(AppError::invalid("who", Fault::Malformed));
        }
        let days = self.zone.days(first, last);
        store::task::delegate(pool, site, id, (me, to), days, self.now).await?;
        Ok(())
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`AppError::Changed`] when it is over already.
    pub async fn end(&self, id: Uuid) -> Result<(), AppError> {
        let (pool, site, me) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        let done = store::task::end_delegation(pool, site, id, me, self.now).await?;
        done.then_some(()).ok_or(AppError::Changed)
    }

    /// Whoever has this staff number or, for those who have none, this login.
    async fn found(&self, who: &str) -> Result<Option<AccountId>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        if who.trim().is_empty() {
            return Err(AppError::invalid("who", Fault::Missing));
        }
        if let Some(number) = person_number(who)
            && let Some(person) = store::person::by_number(pool, site, &number).await?
        {
            return Ok(Some(person.account));
        }
        let Ok(login) = session::login_of(who) else {
            return Ok(None);
        };
        let found = store::account::by_login(pool, site, &login).await?;
        Ok(found
            .map(|(account, _)| account)
            .filter(|account| account.disabled_at.is_none())
            .map(|account| account.id))
    }
}
