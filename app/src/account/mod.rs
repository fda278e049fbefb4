//! `/account`: one's own account. Staff change their password here.

pub mod api;
mod page;

pub use page::AccountPage;
