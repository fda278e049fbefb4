//! From modules to data bytes: ISO/IEC 18004:2015, 7.6 to 7.9 read backwards.

use crate::content;
use crate::reed_solomon;
use crate::version::{Level, Version};

/// A symbol's modules, row by row: how black each is, 1 for surely black, -1 for surely white.
pub(crate) struct Modules {
    version: Version,
    side: usize,
    black: Vec<f32>,
}

/// What the modules say.
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) version: u8,
    pub(crate) mirrored: bool,
}

/// The level and the mask.
#[derive(Clone, Copy)]
struct Format {
    level: Level,
    mask: u8,
}

/// Formats further from every valid one than this are not believed. Valid ones differ in seven bits.
const MAX_FORMAT_ERRORS: u32 = 3;

/// Check bytes that only detect, where bytes are taken for lost: with fewer a wrong reading would be believed too often.
const RESERVE: usize = 3;

impl Modules {
    /// Nothing if the number of modules is not the version's.
    pub(crate) fn new(version: Version, black: Vec<f32>) -> Option<Self> {
        let side = version.side();
        (black.len() == side * side).then_some(Self { version, side, black })
    }

    pub(crate) fn decode(&self) -> Option<Decoded> {
        let mut ways: Vec<(u32, Format, bool)> = [false, true]
            .into_iter()
            .filter_map(|mirrored| {
                let (errors, format) = self.format(mirrored)?;
                Some((errors, format, mirrored))
            })
            .collect();
        ways.sort_by_key(|way| way.0);
        ways.into_iter().find_map(|(_, format, mirrored)| {
            let data = self.data(format, mirrored)?;
            let bytes = content::parse(&data, self.version)?;
            Some(Decoded {
                bytes,
                version: self.version.number(),
                mirrored,
            })
        })
    }

    fn at(&self, x: usize, y: usize, mirrored: bool) -> f32 {
        if mirrored {
            self.black[x * self.side + y]
        } else {
            self.black[y * self.side + x]
        }
    }

    /// The format nearest to the two that are in the symbol, and how far it is.
    fn format(&self, mirrored: bool) -> Option<(u32, Format)> {
        let last = self.side - 1;
        // Around the top left corner, the most significant bit first; then the copy along the two other corners.
        let near = (0..15).map(|bit| match bit {
            0..6 => (bit, 8),
            6 => (7, 8),
            7 => (8, 8),
            8 => (8, 7),
            _ => (8, 14 - bit),
        });
        let far = (0..15).map(|bit| {
            if bit < 7 {
                (8, last - bit)
            } else {
                (last - 14 + bit, 8)
            }
        });
        let read = |places: &mut dyn Iterator<Item = (usize, usize)>| {
            places.fold(0_u32, |bits, (x, y)| {
                bits << 1 | u32::from(self.at(x, y, mirrored) > 0.0)
            })
        };
        let (near, far) = (read(&mut near.into_iter()), read(&mut far.into_iter()));
        let (_, errors, data) = (0..32_u32)
            .map(|data| {
                let valid = format_bits(data);
                let (a, b) = ((near ^ valid).count_ones(), (far ^ valid).count_ones());
                (4 * a.min(b) + a + b, a.min(b), data)
            })
            .min()?;
        if errors > MAX_FORMAT_ERRORS {
            return None;
        }
        let level = [Level::Medium, Level::Low, Level::High, Level::Quartile][(data >> 3) as usize];
        Some((
            errors,
            Format {
                level,
                mask: (data & 7) as u8,
            },
        ))
    }

    /// The data bytes of all blocks, corrected.
    fn data(&self, format: Format, mirrored: bool) -> Option<Vec<u8>> {
        let (words, doubts) = self.words(format.mask, mirrored);
        let blocks = self.version.blocks(format.level);
        let check = self.version.check_bytes(format.level);
        let detecting = self.version.detecting_bytes(format.level);
        let total = words.len();
        let (short, long_blocks) = (total / blocks, total % blocks);
        if short <= check {
            return None;
        }
        let short_data = short - check;
        let mut data = Vec::with_capacity(total - blocks * check);
        for block in 0..blocks {
            let long = usize::from(block >= blocks - long_blocks);
            // Bytes are dealt out in turn; only the long blocks get the last data byte.
            let places: Vec<usize> = (0..short_data + long)
                .map(|at| {
                    if at < short_data {
                        at * blocks + block
                    } else {
                        short_data * blocks + block - (blocks - long_blocks)
                    }
                })
                .chain((0..check).map(|at| short_data * blocks + long_blocks + at * blocks + block))
                .collect();
            let received: Vec<u8> = places.iter().map(|&place| words[place]).collect();
            let doubt: Vec<f32> = places.iter().map(|&place| doubts[place]).collect();
            data.extend(&corrected(&received, &doubt, check, detecting)?[..short_data + long]);
        }
        Some(data)
    }

