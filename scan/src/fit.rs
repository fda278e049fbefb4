//! From three finder patterns to a model of the symbol.

use crate::effort::Effort;
use crate::finder::Finder;
use crate::frame::Frame;
use crate::geometry::{Point, intersect, point};
use crate::grid::Grid;
use crate::model::Model;
use crate::pattern::{
    FINDER_SAMPLES, FIT_FINDER_SAMPLES, Local, find_alignment, finder_certainty, fit_finder, fitness,
    fitness_samples, search_samples, timing, timing_along,
};
use crate::triple::Triple;
use crate::version::Version;

/// How far from its expected place the first alignment pattern is looked for, in modules, and in what steps.
const FIRST_REACH: f32 = 4.0;
const FIRST_STEP: f32 = 0.5;
/// The same for the others, once the first is known.
const REACH: f32 = 1.25;
const STEP: f32 = 0.25;
/// An alignment pattern with less contrast than this is not believed.
const CONTRAST: f32 = 12.0;

/// Finder patterns less certain than this are noise.
const CERTAINTY: f32 = 0.55;
/// How many models of a symbol are worth refining.
const CANDIDATES: usize = 3;

/// A model and how well its timing patterns agree.
pub(crate) struct Candidate {
    pub(crate) model: Model,
    pub(crate) timing: f32,
}

/// Samples [`certainty`] takes.
pub(crate) const CERTAINTY_SAMPLES: usize = 3 * FINDER_SAMPLES;

/// Models of the symbol with these finder patterns, for the sizes it may have, the best first.
pub(crate) fn candidates(frame: &Frame<'_>, triple: &Triple, effort: &mut Effort) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let Some([tl, tr, bl]) = fit_finders(frame, triple, effort) else {
        return found;
    };
    let (top, left) = (tr.center - tl.center, bl.center - tl.center);
    let across = 2.0 * top.length() / (tl.along.length() + tr.along.length());
    let down = 2.0 * left.length() / (tl.across.length() + bl.across.length());
    let estimate = ((across + down) / 2.0 - 10.0) / 4.0;
    if !estimate.is_finite() || !(0.0..44.0).contains(&estimate) {
        return found;
    }
    let parallel = tr.center + bl.center - tl.center;
    let meet = intersect(bl.center, bl.along, tr.center, tr.across);
    // A corner far from the parallelogram's comes of a badly measured direction or size.
    let near = |corner: &Point| (*corner - parallel).length() < 0.5 * (top.length() + left.length());
    for version in versions(estimate) {
        let start = found.len();
        if !effort.take(timed_samples(version)) {
            return found;
        }
        let timed = timed_corner(frame, version, [&tl, &tr, &bl]);
        for corner in [Some(timed), meet, Some(parallel)]
            .into_iter()
            .flatten()
            .filter(near)
        {
            let mut model = Model::new(version, [tl.center, tr.center, corner, bl.center]);
            if !effort.take(search_samples(FIRST_REACH, FIRST_STEP) + 2 * model.side()) {
                return found;
            }
            reach_alignment(frame, &mut model);
            let far = |known: &Candidate| {
                (known.model.corners()[2] - model.corners()[2]).length() > 0.4 * model.module()
            };
            if found[start..].iter().all(far) {
                let timing = timing(frame, &model);
                found.push(Candidate { model, timing });
            }
        }
        if found.iter().any(|candidate| candidate.timing > 0.9) {
            break;
        }
    }
    found.sort_by(|a, b| b.timing.total_cmp(&a.timing));
    found.truncate(CANDIDATES);
    found
}

/// Where a set's finder patterns are before they are fitted.
fn found_finders(triple: &Triple) -> [Local; 3] {
    let center = |finder: &Finder| point(finder.x, finder.y);
    let (top, left) = (
        center(&triple.top_right) - center(&triple.top_left),
        center(&triple.bottom_left) - center(&triple.top_left),
    );
    let local = |finder: &Finder, (along, across): (f32, f32)| Local {
        center: center(finder),
        along: top * (along / 7.0 / top.length()),
        across: left * (across / 7.0 / left.length()),
    };
    [
        local(&triple.top_left, triple.widths[0]),
        local(&triple.top_right, triple.widths[1]),
        local(&triple.bottom_left, triple.widths[2]),
    ]
}

/// How certain a set's finder patterns are, before they are fitted, on the mean: near 1 in most symbols, near 0 in noise.
pub(crate) fn certainty(frame: &Frame<'_>, triple: &Triple) -> f32 {
    let certainties = found_finders(triple).map(|local| finder_certainty(frame, &local));
    certainties.iter().sum::<f32>() / 3.0
}

/// Fits the three finder patterns, unless one of them is noise.
fn fit_finders(frame: &Frame<'_>, triple: &Triple, effort: &mut Effort) -> Option<[Local; 3]> {
    let mut fitted = found_finders(triple);
    for local in &mut fitted {
        if !effort.take(FIT_FINDER_SAMPLES) {
            return None;
        }
        *local = fit_finder(frame, *local);
        if finder_certainty(frame, local) < CERTAINTY {
            return None;
        }
    }
    Some(fitted)
}

