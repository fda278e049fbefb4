//! The parts every page is made of. Each shows one thing and decides nothing.

pub mod failure;
pub mod field;
pub mod frame;
pub mod fresh;
pub mod newer;
pub mod notice;
pub mod span;

pub use failure::{Failure, Wrong};
pub use field::{Field, SubmitButton};
pub use frame::PageTitle;
pub use notice::{Empty, Notice, Tone};
pub use span::Days;
