//! A link as a QR code (ISO/IEC 18004): its dots as the path of a drawing.

use pass::presentation::Link;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// The empty border that a reader needs, in modules.
const QUIET: i32 = 4;

/// A code, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// The side with its quiet border, in modules.
    pub side: i32,
    /// The symbol's version, 1 to 40.
    pub version: u8,
    /// The dark modules as the data of an SVG path, one unit a module.
    pub path: String,
}

impl Square {
    /// Encodes a link at level M, its digits in numeric mode; absent when it is too long for any code.
    pub fn of(link: &Link) -> Option<Square> {
        let segments = [
            QrSegment::make_bytes(link.prefix.as_bytes()),
            QrSegment::make_numeric(&link.digits),
        ];
        let code = QrCode::encode_segments_advanced(
            &segments,
            QrCodeEcc::Medium,
            Version::MIN,
            Version::MAX,
            None,
            // A higher level in the same version would cost nothing, but the format says M.
            false,
        )
        .ok()?;
        Some(Square {
            side: code.size() + 2 * QUIET,
            version: code.version().value(),
            path: path(&code),
        })
    }
}

/// Runs of dark modules, row by row.
fn path(code: &QrCode) -> String {
    use std::fmt::Write as _;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += i32::try_from(run).unwrap_or(0) + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_a_static_credential_is_a_small_code() {
        // 140 bytes make 340 digits.
        let link = Link {
            prefix: "https://pass.example.cn/v#".into(),
            digits: "7".repeat(340),
        };
        let square = Square::of(&link).unwrap();
        assert!(square.version <= 10, "version {}", square.version);
        assert_eq!(square.side, i32::from(square.version) * 4 + 17 + 8);
        // The first row begins with the finder pattern's seven dark modules, inside the quiet border.
        assert!(square.path.starts_with("M4 4h7v1h-7z"), "{}", &square.path[..40]);
    }

    #[test]
    fn what_fits_no_code_is_none() {
        let link = Link {
            prefix: String::new(),
            digits: "1".repeat(8000),
        };
        assert_eq!(Square::of(&link), None);
    }
}
