//! A whole site: the demonstration is made, household files are taken over, what is due is done.

#![expect(clippy::unwrap_used, reason = "what the tests build on must be there")]

mod demo;
mod imports;
mod jobs;
mod kinds;
mod people;
mod telling;
mod two_sites;

use app::backend::channels::Channels;
use app::backend::issuer::Issuers;
use app::backend::{Assets, Backend};
use std::sync::Arc;
use store::Pool;

/// A backend over the test's database.
fn backend(pool: &Pool) -> Backend {
    Backend {
        pool: pool.clone(),
        issuers: Arc::new(Issuers::new(&[7; 32])),
        assets: Arc::new(Assets::default()),
        secure: false,
        channels: Channels::default(),
    }
}
