//! The gate API against PostgreSQL, and against a server that is killed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what the tests build on must be there"
)]

mod enrolment;
mod kill;
mod shells;
mod uploads;
mod world;
