//! Grey to black and white.

use crate::bits::Bits;
use crate::frame::Frame;

/// The side of the blocks that share one threshold, in pixels.
const BLOCK: usize = 8;
/// A block whose pixels differ by no more than this is taken to be of one colour; by no more than the second number if that is
/// how noisy the calmest tenth of the picture is.
const FLAT: (u8, u8) = (24, 64);
const HIGH: u64 = 0x8080_8080_8080_8080;
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
const ONES: u64 = 0x0101_0101_0101_0101;

/// A threshold that follows the light across the picture: for each block of 8 × 8 pixels the mean of the 5 × 5 blocks
/// around it. Its buffers are kept between frames.
#[derive(Default)]
pub(crate) struct LocalThreshold {
    /// Least, greatest and mean value of each.
    blocks: Vec<(u8, u8, u8)>,
    black_points: Vec<u8>,
    columns: Vec<u16>,
}

impl LocalThreshold {
    pub(crate) fn apply(&mut self, frame: &Frame<'_>, out: &mut Bits) {
        let (width, height) = (frame.width(), frame.height());
        if width < 5 * BLOCK || height < 5 * BLOCK {
            return otsu(frame, out);
        }
        out.reset(width, height);
        let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        self.measure(frame, across, down);
        let mut thresholds = vec![0_u8; across];
        for block_y in 0..down {
            self.thresholds(block_y, across, down, &mut thresholds);
            for y in block_y * BLOCK..((block_y + 1) * BLOCK).min(height) {
                binarize_row(frame.row(y), &thresholds, out.row_mut(y));
            }
        }
    }

    /// The black point of every block: its mean, or, where it is flat, what its neighbours suggest.
    fn measure(&mut self, frame: &Frame<'_>, across: usize, down: usize) {
        self.blocks.clear();
        let mut ranges = [0_u32; 256];
        for block_y in 0..down {
            let top = (block_y * BLOCK).min(frame.height() - BLOCK);
            for block_x in 0..across {
                let left = (block_x * BLOCK).min(frame.width() - BLOCK);
                let block = block(frame, left, top);
                ranges[usize::from(block.1 - block.0)] += 1;
                self.blocks.push(block);
            }
        }
        let flat = flat(&ranges);
        self.black_points.clear();
        for (at, &(min, max, mean)) in self.blocks.iter().enumerate() {
            let mut point = mean;
            if max - min <= flat {
                // Flat: taken for light unless the blocks above and to the left say otherwise.
                point = min / 2;
                if at >= across && at % across > 0 {
                    let above = u16::from(self.black_points[at - across]);
                    let before = u16::from(self.black_points[at - 1]);
                    let corner = u16::from(self.black_points[at - across - 1]);
                    let around = ((above + 2 * before + corner) / 4) as u8;
                    if min < around {
                        point = around;
                    }
                }
            }
            self.black_points.push(point);
        }
    }

    /// Means over 5 × 5 blocks for one row of blocks.
    fn thresholds(&mut self, block_y: usize, across: usize, down: usize, out: &mut [u8]) {
        let top = block_y.clamp(2, down - 3) - 2;
        self.columns.clear();
        self.columns.resize(across, 0);
        for row in top..top + 5 {
            let points = &self.black_points[row * across..(row + 1) * across];
            for (sum, &point) in self.columns.iter_mut().zip(points) {
                *sum += u16::from(point);
            }
        }
        for (x, threshold) in out.iter_mut().enumerate() {
            let left = x.clamp(2, across - 3) - 2;
            let sum: u16 = self.columns[left..left + 5].iter().sum();
            *threshold = (sum / 25) as u8;
        }
    }
}

/// How much the pixels of a block of one colour may differ, from how many blocks there are of each difference. With noise taken
/// for black and white, its specks would hide the code.
fn flat(ranges: &[u32; 256]) -> u8 {
    let tenth = ranges.iter().sum::<u32>() / 10;
    let mut count = 0;
    let calm = ranges.iter().position(|&blocks| {
        count += blocks;
        count > tenth
    });
    let noise = calm.map_or(0, |range| range + range / 2);
    u8::try_from(noise).unwrap_or(u8::MAX).clamp(FLAT.0, FLAT.1)
}

