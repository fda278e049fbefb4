//! `/account`: one's own account: how one is told, the password of those who have one, and the telephone of those who do not sign in by
//! telephone alone.

pub mod api;
mod page;
mod password;
mod phone;
pub mod telling;

pub use api::Mine;
pub use page::AccountPage;
