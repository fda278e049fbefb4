//! Points of the plane, and projections of it.

use core::ops::{Add, Mul, Sub};

/// A point or a difference of two, in pixels or in modules.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

pub(crate) const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    pub(crate) fn length(self) -> f32 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    pub(crate) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    pub(crate) fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        point(self.x * factor, self.y * factor)
    }
}

/// Where the line through `a` along `u` meets the line through `b` along `v`; nowhere if they are almost parallel.
pub(crate) fn intersect(a: Point, u: Point, b: Point, v: Point) -> Option<Point> {
    let across = u.cross(v);
    if across.abs() < 0.05 * u.length() * v.length() {
        return None;
    }
    let meet = a + u * ((b - a).cross(v) / across);
    meet.is_finite().then_some(meet)
}

/// What a camera does to a flat square: a projective map from the unit square.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Projection([f32; 8]);

impl Projection {
    /// The map that takes (0, 0), (1, 0), (1, 1), (0, 1) to these points (Heckbert 1989).
    pub(crate) fn of_unit_square(corners: &[Point; 4]) -> Self {
        let [a, b, c, d] = *corners;
        let sum = a - b + c - d;
        let (p, q) = (b - c, d - c);
        let scale = p.cross(q);
        let (g, h) = if scale.abs() < f32::EPSILON {
            (0.0, 0.0)
        } else {
            (sum.cross(q) / scale, p.cross(sum) / scale)
        };
        Self([
            b.x - a.x + g * b.x,
            d.x - a.x + h * d.x,
            a.x,
            b.y - a.y + g * b.y,
            d.y - a.y + h * d.y,
            a.y,
            g,
            h,
        ])
    }

    #[inline]
    pub(crate) fn map(&self, s: f32, t: f32) -> Point {
        let m = &self.0;
        let depth = 1.0 / (m[6] * s + m[7] * t + 1.0);
        point(
            (m[0] * s + m[1] * t + m[2]) * depth,
            (m[3] * s + m[4] * t + m[5]) * depth,
        )
    }
}