/// The versions near an estimate, the nearest first. Large symbols are harder to estimate.
fn versions(estimate: f32) -> impl Iterator<Item = Version> {
    let nearest = estimate.round() as i32;
    let second = if estimate > nearest as f32 { 1 } else { -1 };
    let count = if estimate > 9.0 { 5 } else { 3 };
    let order = [0, second, -second, 2 * second, -2 * second]
        .into_iter()
        .take(count);
    order.filter_map(move |step| Version::new(u8::try_from(nearest + step).ok()?))
}

/// How far a timing pattern is moved along itself to meet the modules it should show, and in what steps: in its middle, a
/// quarter of this in modules.
const TIMED: [(f32, i32); 2] = [(1.0, 8), (0.5, 2)];

/// Samples [`timed_corner`] takes at most.
fn timed_samples(version: Version) -> usize {
    let looks: i32 = TIMED.iter().map(|(_, reach)| 2 * reach + 1).sum();
    2 * looks as usize * version.side()
}

/// Where the fourth corner is if the symbol is flat. What is further away is smaller: how much smaller one finder pattern is
/// than the other gives a first guess at the projection along that side, which is then changed until the timing pattern between the two
/// agrees best. In large symbols this is more exact than the directions of the finder patterns, which are short.
fn timed_corner(frame: &Frame<'_>, version: Version, [tl, tr, bl]: [&Local; 3]) -> Point {
    let corner = |[right, down]: [f32; 2]| {
        (tr.center * (1.0 + right) + bl.center * (1.0 + down) - tl.center) * (1.0 / (1.0 + right + down))
    };
    let module = 1.0 / (version.side() as f32 - 7.0);
    // How much the depth grows along the top, and along the left side.
    let mut growth = [
        (tl.along.length() / tr.along.length()).sqrt() - 1.0,
        (tl.across.length() / bl.across.length()).sqrt() - 1.0,
    ];
    for (step, reach) in TIMED {
        for down in [false, true] {
            let from = growth;
            let mut best = f32::NEG_INFINITY;
            for steps in -reach..=reach {
                let mut trial = from;
                trial[usize::from(down)] += steps as f32 * step * module;
                let model = Model::new(version, [tl.center, tr.center, corner(trial), bl.center]);
                let (score, _) = timing_along(frame, &model, down);
                if score > best {
                    (growth, best) = (trial, score);
                }
            }
        }
    }
    corner(growth)
}

/// Moves the fourth corner so that the alignment pattern before it lies where it is seen.
fn reach_alignment(frame: &Frame<'_>, model: &mut Model) {
    let Some(&at) = model.alignment().last() else {
        return;
    };
    let Some((found, _)) = find_alignment(frame, model, (at, at), Point::default(), FIRST_REACH, FIRST_STEP)
    else {
        return;
    };
    for _ in 0..6 {
        let corner = model.corners()[2] + found - model.map(at, at);
        model.set_corner(2, corner);
    }
}

/// The steps of refining, in modules, from coarse to fine.
pub(crate) const STEPS: [f32; 3] = [0.5, 0.2, 0.08];

/// Moves the corners and the bend by steps of one size as long as the fixed patterns fit better.
pub(crate) fn refine(frame: &Frame<'_>, model: &mut Model, step: f32, effort: &mut Effort) {
    let module = model.module();
    let samples = fitness_samples(model);
    let mut best = fitness(frame, model);
    for _ in 0..4 {
        let before = best;
        if !effort.take(24 * samples) {
            return;
        }
        for parameter in 0..12 {
            for sign in [-1.0, 1.0] {
                let way = step * module * sign;
                let delta = if parameter % 2 == 0 {
                    point(way, 0.0)
                } else {
                    point(0.0, way)
                };
                let (corners, bend) = (*model.corners(), model.bend);
                match parameter / 2 {
                    // The fourth corner is the one nobody measured.
                    2 => model.set_corner(2, corners[2] + delta * 2.0),
                    index @ 0..4 => model.set_corner(index, corners[index] + delta * 0.5),
                    index => model.bend[index - 4] = bend[index - 4] + delta,
                }
                let score = fitness(frame, model);
                if score > best {
                    best = score;
                    break;
                }
                match parameter / 2 {
                    index @ 0..4 => model.set_corner(index, corners[index]),
                    _ => model.bend = bend,
                }
            }
        }
        if best <= before {
            return;
        }
    }
}

/// Moves the fourth corner, and the bends if asked for, until the modules are clearest black or white. It needs no pattern near
/// that corner, and the smallest symbols have none.
pub(crate) fn settle(frame: &Frame<'_>, model: &mut Model, bends: bool, effort: &mut Effort) {
    let Some(grid) = Grid::sample(frame, model) else {
        return;
    };
    let means = grid.means();
    let module = model.module();
    let parameters = if bends { 3 } else { 1 };
    let mut best = grid.clarity(&means, frame, model);
    for step in [1.2, 0.6, 0.3, 0.15] {
        for _ in 0..4 {
            let before = best;
            if !effort.take(8 * parameters * model.side() * model.side()) {
                return;
            }
            for at in 0..8 * parameters {
                let (x, y) = WAYS[at % 8];
                let way = point(f32::from(x), f32::from(y)) * (step * module);
                let (corner, bend) = (model.corners()[2], model.bend);
                match at / 8 {
                    0 => model.set_corner(2, corner + way),
                    index => model.bend[index - 1] = bend[index - 1] + way * 0.5,
                }
                let clarity = grid.clarity(&means, frame, model);
                if clarity > best {
                    best = clarity;
                } else {
                    model.set_corner(2, corner);
                    model.bend = bend;
                }
            }
            if best <= before {
                break;
            }
        }
    }
}

