//! A changed migration or macro setting compiles the crate anew: both are read by macros, which cargo cannot see.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=sqlx.toml");
}
