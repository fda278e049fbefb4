//! Reads images: prints name, milliseconds and text, separated by tabs; an empty text where nothing was read.
//!
//! `cargo run --release -p scan --example read -- IMAGE…`

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::time::Instant;

fn main() {
    for name in std::env::args().skip(1) {
        let image = match image::open(&name) {
            Ok(image) => image.to_luma8(),
            Err(error) => {
                eprintln!("{name}: {error}");
                continue;
            }
        };
        let (width, height) = (image.width() as usize, image.height() as usize);
        let frame = match scan::Frame::new(width, height, image.as_raw()) {
            Ok(frame) => frame,
            Err(error) => {
                eprintln!("{name}: {error}");
                continue;
            }
        };
        let start = Instant::now();
        let reading = scan::read(&frame);
        let elapsed = start.elapsed().as_secs_f64() * 1e3;
        println!(
            "{name}\t{elapsed:.2}\t{}",
            reading.map_or_else(String::new, |reading| reading.text.escape_debug().to_string())
        );
    }
}
