//! Compression beside the files, so that the server never compresses while somebody waits.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// How hard to try: what ships is compressed once and downloaded often.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// For working on the pages.
    Quick,
    /// For what ships.
    Best,
}

/// Whether a file of this name gains by compression.
pub fn worth_it(name: &str) -> bool {
    matches!(
        name.rsplit('.').next(),
        Some("js" | "css" | "wasm" | "html" | "svg" | "webmanifest" | "json" | "txt" | "map")
    )
}

/// The bytes as `br` (RFC 7932).
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn brotli(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let quality = match effort {
        Effort::Quick => 3,
        Effort::Best => 11,
    };
    let parameters = BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut pressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut pressed, &parameters)?;
    Ok(pressed)
}

/// The bytes as `gzip` (RFC 1952), without a name or a time in its header.
///
/// # Errors
/// Never in practice: it writes to memory.
pub fn gzip(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Quick => Compression::fast(),
        Effort::Best => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_pressed_opens_again() {
        let text = "a gate, a guard, a pass; ".repeat(500);
        let mut opened = Vec::new();
        let pressed = brotli(text.as_bytes(), Effort::Best).unwrap();
        brotli::BrotliDecompress(&mut &*pressed, &mut opened).unwrap();
        assert_eq!(opened, text.as_bytes());
        assert!(pressed.len() < 200);

        let pressed = gzip(text.as_bytes(), Effort::Quick).unwrap();
        let mut opened = String::new();
        flate2::read::GzDecoder::new(&*pressed)
            .read_to_string(&mut opened)
            .unwrap();
        assert_eq!(opened, text);
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(worth_it("pkg/app_bg.0123.wasm"));
        assert!(!worth_it("icon-192.png"));
    }
}
