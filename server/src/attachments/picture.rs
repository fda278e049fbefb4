//! Pictures drawn anew: turned as they are to be seen, no larger than anybody needs, with nothing but their pixels. Where and when a
//! photograph was taken, and whatever else hides in a file, does not survive it.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use pass::AttachmentFault;
use pass::attachment::Sort;
use std::io::Cursor;

/// The most pixels that are decoded, in millions: telephones make 50.
const MAX_MILLIONS: u8 = 64;
/// The most memory that decoding may take, in bytes.
const MAX_MEMORY: u64 = 320 << 20;
/// The longest side of what is kept, in pixels: a page of text photographed is still read.
const LONGEST: u32 = 2400;
/// The longest side in lists, in pixels.
const LONGEST_SMALL: u32 = 240;
/// How well it is drawn, of 100.
const QUALITY: u8 = 85;
/// How well it is drawn for lists.
const QUALITY_SMALL: u8 = 75;

/// A picture as it is kept, as JPEG.
pub struct Picture {
    /// Whole.
    pub whole: Vec<u8>,
    /// For lists.
    pub small: Vec<u8>,
}

/// Draws a picture anew.
///
/// # Errors
/// [`AttachmentFault::TooManyPixels`] or [`AttachmentFault::Unreadable`].
pub fn draw(bytes: &[u8], sort: Sort) -> Result<Picture, AttachmentFault> {
    let format = match sort {
        Sort::Jpeg => ImageFormat::Jpeg,
        Sort::Png => ImageFormat::Png,
        Sort::Webp => ImageFormat::WebP,
        Sort::Heic | Sort::Pdf => return Err(AttachmentFault::Unreadable),
    };
    let (image, orientation) = decode(bytes, format)?;
    let mut whole = smaller(flat(image), LONGEST);
    // Scaled first: there is less to turn then.
    whole.apply_orientation(orientation);
    Ok(Picture {
        small: encode(&smaller(whole.clone(), LONGEST_SMALL), QUALITY_SMALL)?,
        whole: encode(&whole, QUALITY)?,
    })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), AttachmentFault> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > u64::from(MAX_MILLIONS) * 1_000_000 {
        return Err(TOO_MANY);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    Ok((image, orientation))
}

const TOO_MANY: AttachmentFault = AttachmentFault::TooManyPixels {
    max_millions: MAX_MILLIONS,
};

fn fault(error: ImageError) -> AttachmentFault {
    match error {
        ImageError::Limits(_) => TOO_MANY,
        _ => AttachmentFault::Unreadable,
    }
}

/// Without transparency: what is not there is white, as on paper.
fn flat(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let image = image.into_rgba8();
    let flat = RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    });
    DynamicImage::ImageRgb8(flat)
}

/// No longer than this; a smaller one stays as it is.
fn smaller(image: DynamicImage, longest: u32) -> DynamicImage {
    if image.width().max(image.height()) > longest {
        image.thumbnail(longest, longest)
    } else {
        image
    }
}

