//! From finder patterns to text.

use crate::bits::Bits;
use crate::effort::Effort;
use crate::finder::Finder;
use crate::fit::{self, Candidate};
use crate::frame::Frame;
use crate::grid::Grid;
use crate::model::Model;
use crate::modules::Modules;
use crate::pattern::timing;
use crate::pyramid::{Pyramid, Size};
use crate::reading::Reading;
use crate::triple::{Triple, triples};

/// How many sets are fitted to the grey picture.
const FITTED: usize = 4;
/// Sets less certain than this in the grey picture are noise.
const CERTAINTY: f32 = 0.3;
/// What certainty in the grey picture is worth beside what sets cost.
const CERTAIN: f32 = 2.0;
/// Larger symbols have patterns enough to be fitted by.
const MAX_SETTLED: usize = 41;
/// What sampling and decoding a symbol costs for each module, counted in grey samples.
const SAMPLES_A_MODULE: usize = 32;
/// Modules are fitted where they are at least this wide, in pixels, if they can be.
const FITTED_MODULE: f32 = 5.0;
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

/// The sets of three finder patterns in a black-and-white picture, the likeliest first, in pixels of the full picture, which is
/// `scale` times larger.
pub(crate) fn hopefuls(bits: &Bits, finders: &[Finder], scale: f32) -> Vec<Triple> {
    let mut triples = triples(bits, finders);
    for triple in &mut triples {
        triple.measure(bits);
        *triple = triple.scaled(scale);
    }
    triples
}

/// Reads the symbol these finder patterns belong to, if there is one, and if it was not tried before. `inverted` says that the
/// symbol is light on dark.
pub(crate) fn read(
    frame: &Frame<'_>,
    pyramid: &mut Pyramid,
    triples: &[Triple],
    inverted: bool,
    tried: &mut Tried,
    effort: &mut Effort,
) -> Option<Reading> {
    // The grey picture knows noise better than the black-and-white one.
    let mut likely = Vec::new();
    for triple in triples {
        if !effort.take(fit::CERTAINTY_SAMPLES) {
            return None;
        }
        let size = fitting_size(triple);
        let small = pyramid.at(frame, size).negative(inverted);
        let certainty = fit::certainty(&small, &triple.scaled(1.0 / size.scale()));
        if certainty > CERTAINTY {
            likely.push((triple.cost - CERTAIN * certainty, triple));
        }
    }
    likely.sort_by(|a, b| a.0.total_cmp(&b.0));
    likely.into_iter().take(FITTED).find_map(|(_, triple)| {
        if !tried.insert(triple) {
            return None;
        }
        let size = fitting_size(triple);
        let triple = triple.scaled(1.0 / size.scale());
        let small = pyramid.at(frame, size).negative(inverted);
        let candidates = fit::candidates(&small, &triple, effort);
        let mut refined = None;
        let mut reading = candidates
            .into_iter()
            .find_map(|candidate| fitted(&small, candidate, &mut refined, effort))
            // On a bottle the patterns alone do not tell how the paper bends. This is dear: only for the best model.
            .or_else(|| settle(&small, &refined?, true, effort))?;
        reading.corners = reading.corners.map(|(x, y)| (x * size.scale(), y * size.scale()));
        Some(reading)
    })
}

/// Large modules are fitted in a smaller copy: there is less noise in it, and it is enough.
fn fitting_size(triple: &Triple) -> Size {
    match triple.module() {
        module if module > 4.0 * FITTED_MODULE => Size::Quarter,
        module if module > 2.0 * FITTED_MODULE => Size::Half,
        _ => Size::Full,
    }
}

/// Reads the symbol from a candidate. The first that is refined without being read is kept.
fn fitted(
    frame: &Frame<'_>,
    candidate: Candidate,
    refined: &mut Option<Model>,
    effort: &mut Effort,
) -> Option<Reading> {
    let Candidate {
        mut model,
        timing: before,
    } = candidate;
    if !model.is_plausible() {
        return None;
    }
    // The timing patterns of the smallest symbol are too short to tell, those of the largest too fine.
    let telling = (22..80).contains(&model.side());
    if telling && before < HOPEFUL {
        return None;
    }
    if before > CONVINCING {
        // A flat symbol, well found, needs no more.
        let reading = follow(frame, &model, effort).or_else(|| settle(frame, &model, false, effort));
        if reading.is_some() {
            return reading;
        }
    }
    for step in fit::STEPS {
        fit::refine(frame, &mut model, step, effort);
        if !model.is_plausible() || (telling && timing(frame, &model) < CONVINCING) {
            continue;
        }
        if let Some(reading) = follow(frame, &model, effort) {
            return Some(reading);
        }
    }
    if timing(frame, &model) >= CONVINCING {
        refined.get_or_insert(model);
    }
    None
}

/// Samples a small symbol after its fourth corner, and its bends if asked for, were moved until the modules are clearest.
fn settle(frame: &Frame<'_>, model: &Model, bends: bool, effort: &mut Effort) -> Option<Reading> {
    if model.side() > MAX_SETTLED || !model.is_plausible() || timing(frame, model) < CONVINCING {
        return None;
    }
    let mut model = model.clone();
    fit::settle(frame, &mut model, bends, effort);
    model.is_plausible().then(|| sample(frame, &model, effort))?
}

/// Samples the symbol after its alignment patterns.
fn follow(frame: &Frame<'_>, model: &Model, effort: &mut Effort) -> Option<Reading> {
    let mut model = model.clone();
    fit::follow_alignment(frame, &mut model, effort);
    if timing(frame, &model) < CONVINCING {
        return None;
    }
    sample(frame, &model, effort)
}

fn sample(frame: &Frame<'_>, model: &Model, effort: &mut Effort) -> Option<Reading> {
    if !effort.take(SAMPLES_A_MODULE * model.side() * model.side()) {
        return None;
    }
    let grid = Grid::sample(frame, model)?;
    let outline = model.outline();
    let decode = |grid: &Grid, reach| decode(&grid.modules(reach)?, outline);
    decode(&grid, 5)
        .or_else(|| decode(&grid.sharpened(0.8), 5))
        .or_else(|| decode(&grid.sharpened(0.8).sharpened(0.8), 5))
        .or_else(|| decode(&grid.sharpened(0.3), 2))
}

fn decode(modules: &Modules, corners: [(f32, f32); 4]) -> Option<Reading> {
    modules
        .decode()
        .map(|decoded| Reading::new(decoded.bytes, corners, decoded.version, decoded.mirrored))
}
