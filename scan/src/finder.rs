//! The three large squares in the corners of a code.

use crate::bits::Bits;
use crate::geometry::{Point, point};

/// More than this many finder patterns in one picture are not looked for: a sheet of 80 codes.
const MAX_FINDERS: usize = 240;

/// In fewer directions than this it is no finder pattern but a part of a code's data.
const MIN_QUALITY: u8 = 4;

/// Once so many are found it is noise, or a sheet of codes: then only good ones count.
const CROWD: usize = 24;
const CROWD_QUALITY: u8 = 7;

/// A finder pattern: seven modules across, its runs 1:1:3:1:1 along any line through its centre.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finder {
    /// The centre, in pixels; the centre of the first pixel is (0.5, 0.5).
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Its width in pixels, the mean over the directions it was measured in.
    pub(crate) size: f32,
    /// In how many of eight directions the runs are right.
    pub(crate) quality: u8,
}

/// The smallest symbol, one pixel a module: in a smaller picture there is nothing to find.
pub(crate) const MIN_SIDE: usize = 21;

/// Finds the finder patterns by looking along every third row or so. The buffer is kept between frames.
pub(crate) fn find(bits: &Bits, edges: &mut Vec<u32>, found: &mut Vec<Finder>) {
    let skip = (bits.height() / 160).clamp(2, 5);
    found.clear();
    let mut y = skip / 2;
    while y < bits.height() {
        bits.edges(y, edges);
        for window in edges.windows(6).step_by(2) {
            let runs = [
                window[1] - window[0],
                window[2] - window[1],
                window[3] - window[2],
                window[4] - window[3],
                window[5] - window[4],
            ];
            if !is_pattern(&runs) {
                continue;
            }
            let wanted = if found.len() < CROWD {
                MIN_QUALITY
            } else {
                CROWD_QUALITY
            };
            let (x, total) = ((window[2] + window[3]) / 2, window[5] - window[0]);
            if found.iter().any(|known| known.covers(x as f32, y as f32)) {
                continue;
            }
            if let Some(finder) = locate(bits, x as i32, y as i32, total, wanted) {
                if !found.iter().any(|known| known.covers(finder.x, finder.y)) {
                    found.push(finder);
                }
                if found.len() == MAX_FINDERS {
                    return;
                }
            }
        }
        y += skip;
    }
}

impl Finder {
    fn covers(&self, x: f32, y: f32) -> bool {
        let reach = self.size / 2.0;
        (self.x - x).abs() < reach && (self.y - y).abs() < reach
    }
}

/// Whether five runs, black first, are near 1:1:3:1:1. Bars and gaps are measured apart, since ink spreads and light blooms:
/// what one gains the other loses.
fn is_pattern(runs: &[u32; 5]) -> bool {
    let runs = runs.map(|run| run as f32);
    if runs[2] < 3.0 || runs[2] < runs[1].max(runs[3]) || runs[2] < 1.5 * runs[0].max(runs[4]) {
        return false;
    }
    let (bar, gap) = ((runs[0] + runs[2] + runs[4]) / 5.0, (runs[1] + runs[3]) / 2.0);
    if bar > 4.0 * gap || gap > 4.0 * bar {
        return false;
    }
    let (bar_slack, gap_slack) = (0.75 * bar + 0.5, gap / 3.0 + 0.5);
    (runs[0] - bar).abs() <= bar_slack
        && (runs[4] - bar).abs() <= bar_slack
        && (runs[2] - 3.0 * bar).abs() <= bar_slack
        && (runs[1] - gap).abs() <= gap_slack
        && (runs[3] - gap).abs() <= gap_slack
}

