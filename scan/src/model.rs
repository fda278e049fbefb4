//! Where in the picture each module of a symbol lies.

use crate::geometry::{Point, Projection};
use crate::version::Version;

/// A guess at a symbol's place: a projection through the centres of its corners, a bend, and how far the alignment
/// patterns are from where these two put them.
#[derive(Clone)]
pub(crate) struct Model {
    version: Version,
    side: usize,
    corners: [Point; 4],
    /// The sag in the middle, along and across: paper on a bottle.
    pub(crate) bend: [Point; 2],
    projection: Projection,
    /// The rows, and columns, in which the centres of alignment patterns lie, in modules.
    alignment: Vec<f32>,
    /// How far each of them is from its place, row by row; empty if nobody looked.
    shifts: Vec<Point>,
}

impl Model {
    /// A flat symbol of `side` modules. The corners are where the modules at (3.5, 3.5), (side - 3.5, 3.5),
    /// (side - 3.5, side - 3.5) and (3.5, side - 3.5) lie: the centres of the finder patterns, and the fourth that is not there.
    pub(crate) fn new(version: Version, corners: [Point; 4]) -> Self {
        Self {
            version,
            side: version.side(),
            corners,
            bend: [Point::default(); 2],
            projection: Projection::of_unit_square(&corners),
            alignment: version.alignment().iter().map(|&at| at as f32 + 0.5).collect(),
            shifts: Vec::new(),
        }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Modules across.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    pub(crate) fn corners(&self) -> &[Point; 4] {
        &self.corners
    }

    pub(crate) fn set_corner(&mut self, index: usize, corner: Point) {
        self.corners[index] = corner;
        self.projection = Projection::of_unit_square(&self.corners);
    }

    /// The place of a point given in modules; the centre of the first module is (0.5, 0.5).
    #[inline]
    pub(crate) fn map(&self, x: f32, y: f32) -> Point {
        let span = self.side as f32 - 7.0;
        let (s, t) = ((x - 3.5) / span, (y - 3.5) / span);
        let mut place = self.projection.map(s, t);
        place = place + self.bend[0] * (4.0 * s * (1.0 - s)) + self.bend[1] * (4.0 * t * (1.0 - t));
        if !self.shifts.is_empty() {
            place = place + self.shift(x, y);
        }
        place
    }

    /// The shift of a place, from those of the four alignment patterns around it.
    fn shift(&self, x: f32, y: f32) -> Point {
        let count = self.alignment.len();
        let cell = |at: f32| {
            let index = self.alignment[1..count - 1]
                .iter()
                .filter(|&&node| at > node)
                .count();
            let (from, to) = (self.alignment[index], self.alignment[index + 1]);
            (index, (at - from) / (to - from))
        };
        let ((i, s), (j, t)) = (cell(x), cell(y));
        let at = |i: usize, j: usize| self.shifts[j * count + i];
        let above = at(i, j) * (1.0 - s) + at(i + 1, j) * s;
        let below = at(i, j + 1) * (1.0 - s) + at(i + 1, j + 1) * s;
        above * (1.0 - t) + below * t
    }

    /// How many pixels a module is wide, on the mean.
    pub(crate) fn module(&self) -> f32 {
        let span = self.side as f32 - 7.0;
        let [a, b, c, d] = self.corners;
        ((b - a).length() + (c - b).length() + (d - c).length() + (a - d).length()) / (4.0 * span)
    }

    /// Whether a camera could see it so: its corners turn the same way, and its modules are not smaller than a pixel.
    pub(crate) fn is_plausible(&self) -> bool {
        let [a, b, c, d] = self.corners;
        let turns_right = |p: Point, q: Point, r: Point| (q - p).cross(r - q) > 0.0;
        let module = self.module();
        module.is_finite()
            && module > 0.9
            && turns_right(a, b, c)
            && turns_right(b, c, d)
            && turns_right(c, d, a)
    }

    /// The outer corners of the symbol.
    pub(crate) fn outline(&self) -> [(f32, f32); 4] {
        let side = self.side as f32;
        [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|(x, y)| {
            let place = self.map(x, y);
            (place.x, place.y)
        })
    }

    /// The rows, and columns, in which alignment patterns have their centres. Version 1 has none.
    pub(crate) fn alignment(&self) -> &[f32] {
        &self.alignment
    }

    /// Whether a finder pattern stands where that row and column of alignment patterns meet.
    pub(crate) fn is_finder(&self, i: usize, j: usize) -> bool {
        let last = self.alignment.len().saturating_sub(1);
        (i == 0 && (j == 0 || j == last)) || (i == last && j == 0)
    }

    /// Has the places follow the alignment patterns, one shift for each, row by row. A symbol with fewer than two rows of
    /// them, and a wrong number of shifts, are left alone.
    pub(crate) fn set_shifts(&mut self, shifts: Vec<Point>) {
        let count = self.alignment.len();
        if count >= 2 && shifts.len() == count * count {
            self.shifts = shifts;
        }
    }
}
