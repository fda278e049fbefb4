//! Tablets and the codes they enrol with.

use crate::browser::limited::Limited;
use crate::error::AppError;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn;
use pass::Text;
use serde::{Deserialize, Serialize};

/// The tablets, and where another could stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tablets {
    /// Those in use first.
    pub tablets: Vec<Tablet>,
    /// The open checkpoints: their names in addresses and for people.
    pub checkpoints: Vec<(String, Text)>,
}

/// A tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tablet {
    /// Its name in addresses.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub checkpoint: Text,
    /// When it enrolled, by the site's clocks.
    pub enrolled: DateTime,
    /// When it last talked to the server.
    pub last_seen: DateTime,
    /// Whether that is so long ago that somebody should look.
    pub silent: bool,
    /// The number of events the server holds without a gap.
    pub acknowledged: u64,
    /// When it was revoked.
    pub revoked: Option<DateTime>,
}

/// A one-time code, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentCode {
    /// What is typed.
    pub code: String,
    /// The tablet's name to be.
    pub name: String,
    /// The address that enrols when the tablet opens it, without the code.
    pub address: String,
    /// Until when it works, by the site's clocks.
    pub until: DateTime,
}

/// The tablets of the site.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/tablets", input = server_fn::codec::GetUrl)]
pub async fn load_tablets() -> Result<Tablets, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .tablets()
        .await
}

/// Makes a one-time code with which a tablet enrols at a checkpoint.
///
/// # Errors
/// `name` invalid; [`AppError::NotFound`] when no open checkpoint has this id.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/enrolment-code")]
pub async fn make_enrolment_code(checkpoint: String, name: String) -> Result<EnrolmentCode, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .enrolment_code(&checkpoint, &name)
        .await
}

/// Trusts a tablet no more. Doing it again changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] when the id is none.
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/revoke-tablet")]
pub async fn revoke_tablet(id: String) -> Result<(), AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .revoke_tablet(&id)
        .await
}