    /// The bytes in the order in which they stand in the symbol, and how sure the least sure bit of each is.
    fn words(&self, mask: u8, mirrored: bool) -> (Vec<u8>, Vec<f32>) {
        let (mut words, mut doubts) = (Vec::new(), Vec::new());
        let (mut word, mut sure, mut count) = (0_u8, f32::INFINITY, 0);
        let alignment = self.version.alignment();
        let mut right = self.side - 1;
        let mut upward = true;
        loop {
            for step in 0..self.side {
                let y = if upward { self.side - 1 - step } else { step };
                for x in [right, right - 1] {
                    if self.is_fixed(x, y, &alignment) {
                        continue;
                    }
                    let black = self.at(x, y, mirrored);
                    word = word << 1 | u8::from((black > 0.0) != masked(mask, x, y));
                    sure = sure.min(black.abs());
                    count += 1;
                    if count == 8 {
                        words.push(word);
                        doubts.push(sure);
                        (word, sure, count) = (0, f32::INFINITY, 0);
                    }
                }
            }
            if right < 2 {
                break;
            }
            upward = !upward;
            // The column of the timing pattern belongs to no pair.
            right -= if right == 8 { 3 } else { 2 };
        }
        (words, doubts)
    }

    /// Whether the module belongs to a pattern or to the format or version, not to the data.
    fn is_fixed(&self, x: usize, y: usize, alignment: &[usize]) -> bool {
        let side = self.side;
        if x == 6 || y == 6 || (x < 9 && (y < 9 || y >= side - 8)) || (x >= side - 8 && y < 9) {
            return true;
        }
        if self.version.number() >= 7 && ((x < 6 && y >= side - 11) || (y < 6 && x >= side - 11)) {
            return true;
        }
        let near = |at: usize| alignment.iter().position(|&center| at.abs_diff(center) <= 2);
        match (near(x), near(y)) {
            (Some(i), Some(j)) => {
                let last = alignment.len() - 1;
                !((i == 0 && (j == 0 || j == last)) || (i == last && j == 0))
            }
            _ => false,
        }
    }
}

/// Corrects a block: first as it is; then, since a glare or a finger makes errors whose places can be told, with the least sure
/// bytes taken for lost.
fn corrected(received: &[u8], doubt: &[f32], check: usize, detecting: usize) -> Option<Vec<u8>> {
    let mut block = received.to_vec();
    if reed_solomon::correct(&mut block, check, detecting, &[]) {
        return Some(block);
    }
    let mut order: Vec<usize> = (0..received.len()).collect();
    order.sort_by(|&a, &b| doubt[a].total_cmp(&doubt[b]));
    let most = check.saturating_sub(RESERVE + 1);
    [most / 3, 2 * most / 3, most]
        .into_iter()
        .filter(|&erased| erased > 0)
        .find_map(|erased| {
            block.copy_from_slice(received);
            reed_solomon::correct(&mut block, check, RESERVE, &order[..erased]).then(|| block.clone())
        })
}

/// The fifteen bits of a format: five of data, ten of check, and a mask over all.
fn format_bits(data: u32) -> u32 {
    let check = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
    (data << 10 | check & 0x3ff) ^ 0x5412
}

fn masked(mask: u8, x: usize, y: usize) -> bool {
    let product = x * y;
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (y / 2 + x / 3).is_multiple_of(2),
        5 => product % 2 + product % 3 == 0,
        6 => (product % 2 + product % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + product % 3).is_multiple_of(2),
    }
}

#[cfg(test)]
mod tests {
    use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version as Wanted};

    use super::*;

    fn check(version: u8, level: QrCodeEcc, mirrored: bool) {
        let text = format!("https://gate.example/v#{version}");
        let segments = [QrSegment::make_bytes(text.as_bytes())];
        let (low, high) = (Wanted::new(version), Wanted::new(version));
        let Ok(code) = QrCode::encode_segments_advanced(
            &segments,
            level,
            low,
            high,
            Some(Mask::new(version % 8)),
            false,
        ) else {
            return;
        };
        let side = code.size();
        let black = (0..side * side).map(|at| {
            let (x, y) = if mirrored {
                (at / side, at % side)
            } else {
                (at % side, at / side)
            };
            if code.get_module(x, y) { 1.0 } else { -1.0 }
        });
        let mut black: Vec<f32> = black.collect();
        // A few modules are wrong.
        for at in [9 * side as usize + 12, 10 * side as usize + 9] {
            black[at] = -black[at];
        }
        let decoded = Modules::new(Version::new(version).unwrap(), black)
            .unwrap()
            .decode()
            .unwrap();
        assert_eq!(decoded.bytes, text.as_bytes(), "version {version}");
        assert_eq!((decoded.version, decoded.mirrored), (version, mirrored));
    }

    #[test]
    fn every_version_and_level() {
        for version in 1..=40 {
            for level in [
                QrCodeEcc::Low,
                QrCodeEcc::Medium,
                QrCodeEcc::Quartile,
                QrCodeEcc::High,
            ] {
                check(version, level, version % 3 == 0);
            }
        }
    }
    #[test]
    fn the_smallest_symbols_correct_less_and_detect_more() {
        let version = Wanted::new(1);
        let segments = [QrSegment::make_numeric("20261126")];
        let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, version, version, None, false)
            .unwrap();
        // One module of each of three bytes; seven check bytes could correct three, but three of them only detect.
        for (wrong, read) in [(2, true), (3, false)] {
            let wrong = &[(18, 9), (18, 13), (18, 17)][..wrong];
            let black = (0..21 * 21).map(|at| {
                let place = (at % 21, at / 21);
                let black = code.get_module(place.0, place.1) != wrong.contains(&place);
                if black { 1.0 } else { -1.0 }
            });
            let modules = Modules::new(Version::new(1).unwrap(), black.collect()).unwrap();
            assert_eq!(modules.decode().is_some(), read, "{} bytes wrong", wrong.len());
        }
    }
}
