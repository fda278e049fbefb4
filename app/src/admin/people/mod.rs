//! People: the register of staff and students, the accounts beside it, and what they may do.

pub mod api;
mod filter;
mod forms;
mod list;
mod person;
mod roles;

pub use filter::label;
pub use list::PeoplePage;
pub use person::PersonPage;
