//! From data bytes to what they say: ISO/IEC 18004:2015, 7.4.

use crate::version::Version;

const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl BitReader<'_> {
    fn left(&self) -> usize {
        8 * self.bytes.len() - self.at
    }

    /// The next bits, at most 16; nothing if there are fewer.
    fn take(&mut self, count: usize) -> Option<u32> {
        if count > self.left() {
            return None;
        }
        let mut value = 0;
        for at in self.at..self.at + count {
            value = value << 1 | u32::from(self.bytes[at / 8] >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }
}

/// Bits of a segment's length in numeric, alphanumeric, byte and Kanji segments.
fn length_bits(version: Version) -> [usize; 4] {
    match version.number() {
        0..=9 => [10, 9, 8, 8],
        10..=26 => [12, 11, 16, 10],
        _ => [14, 13, 16, 12],
    }
}

/// The content of all segments, one after the other; nothing if they are not well formed or say nothing. What only says how to
/// understand the content (ECI, FNC1, a part of several symbols) is passed over.
pub(crate) fn parse(data: &[u8], version: Version) -> Option<Vec<u8>> {
    let mut bits = BitReader { bytes: data, at: 0 };
    let mut out = Vec::new();
    let [numeric, alphanumeric, byte, kanji] = length_bits(version);
    while bits.left() >= 4 {
        match bits.take(4)? {
            0 => break,
            1 => {
                let count = bits.take(numeric)?;
                parse_numeric(&mut bits, count, &mut out)?;
            }
            2 => {
                let count = bits.take(alphanumeric)?;
                parse_alphanumeric(&mut bits, count, &mut out)?;
            }
            // Structured append: which part of how many, and a parity.
            3 => {
                bits.take(16)?;
            }
            4 => {
                for _ in 0..bits.take(byte)? {
                    out.push(bits.take(8)? as u8);
                }
            }
            5 => {}
            7 => {
                let first = bits.take(8)?;
                let more = if first < 0x80 {
                    0
                } else if first < 0xc0 {
                    8
                } else {
                    16
                };
                bits.take(more)?;
            }
            8 => {
                for _ in 0..bits.take(kanji)? {
                    let pair = bits.take(13)?;
                    let value = ((pair / 0xc0) << 8) | (pair % 0xc0);
                    let offset = if value < 0x1f00 { 0x8140 } else { 0xc140 };
                    out.extend(((value + offset) as u16).to_be_bytes());
                }
            }
            9 => {
                bits.take(8)?;
            }
            // Hanzi, of the Chinese standard GB/T 18284.
            13 => {
                if bits.take(4)? != 1 {
                    return None;
                }
                for _ in 0..bits.take(kanji)? {
                    let pair = bits.take(13)?;
                    let value = ((pair / 0x60) << 8) | (pair % 0x60);
                    let offset = if value < 0xa00 { 0xa1a1 } else { 0xa6a1 };
                    out.extend(((value + offset) as u16).to_be_bytes());
                }
            }
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

fn parse_numeric(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    let mut left = count;
    while left > 0 {
        let (digits, width, limit) = match left {
            1 => (1, 4, 10),
            2 => (2, 7, 100),
            _ => (3, 10, 1000),
        };
        let value = bits.take(width)?;
        if value >= limit {
            return None;
        }
        let text = [value / 100, value / 10 % 10, value % 10].map(|digit| b'0' + digit as u8);
        out.extend(&text[3 - digits..]);
        left -= digits as u32;
    }
    Some(())
}

fn parse_alphanumeric(bits: &mut BitReader<'_>, count: u32, out: &mut Vec<u8>) -> Option<()> {
    let character = |value: u32| ALPHANUMERIC.get(value as usize).copied();
    for _ in 0..count / 2 {
        let pair = bits.take(11)?;
        out.push(character(pair / 45)?);
        out.push(character(pair % 45)?);
    }
    if count % 2 == 1 {
        out.push(character(bits.take(6)?)?);
    }
    Some(())
}
