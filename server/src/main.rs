//! What runs.
fn main() {}
