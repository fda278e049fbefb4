//! What must be read, and what must not.

#[path = "common/camera.rs"]
mod camera;

use camera::{Camera, Random, own_code};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use scan::{Frame, FrameError, Reading, Scanner, luma_from_rgba, read};

/// Shoots a code and reads it with the whole cascade.
fn shoot(code: &QrCode, camera: &Camera, seed: u64) -> Option<Reading> {
    let side = ((code.size() + 12) as f32 * camera.module) as usize;
    let side = if camera.turn == 0.0 { side } else { 2 * side };
    let (width, height, luma) = camera.shoot(code, side, side + 10, &mut Random::new(seed));
    read(&Frame::new(width, height, &luma).ok()?)
}

fn check(text: &str, code: &QrCode, camera: &Camera, what: &str) {
    let reading = shoot(code, camera, 7).unwrap_or_else(|| panic!("{what}: nothing was read"));
    assert_eq!(reading.text, text, "{what}");
    assert_eq!(reading.bytes, text.as_bytes(), "{what}");
}

fn code_of(version: u8, level: QrCodeEcc) -> (String, QrCode) {
    let text = format!("PASS {version}");
    let segments = QrSegment::make_segments(&text);
    let (low, high) = (Version::new(version), Version::new(version));
    (
        text,
        QrCode::encode_segments_advanced(&segments, level, low, high, None, false)
            .unwrap_or_else(|error| panic!("version {version}: {error}")),
    )
}

#[test]
fn every_version_and_level() {
    for version in 1..=20 {
        for level in [
            QrCodeEcc::Low,
            QrCodeEcc::Medium,
            QrCodeEcc::Quartile,
            QrCodeEcc::High,
        ] {
            let (text, code) = code_of(version, level);
            check(&text, &code, &Camera::plain(3.2), &format!("version {version}"));
        }
    }
}

#[test]
fn our_own_codes_turned_and_slanted_and_noisy() {
    let mut random = Random::new(11);
    for (index, version) in [8, 10, 12, 13].into_iter().enumerate() {
        let (text, code) = own_code(version, &mut random);
        let mut camera = Camera::plain(4.0);
        camera.turn = 0.4 + index as f32;
        camera.slant = (0.12, -0.1);
        camera.noise = 20.0;
        camera.blur = 0.6;
        check(&text, &code, &camera, &format!("version {version}"));
    }
}

#[test]
fn dense_codes_as_a_bad_camera_sees_them() {
    let mut random = Random::new(20_261_126);
    for version in [14, 16, 18, 20] {
        for index in 0..6 {
            let (text, code) = own_code(version, &mut random);
            let mut camera = Camera::random(&mut random);
            camera.blur = camera.blur.min(1.0);
            let (width, height, luma) = camera.shoot(&code, 800, 720, &mut random);
            let reading = read(&Frame::new(width, height, &luma).unwrap());
            assert_eq!(
                reading.map(|reading| reading.text),
                Some(text),
                "version {version}, picture {index}"
            );
        }
    }
}

#[test]
fn on_a_bottle() {
    for version in [1, 2, 3, 4] {
        for turn in [0.1, 0.8, 1.2, 1.7] {
            let (text, code) = code_of(version, QrCodeEcc::Medium);
            let camera = Camera {
                turn,
                slant: if version == 4 { (0.2, -0.1) } else { (0.0, 0.0) },
                bottle: if version == 4 && turn != 1.2 { 1.1 } else { 1.3 },
                blur: 0.5,
                noise: 8.0,
                ..Camera::plain(6.0)
            };
            check(
                &text,
                &code,
                &camera,
                &format!("version {version}, turned {turn}"),
            );
        }
    }
}

#[test]
fn blurred_until_modules_run_together() {
    for (version, module, turn) in [(4, 4.0, 0.7), (6, 4.0, 0.7), (8, 5.0, 0.3)] {
        let (text, code) = own_code(version, &mut Random::new(5));
        let camera = Camera {
            turn,
            blur: 0.72 * module,
            noise: 3.0,
            ..Camera::plain(module)
        };
        check(&text, &code, &camera, &format!("version {version}"));
    }
}

#[test]
fn mirrored() {
    let (text, code) = code_of(5, QrCodeEcc::Medium);
    let camera = Camera {
        mirrored: true,
        ..Camera::plain(4.0)
    };
    check(&text, &code, &camera, "mirrored");
    assert!(shoot(&code, &camera, 1).unwrap().mirrored);
}

#[test]
fn light_on_dark() {
    let (text, code) = code_of(6, QrCodeEcc::Medium);
    let camera = Camera {
        black: 230.0,
        white: 15.0,
        ..Camera::plain(4.0)
    };
    check(&text, &code, &camera, "light on dark");
}

#[test]
fn the_corners_are_where_the_code_is() {
    let (_, code) = code_of(4, QrCodeEcc::Medium);
    let reading = shoot(&code, &Camera::plain(5.0), 3).unwrap();
    let half = 5.0 * code.size() as f32 / 2.0;
    let expected = [(-half, -half), (half, -half), (half, half), (-half, half)];
    for ((x, y), (ex, ey)) in reading.corners.into_iter().zip(expected) {
        assert!(
            (x - 112.5 - ex).abs() < 5.0 && (y - 117.5 - ey).abs() < 5.0,
            "{:?}",
            reading.corners
        );
    }
}

