//! The scanner behind four plain functions. One picture and one scanner, in thread-local storage.

use std::cell::RefCell;

use scan::{Frame, Reading, Scanner, luma_from_rgba};

#[derive(Default)]
struct State {
    scanner: Scanner,
    rgba: Vec<u8>,
    luma: Vec<u8>,
    /// The corners as 8 floats, then the content.
    reading: Vec<u8>,
}

thread_local!(static STATE: RefCell<State> = RefCell::default());

/// Makes room for a picture and says where to write it.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    STATE.with_borrow_mut(|state| {
        state.rgba.resize(bytes, 0);
        state.rgba.as_mut_ptr()
    })
}

/// The next scene: the scanner starts its turns anew.
#[unsafe(no_mangle)]
pub extern "C" fn restart() {
    STATE.with_borrow_mut(|state| state.scanner = Scanner::new());
}

/// Looks at the picture written, as one frame of a stream or with the whole cascade. The number of bytes of the reading, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn look(width: usize, height: usize, whole: u32) -> usize {
    STATE.with_borrow_mut(|state| {
        let State { scanner, rgba, luma, reading } = state;
        luma_from_rgba(rgba, luma);
        let Ok(frame) = Frame::new(width, height, luma) else { return 0 };
        let found = if whole == 0 { scanner.frame(&frame) } else { scanner.read(&frame) };
        reading.clear();
        let Some(Reading { corners, bytes, .. }) = found else { return 0 };
        for (x, y) in corners {
            reading.extend(x.to_le_bytes());
            reading.extend(y.to_le_bytes());
        }
        reading.extend(bytes);
        reading.len()
    })
}

/// Where the reading is.
#[unsafe(no_mangle)]
pub extern "C" fn reading() -> *const u8 {
    STATE.with_borrow(|state| state.reading.as_ptr())
}
