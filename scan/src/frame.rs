//! One greyscale picture, borrowed.

use core::fmt;

/// The longest side a frame may have. A camera gives 1280 to 4096; beyond that the work is no longer a frame's.
pub const MAX_SIDE: usize = 8192;

/// One picture: 8-bit luma, row by row, without padding. Zero is black.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    width: usize,
    height: usize,
    luma: &'a [u8],
    /// 0, or 255 if black is to be seen as white.
    flip: u8,
}

/// Why a frame was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// A side is longer than [`MAX_SIDE`].
    TooLarge,
    /// The number of bytes is not width times height.
    WrongLength {
        /// width × height
        expected: usize,
        /// the length of the slice
        got: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "a side is longer than {MAX_SIDE} pixels"),
            Self::WrongLength { expected, got } => write!(f, "expected {expected} bytes of luma, got {got}"),
        }
    }
}

impl core::error::Error for FrameError {}

impl<'a> Frame<'a> {
    /// Takes `width × height` bytes of luma. An empty frame is accepted; nothing is ever read in it.
    ///
    /// # Errors
    /// If a side is longer than [`MAX_SIDE`], or the slice is not exactly `width × height` long.
    pub fn new(width: usize, height: usize, luma: &'a [u8]) -> Result<Self, FrameError> {
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(FrameError::TooLarge);
        }
        let expected = width * height;
        if luma.len() != expected {
            return Err(FrameError::WrongLength {
                expected,
                got: luma.len(),
            });
        }
        Ok(Self {
            width,
            height,
            luma,
            flip: 0,
        })
    }

    /// A picture of this crate's own making, known to have the right length.
    pub(crate) fn trusted(width: usize, height: usize, luma: &'a [u8]) -> Self {
        debug_assert_eq!(width * height, luma.len());
        Self {
            width,
            height,
            luma,
            flip: 0,
        }
    }

    /// The same picture with black and white exchanged when it is looked at by [`Frame::grey`], if asked for.
    pub(crate) fn negative(self, negative: bool) -> Self {
        Self {
            flip: if negative { 255 } else { 0 },
            ..self
        }
    }

    /// The grey of one pixel.
    #[inline]
    pub(crate) fn grey(&self, x: usize, y: usize) -> f32 {
        f32::from(self.luma[y * self.width + x] ^ self.flip)
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn luma(&self) -> &'a [u8] {
        self.luma
    }

    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        &self.luma[y * self.width..(y + 1) * self.width]
    }
}
