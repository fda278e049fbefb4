//! A holder's own pass, as the code page shows it.

use super::applying::Applicant;
use super::{Backend, viewer};
use crate::apply::place;
use crate::error::AppError;
use crate::language::say;
use crate::passes::code::Code;
use crate::passes::showing::Showing;
use pass::PassKind;
use pass::id::PassNumber;
use pass::kind::Uses;
use store::SiteId;
use store::application::Application;
use store::credential::Issued;

/// The pass of this number, when the person who asks holds it.
///
/// # Errors
/// [`AppError::NotFound`] when it is somebody else's or nobody's.
pub async fn code(number: u32) -> Result<Code, AppError> {
    let Applicant {
        backend,
        viewer,
        zone,
        now,
    } = Applicant::asking().await?;
    let (pool, site) = (&backend.pool, viewer.site_id());
    let issued = store::credential::get(pool, site, PassNumber(number)).await?;
    let issued = issued.ok_or(AppError::NotFound)?;
    let (application, kind) = behind(&backend, site, &issued).await?;
    if !super::applying::sees(&viewer, &application) {
        return Err(AppError::NotFound);
    }
    let hours = kind.hours_of(application.slot);
    let link = pass::presentation::link(&viewer::host()?, issued.credential.as_bytes());
    Ok(Code {
        number,
        account: viewer.id().to_string(),
        site_name: viewer.site.name.clone(),
        zone,
        title: kind.title,
        name: application.holder,
        place: match (&application.household, application.unit) {
            (Some((_, address)), _) => place(address),
            (None, Some((_, unit))) => say(&unit),
            (None, None) => String::new(),
        },
        first_day: application.first_day,
        last_day: application.last_day,
        hours,
        valid_from: issued.valid_from,
        valid_until: issued.valid_until,
        uses: issued.uses,
        document: kind.document,
        prefix: link.prefix,
        digits: link.digits,
        revoked_at: issued.revoked_at,
        used_at: issued.redeemed_at.filter(|_| issued.spent),
        half_used_at: issued
            .redeemed_at
            .filter(|_| issued.uses == Uses::Pair && !issued.spent),
        told_at: now,
    })
}

/// The passes that the person who asks may show, now or later.
///
/// # Errors
/// [`AppError::SignInNeeded`], or the store's.
pub async fn showable() -> Result<Vec<Showing>, AppError> {
    let Applicant {
        backend,
        viewer,
        zone,
        now,
    } = Applicant::asking().await?;
    let (pool, site) = (&backend.pool, viewer.site_id());
    let mut showing = Vec::new();
    for issued in store::credential::showable(pool, site, viewer.id(), now).await? {
        let (application, kind) = behind(&backend, site, &issued).await?;
        let hours = kind.hours_of(application.slot);
        // Of several days each has its hours; of one they are its validity.
        let open = hours.is_none_or(|hours| hours.contains(zone.time_of(now)));
        showing.push(Showing {
            number: issued.number.0,
            title: kind.title,
            holder: application.holder,
            first_day: application.first_day,
            last_day: application.last_day,
            hours,
            now: issued.valid_from <= now && open,
            from_others: application.applicant != viewer.id(),
        });
    }
    Ok(showing)
}

/// What led to a pass: the application, and the kind in the version that it was given under.
async fn behind(
    backend: &Backend,
    site: SiteId,
    issued: &Issued,
) -> Result<(Application, PassKind), AppError> {
    let application = store::application::get(&backend.pool, site, issued.application).await?;
    let kind = store::pass_kind::get(&backend.pool, site, issued.kind).await?;
    Ok((
        application.ok_or(AppError::Internal)?,
        kind.ok_or(AppError::Internal)?.kind,
    ))
}
