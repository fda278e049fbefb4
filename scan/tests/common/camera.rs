//! Codes as a camera sees them, from a seeded generator.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "two programs share this file, and neither uses all of it"
)]

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Marsaglia's xorshift: enough for noise, and always the same.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.bits() >> 40) as f32 / (1 << 24) as f32
    }

    /// A picture without a code: noise, stripes, boxes or letters' strokes, by turns.
    pub fn scene(&mut self, width: usize, height: usize, kind: usize) -> Vec<u8> {
        let mut luma = vec![0_u8; width * height];
        let (a, b) = (self.between(0.05, 0.6), self.between(0.05, 0.6));
        let grain = [2.0, 12.0, 40.0, 120.0][kind / 4 % 4];
        for (at, pixel) in luma.iter_mut().enumerate() {
            let (x, y) = ((at % width) as f32, (at / width) as f32);
            let base = match kind % 4 {
                0 => 128.0,
                1 => 128.0 + 90.0 * ((x * a).sin() * (y * b).sin()).signum(),
                2 => 60.0 + 140.0 * y / height as f32 + 30.0 * (x * a * 0.2).sin(),
                _ => {
                    if ((x * a) as u32 * 7 + (y * b) as u32 * 13) % 5 < 2 {
                        40.0
                    } else {
                        210.0
                    }
                }
            };
            *pixel = (base + self.between(-grain, grain)).clamp(0.0, 255.0) as u8;
        }
        luma
    }
}

/// A code of the kind the passes use: a link in bytes, then digits. As many digits as the version takes at level M.
pub fn own_code(version: u8, random: &mut Random) -> (String, QrCode) {
    let link = "https://gate.example.edu/v#";
    for digits in (1..6000).rev() {
        let bits = 4 + 16 + 8 * link.len() + 4 + 14 + digits * 10 / 3 + 4;
        if bits > 8 * 2400 {
            continue;
        }
        let number: String = (0..digits)
            .map(|_| char::from(b'0' + (random.bits() % 10) as u8))
            .collect();
        let segments = [
            QrSegment::make_bytes(link.as_bytes()),
            QrSegment::make_numeric(&number),
        ];
        let (low, high) = (Version::new(version), Version::new(version));
        if let Ok(code) =
            QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, low, high, None, false)
        {
            return (format!("{link}{number}"), code);
        }
    }
    panic!("no number of digits fits version {version}");
}

/// How a code is held and seen.
#[derive(Clone)]
pub struct Camera {
    /// Radians.
    pub turn: f32,
    /// How much further away the far side is: 0 is flat.
    pub slant: (f32, f32),
    /// Pixels for each module.
    pub module: f32,
    /// The radius of the blur, in pixels.
    pub blur: f32,
    /// The largest error of a pixel.
    pub noise: f32,
    pub black: f32,
    pub white: f32,
    pub mirrored: bool,
    /// The code is on a bottle that stands upright: how much of a radian of it the code covers. 0 is flat.
    pub bottle: f32,
}

impl Camera {
    /// Straight on, sharp, in good light.
    pub fn plain(module: f32) -> Self {
        Self {
            turn: 0.0,
            slant: (0.0, 0.0),
            module,
            blur: 0.0,
            noise: 0.0,
            black: 20.0,
            white: 235.0,
            mirrored: false,
            bottle: 0.0,
        }
    }

    pub fn random(random: &mut Random) -> Self {
        Self {
            turn: random.between(0.0, core::f32::consts::TAU),
            slant: (random.between(-0.25, 0.25), random.between(-0.25, 0.25)),
            module: random.between(2.6, 6.0),
            blur: random.between(0.0, 1.6),
            noise: random.between(2.0, 25.0),
            black: random.between(20.0, 80.0),
            white: random.between(140.0, 235.0),
            mirrored: false,
            bottle: 0.0,
        }
    }

    /// The picture: width, height, luma. The code is made smaller if it would not fit.
    pub fn shoot(
        &self,
        code: &QrCode,
        width: usize,
        height: usize,
        random: &mut Random,
    ) -> (usize, usize, Vec<u8>) {
        let side = code.size() as f32;
        let fitting = 0.6 * width.min(height) as f32 / (side + 8.0);
        let module = self
            .module
            .min(if self.turn == 0.0 { 1.5 * fitting } else { fitting });
        let (sin, cos) = self.turn.sin_cos();
        // Nine samples a pixel, spread over the blur.
        let reach = 0.25 + self.blur * 0.5;
        let spread = [
            (0.0, 0.0),
            (-1.0, -1.0),
            (1.0, -1.0),
            (-1.0, 1.0),
            (1.0, 1.0),
            (1.5, 0.0),
            (-1.5, 0.0),
            (0.0, 1.5),
            (0.0, -1.5),
        ];
        let spread = if self.blur == 0.0 {
            &spread[..1]
        } else {
            &spread[..]
        };
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for &(i, j) in spread {
                    let px = (x as f32 + 0.5 + i * reach - width as f32 / 2.0) / module;
                    let py = (y as f32 + 0.5 + j * reach - height as f32 / 2.0) / module;
                    let px = if self.bottle > 0.0 {
                        let radius = side / self.bottle;
                        radius * (px / radius).clamp(-1.0, 1.0).asin()
                    } else {
                        px
                    };
                    let depth = 1.0 + (self.slant.0 * px + self.slant.1 * py) / side;
                    let (u, v) = ((cos * px + sin * py) / depth, (cos * py - sin * px) / depth);
                    let (u, v) = if self.mirrored { (v, u) } else { (u, v) };
                    let (u, v) = ((u + side / 2.0).floor() as i32, (v + side / 2.0).floor() as i32);
                    sum += if code.get_module(u, v) {
                        self.black
                    } else {
                        self.white
                    };
                }
                let value = sum / spread.len() as f32 + random.between(-self.noise, self.noise);
                luma.push(value.clamp(0.0, 255.0) as u8);
            }
        }
        (width, height, luma)
    }
}
