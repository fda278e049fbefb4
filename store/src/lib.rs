//! What PostgreSQL remembers: migrations, and one file of queries for each noun.
//!
//! It does: hold every fact of a site, answer the lists and look-ups that pages and tablets ask for, and keep what must never be
//! exceeded (quotas, single use, one telephone per household) by a constraint or one guarded statement.
//! It does not: decide policy (that is `pass`), read the clock (`now` is an argument), sign, hash passwords, send messages, or know who
//! may call what (a server function authorises itself before it comes here).
//!
//! Invariants:
//! - Every table's primary key begins with `site_id`, and every query names it: no row of one site is reachable through another.
//! - Every public function that takes a pool is one transaction and leaves the database consistent, also when it is cancelled half-way.
//!   Functions that take a connection are for composition inside such a transaction.
//! - Absence is `Ok(None)`; what a named constraint refuses is a [`Conflict`]; an outcome a person can cause is a value, not an error.
//! - Instants are stored in microseconds.

pub mod account;
pub mod admission;
pub mod application;
pub mod attachment;
pub mod checkpoint;
pub mod claim;
pub mod contact;
pub mod credential;
pub mod decision;
pub mod draft;
pub mod error;
pub mod household;
pub mod id;
pub mod issuer_key;
pub mod message;
pub mod page;
pub mod pass_kind;
pub mod person;
pub mod push;
pub mod quota;
pub mod rate;
pub mod register_import;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod site_sign_in;
pub mod slot;
pub mod tablet;
pub mod task;
pub mod unit;

pub use error::{Conflict, Error, Result};
pub use id::{
    AccountId, ApplicationId, AttachmentId, ClaimId, HouseholdId, ImportId, MessageId, SiteId,
    SubscriptionId, UnitId,
};
pub use page::{Cursor, Page};
pub use sqlx::{PgConnection, PgPool as Pool};

use std::time::Duration;

/// The migrations, embedded: the program brings its own schema.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// Brings the database to this program's schema. Several programs may do so at once: PostgreSQL's advisory lock puts them in order.
pub async fn migrate(pool: &Pool) -> std::result::Result<(), sqlx::migrate::MigrateError> {
    MIGRATOR.run(pool).await
}

/// A pool of at most `connections` to the database at `url` (`postgres://…`, also with `?host=/socket/directory`). PostgreSQL gives up a
/// statement that takes longer than `patience`; without one, none.
///
/// # Errors
/// When the address can't be read or nothing answers there.
pub async fn open(url: &str, connections: u32, patience: Option<Duration>) -> Result<Pool> {
    let mut options: sqlx::postgres::PgConnectOptions = url.parse()?;
    if let Some(patience) = patience {
        options = options.options([("statement_timeout", patience.as_millis().to_string())]);
    }
    Ok(sqlx::postgres::PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?)
}

/// Whether PostgreSQL answers.
///
/// # Errors
/// When it does not.
pub async fn ping(pool: &Pool) -> Result<()> {
    sqlx::Connection::ping(&mut *pool.acquire().await?).await?;
    Ok(())
}

/// Stored bytes whose length a column check holds.
pub(crate) fn fixed<const N: usize>(what: &'static str, bytes: &[u8]) -> Result<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| Error::unreadable(what, &bytes.len()))
}

/// The pattern of everything that begins with `text`.
pub(crate) fn begins_with(text: &str) -> String {
    let mut pattern = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    pattern.push('%');
    pattern
}

/// A stored public key.
pub(crate) fn public_key(bytes: &[u8]) -> Result<pass::PublicKey> {
    pass::PublicKey::from_sec1(bytes).map_err(|_| Error::unreadable("public key", &bytes.len()))
}