fn encode(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, AttachmentFault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .map_err(|_| AttachmentFault::Unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageEncoder as _;
    use image::codecs::png::PngEncoder;
    use image::codecs::webp::WebPEncoder;

    /// What a telephone writes beside the pixels: how it was held, and where (a GPS directory with a latitude).
    fn exif(orientation: u8) -> Vec<u8> {
        let mut exif = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
        exif.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        exif.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend_from_slice(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0LATITUDE-29.56");
        exif
    }

    /// Red on the left, blue on the right.
    fn two_colours(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            Rgb(if x < width / 2 {
                [220, 10, 10]
            } else {
                [10, 10, 220]
            })
        })
    }

    fn jpeg(image: &RgbImage, orientation: Option<u8>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        if let Some(orientation) = orientation {
            encoder.set_exif_metadata(exif(orientation)).unwrap();
        }
        encoder.encode_image(image).unwrap();
        bytes
    }

    fn seen(bytes: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(bytes, ImageFormat::Jpeg)
            .unwrap()
            .into_rgb8()
    }

    fn red(image: &RgbImage, x: u32, y: u32) -> bool {
        let [red, _, blue] = image.get_pixel(x, y).0;
        red > blue
    }

    #[test]
    fn a_photograph_is_turned_as_it_is_to_be_seen() {
        let drawn = draw(&jpeg(&two_colours(80, 40), Some(6)), Sort::Jpeg).unwrap();
        let whole = seen(&drawn.whole);
        assert_eq!(whole.dimensions(), (40, 80));
        assert!(red(&whole, 20, 10) && !red(&whole, 20, 70), "left has become top");
        let drawn = draw(&jpeg(&two_colours(80, 40), Some(3)), Sort::Jpeg).unwrap();
        let whole = seen(&drawn.whole);
        assert!(
            !red(&whole, 10, 20) && red(&whole, 70, 20),
            "left has become right"
        );
        let plain = seen(&draw(&jpeg(&two_colours(80, 40), None), Sort::Jpeg).unwrap().whole);
        assert!(red(&plain, 10, 20) && !red(&plain, 70, 20));
    }

    #[test]
    fn where_it_was_taken_is_gone() {
        let sent = jpeg(&two_colours(80, 40), Some(1));
        let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        assert!(holds(&sent, b"LATITUDE") && holds(&sent, b"Exif"));
        let drawn = draw(&sent, Sort::Jpeg).unwrap();
        for kept in [&drawn.whole, &drawn.small] {
            assert!(!holds(kept, b"LATITUDE") && !holds(kept, b"Exif"));
        }
    }

    #[test]
    fn it_is_no_larger_than_needed() {
        let drawn = draw(&jpeg(&two_colours(3000, 600), Some(8)), Sort::Jpeg).unwrap();
        assert_eq!(seen(&drawn.whole).dimensions(), (480, 2400));
        assert_eq!(seen(&drawn.small).dimensions(), (48, 240));
        let drawn = draw(&jpeg(&two_colours(100, 50), None), Sort::Jpeg).unwrap();
        assert_eq!(seen(&drawn.whole).dimensions(), (100, 50));
    }

    #[test]
    fn png_and_webp_become_jpeg_on_white() {
        let clear = image::RgbaImage::from_pixel(20, 20, image::Rgba([200, 0, 0, 0]));
        let (mut png, mut webp) = (Vec::new(), Vec::new());
        let sort = image::ExtendedColorType::Rgba8;
        PngEncoder::new(&mut png)
            .write_image(&clear, 20, 20, sort)
            .unwrap();
        WebPEncoder::new_lossless(&mut webp)
            .encode(&clear, 20, 20, sort)
            .unwrap();
        for (bytes, sort) in [(png, Sort::Png), (webp, Sort::Webp)] {
            let whole = seen(&draw(&bytes, sort).unwrap().whole);
            assert!(
                whole.get_pixel(10, 10).0.iter().all(|part| *part > 250),
                "{sort:?}"
            );
        }
    }

    /// A PNG of some hundred bytes that says it has this size (RFC 2083 §3).
    fn claiming(width: u32, height: u32) -> Vec<u8> {
        let mut png = Vec::new();
        let small = [0; 3];
        PngEncoder::new(&mut png)
            .write_image(&small, 1, 1, image::ExtendedColorType::Rgb8)
            .unwrap();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.to_be_bytes());
        png
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 {
                    crc >> 1 ^ 0xedb8_8320
                } else {
                    crc >> 1
                }
            })
        })
    }

    #[test]
    fn a_small_file_that_claims_to_be_huge_is_refused() {
        for (width, height) in [(60_000, 60_000), (64_001, 1_000), (1, u32::MAX >> 1)] {
            let refused = draw(&claiming(width, height), Sort::Png).err();
            assert_eq!(refused, Some(TOO_MANY), "{width} by {height}");
        }
    }

    #[test]
    fn what_is_broken_is_told() {
        let whole = jpeg(&two_colours(400, 400), None);
        assert_eq!(
            draw(&whole[..40], Sort::Jpeg).err(),
            Some(AttachmentFault::Unreadable)
        );
        assert_eq!(
            draw(&claiming(100, 100), Sort::Png).err(),
            Some(AttachmentFault::Unreadable)
        );
        assert_eq!(
            draw(b"RIFF\0\0\0\0WEBP", Sort::Webp).err(),
            Some(AttachmentFault::Unreadable)
        );
    }
}
