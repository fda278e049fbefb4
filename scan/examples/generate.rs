//! Writes pictures for the benchmark to standard output: dense codes of our own kind as a bad camera sees them, and pictures
//! without a code. Seeded: always the same.
//!
//! `cargo run --release -p scan --example generate -- [SEED [DENSE [NONE]]]`: the seed, how many pictures of each version, and
//! how many without a code.
//!
//! Each picture is its category, its text and its pixels: three lengths (category, text, then width and height; little-endian
//! `u32`), then the bytes. An empty text stands for no code.

use std::io::{self, Write};

#[path = "../tests/common/camera.rs"]
mod camera;

use camera::{Camera, Random, own_code};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|word| {
        word.parse()
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, format!("{word}: {error}")))
    });
    let mut number = |otherwise: u64| numbers.next().unwrap_or(Ok(otherwise));
    let (seed, dense, none) = (number(20_260_901)?, number(6)?, number(60)?);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut random = Random::new(seed);
    for version in (6..=20).step_by(2) {
        for _ in 0..dense {
            let (text, code) = own_code(version, &mut random);
            let camera = Camera::random(&mut random);
            let (width, height, luma) = camera.shoot(&code, 960, 720, &mut random);
            write(
                &mut out,
                &format!("dense v{version}"),
                &text,
                width,
                height,
                &luma,
            )?;
        }
    }
    for index in 0..none {
        let (width, height) = (1280, 720);
        let luma = random.scene(width, height, index as usize);
        write(&mut out, "no code", "", width, height, &luma)?;
    }
    out.flush()
}

fn write(
    out: &mut impl Write,
    category: &str,
    text: &str,
    width: usize,
    height: usize,
    luma: &[u8],
) -> io::Result<()> {
    for number in [category.len(), text.len(), width, height] {
        out.write_all(&(number as u32).to_le_bytes())?;
    }
    out.write_all(category.as_bytes())?;
    out.write_all(text.as_bytes())?;
    out.write_all(luma)
}
