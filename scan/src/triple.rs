//! Which three finder patterns belong together.

use crate::bits::Bits;
use crate::finder::{Finder, span};
use crate::geometry::{Point, point};

/// Finder patterns looked at as a symbol's top left corner: the best so many.
const MAX_CORNERS: usize = 80;
/// Neighbours of a corner that are looked at, the nearest.
const MAX_NEIGHBOURS: usize = 14;
/// A set that agrees less than this is not a symbol's.
const MAX_COST: f32 = 2.2;
/// Sets handed on.
const MAX_TRIPLES: usize = 24;

/// The three finder patterns of one symbol.
#[derive(Clone, Copy)]
pub(crate) struct Triple {
    pub(crate) top_left: Finder,
    pub(crate) top_right: Finder,
    pub(crate) bottom_left: Finder,
    /// How little the three agree with each other. Less is likelier.
    pub(crate) cost: f32,
    /// How wide each of the three is along the symbol's rows and along its columns, in pixels.
    pub(crate) widths: [(f32, f32); 3],
}

impl Triple {
    /// The same set in a picture this many times larger.
    pub(crate) fn scaled(&self, scale: f32) -> Self {
        let finder = |finder: &Finder| Finder {
            x: finder.x * scale,
            y: finder.y * scale,
            size: finder.size * scale,
            quality: finder.quality,
        };
        Self {
            top_left: finder(&self.top_left),
            top_right: finder(&self.top_right),
            bottom_left: finder(&self.bottom_left),
            cost: self.cost,
            widths: self.widths.map(|(along, across)| (along * scale, across * scale)),
        }
    }

    /// How wide a module is, in pixels, roughly.
    pub(crate) fn module(&self) -> f32 {
        (self.top_left.size + self.top_right.size + self.bottom_left.size) / 21.0
    }

    /// Measures the two finder patterns across the legs to them, too: seen at a slant they are not squares.
    pub(crate) fn measure(&mut self, bits: &Bits) {
        let center = |finder: &Finder| point(finder.x, finder.y);
        let (right, below) = (
            center(&self.top_right) - center(&self.top_left),
            center(&self.bottom_left) - center(&self.top_left),
        );
        let width = |finder: &Finder, leg: Point| {
            let direction = leg * (1.0 / leg.length());
            span(bits, center(finder), direction, 2.0 * finder.size).unwrap_or(finder.size)
        };
        self.widths[1].1 = width(&self.top_right, below);
        self.widths[2].0 = width(&self.bottom_left, right);
    }

    /// Whether the other set is this one, up to half a module or so.
    pub(crate) fn is_near(&self, other: &Self) -> bool {
        let near = |a: &Finder, b: &Finder| (a.x - b.x).hypot(a.y - b.y) < a.size / 14.0 + 0.5;
        near(&self.top_left, &other.top_left)
            && near(&self.top_right, &other.top_right)
            && near(&self.bottom_left, &other.bottom_left)
    }
}

/// One leg from a corner to a neighbour.
struct Leg {
    to: Finder,
    x: f32,
    y: f32,
    length: f32,
    /// How wide the finder patterns at its ends are along it, in pixels.
    widths: (f32, f32),
    /// Modules from centre to centre, and whether both ends could be measured along the leg.
    modules: f32,
    /// How different the module is at the two ends, as a logarithm.
    unlike: f32,
}

/// The plausible sets of three, the likeliest first.
pub(crate) fn triples(bits: &Bits, finders: &[Finder]) -> Vec<Triple> {
    let mut triples = Vec::new();
    for &corner in finders.iter().take(MAX_CORNERS) {
        let legs = legs(bits, finders, &corner);
        for (index, a) in legs.iter().enumerate() {
            for b in &legs[index + 1..] {
                triples.extend(triple(&corner, a, b));
            }
        }
    }
    triples.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    triples.truncate(MAX_TRIPLES);
    triples
}

fn legs(bits: &Bits, finders: &[Finder], corner: &Finder) -> Vec<Leg> {
    let mut near: Vec<(f32, &Finder)> = finders
        .iter()
        .filter(|other| other.size < 3.0 * corner.size && corner.size < 3.0 * other.size)
        .map(|other| ((other.x - corner.x).hypot(other.y - corner.y), other))
        // The centres of a symbol's finder patterns are 14 to 170 modules apart.
        .filter(|(length, other)| {
            let module = (corner.size + other.size) / 14.0;
            *length > 8.0 * module && *length < 250.0 * module
        })
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.truncate(MAX_NEIGHBOURS);
    near.into_iter()
        .filter_map(|(length, other)| {
            let (x, y) = (other.x - corner.x, other.y - corner.y);
            let direction = point(x / length, y / length);
            let size = |finder: &Finder| span(bits, point(finder.x, finder.y), direction, 2.0 * finder.size);
            let (here, there) = (size(corner), size(other));
            let measured = here.is_some() && there.is_some();
            let (here, there) = (here.unwrap_or(corner.size), there.unwrap_or(other.size));
            let modules = 14.0 * length / (here + there);
            let unlike = (here / there).ln().abs() + if measured { 0.0 } else { 0.5 };
            ((12.0..200.0).contains(&modules)).then_some(Leg {
                to: *other,
                x,
                y,
                length,
                widths: (here, there),
                modules,
                unlike,
            })
        })
        .collect()
}

fn triple(corner: &Finder, a: &Leg, b: &Leg) -> Option<Triple> {
    let cosine = (a.x * b.x + a.y * b.y) / (a.length * b.length);
    let sides = (a.modules / b.modules).ln().abs();
    let sizes = (a.to.size / b.to.size).ln().abs();
    if cosine.abs() > 0.87 || sides > 0.6 || sizes > 1.1 {
        return None;
    }
    // The three directions that are right, the angle, the sides' agreement.
    let missing = 24.0 - f32::from(corner.quality) - f32::from(a.to.quality) - f32::from(b.to.quality);
    let cost = 2.0 * sides + a.unlike + b.unlike + cosine.abs() + sizes + 0.1 * missing;
    if cost > MAX_COST {
        return None;
    }
    let (right, below) = if a.x * b.y - a.y * b.x > 0.0 {
        (a, b)
    } else {
        (b, a)
    };
    Some(Triple {
        top_left: *corner,
        top_right: right.to,
        bottom_left: below.to,
        // A liking for small symbols: a set across two symbols is larger than each of them. It ranks, but rules nothing out.
        cost: cost + 0.5 * ((a.modules + b.modules) / 2.0).ln(),
        widths: [
            (right.widths.0, below.widths.0),
            (right.widths.1, right.to.size),
            (below.to.size, below.widths.1),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(x: f32, y: f32) -> Finder {
        Finder {
            x,
            y,
            size: 21.0,
            quality: 5,
        }
    }

    #[test]
    fn a_large_symbol_is_not_ruled_out_for_its_size() {
        // Blurred: five directions of eight are right, and nothing can be measured along the sides.
        let mut bits = Bits::default();
        bits.reset(400, 400);
        let found = [finder(40.0, 40.0), finder(310.0, 50.0), finder(35.0, 300.0)];
        let sets = triples(&bits, &found);
        assert_eq!(
            sets.first()
                .map(|set| (set.top_left.x, set.top_right.x, set.bottom_left.x)),
            Some((40.0, 310.0, 35.0))
        );
    }
}
