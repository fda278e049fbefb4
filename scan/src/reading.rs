//! What was read.

/// A decoded code.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The content as text: UTF-8 where the bytes are that, otherwise each byte as the character of its number
    /// (ISO 8859-1). Whoever needs another character set decodes `bytes`.
    pub text: String,
    /// The content as the code holds it: byte segments as they are, numeric and alphanumeric ones as ASCII, Kanji
    /// and Hanzi in their own encodings.
    pub bytes: Vec<u8>,
    /// The corners of the symbol in the frame, in pixels: top left, top right, bottom right, bottom left as the
    /// symbol is meant to be held.
    pub corners: [(f32, f32); 4],
    /// 1 to 40: the symbol is 17 + 4 × version modules wide.
    pub version: u8,
    /// Whether the picture was a mirror image.
    pub mirrored: bool,
}

impl Reading {
    pub(crate) fn new(bytes: Vec<u8>, corners: [(f32, f32); 4], version: u8, mirrored: bool) -> Self {
        let text = match core::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        };
        Self {
            text,
            bytes,
            corners,
            version,
            mirrored,
        }
    }
}
