//! The cascade, and how a stream of frames takes turns at it.

use crate::bits::Bits;
use crate::effort::Effort;
use crate::finder::{self, Finder};
use crate::frame::Frame;
use crate::pyramid::{Pyramid, Size};
use crate::reading::Reading;
use crate::symbol::{self, Tried};
use crate::threshold::{LocalThreshold, otsu};

/// Grey samples a frame of a stream may take for fitting symbols: more than a symbol needs that is there.
const FRAME_SAMPLES: u32 = 2_000_000;
/// The same for a single picture with the whole cascade.
const PICTURE_SAMPLES: u32 = 4_000_000;

/// One look at a picture: how it is made black and white.
#[derive(Clone, Copy)]
struct Pass {
    size: Size,
    threshold: Threshold,
    /// For codes that are light on dark.
    inverted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Threshold {
    Local,
    Global,
}

const fn pass(size: Size, threshold: Threshold, inverted: bool) -> Pass {
    Pass {
        size,
        threshold,
        inverted,
    }
}

/// What every frame gets: small modules are found at full size, large and noisy ones at half.
const EVERY_FRAME: [Pass; 2] = [
    pass(Size::Full, Threshold::Local, false),
    pass(Size::Half, Threshold::Local, false),
];

/// What frames take turns at.
const TURNS: [&[Pass]; TURN_COUNT] = [
    &[
        pass(Size::Quarter, Threshold::Local, false),
        pass(Size::Quarter, Threshold::Global, false),
    ],
    &[pass(Size::Full, Threshold::Local, true)],
    &[
        pass(Size::Half, Threshold::Local, true),
        pass(Size::Quarter, Threshold::Local, true),
    ],
    &[pass(Size::Half, Threshold::Global, false)],
];

const TURN_COUNT: usize = 4;

/// Reads a stream of frames, keeping its buffers between them.
#[derive(Default)]
pub struct Scanner {
    turn: usize,
    pyramid: Pyramid,
    threshold: LocalThreshold,
    bits: Bits,
    edges: Vec<u32>,
    finders: Vec<Finder>,
    tried: Tried,
}

impl Scanner {
    /// After so many frames of the same scene every pass of the cascade has looked at it.
    pub const TURNS: usize = TURN_COUNT;

    /// A scanner at the start of its first turn.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for a code in the next frame of a stream: the two passes every frame gets, and this frame's turn at the others.
    pub fn frame(&mut self, frame: &Frame<'_>) -> Option<Reading> {
        let turn = self.turn;
        self.turn = (turn + 1) % TURN_COUNT;
        self.run(frame, EVERY_FRAME.iter().chain(TURNS[turn]), FRAME_SAMPLES)
    }

    /// Looks for a code in one picture, with every pass of the cascade. It does not count as a turn.
    pub fn read(&mut self, frame: &Frame<'_>) -> Option<Reading> {
        self.run(
            frame,
            EVERY_FRAME.iter().chain(TURNS.into_iter().flatten()),
            PICTURE_SAMPLES,
        )
    }

    fn run<'p>(
        &mut self,
        frame: &Frame<'_>,
        mut passes: impl Iterator<Item = &'p Pass>,
        samples: u32,
    ) -> Option<Reading> {
        self.pyramid.clear();
        self.tried.clear();
        let mut effort = Effort::new(samples);
        passes.find_map(|pass| self.look(frame, *pass, &mut effort))
    }

    fn look(&mut self, full: &Frame<'_>, pass: Pass, effort: &mut Effort) -> Option<Reading> {
        let small = self.pyramid.at(full, pass.size);
        if small.width() < finder::MIN_SIDE || small.height() < finder::MIN_SIDE {
            return None;
        }
        match pass.threshold {
            Threshold::Local => self.threshold.apply(&small, &mut self.bits),
            Threshold::Global => otsu(&small, &mut self.bits),
        }
        if pass.inverted {
            self.bits.invert();
        }
        finder::find(&self.bits, &mut self.edges, &mut self.finders);
        let triples = symbol::hopefuls(&self.bits, &self.finders, pass.size.scale());
        symbol::read(
            full,
            &mut self.pyramid,
            &triples,
            pass.inverted,
            &mut self.tried,
            effort,
        )
    }
}

/// Reads one picture with the whole cascade.
#[must_use]
pub fn read(frame: &Frame<'_>) -> Option<Reading> {
    Scanner::new().read(frame)
}