/// Checks the pattern along its four directions and finds its centre.
fn locate(bits: &Bits, x: i32, y: i32, total: u32, wanted: u8) -> Option<Finder> {
    let range = (3 * total) as i32;
    let (vertical, shift) = cross(bits, x, y, 0, 1, range)?;
    let y = y + shift;
    let (horizontal, shift) = cross(bits, x, y, 1, 0, range)?;
    let x = x + shift;
    let diagonals = [
        cross(bits, x, y, 1, 1, 2 * range),
        cross(bits, x, y, 1, -1, 2 * range),
    ];
    // One diagonal may be dirty; not both.
    let spreads = [
        Some(vertical),
        Some(horizontal),
        diagonals[0].map(|d| d.0),
        diagonals[1].map(|d| d.0),
    ];
    let known = spreads.iter().flatten();
    let (min, max) = (known.clone().min()?, known.clone().max()?);
    if known.count() < 3 || *max > 5 * *min {
        return None;
    }
    let (x, y) = centroid(bits, x, y, *max);
    let size = (min + max) as f32 / 2.0;
    let mut quality = 8;
    for turn in 0..8 {
        let angle = (turn as f32 + 0.5) * core::f32::consts::FRAC_PI_8;
        if span(bits, point(x, y), point(angle.cos(), angle.sin()), 2.0 * size).is_none() {
            quality -= 1;
            if quality < wanted {
                return None;
            }
        }
    }
    Some(Finder { x, y, size, quality })
}

/// How wide the finder pattern is along a direction (a unit vector), in pixels, if its runs are right there.
pub(crate) fn span(bits: &Bits, center: Point, direction: Point, reach: f32) -> Option<f32> {
    let half = |sign: f32| {
        let mut lengths = [0_u32; 3];
        let (mut at, mut step) = (0, 0);
        while at < 3 {
            let place = center + direction * (sign * 0.5 * step as f32);
            let black = bits.get(place.x.floor() as i32, place.y.floor() as i32);
            if black == (at == 1) {
                at += 1;
            }
            if at < 3 {
                lengths[at] += 1;
            }
            step += 1;
            if step as f32 > 2.0 * reach {
                return None;
            }
        }
        Some(lengths)
    };
    let (ahead, behind) = (half(1.0)?, half(-1.0)?);
    let runs = [behind[2], behind[1], behind[0] + ahead[0], ahead[1], ahead[2]];
    is_pattern(&runs).then(|| runs.iter().sum::<u32>() as f32 / 2.0)
}

/// Measures the five runs along one direction through a point of the centre square. Gives their sum and how far the
/// middle of the centre square is from the point, both in steps.
fn cross(bits: &Bits, x: i32, y: i32, dx: i32, dy: i32, range: i32) -> Option<(i32, i32)> {
    if !bits.get(x, y) {
        return None;
    }
    let ahead = walk(bits, x, y, dx, dy, range)?;
    let behind = walk(bits, x, y, -dx, -dy, range)?;
    let runs = [behind[2], behind[1], behind[0] + ahead[0] - 1, ahead[1], ahead[2]];
    if !is_pattern(&runs.map(|run| run as u32)) {
        return None;
    }
    Some((runs.iter().sum(), (ahead[0] - behind[0]) / 2))
}

/// The lengths of the next three runs: to the end of the centre square, of the gap, of the outer bar.
fn walk(bits: &Bits, x: i32, y: i32, dx: i32, dy: i32, range: i32) -> Option<[i32; 3]> {
    let mut lengths = [0; 3];
    let (mut x, mut y, mut left) = (x, y, range);
    for (index, length) in lengths.iter_mut().enumerate() {
        let black = index != 1;
        while bits.contains(x, y) && bits.get(x, y) == black {
            *length += 1;
            x += dx;
            y += dy;
            left -= 1;
            if left < 0 {
                return None;
            }
        }
        if *length == 0 {
            return None;
        }
    }
    Some(lengths)
}

/// The middle of the centre square: the mean of the pixels of the rows through it, and of the columns.
fn centroid(bits: &Bits, x: i32, y: i32, size: i32) -> (f32, f32) {
    let reach = (size / 3).max(1);
    let (mut sum_x, mut sum_y, mut count) = (0_i64, 0_i64, 0_i64);
    for step in [-1, 1] {
        let mut row = if step == 1 { y } else { y - 1 };
        while (row - y).abs() <= reach && bits.get(x, row) {
            let (mut left, mut right) = (x, x);
            while x - left < reach && bits.get(left - 1, row) {
                left -= 1;
            }
            while right - x < reach && bits.get(right + 1, row) {
                right += 1;
            }
            let run = i64::from(right - left + 1);
            sum_x += run * i64::from(left + right);
            sum_y += run * 2 * i64::from(row);
            count += 2 * run;
            row += step;
        }
    }
    if count == 0 {
        return (x as f32 + 0.5, y as f32 + 0.5);
    }
    (
        sum_x as f32 / count as f32 + 0.5,
        sum_y as f32 / count as f32 + 0.5,
    )
}
