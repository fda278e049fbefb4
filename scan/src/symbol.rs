//! From finder patterns to text.

use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitArray, BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, SampleQR};

use crate::bits::Bits;
use crate::effort::Effort;
use crate::finder::Finder;
use crate::fit::{self, Candidate};
use crate::frame::Frame;
use crate::grid::Grid;
use crate::model::Model;
use crate::pattern::timing;
use crate::reading::Reading;
use crate::triple::{Triple, triples};

/// How many sets are sampled straight from the black-and-white picture. It costs little and reads most codes, and
/// never was the third set the first that could be read.
const DIRECT: usize = 3;
/// A set dearer than this is not a symbol's.
const MAX_COST: f32 = 3.5;
/// How many sets are fitted to the grey picture.
const FITTED: usize = 4;
/// Timing patterns that agree less than this before refining will hardly agree after it.
const HOPEFUL: f32 = 0.25;
/// Timing patterns that agree less than this after refining are none.
const CONVINCING: f32 = 0.7;

/// Sets that were fitted in this frame already and could not be read, in pixels of the frame.
#[derive(Default)]
pub(crate) struct Tried(Vec<Triple>);

impl Tried {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    fn insert(&mut self, triple: &Triple) -> bool {
        let known = self.0.iter().any(|known| known.is_near(triple));
        if !known {
            self.0.push(*triple);
        }
        !known
    }
}

/// Reads what the finder patterns of one black-and-white picture lead to. The frame is the full picture, whose pixels are
/// `scale` times smaller.
pub(crate) fn read(
    frame: &Frame<'_>,
    bits: &Bits,
    scale: f32,
    finders: &[Finder],
    tried: &mut Tried,
    effort: &mut Effort,
) -> Option<Reading> {
    if finders.len() < 3 {
        return None;
    }
    let mut triples = triples(bits, finders);
    triples.retain(|triple| triple.cost < MAX_COST);
    if triples.is_empty() {
        return None;
    }
    let matrix = matrix(bits)?;
    if let Some(reading) = triples
        .iter()
        .take(DIRECT)
        .find_map(|triple| direct(&matrix, triple, scale))
    {
        return Some(reading);
    }
    triples.iter().take(FITTED).find_map(|triple| {
        let triple = triple.scaled(scale);
        if !tried.insert(&triple) {
            return None;
        }
        let candidates = fit::candidates(frame, &triple, effort);
        candidates
            .into_iter()
            .find_map(|candidate| fitted(frame, candidate, effort))
    })
}

fn direct(matrix: &BitMatrix, triple: &Triple, scale: f32) -> Option<Reading> {
    let pattern = |finder: &Finder| ConcentricPattern {
        p: rxing::point(finder.x, finder.y),
        size: (finder.size as i32).max(1),
    };
    let (tl, tr, bl) = (
        pattern(&triple.top_left),
        pattern(&triple.top_right),
        pattern(&triple.bottom_left),
    );
    let sampled = SampleQR(matrix, &FinderPatternSet { bl, tl, tr }).ok()?;
    let modules = sampled.getBits();
    // The sampler keeps its corners to itself; three finder patterns and a parallelogram are near enough.
    let side = modules.getWidth() as f32;
    let (beyond, span) = (3.5 / (side - 7.0), 1.0 + 7.0 / (side - 7.0));
    let (along, across) = ((tr.p - tl.p) * span, (bl.p - tl.p) * span);
    let origin = tl.p - (tr.p - tl.p) * beyond - (bl.p - tl.p) * beyond;
    let corners = [origin, origin + along, origin + along + across, origin + across];
    decode(
        modules,
        corners.map(|corner| (corner.x * scale, corner.y * scale)),
    )
}

fn fitted(frame: &Frame<'_>, candidate: Candidate, effort: &mut Effort) -> Option<Reading> {
    let Candidate {
        mut model,
        timing: before,
    } = candidate;
    if !model.is_plausible() {
        return None;
    }
    if before > 0.9 {
        // A flat symbol, well found, needs no more.
        let mut quick = model.clone();
        fit::follow_alignment(frame, &mut quick, effort);
        if let Some(reading) = sample(frame, &quick, effort) {
            return Some(reading);
        }
    }
    // The timing patterns of the smallest symbol are too short to tell.
    if before < HOPEFUL && model.side() > 21 {
        return None;
    }
    fit::refine(frame, &mut model, effort);
    if !model.is_plausible() || timing(frame, &model) < CONVINCING {
        return None;
    }
    fit::follow_alignment(frame, &mut model, effort);
    sample(frame, &model, effort)
}

fn sample(frame: &Frame<'_>, model: &Model, effort: &mut Effort) -> Option<Reading> {
    if !effort.take(10 * model.side() * model.side()) {
        return None;
    }
    let grid = Grid::sample(frame, model)?;
    let outline = model.outline();
    decode(&grid.binarized(5)?, outline)
        .or_else(|| decode(&grid.sharpened(0.8).binarized(5)?, outline))
        .or_else(|| decode(&grid.sharpened(0.3).binarized(2)?, outline))
}

/// Decodes a grid of modules.
fn decode(modules: &BitMatrix, corners: [(f32, f32); 4]) -> Option<Reading> {
    let result = Decode(modules).ok()?;
    let bytes = result.content().bytes();
    if !result.isValid() || bytes.is_empty() {
        return None;
    }
    Some(Reading::new(
        bytes.to_vec(),
        corners,
        result.versionNumber() as u8,
        result.isMirrored(),
    ))
}

/// The same picture for the sampler that wants it so.
fn matrix(bits: &Bits) -> Option<BitMatrix> {
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
