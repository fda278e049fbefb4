//! The gate API against PostgreSQL, and against a server that is killed.

mod enrolment;
mod kill;
mod uploads;
mod world;
