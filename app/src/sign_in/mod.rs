//! Signing in: at the site's own sign-in, by phone number and a code sent to it, or by login and password.

pub mod api;
mod page;
mod problem;
mod send;
mod site;

pub use api::Ways;
pub use page::SignInPage;
pub use problem::{PATH as PROBLEM_PATH, Problem, ProblemPage};
pub use send::SendButton;
