//! The start page: what this person can do next.

pub mod api;
mod page;

pub use api::Me;
pub use page::HomePage;

use crate::error::AppError;
use leptos::prelude::*;

/// Who looks at this page, as the frame and every page may ask.
pub type MeResource = Resource<Result<Me, AppError>>;

/// Loads who looks at the page, once for all of it.
pub fn provide_me() {
    provide_context(MeResource::new_blocking(|| (), |()| api::load_me()));
}

/// Who looks at this page.
pub fn use_me() -> MeResource {
    expect_context()
}
