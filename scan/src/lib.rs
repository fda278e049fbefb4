//! Finds the code in greyscale frames: pixels in, text out.

mod bits;
mod effort;
mod finder;
mod fit;
mod frame;
mod geometry;
mod grid;
mod luma;
mod model;
mod pattern;
mod pyramid;
mod reading;
mod scanner;
mod symbol;
mod threshold;
mod triple;

pub use frame::{Frame, FrameError, MAX_SIDE};
pub use luma::luma_from_rgba;
pub use reading::Reading;
pub use scanner::{Scanner, read};
