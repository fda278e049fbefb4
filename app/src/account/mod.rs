//! `/account`: one's own account: how one is told and, for those who have one, the password.

pub mod api;
mod page;
pub mod telling;

pub use page::AccountPage;