/// The eight directions, the straight ones first.
const WAYS: [(i8, i8); 8] = [
    (1, 0),
    (-1, 0),
    (0, 1),
    (0, -1),
    (1, 1),
    (-1, -1),
    (1, -1),
    (-1, 1),
];

/// Finds each alignment pattern of a large symbol near where the model puts it, and has the model follow.
pub(crate) fn follow_alignment(frame: &Frame<'_>, model: &mut Model, effort: &mut Effort) {
    let count = model.alignment().len();
    if count < 3 || !effort.take(count * count * search_samples(REACH, STEP)) {
        return;
    }
    let mut shifts: Vec<Option<Point>> = Vec::with_capacity(count * count);
    for at in 0..count * count {
        let (i, j) = (at % count, at / count);
        if model.is_finder(i, j) {
            shifts.push(Some(Point::default()));
            continue;
        }
        let (x, y) = (model.alignment()[i], model.alignment()[j]);
        // Paper bends slowly: the neighbours before it tell where to look.
        let before = [
            (i > 0).then(|| shifts[at - 1]),
            (j > 0).then(|| shifts[at - count]),
        ];
        let expected = mean(before.into_iter().flatten().flatten());
        let found = find_alignment(frame, model, (x, y), expected, REACH, STEP);
        shifts.push(
            found
                .filter(|&(_, contrast)| contrast > CONTRAST)
                .map(|(place, _)| place - model.map(x, y)),
        );
    }
    // What was not found follows its neighbours.
    let filled = (0..count * count).map(|at| {
        shifts[at].unwrap_or_else(|| {
            let (i, j) = (at % count, at / count);
            let near = [
                (i.wrapping_sub(1), j),
                (i + 1, j),
                (i, j.wrapping_sub(1)),
                (i, j + 1),
            ];
            let near = near.iter().filter(|&&(i, j)| i < count && j < count);
            mean(near.filter_map(|&(i, j)| shifts[j * count + i]))
        })
    });
    let filled = filled.collect();
    model.set_shifts(filled);
}

fn mean(points: impl Iterator<Item = Point>) -> Point {
    let (sum, count) = points.fold((Point::default(), 0.0_f32), |(sum, count), point| {
        (sum + point, count + 1.0)
    });
    sum * (1.0 / count.max(1.0))
}

#[cfg(test)]
mod tests {
    use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version as Wanted};

    use super::*;

    #[test]
    fn the_timing_patterns_tell_the_fourth_corner() {
        let version = Version::new(20).unwrap();
        let wanted = Wanted::new(20);
        let segments = QrSegment::make_segments("PASS");
        let code =
            QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, wanted, wanted, None, false).unwrap();
        // Further away towards the fourth corner, or nearer: (1 + right) and (1 + down) are the depths there.
        for (right, down) in [(0.0, 0.0), (0.2, 0.15), (-0.2, 0.1), (-0.15, -0.15)] {
            let (tl, tr, bl) = (point(60.0, 70.0), point(430.0, 90.0), point(50.0, 440.0));
            let corner = (tr * (1.0 + right) + bl * (1.0 + down) - tl) * (1.0 / (1.0 + right + down));
            let truth = Model::new(version, [tl, tr, corner, bl]);
            let (width, height) = (640, 640);
            let mut luma = vec![230_u8; width * height];
            for y in 0..20 * version.side() {
                for x in 0..20 * version.side() {
                    if code.get_module((x / 20) as i32, (y / 20) as i32) {
                        let at = truth.map((x as f32 + 0.5) / 20.0, (y as f32 + 0.5) / 20.0);
                        luma[at.y as usize * width + at.x as usize] = 30;
                    }
                }
            }
            let frame = Frame::new(width, height, &luma).unwrap();
            // The finder patterns' sizes are known to some percent.
            let local = |x: f32, y: f32, error: f32| {
                let center = truth.map(x, y);
                Local {
                    center,
                    along: (truth.map(x + 0.5, y) - truth.map(x - 0.5, y)) * error,
                    across: (truth.map(x, y + 0.5) - truth.map(x, y - 0.5)) * error,
                }
            };
            let last = version.side() as f32 - 3.5;
            let finders = [
                local(3.5, 3.5, 1.03),
                local(last, 3.5, 0.97),
                local(3.5, last, 0.98),
            ];
            let [a, b, c] = &finders;
            let found = timed_corner(&frame, version, [a, b, c]);
            let error = (found - corner).length() / truth.module();
            assert!(error < 1.5, "{right} {down}: {error} modules");
        }
    }
}
