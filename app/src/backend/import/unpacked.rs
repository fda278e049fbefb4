//! What an XLSX file comes to once unpacked, found out before anything of it is built in memory: the reader believes what a file says
//! about its own size.

use crate::error::Fault;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// The most bytes of all parts together.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The most parts.
const MOST_PARTS: usize = 1000;
/// The most texts that a part may announce, for which room is made at once.
const MOST_TEXTS: u64 = 1_000_000;

/// Whether the file may be read.
///
/// # Errors
/// [`Fault::TooMuchInside`]; [`Fault::UnknownFile`] when it cannot be unpacked.
pub fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::UnknownFile)?;
    if archive.len() > MOST_PARTS {
        return Err(Fault::TooMuchInside);
    }
    let mut left = MOST_BYTES;
    for part in 0..archive.len() {
        // Unpacked for real: what the directory says of its length may be a lie.
        let part = archive.by_index(part).map_err(|_| Fault::UnknownFile)?;
        let mut content = Vec::new();
        part.take(left as u64 + 1)
            .read_to_end(&mut content)
            .map_err(|_| Fault::UnknownFile)?;
        left = left.checked_sub(content.len()).ok_or(Fault::TooMuchInside)?;
        if announced(&content) > MOST_TEXTS {
            return Err(Fault::TooMuchInside);
        }
    }
    Ok(())
}

/// The largest number of texts that a part says it has.
fn announced(content: &[u8]) -> u64 {
    const WORD: &[u8] = b"uniqueCount";
    content
        .windows(WORD.len())
        .enumerate()
        .filter(|(_, word)| *word == WORD)
        .map(|(at, _)| {
            content[at + WORD.len()..]
                .iter()
                .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
                .take_while(|byte| byte.is_ascii_digit())
                .fold(0_u64, |number, digit| {
                    number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
                })
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_unpacks_to_far_too_much_is_refused() {
        let zeros = vec![0; MOST_BYTES / 2 + 1];
        let one = archive(&[("xl/a.xml", &zeros)]);
        assert!(one.len() < 1024 * 1024);
        assert_eq!(check(&one), Ok(()));
        let two = archive(&[("xl/a.xml", &zeros), ("xl/b.xml", &zeros)]);
        assert_eq!(check(&two), Err(Fault::TooMuchInside));
        let many: Vec<String> = (0..=MOST_PARTS).map(|n| format!("xl/{n}.xml")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert_eq!(check(&archive(&many)), Err(Fault::TooMuchInside));
        assert_eq!(check(b"PK and nothing more"), Err(Fault::UnknownFile));
    }

    #[test]
    fn a_number_of_texts_that_cannot_be_is_refused() {
        #[track_caller]
        fn announces(content: &str, outcome: Result<(), Fault>) {
            let bytes = archive(&[("xl/sharedStrings.xml", content.as_bytes())]);
            assert_eq!(check(&bytes), outcome, "{content}");
        }
        let too_much = Err(Fault::TooMuchInside);
        announces("<sst count=\"9999999999\" uniqueCount=\"12\"/>", Ok(()));
        announces("<sst uniqueCount='1000000'/>", Ok(()));
        announces("<sst uniqueCount=\"1000001\"/>", too_much.clone());
        announces("<sst uniqueCount = '99999999999999999999999'/>", too_much.clone());
        announces(
            "<!-- uniqueCount=\"1\" --><sst uniqueCount=\"4000000000\"/>",
            too_much,
        );
    }
}
