//! The household register.

pub mod api;
mod list;

pub use list::ListPage;
