//! Every noun against a real PostgreSQL: each test has a database of its own, made from the migrations. `DATABASE_URL` names a cluster in which
//! databases may be created.

#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod account;
mod admission;
mod application;
mod attachment;
mod campus;
mod decision;
mod draft;
mod flow;
mod guest;
mod household;
mod isolation;
mod join;
mod log;
mod message;
mod moving;
mod pair;
mod person;
mod quota;
mod register_import;
mod release;
mod seats;
mod session;
mod sign_in;
mod site;
mod site_sign_in;
mod slots;
mod tablet;
mod task_telling;
mod telling;
mod unit;
mod uses;
mod world;
