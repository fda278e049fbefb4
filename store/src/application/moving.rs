//! Moving an application to another slot (改约).

use super::lock;
use crate::{
    AccountId, ApplicationId, Pool, Result, SiteId,
    credential::{self, SignError, Signed, ToSign},
    decision::{self, Deed},
    message, pass_kind, quota, site, slot,
};
use jiff_sqlx::ToSqlx;
use pass::{
    Act, Booked, Moved, PassNumber, Refusal, SiteNow, Taken,
    booking::{self, Movable},
};

/// Where an application is to be moved.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// Whose it is.
    pub applicant: AccountId,
    /// How often it had been moved when the slots were shown: the same move sent again does nothing.
    pub moves: i16,
    /// Where to.
    pub to: Booked,
}

/// What came of moving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveOutcome {
    /// It stands in the new slot, and the old place is free.
    Done {
        /// The number of the new pass, where there was one; the old one is revoked.
        number: Option<PassNumber>,
    },
    /// This was done before; nothing more was.
    Again,
    /// It was moved otherwise meanwhile; nothing was done.
    Changed,
    /// It can't be moved there.
    Refused(Refusal),
}

/// Moves an application that is in review or was agreed to: its day of the quota and its place go along, and what was agreed to stays agreed to, for
/// neither the days it lasts nor anything else that a step may ask changes. A pass that was issued is revoked and replaced by one with a number
/// of its own, in the same transaction: whoever kept a picture of the old code has a code that is void, and status lists, which know numbers only,
/// can say so.
///
/// The version of the kind that it began with rules. `None` when the applicant has no such application. `sign` is called at most once.
///
/// # Errors
/// [`Error::Signing`](crate::Error::Signing) when `sign` fails.
pub async fn move_to(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    wanted: Move,
    at: SiteNow<'_>,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Option<MoveOutcome>> {
    let Move { applicant, moves, to } = wanted;
    let mut transaction = pool.begin().await?;
    let Some(mut locked) = lock(&mut transaction, site, id)
        .await?
        .filter(|one| one.applicant == applicant)
    else {
        return Ok(None);
    };
    if locked.moves != moves {
        let again = locked.moves == moves + 1 && locked.booked() == Some(to);
        return Ok(Some(if again {
            MoveOutcome::Again
        } else {
            MoveOutcome::Changed
        }));
    }
    let kind = pass_kind::get_in(&mut transaction, site, locked.kind).await?;
    let Some(kind) = kind.filter(|kind| !kind.retired).map(|kind| kind.kind) else {
        return Ok(Some(MoveOutcome::Refused(Refusal::KindNotOffered)));
    };
    let standing = match locked.number {
        Some(number) => Some(credential::lock_standing(&mut transaction, site, number).await?),
        None => None,
    };
    if standing.is_some_and(|standing| standing.revoked) {
        let (state, act) = (locked.state, Act::Move);
        return Ok(Some(MoveOutcome::Refused(Refusal::NotNow { state, act })));
    }
    let taken = Taken {
        days: match kind.quota {
            Some(_) => quota::lock(&mut transaction, site, locked.taker(), &kind.key).await?,
            None => Vec::new(),
        },
        slots: slot::lock(&mut transaction, site, &kind.key, to.day).await?,
    };
    let movable = Movable {
        state: locked.state,
        used: standing.is_some_and(|standing| standing.used),
        booked: locked.booked(),
    };
    let days = taken.days.clone();
    if let Err(refusal) = booking::check_move(&kind, movable, to, taken, at) {
        return Ok(Some(MoveOutcome::Refused(refusal)));
    }
    let Some(from) = locked.booked() else {
        return Ok(Some(MoveOutcome::Refused(Refusal::NotMovable)));
    };
    if from == to {
        // Where it stands already: nothing is revoked for that.
        return Ok(Some(MoveOutcome::Again));
    }
    if kind.quota.is_some() {
        quota::swap(
            &mut transaction,
            site,
            locked.taker(),
            &kind.key,
            &days,
            (from.day, to.day),
        )
        .await?;
    }
    sqlx::query!(
        "update application set first_day = $3, last_day = $3, slot = $4, moves = moves + 1
         where site_id = $1 and application_id = $2",
        site.0,
        id.0,
        to.day.to_sqlx(),
        to.slot.to_string(),
    )
    .execute(&mut *transaction)
    .await?;
    (locked.first_day, locked.last_day, locked.slot) = (to.day, to.day, Some(to.slot));
    let moved = Moved { from, to };
    let deed = Deed {
        moved: Some(&moved),
        ..Deed::of(Act::Move, Some(applicant), at.now)
    };
    decision::record(&mut transaction, site, id, &deed).await?;
    let number = match locked.number {
        Some(old) => {
            let granted = decision::granted(&locked, &kind);
            let by = Some(applicant);
            let new = credential::replace(&mut transaction, site, old, granted, by, at.now, sign).await?;
            message::tell_guest(&mut transaction, site, id, new, message::has_moved, at.now).await?;
            site::bundle_changed(&mut transaction, site).await?;
            Some(new)
        }
        None => None,
    };
    transaction.commit().await?;
    Ok(Some(MoveOutcome::Done { number }))
}