#[test]
fn text_that_is_not_utf_8_is_kept_as_bytes() {
    let bytes = [0xc4, 0xe3, 0xba, 0xc3];
    let code = QrCode::encode_segments(&[QrSegment::make_bytes(&bytes)], QrCodeEcc::Medium).unwrap();
    let reading = shoot(&code, &Camera::plain(6.0), 1).unwrap();
    assert_eq!(reading.bytes, bytes);
    assert_eq!(reading.text, "\u{c4}\u{e3}\u{ba}\u{c3}");
}

#[test]
fn a_stream_gets_the_whole_cascade() {
    // Light on dark is one of the turns, not what every frame gets.
    let (text, code) = code_of(6, QrCodeEcc::Medium);
    let camera = Camera {
        black: 230.0,
        white: 15.0,
        ..Camera::plain(4.0)
    };
    let (width, height, luma) = camera.shoot(&code, 240, 230, &mut Random::new(5));
    let frame = Frame::new(width, height, &luma).unwrap();
    let mut scanner = Scanner::new();
    assert!(
        scanner.frame(&frame).is_none(),
        "the first turn looks for dark on light"
    );
    let read: Vec<_> = (1..Scanner::TURNS)
        .filter_map(|_| scanner.frame(&frame))
        .collect();
    assert_eq!(
        read.first().map(|reading| reading.text.as_str()),
        Some(text.as_str())
    );
}

#[test]
fn a_scanner_forgets_the_frame_before() {
    let (_, code) = code_of(3, QrCodeEcc::Medium);
    let (width, height, luma) = Camera::plain(5.0).shoot(&code, 420, 400, &mut Random::new(5));
    let blank = vec![200; width * height];
    let mut scanner = Scanner::new();
    for _ in 0..2 * Scanner::TURNS {
        assert!(
            scanner
                .frame(&Frame::new(width, height, &luma).unwrap())
                .is_some()
        );
        assert!(
            scanner
                .frame(&Frame::new(width, height, &blank).unwrap())
                .is_none()
        );
    }
}

#[test]
fn nothing_is_read_where_nothing_is() {
    let mut random = Random::new(3);
    for kind in 0..16 {
        let luma = random.scene(320, 240, kind);
        assert_eq!(read(&Frame::new(320, 240, &luma).unwrap()), None, "kind {kind}");
    }
}

#[test]
fn no_size_and_no_pixels_make_it_panic() {
    let mut random = Random::new(17);
    for (width, height) in [
        (0, 0),
        (0, 9),
        (9, 0),
        (1, 1),
        (1, 300),
        (300, 1),
        (7, 7),
        (8, 8),
        (20, 500),
        (21, 21),
        (39, 41),
        (40, 40),
        (41, 39),
        (63, 65),
        (64, 64),
        (65, 63),
        (127, 129),
        (200, 33),
        (333, 127),
    ] {
        for _ in 0..4 {
            let luma: Vec<u8> = (0..width * height).map(|_| random.bits() as u8).collect();
            let _ = read(&Frame::new(width, height, &luma).unwrap());
            let black: Vec<u8> = luma
                .iter()
                .map(|&pixel| if pixel < 128 { 0 } else { 255 })
                .collect();
            let _ = read(&Frame::new(width, height, &black).unwrap());
        }
    }
}

#[test]
fn broken_codes_do_not_make_it_panic() {
    let mut random = Random::new(23);
    for version in [1, 2, 6, 7, 14, 25, 40] {
        let (_, code) = code_of(version, QrCodeEcc::Low);
        for _ in 0..3 {
            let mut camera = Camera::random(&mut random);
            camera.slant = (random.between(-1.5, 1.5), random.between(-1.5, 1.5));
            let (width, height, mut luma) = camera.shoot(&code, 240, 230, &mut random);
            // Boxes of dirt, and the frame's edge through the code.
            for _ in 0..6 {
                let (left, top) = (
                    random.bits() as usize % (width - 40),
                    random.bits() as usize % (height - 40),
                );
                let grey = random.bits() as u8;
                for y in top..top + 30 {
                    luma[y * width + left..y * width + left + 30].fill(grey);
                }
            }
            let _ = read(&Frame::new(width, height, &luma).unwrap());
            let cut = height / 2;
            let _ = read(&Frame::new(width, cut, &luma[..width * cut]).unwrap());
        }
    }
}

#[test]
fn a_frame_that_lies_about_its_size_is_an_error() {
    assert_eq!(
        Frame::new(4, 4, &[0; 15]).err(),
        Some(FrameError::WrongLength {
            expected: 16,
            got: 15
        })
    );
    assert_eq!(
        Frame::new(scan::MAX_SIDE + 1, 0, &[]).err(),
        Some(FrameError::TooLarge)
    );
    assert!(Frame::new(0, 7, &[]).is_ok());
}

#[test]
fn luma_follows_the_eye() {
    let mut luma = vec![9; 3];
    luma_from_rgba(&[255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 0, 1, 2], &mut luma);
    assert_eq!(luma, [255, 0, 77]);
}
