//! The parts every page is made of. Each shows one thing and decides nothing.

pub mod failure;
pub mod field;
pub mod frame;
pub mod newer;
pub mod notice;

pub use failure::Failure;
pub use field::{Field, SubmitButton};
pub use frame::PageTitle;
pub use notice::{Empty, Notice, Tone};
