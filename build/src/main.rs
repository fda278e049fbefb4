//! Builds both halves.
fn main() {}
