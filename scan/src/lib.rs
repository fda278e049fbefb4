//! Finds the code in greyscale frames: pixels in, text out.
