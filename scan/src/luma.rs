//! Colour to grey.

/// Turns RGBA bytes (what a canvas's `getImageData` gives) into luma, replacing what `out` held. Alpha is ignored;
/// bytes after the last whole pixel too. The weights are those of ITU-R BT.601, in 1/256.
pub fn luma_from_rgba(rgba: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend(rgba.chunks_exact(4).map(|pixel| {
        let sum = 77 * u32::from(pixel[0]) + 150 * u32::from(pixel[1]) + 29 * u32::from(pixel[2]);
        ((sum + 128) >> 8) as u8
    }));
}
