//! From a model to modules: how light each is, and which of them are black.

use rxing::common::BitMatrix;

use crate::frame::Frame;
use crate::model::Model;
use crate::pattern::grey;

/// How light each module is, row by row.
pub(crate) struct Grid {
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
        Some(Self { side, values })
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
        Self { side, values }
    }

    /// Black where darker than half way between the dark and the light modules around. `reach` is how far around, in modules.
    pub(crate) fn binarized(&self, reach: usize) -> Option<BitMatrix> {
        let side = self.side;
        let mut matrix = BitMatrix::new(side as u32, side as u32).ok()?;
        let all = self.window_means(reach, |_, value| (value, 1.0));
        let dark = self.window_means(
            reach,
            |at, value| if value < all[at] { (value, 1.0) } else { (0.0, 0.0) },
        );
        let light = self.window_means(
            reach,
            |at, value| if value < all[at] { (0.0, 0.0) } else { (value, 1.0) },
        );
        for (at, &value) in self.values.iter().enumerate() {
            let middle = (dark[at] + light[at]) / 2.0;
            // Where all modules around are alike there is no middle: not a number.
            let threshold = if middle.is_finite() { middle } else { all[at] };
            if value < threshold {
                matrix.set((at % side) as u32, (at / side) as u32);
            }
        }
        Some(matrix)
    }

    /// For each module the weighted mean over the square around it, from sums along rows, then along columns.
    fn window_means(&self, reach: usize, weigh: impl Fn(usize, f32) -> (f32, f32)) -> Vec<f32> {
        let side = self.side;
        let weighed: Vec<(f32, f32)> = self
            .values
            .iter()
            .enumerate()
            .map(|(at, &value)| weigh(at, value))
            .collect();
        let add = |a: (f32, f32), b: &(f32, f32)| (a.0 + b.0, a.1 + b.1);
        let mut rows = Vec::with_capacity(side * side);
        for row in weighed.chunks_exact(side) {
            for x in 0..side {
                let window = &row[x.saturating_sub(reach)..(x + reach + 1).min(side)];
                rows.push(window.iter().fold((0.0, 0.0), add));
            }
        }
        let mut means = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let window =
                    (y.saturating_sub(reach)..(y + reach + 1).min(side)).map(|y| &rows[y * side + x]);
                let (sum, weight) = window.fold((0.0, 0.0), add);
                means.push(sum / weight);
            }
        }
        means
    }
}
