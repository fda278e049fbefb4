//! The patterns every symbol has, and how well they fit a place.

use crate::frame::Frame;
use crate::geometry::{Point, point};
use crate::model::Model;

/// The grey at a point of the picture, between pixels too; beyond the edge the edge's.
#[inline]
pub(crate) fn grey(frame: &Frame<'_>, at: Point) -> f32 {
    let (width, height) = (frame.width(), frame.height());
    let x = (at.x - 0.5).clamp(0.0, (width - 1) as f32);
    let y = (at.y - 0.5).clamp(0.0, (height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let value = |x: usize, y: usize| frame.grey(x, y);
    let upper = value(left, top) + fx * (value(right, top) - value(left, top));
    let lower = value(left, below) + fx * (value(right, below) - value(left, below));
    upper + fy * (lower - upper)
}

/// A finder pattern's place: its centre, and one module along and across.
#[derive(Clone, Copy)]
pub(crate) struct Local {
    pub(crate) center: Point,
    pub(crate) along: Point,
    pub(crate) across: Point,
}

impl Local {
    /// The model near a place, taken for flat and parallel over `reach` modules.
    fn of(model: &Model, x: f32, y: f32, reach: f32) -> Self {
        Self {
            center: model.map(x, y),
            along: (model.map(x + reach, y) - model.map(x - reach, y)) * (0.5 / reach),
            across: (model.map(x, y + reach) - model.map(x, y - reach)) * (0.5 / reach),
        }
    }

    fn at(&self, x: f32, y: f32) -> Point {
        self.center + self.along * x + self.across * y
    }
}

/// Samples one look at a finder pattern takes.
pub(crate) const FINDER_SAMPLES: usize = 72;

/// How well a finder pattern fits: the sum of what should be white less what should be black, the white around it included. The
/// middle is left out, since it says nothing about small moves.
fn finder_fit(frame: &Frame<'_>, place: impl Fn(f32, f32) -> Point) -> f32 {
    let mut score = 0.0;
    for y in -4_i32..=4 {
        for x in -4_i32..=4 {
            let ring = x.abs().max(y.abs());
            if ring < 2 {
                continue;
            }
            let value = grey(frame, place(x as f32, y as f32));
            score += if ring == 3 { -value } else { value };
        }
    }
    score
}

/// How sure it is that a finder pattern is there: 1 if every cell is as light as the lightest or as dark as the darkest, and on
/// the right side; about a third in noise, however well it is fitted.
pub(crate) fn finder_certainty(frame: &Frame<'_>, local: &Local) -> f32 {
    let mut values = [(0.0, false); FINDER_SAMPLES];
    let cells = (-4_i32..=4).flat_map(|y| (-4_i32..=4).map(move |x| (x, y)));
    for (value, (x, y)) in values
        .iter_mut()
        .zip(cells.filter(|(x, y)| x.abs().max(y.abs()) >= 2))
    {
        *value = (
            grey(frame, local.at(x as f32, y as f32)),
            x.abs().max(y.abs()) == 3,
        );
    }
    let mean = |black: bool| {
        let of = values.iter().filter(|value| value.1 == black);
        of.clone().map(|value| value.0).sum::<f32>() / of.count() as f32
    };
    let (black, white) = (mean(true), mean(false));
    let middle = (black + white) / 2.0;
    let spread = values.iter().map(|value| (value.0 - middle).abs()).sum::<f32>() / FINDER_SAMPLES as f32;
    (white - black) / (2.0 * spread + 1.0)
}

/// The most samples [`fit_finder`] takes.
pub(crate) const FIT_FINDER_SAMPLES: usize = 9 * 12 * FINDER_SAMPLES;

/// Moves, turns and stretches a finder pattern until it fits best.
pub(crate) fn fit_finder(frame: &Frame<'_>, start: Local) -> Local {
    let fit = |local: &Local| finder_fit(frame, |x, y| local.at(x, y));
    let mut best = start;
    let mut best_score = fit(&best);
    let unit = (start.along.length() + start.across.length()) / 2.0;
    for step in [0.16, 0.08, 0.04] {
        for _ in 0..3 {
            let before = best_score;
            for direction in 0..12 {
                let way = if direction % 2 == 0 { step } else { -step } * unit;
                let delta = if direction / 2 % 2 == 0 {
                    point(way, 0.0)
                } else {
                    point(0.0, way)
                };
                let mut trial = best;
                match direction / 4 {
                    0 => trial.center = trial.center + delta * 2.0,
                    1 => trial.along = trial.along + delta * 0.5,
                    _ => trial.across = trial.across + delta * 0.5,
                }
                let score = fit(&trial);
                if score > best_score {
                    (best, best_score) = (trial, score);
                }
            }
            if best_score <= before {
                break;
            }
        }
    }
    best
}

/// How many places are looked at more closely for an alignment pattern.
const LIKELY: usize = 12;

/// Samples one search for an alignment pattern takes at most.
pub(crate) fn search_samples(reach: f32, step: f32) -> usize {
    let side = 2 * (reach / step) as usize + 1;
    9 * side * side + (LIKELY + 16) * 25
}

/// Looks for an alignment pattern around the place the model gives it and the shift, `reach` modules in every direction. Gives its place and
/// how much whiter its white is than its black, less a little for the distance.
pub(crate) fn find_alignment(
    frame: &Frame<'_>,
    model: &Model,
    (x, y): (f32, f32),
    shift: Point,
    reach: f32,
    step: f32,
) -> Option<(Point, f32)> {
    let Local {
        center,
        along,
        across,
    } = Local::of(model, x, y, 1.0);
    let start = center + shift;
    if !start.is_finite() || !along.is_finite() || !across.is_finite() {
        return None;
    }
    let contrast = |dx: f32, dy: f32, cells: &[(i8, i8)], whites: usize| {
        let center = start + along * dx + across * dy;
        let (mut black, mut white) = (0.0, 0.0);
        for (index, &(x, y)) in cells.iter().enumerate() {
            let value = grey(frame, center + along * f32::from(x) + across * f32::from(y));
            if index < whites {
                white += value;
            } else {
                black += value;
            }
        }
        white / whites as f32 - black / (cells.len() - whites) as f32 - 0.4 * (dx.abs() + dy.abs())
    };
    let steps = (reach / step) as i32;
    // Few cells look like the pattern in many places: the likeliest of them are looked at whole.
    let mut likely = [(f32::NEG_INFINITY, 0.0, 0.0); LIKELY];
    for j in -steps..=steps {
        for i in -steps..=steps {
            let (dx, dy) = (i as f32 * step, j as f32 * step);
            let score = contrast(dx, dy, &ALIGNMENT_COARSE, 4);
            let at = likely.partition_point(|known| known.0 >= score);
            if at < LIKELY {
                likely[at..].rotate_right(1);
                likely[at] = (score, dx, dy);
            }
        }
    }
    let (mut best, mut best_score) = ((0.0, 0.0), f32::NEG_INFINITY);
    for (coarse, dx, dy) in likely {
        let score = contrast(dx, dy, &ALIGNMENT, 8);
        if coarse.is_finite() && score > best_score {
            (best, best_score) = ((dx, dy), score);
        }
    }
    for fine in [step / 2.0, step / 4.0] {
        let (x, y) = best;
        for (dx, dy) in [
            (-1, 0),
            (1, 0),
            (0, -1),
            (0, 1),
            (-1, -1),
            (1, 1),
            (-1, 1),
            (1, -1),
        ] {
            let (dx, dy) = (x + dx as f32 * fine, y + dy as f32 * fine);
            let score = contrast(dx, dy, &ALIGNMENT, 8);
            if score > best_score {
                (best, best_score) = ((dx, dy), score);
            }
        }
    }
    Some((start + along * best.0 + across * best.1, best_score))
}

/// Four white cells and five black ones, enough to find the place roughly.
const ALIGNMENT_COARSE: [(i8, i8); 9] = [
    (1, 0),
    (-1, 0),
    (0, 1),
    (0, -1),
    (0, 0),
    (2, 2),
    (-2, 2),
    (2, -2),
    (-2, -2),
];

/// The eight white cells of an alignment pattern, then its seventeen black ones.
const ALIGNMENT: [(i8, i8); 25] = [
    (-1, -1),
    (0, -1),
    (1, -1),
    (-1, 0),
    (1, 0),
    (-1, 1),
    (0, 1),
    (1, 1),
    (0, 0),
    (-2, -2),
    (-1, -2),
    (0, -2),
    (1, -2),
    (2, -2),
    (-2, -1),
    (2, -1),
    (-2, 0),
    (2, 0),
    (-2, 1),
    (2, 1),
    (-2, 2),
    (-1, 2),
    (0, 2),
    (1, 2),
    (2, 2),
];

/// How well the timing patterns agree: 1 if each module differs from the one before as it should, about 0 where there are none.
pub(crate) fn timing(frame: &Frame<'_>, model: &Model) -> f32 {
    let (right, total) = timing_along(frame, model, false);
    let (right_down, total_down) = timing_along(frame, model, true);
    (right + right_down) / (total + total_down + 1.0)
}

/// The steps from each module of one timing pattern to the next: their sum in the direction in which they should go, and in any.
/// A step much larger than most counts no more than they do: it leads to a spot of glare. `down` is the pattern along the left
/// side, otherwise it is the one along the top.
pub(crate) fn timing_along(frame: &Frame<'_>, model: &Model, down: bool) -> (f32, f32) {
    let mut steps = [0.0; MAX_SIDE];
    let mut count = 0;
    let mut previous: Option<f32> = None;
    for index in 7..model.side() - 7 {
        let at = index as f32 + 0.5;
        let place = if down {
            model.map(6.5, at)
        } else {
            model.map(at, 6.5)
        };
        let value = grey(frame, place);
        if let Some(previous) = previous {
            // Even modules are black.
            steps[count] = if index % 2 == 0 {
                previous - value
            } else {
                value - previous
            };
            count += 1;
        }
        previous = Some(value);
    }
    let steps = &mut steps[..count];
    let (_, median, _) = steps.select_nth_unstable_by(count / 2, |a, b| a.abs().total_cmp(&b.abs()));
    let most = MOST_STEP * median.abs();
    steps.iter().fold((0.0, 0.0), |(right, total), step| {
        // Not `clamp`, which panics if a model without a place makes the bounds no numbers.
        let step = step.max(-most).min(most);
        (right + step, total + step.abs())
    })
}

/// The largest symbol's modules.
const MAX_SIDE: usize = 177;
/// A step along a timing pattern counts at most as so many of the median.
const MOST_STEP: f32 = 1.5;

/// Samples one look at all fixed patterns takes.
pub(crate) fn fitness_samples(model: &Model) -> usize {
    let alignment = model.alignment().len();
    3 * FINDER_SAMPLES + 2 * (model.side() - 16) + 25 * alignment * alignment
}

/// What all the fixed patterns together say: white where white belongs, less black.
pub(crate) fn fitness(frame: &Frame<'_>, model: &Model) -> f32 {
    let side = model.side() as f32;
    let mut score = 0.0;
    for (cx, cy) in [(3.5, 3.5), (side - 3.5, 3.5), (3.5, side - 3.5)] {
        let local = Local::of(model, cx, cy, 3.0);
        score += finder_fit(frame, |x, y| local.at(x, y));
    }
    for index in 8..model.side() - 8 {
        let at = index as f32 + 0.5;
        let value = grey(frame, model.map(at, 6.5)) + grey(frame, model.map(6.5, at));
        score += if index % 2 == 0 { -value } else { value };
    }
    let centers = model.alignment();
    for (j, &cy) in centers.iter().enumerate() {
        for (i, &cx) in centers.iter().enumerate() {
            if model.is_finder(i, j) {
                continue;
            }
            let local = Local::of(model, cx, cy, 2.0);
            for (index, &(x, y)) in ALIGNMENT.iter().enumerate() {
                let value = grey(frame, local.at(f32::from(x), f32::from(y)));
                score += if index < 8 { value } else { -value };
            }
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Version;

    /// Six pixels a module: the timing patterns, dark on dark grey, and nothing else.
    fn dim() -> (Model, usize, Vec<u8>) {
        let version = Version::new(2).unwrap();
        let width = 6 * version.side();
        let luma = (0..width * width).map(|at| {
            let (x, y) = (at % width / 6, at / width / 6);
            let pattern = (x == 6 || y == 6) && (x + y) % 2 == 0;
            if pattern { 5 } else { 40 }
        });
        let (near, far) = (21.0, 6.0 * (version.side() as f32 - 3.5));
        let corners = [
            point(near, near),
            point(far, near),
            point(far, far),
            point(near, far),
        ];
        (Model::new(version, corners), width, luma.collect())
    }

    #[test]
    fn a_spot_of_glare_does_not_outweigh_a_timing_pattern() {
        let (model, width, mut luma) = dim();
        let timing_of = |luma: &[u8]| timing(&Frame::trusted(width, width, luma), &model);
        assert!(timing_of(&luma) > 0.98);
        // The black module at (12, 6) shines.
        for y in 36..42 {
            luma[y * width + 72..y * width + 78].fill(255);
        }
        assert!(timing_of(&luma) > 0.7, "{}", timing_of(&luma));
    }

    #[test]
    fn a_model_without_a_place_has_no_timing() {
        let (model, width, luma) = dim();
        let nowhere = Model::new(model.version(), [point(f32::NAN, f32::NAN); 4]);
        let timing = timing(&Frame::trusted(width, width, &luma), &nowhere);
        assert!(timing.is_nan() || timing < 0.1, "{timing}");
    }
}