/// Least, greatest and mean value of a block. Every second row is enough, and twice as fast.
#[inline]
fn block(frame: &Frame<'_>, left: usize, top: usize) -> (u8, u8, u8) {
    let luma = frame.luma();
    let (mut min, mut max, mut sum) = (u64::MAX, 0, 0);
    for y in [top, top + 2, top + 4, top + 6] {
        let start = y * frame.width() + left;
        let pixels = word(&luma[start..start + 8]);
        let greater = spread(at_least(pixels, max));
        max = pixels & greater | max & !greater;
        let less = spread(at_least(min, pixels));
        min = pixels & less | min & !less;
        sum += (pixels & EVEN) + (pixels >> 8 & EVEN);
    }
    let min = min.to_le_bytes().into_iter().fold(u8::MAX, u8::min);
    let max = max.to_le_bytes().into_iter().fold(0, u8::max);
    let sum = sum.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    (min, max, (sum / 32) as u8)
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// The high bit of each byte in which `a >= b`, eight bytes at once.
#[inline]
fn at_least(a: u64, b: u64) -> u64 {
    let low = (a | HIGH) - (b & !HIGH);
    (a & !b | !(a ^ b) & low) & HIGH
}

/// A byte of ones for each high bit.
#[inline]
fn spread(high_bits: u64) -> u64 {
    (high_bits >> 7) * 0xff
}

/// Eight pixels at once: the bits of those at or below the threshold.
#[inline]
fn darker(pixels: u64, threshold: u8) -> u64 {
    let marks = at_least(ONES * u64::from(threshold), pixels);
    (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

fn binarize_row(row: &[u8], thresholds: &[u8], out: &mut [u64]) {
    for ((pixels, thresholds), word_out) in row.chunks(64).zip(thresholds.chunks(8)).zip(out) {
        let mut bits = 0;
        for (index, (pixels, &threshold)) in pixels.chunks(8).zip(thresholds).enumerate() {
            let marks = if pixels.len() == 8 {
                darker(word(pixels), threshold)
            } else {
                slow(pixels, threshold)
            };
            bits |= marks << (8 * index);
        }
        *word_out = bits;
    }
}

fn slow(pixels: &[u8], threshold: u8) -> u64 {
    pixels
        .iter()
        .enumerate()
        .fold(0, |bits, (x, &pixel)| bits | u64::from(pixel <= threshold) << x)
}

/// One threshold for the whole picture, the one that separates its two classes of grey best (Otsu 1979). It fills
/// what the local threshold hollows out: large modules close to the camera.
pub(crate) fn otsu(frame: &Frame<'_>, out: &mut Bits) {
    out.reset(frame.width(), frame.height());
    let mut histogram = [0_u32; 256];
    for &pixel in frame.luma() {
        histogram[usize::from(pixel)] += 1;
    }
    let threshold = otsu_threshold(&histogram);
    let thresholds = vec![threshold; frame.width().div_ceil(BLOCK)];
    for y in 0..frame.height() {
        binarize_row(frame.row(y), &thresholds, out.row_mut(y));
    }
}

fn otsu_threshold(histogram: &[u32; 256]) -> u8 {
    let count: f64 = histogram.iter().map(|&n| f64::from(n)).sum();
    let total: f64 = histogram
        .iter()
        .zip(0_u32..)
        .map(|(&n, value)| f64::from(n) * f64::from(value))
        .sum();
    let (mut below, mut sum_below, mut best, mut threshold) = (0.0, 0.0, -1.0, 127);
    for (value, &n) in (0_u8..=255).zip(histogram) {
        below += f64::from(n);
        sum_below += f64::from(n) * f64::from(value);
        let above = count - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let difference = sum_below / below - (total - sum_below) / above;
        let variance = below * above * difference * difference;
        if variance > best {
            (best, threshold) = (variance, value);
        }
    }
    threshold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_flat_follows_the_calmest_tenth() {
        let blocks = |counts: &[(usize, u32)]| {
            let mut ranges = [0; 256];
            for &(range, count) in counts {
                ranges[range] = count;
            }
            flat(&ranges)
        };
        assert_eq!(blocks(&[]), 24);
        assert_eq!(blocks(&[(3, 900), (200, 100)]), 24, "a calm picture");
        assert_eq!(blocks(&[(3, 99), (34, 901)]), 51, "a few calm blocks in noise");
        assert_eq!(blocks(&[(3, 101), (34, 899)]), 24, "a tenth is calm");
        assert_eq!(blocks(&[(180, 1000)]), 64, "a code that fills the picture");
    }

    #[test]
    fn noise_on_paper_is_white() {
        let (width, height) = (200, 120);
        let mut state = 1_u32;
        let luma: Vec<u8> = (0..width * height)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                170 + (state >> 24) as u8 % 45
            })
            .collect();
        let mut bits = Bits::default();
        LocalThreshold::default().apply(&Frame::trusted(width, height, &luma), &mut bits);
        let black = (0..width * height).filter(|at| bits.get((at % width) as i32, (at / width) as i32));
        assert_eq!(black.count(), 0);
    }
}
