//! The household register.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::household::{Address, HouseholdRow};
use serde::{Deserialize, Serialize};

/// Part of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// By address.
    pub rows: Vec<HouseholdRow>,
    /// Whether there are more after the last one.
    pub more: bool,
    /// How many households there are in all.
    pub count: u64,
}

/// A page of the register: householders whose name begins with `text`, after an address.
///
/// # Errors
/// [`AppError::SignInNeeded`], [`AppError::NotAllowed`].
#[server(client = Limited, prefix = "/api/v1", endpoint = "admin/households", input = server_fn::codec::GetUrl)]
pub async fn load_households(
    #[server(default)] text: String,
    after: Option<Address>,
) -> Result<Register, AppError> {
    crate::backend::administration::Administrator::asking()
        .await?
        .households(&text, after.as_ref())
        .await
}
