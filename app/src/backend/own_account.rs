//! One's own account: what it is, and the telephone that is bound to it.

use super::{Viewer, codes, viewer};
use crate::account::Mine;
use crate::error::AppError;
use store::account::Bound;
use store::session::Way;

/// What the page shows of the account of the person who asks.
///
/// # Errors
/// [`AppError::SignInNeeded`].
pub async fn mine() -> Result<Mine, AppError> {
    let viewer = viewer().await?;
    let pool = super::backend()?.pool;
    let password = store::account::password_hash(&pool, viewer.site_id(), viewer.id()).await?;
    let person = &viewer.person;
    Ok(Mine {
        name: viewer::shown_name(person),
        number: person.person.as_ref().map(|person| person.number.clone()),
        phone_ends_in: person.phone.as_ref().map(|phone| last_four(phone)),
        password: password.is_some(),
        binds: may_bind(&viewer),
    })
}

/// Whoever signed in by a text message alone does not choose where the next one goes: a lost telephone would take the account along.
fn may_bind(viewer: &Viewer) -> bool {
    viewer.person.way != Way::Phone
}

async fn binder() -> Result<Viewer, AppError> {
    let viewer = viewer().await?;
    if may_bind(&viewer) {
        Ok(viewer)
    } else {
        Err(AppError::OtherWayNeeded)
    }
}

/// Sends a code to the telephone that is to be bound, within the limits of signing in.
///
/// # Errors
/// `phone` malformed; [`AppError::OtherWayNeeded`] after signing in by telephone; [`AppError::TooMany`].
pub async fn send_code(phone: &str) -> Result<(), AppError> {
    let viewer = binder().await?;
    let phone = codes::phone_of(phone)?;
    let address = codes::remote_address()?;
    codes::send(&super::backend()?, &viewer.site, &phone, &address, super::now()).await
}

/// Binds the telephone whose code is given. What a resident's account had under it is this account's from then on; true when there was one.
///
/// # Errors
/// Those of [`send_code`]; `code` wrong or expired; [`AppError::CannotJoin`].
pub async fn bind_phone(phone: &str, code: &str) -> Result<bool, AppError> {
    let viewer = binder().await?;
    let (phone, code) = (codes::phone_of(phone)?, codes::code_of(code)?);
    let backend = super::backend()?;
    codes::check(&backend, viewer.site_id(), &phone, &code, super::now()).await?;
    match store::account::bind_phone(&backend.pool, viewer.site_id(), viewer.id(), &phone).await? {
        Bound::Done { joined } => Ok(joined),
        Bound::CannotJoin(why) => Err(AppError::CannotJoin(why)),
    }
}

fn last_four(phone: &str) -> String {
    phone
        .get(phone.len().saturating_sub(4)..)
        .unwrap_or_default()
        .to_owned()
}
