//! What runs: configuration, routes, the gate API, jobs and the command line.
//!
//! The server keeps nothing in memory that another copy of it would miss: sessions, one-time codes, limits and outgoing
//! messages live in PostgreSQL, so any number of copies may run behind a proxy. It is a library with a thin binary so that
//! tests can start it on a port of their own.

pub mod attachments;
pub mod commands;
pub mod deliver;
pub mod demo;
pub mod files;
pub mod gate_api;
pub mod jobs;
pub mod kinds;
pub mod language;
pub mod listen;
pub mod routes;
pub mod security;
pub mod settings;
pub mod shelf;
pub mod shells;
pub mod tables;
