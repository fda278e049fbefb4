//! From a model to modules: how light each is, and which of them are black.

use crate::frame::Frame;
use crate::model::Model;
use crate::modules::Modules;
use crate::pattern::grey;
use crate::version::Version;

/// How light each module is, row by row.
pub(crate) struct Grid {
    version: Version,
    side: usize,
    values: Vec<f32>,
}

impl Grid {
    /// Samples the modules; nothing if the symbol reaches far out of the picture.
    pub(crate) fn sample(frame: &Frame<'_>, model: &Model) -> Option<Self> {
        let side = model.side();
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        for (x, y) in model.outline() {
            if !(x > -0.2 * width && x < 1.2 * width && y > -0.2 * height && y < 1.2 * height) {
                return None;
            }
        }
        let wide = model.module() >= 4.0;
        let mut values = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let (cx, cy) = (x as f32 + 0.5, y as f32 + 0.5);
                let center = model.map(cx, cy);
                let mut value = grey(frame, center);
                if wide {
                    let (along, across) = (
                        model.map(cx + 0.22, cy) - center,
                        model.map(cx, cy + 0.22) - center,
                    );
                    for (i, j) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
                        value += grey(frame, center + along * i + across * j);
                    }
                    value /= 5.0;
                }
                values.push(value);
            }
        }
        Some(Self {
            version: model.version(),
            side,
            values,
        })
    }

    /// How far the modules the model finds are from this grid's means around them: the more, the clearer they are black
    /// or white, and the better the model meets their middles.
    pub(crate) fn clarity(&self, means: &[f32], frame: &Frame<'_>, model: &Model) -> f32 {
        (0..self.side * self.side)
            .map(|at| {
                let place = model.map((at % self.side) as f32 + 0.5, (at / self.side) as f32 + 0.5);
                (grey(frame, place) - means[at]).abs()
            })
            .sum()
    }

    /// The mean of the modules around each.
    pub(crate) fn means(&self) -> Vec<f32> {
        self.window_means(5, |_, value| (value, 1.0))
    }

    /// Takes back what blur carried from each module into the four beside it.
    pub(crate) fn sharpened(&self, amount: f32) -> Self {
        let side = self.side;
        let at = |x: usize, y: usize| self.values[y * side + x];
        let mut values = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let around = at(x.saturating_sub(1), y)
                    + at((x + 1).min(side - 1), y)
                    + at(x, y.saturating_sub(1))
                    + at(x, (y + 1).min(side - 1));
                values.push(at(x, y) + amount * (at(x, y) - around / 4.0));
            }
        }
        Self {
            version: self.version,
            side,
            values,
        }
    }

    /// Black where darker than half way between the dark and the light modules around, and how much. `reach` is how far
    /// around, in modules.
    pub(crate) fn modules(&self, reach: usize) -> Option<Modules> {
        let all = self.window_means(reach, |_, value| (value, 1.0));
        let dark = self.window_means(
            reach,
            |at, value| if value < all[at] { (value, 1.0) } else { (0.0, 0.0) },
        );
        let light = self.window_means(
            reach,
            |at, value| if value < all[at] { (0.0, 0.0) } else { (value, 1.0) },
        );
        let black = self.values.iter().enumerate().map(|(at, &value)| {
            let (middle, contrast) = ((dark[at] + light[at]) / 2.0, (light[at] - dark[at]) / 2.0);
            // Where all modules around are alike there is no middle: not a number. There the module is white, and unsure.
            let black = (middle - value) / contrast.max(8.0);
            if black.is_finite() { black } else { -0.01 }
        });
        Modules::new(self.version, black.collect())
    }

    /// For each module the weighted mean over the square around it, from sums over the rectangles above and to the left.
    fn window_means(&self, reach: usize, weigh: impl Fn(usize, f32) -> (f32, f32)) -> Vec<f32> {
        let (side, stride) = (self.side, self.side + 1);
        let mut sums = vec![(0.0_f64, 0.0_f64); stride * stride];
        for y in 0..side {
            let mut row = (0.0, 0.0);
            for x in 0..side {
                let at = y * side + x;
                let (value, weight) = weigh(at, self.values[at]);
                row = (row.0 + f64::from(value), row.1 + f64::from(weight));
                let above = sums[y * stride + x + 1];
                sums[(y + 1) * stride + x + 1] = (above.0 + row.0, above.1 + row.1);
            }
        }
        let mut means = Vec::with_capacity(side * side);
        for y in 0..side {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(side));
            for x in 0..side {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(side));
                let corners = [
                    (bottom, right, 1.0),
                    (top, right, -1.0),
                    (bottom, left, -1.0),
                    (top, left, 1.0),
                ];
                let (sum, weight) = corners.iter().fold((0.0, 0.0), |(sum, weight), &(y, x, sign)| {
                    let corner = sums[y * stride + x];
                    (sum + sign * corner.0, weight + sign * corner.1)
                });
                means.push((sum / weight) as f32);
            }
        }
        means
    }
}
