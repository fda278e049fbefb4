//! The gate: an app shell that starts with no network, scans, decides and remembers.
//!
//! What it knows stands in plain types with their tests: the screen and what a verdict leads to ([`desk`]), the log and its chain
//! ([`journal`]), what is in view ([`sight`]), keystrokes ([`keys`]), the clock ([`clock`]), how uploads stand ([`sync`]), what goes over
//! the wire ([`wire`]). [`duty`] puts them to work with the browser's storage ([`tablet`], [`post`]) and the server ([`upload`]); the rest
//! draws.

pub mod clock;
pub mod desk;
mod duty;
mod enrol;
pub mod journal;
pub mod keys;
mod log;
mod post;
mod scanning;
mod shell;
pub mod sight;
mod status;
pub mod sync;
mod tablet;
mod upload;
mod verdict;
pub mod wire;

pub use shell::GateShell;
