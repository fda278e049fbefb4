//! `/account`: one's own account. Whoever signs in by a login changes their password here; whoever does not sign in by telephone alone
//! binds one.

pub mod api;
mod page;
mod password;
mod phone;

pub use api::Mine;
pub use page::AccountPage;
