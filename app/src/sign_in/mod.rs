//! Signing in: by phone number and a code sent to it, or by login and password.

pub mod api;
mod page;

pub use page::SignInPage;
