//! The cascade, and how a stream of frames takes turns at it.

use crate::bits::Bits;
use crate::finder::{self, Finder};
use crate::frame::Frame;
use crate::reading::Reading;
use crate::symbol;
use crate::threshold::LocalThreshold;

/// Reads a stream of frames, keeping its buffers between them.
#[derive(Default)]
pub struct Scanner {
    threshold: LocalThreshold,
    bits: Bits,
    edges: Vec<u32>,
    finders: Vec<Finder>,
}

impl Scanner {
    /// A scanner at the start of its first turn.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for a code in the next frame of a stream.
    pub fn frame(&mut self, frame: &Frame<'_>) -> Option<Reading> {
        self.threshold.apply(frame, &mut self.bits);
        let skip = (3 * frame.height() / (4 * 97)).clamp(3, 8);
        finder::find(&self.bits, skip, &mut self.edges, &mut self.finders);
        symbol::read(&self.bits, &self.finders)
    }
}

/// Reads one picture, trying everything.
#[must_use]
pub fn read(frame: &Frame<'_>) -> Option<Reading> {
    Scanner::new().frame(frame)
}
