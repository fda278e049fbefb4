//! Writes the test vectors of `FORMAT.md` into `pass/vectors`.
//!
//! `cargo run -p pass --example vectors`

#![expect(clippy::unwrap_used, reason = "what is fixed here is good, or the test fails")]

use std::{fs, io, path::Path};

mod make;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    fs::create_dir_all(&folder)?;
    for (name, vectors) in make::all() {
        fs::write(folder.join(name), serde_json::to_string_pretty(&vectors)? + "\n")?;
    }
    Ok(())
}
