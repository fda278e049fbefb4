//! Finds the code in greyscale frames: pixels in, text out.

mod bits;
mod finder;
mod frame;
mod luma;
mod reading;
mod scanner;
mod symbol;
mod threshold;

pub use frame::{Frame, FrameError, MAX_SIDE};
pub use luma::luma_from_rgba;
pub use reading::Reading;
pub use scanner::{Scanner, read};
