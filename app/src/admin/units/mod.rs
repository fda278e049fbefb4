//! Units: the tree, and each unit with its heads.

pub mod api;
mod tree;
mod unit;

pub use tree::UnitsPage;
pub use unit::UnitPage;
