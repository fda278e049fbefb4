//! A picture and its smaller copies.

use crate::frame::Frame;

/// How much smaller a copy is than the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Full,
    Half,
    Quarter,
}

impl Size {
    pub(crate) fn scale(self) -> f32 {
        match self {
            Self::Full => 1.0,
            Self::Half => 2.0,
            Self::Quarter => 4.0,
        }
    }
}

/// A copy at half the size and one at a quarter, made when first asked for. Averaging takes out noise, the moiré of
/// screens, and the texture inside large modules.
#[derive(Default)]
pub(crate) struct Pyramid {
    half: Copy,
    quarter: Copy,
}

#[derive(Default)]
struct Copy {
    made: bool,
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Pyramid {
    /// Forgets the copies, keeping their memory: the next picture is another.
    pub(crate) fn clear(&mut self) {
        self.half.made = false;
        self.quarter.made = false;
    }

    /// The picture at this size. It is empty if the picture was too small to be halved.
    pub(crate) fn at<'a>(&'a mut self, full: &Frame<'a>, size: Size) -> Frame<'a> {
        if size == Size::Full {
            return *full;
        }
        if !self.half.made {
            self.half.halve(full);
        }
        if size == Size::Half {
            return self.half.frame();
        }
        if !self.quarter.made {
            self.quarter.halve(&self.half.frame());
        }
        self.quarter.frame()
    }
}

impl Copy {
    fn frame(&self) -> Frame<'_> {
        Frame::trusted(self.width, self.height, &self.luma)
    }

    /// Each new pixel is the mean of four; an odd last row or column is dropped.
    fn halve(&mut self, from: &Frame<'_>) {
        self.made = true;
        self.width = from.width() / 2;
        self.height = from.height() / 2;
        self.luma.clear();
        self.luma.reserve(self.width * self.height);
        for y in 0..self.height {
            let pairs = from
                .row(2 * y)
                .chunks_exact(2)
                .zip(from.row(2 * y + 1).chunks_exact(2));
            self.luma.extend(pairs.map(|(a, b)| {
                ((u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]) + 2) / 4) as u8
            }));
        }
    }
}
