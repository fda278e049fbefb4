//! From three finder patterns to text.

use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitArray, BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR};
use rxing::point;

use crate::bits::Bits;
use crate::finder::Finder;
use crate::reading::Reading;

/// The most sets of three that are tried in one pass.
const MAX_SETS: usize = 60;

pub(crate) fn matrix(bits: &Bits) -> Option<BitMatrix> {
    let mut matrix = BitMatrix::new(bits.width() as u32, bits.height() as u32).ok()?;
    for y in 0..bits.height() {
        let mut row = BitArray::with_size(bits.width());
        for (index, &word) in bits.row(y).iter().enumerate() {
            row.setBulk(64 * index, word as usize);
            if usize::BITS == 32 && 64 * index + 32 < bits.width() {
                row.setBulk(64 * index + 32, (word >> 32) as usize);
            }
        }
        matrix.setRow(y as u32, &row);
    }
    Some(matrix)
}

pub(crate) fn sets(finders: &[Finder]) -> Vec<FinderPatternSet> {
    let mut patterns: Vec<_> = finders
        .iter()
        .map(|finder| ConcentricPattern { p: point(finder.x, finder.y), size: finder.size as i32 })
        .collect();
    let mut sets = GenerateFinderPatternSets(&mut patterns);
    sets.truncate(MAX_SETS);
    sets
}

/// Tries the sets of three finder patterns, the likeliest first.
pub(crate) fn read(bits: &Bits, finders: &[Finder]) -> Option<Reading> {
    if finders.len() < 3 {
        return None;
    }
    let sets = sets(finders);
    if sets.is_empty() {
        return None;
    }
    let matrix = matrix(bits)?;
    sets.iter().find_map(|set| {
        let sampled = SampleQR(&matrix, set).ok()?;
        let (tl, tr, bl) = ((set.tl.p.x, set.tl.p.y), (set.tr.p.x, set.tr.p.y), (set.bl.p.x, set.bl.p.y));
        decode(sampled.getBits(), [tl, tr, (tr.0 + bl.0 - tl.0, tr.1 + bl.1 - tl.1), bl])
    })
}

/// Decodes a grid of modules.
pub(crate) fn decode(modules: &BitMatrix, corners: [(f32, f32); 4]) -> Option<Reading> {
    let result = Decode(modules).ok()?;
    if !result.isValid() {
        return None;
    }
    let bytes = result.content().bytes().to_vec();
    if bytes.is_empty() {
        return None;
    }
    Some(Reading::new(bytes, corners, result.versionNumber() as u8, result.isMirrored()))
}
