//! The holder's code, full screen: an app shell that starts with no network.

pub mod api;
pub mod code;
pub mod kept;
mod page;
pub mod showing;
pub mod square;

pub use page::PassShell;
