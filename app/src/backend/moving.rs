//! Moving an application to another slot: what may be chosen, and the act.

use super::applying::{Applicant, day};
use super::calendar;
use super::issuing::Signer;
use crate::applications::facts::MoveFacts;
use crate::error::{AppError, Fault};
use pass::booking::{Movable, check_movable};
use pass::{Booked, Hours, PassKind};
use store::application::{Application, Move, MoveOutcome};
use uuid::Uuid;

/// An application as the rule of moving asks for it.
pub(super) fn movable(one: &Application) -> Movable {
    Movable {
        state: one.state,
        used: one.redeemed_at.is_some(),
        booked: one.booked(),
    }
}

impl Applicant {
    /// Whether one of the applicant's own may be moved now. A pass that the office revoked by itself stays as it is.
    pub(super) fn may_move(&self, kind: &PassKind, one: &Application) -> bool {
        let good = one.applicant == self.viewer.id() && one.revoked_at.is_none();
        good && check_movable(kind, movable(one), self.at()).is_ok()
    }

    /// What the page shows on which one of the applicant's own is moved.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not the applicant's; the refusal when it is not to be moved.
    pub async fn moving(&self, id: Uuid) -> Result<MoveFacts, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let found = store::application::get(pool, site, id.into()).await?;
        let one = found
            .filter(|one| one.applicant == self.viewer.id())
            .ok_or(AppError::NotFound)?;
        let kind = store::pass_kind::get(pool, site, one.kind).await?;
        let kind = kind.ok_or(AppError::Internal)?.kind;
        let booked = check_movable(&kind, movable(&one), self.at())?;
        let taker = one
            .household
            .as_ref()
            .map_or(one.applicant.0, |(household, _)| household.0);
        let taken = self.taken(taker, &kind).await?.without(booked);
        let days = pass::bookable_days(&kind, &taken, self.at());
        let lead = kind
            .slots
            .and_then(|slots| slots.movable_until_hours)
            .unwrap_or(0);
        let (begins, _) = self.zone.hours(booked.day, booked.slot);
        Ok(MoveFacts {
            id,
            moves: one.moves,
            booked,
            issued: one.pass_number.is_some(),
            until: calendar::local(&self.zone, begins - jiff::SignedDuration::from_hours(lead.into())),
            odd: self.odd(&kind, &days, &taken),
            days,
            today: self.today(),
            kind,
        })
    }
}

/// A slot out of a form; none where none was chosen.
///
/// # Errors
/// The field's fault.
pub fn slot(text: &str) -> Result<Option<Hours>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::invalid("slot", Fault::Malformed)),
    }
}

/// Moves one of the applicant's own. `moves` is how often it had been moved when the page was opened.
///
/// # Errors
/// [`AppError::NotFound`], a field's fault, the refusal, or [`AppError::Changed`] when it was moved otherwise meanwhile.
pub async fn move_to(id: Uuid, moves: i16, first_day: &str, chosen: &str) -> Result<(), AppError> {
    let applicant = Applicant::asking().await?;
    let to = Booked {
        day: day("first_day", first_day)?,
        slot: slot(chosen)?.ok_or(pass::Refusal::SlotMissing)?,
    };
    let (pool, site) = (&applicant.backend.pool, &applicant.viewer.site);
    let wanted = Move {
        applicant: applicant.viewer.id(),
        moves,
        to,
    };
    let signer = Signer::of(&applicant.backend, site).await?;
    let sign = |to_sign: &store::credential::ToSign<'_>| signer.sign(to_sign);
    match store::application::move_to(pool, site.id, id.into(), wanted, applicant.at(), sign).await? {
        None => Err(AppError::NotFound),
        Some(MoveOutcome::Done { .. } | MoveOutcome::Again) => Ok(()),
        Some(MoveOutcome::Changed) => Err(AppError::Changed),
        Some(MoveOutcome::Refused(refusal)) => Err(refusal.into()),
    }
}
