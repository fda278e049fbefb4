//! Finds the QR code in a greyscale picture: pixels in, text out.
//!
//! [`Scanner::frame`] looks at one frame of a camera's stream, [`read`] at one picture. Both run passes of the same cascade:
//!
//! 1. the picture, or a copy at half or a quarter of its size, becomes black and white (`threshold`, `pyramid`);
//! 2. finder patterns are looked for along its rows (`finder`), and sets of three that may belong together (`triple`);
//! 3. a model of the symbol is fitted to the *grey* picture by the patterns every symbol has (`fit`, `model`, `pattern`):
//!    a projection, a bend, and for large symbols a shift for each alignment pattern;
//! 4. each module is sampled in the grey picture and compared with the modules around it (`grid`);
//! 5. the modules are decoded (`modules`, `reed_solomon`, `content`), the least sure ones taken for lost if need be.
//!
//! Any QR code of versions 1 to 40 is read, rotated, mirrored, light on dark, at a slant, or on a bottle. Micro QR, rMQR and
//! other symbologies are not; nor is the meaning of the text: whether a pass admits anybody is not this crate's business.
//! Extended channel interpretations are passed over: [`Reading::bytes`] are as the symbol holds them.
//!
//! What holds always:
//!
//! - It is pure: no input or output, no clock, no randomness, no state but the scanner's buffers and its turn. The same
//!   frames give the same readings.
//! - Work is bounded: at most 240 finder patterns, 80 corners of 14 neighbours, 4 sets of three of 24 in a pass, and a counted
//!   number of grey samples in a frame, whatever is in the picture. Memory is a small multiple of the picture's.
//! - What is read passed Reed–Solomon correction in every block. Nothing is guessed beyond that.
//! - It does not panic, on any pixels of any size; the tests look for it, since in the browser that would end the worker.
#![forbid(unsafe_code)]

mod bits;
mod content;
mod effort;
mod finder;
mod fit;
mod frame;
mod geometry;
mod grid;
mod luma;
mod model;
mod modules;
mod pattern;
mod pyramid;
mod reading;
mod reed_solomon;
mod scanner;
mod symbol;
mod threshold;
mod triple;
mod version;

pub use frame::{Frame, FrameError, MAX_SIDE};
pub use luma::luma_from_rgba;
pub use reading::Reading;
pub use scanner::{Scanner, read};
