//! Files that an applicant attaches: which sorts there are, told by what is in them and never by their names, and what keeps one from
//! being taken.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// A sort of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A photograph (ISO/IEC 10918).
    Jpeg,
    /// A picture (RFC 2083).
    Png,
    /// A picture (RFC 9649).
    Webp,
    /// What some telephones make by themselves (ISO/IEC 23008-12). Told apart so that its owner hears what to send instead.
    Heic,
    /// A document (ISO 32000).
    Pdf,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum AttachmentFault {
    /// There is nothing in it.
    Empty,
    /// It is none of the sorts that are taken.
    UnknownSort,
    /// A HEIC photograph.
    Heic,
    /// It is larger than the field takes.
    TooLarge {
        /// The most, in megabytes.
        max_megabytes: u8,
    },
    /// More pixels than anybody needs to see what is on it.
    TooManyPixels {
        /// The most, in millions.
        max_millions: u8,
    },
    /// It begins like a file of its sort and does not go on like one.
    Unreadable,
    /// A PDF that asks for a password.
    Encrypted,
    /// A PDF that does something by itself: runs scripts, starts programs, brings other files along.
    Active,
    /// Another file was sent under the same id.
    Different,
}

impl Sort {
    /// The bytes that are enough to tell.
    pub const HEAD: usize = 16;

    /// The sort of a file that begins with these bytes.
    pub fn of(head: &[u8]) -> Option<Sort> {
        let brand = head.get(8..12);
        if head.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Sort::Jpeg)
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Sort::Png)
        } else if head.starts_with(b"RIFF") && brand == Some(b"WEBP") {
            Some(Sort::Webp)
        } else if head.starts_with(b"%PDF-") {
            Some(Sort::Pdf)
        } else if head.get(4..8) == Some(b"ftyp")
            && matches!(
                brand,
                Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1")
            )
        {
            Some(Sort::Heic)
        } else {
            None
        }
    }

    /// The sort of a file that begins with these bytes, if it is one that is taken.
    ///
    /// # Errors
    ///
    /// [`AttachmentFault::Empty`], [`AttachmentFault::UnknownSort`] or [`AttachmentFault::Heic`].
    pub fn taken(head: &[u8]) -> Result<Sort, AttachmentFault> {
        match Sort::of(head) {
            _ if head.is_empty() => Err(AttachmentFault::Empty),
            None => Err(AttachmentFault::UnknownSort),
            Some(Sort::Heic) => Err(AttachmentFault::Heic),
            Some(sort) => Ok(sort),
        }
    }
}

/// The names by which a PDF says that it is encrypted.
const ENCRYPTED: &[&[u8]] = &[b"Encrypt"];
/// The names of what a PDF would do by itself. Every action says its sort by such a name, so `JavaScript` is there wherever `JS` is;
/// two letters alone would be found by chance in what is compressed.
const ACTIVE: &[&[u8]] = &[
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"SubmitForm",
];
/// How far from its end a PDF may say that it ends.
const TAIL: usize = 2048;

/// Whether a PDF is whole, open and passive, as far as its bytes say. What is compressed is not looked into: whoever serves the file
/// lets nothing in it run.
///
/// # Errors
///
/// [`AttachmentFault::Unreadable`], [`AttachmentFault::Encrypted`] or [`AttachmentFault::Active`].
pub fn check_pdf(bytes: &[u8]) -> Result<(), AttachmentFault> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    if Sort::of(bytes) != Some(Sort::Pdf) || !tail.windows(5).any(|end| end == b"%%EOF") {
        return Err(AttachmentFault::Unreadable);
    }
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'/') {
        rest = &rest[at + 1..];
        let name = pdf_name(rest);
        if ENCRYPTED.contains(&name.as_slice()) {
            return Err(AttachmentFault::Encrypted);
        }
        if ACTIVE.contains(&name.as_slice()) {
            return Err(AttachmentFault::Active);
        }
    }
    Ok(())
}

/// The PDF name that begins here, behind its slash, as far as any that is looked for goes. `#4a` in it stands for `J` (ISO 32000-1
/// §7.3.5).
fn pdf_name(bytes: &[u8]) -> Vec<u8> {
    let mut name = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied().filter(|_| name.len() < 16) {
        let ends = matches!(
            byte,
            0 | b'\t'
                | b'\n'
                | 0x0c
                | b'\r'
                | b' '
                | b'('
                | b')'
                | b'<'
                | b'>'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'/'
                | b'%'
        );
        if ends {
            break;
        }
        let digit = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'#', Some(high), Some(low)) => {
                name.push(u8::try_from(high * 16 + low).unwrap_or(0));
                at += 3;
            }
            _ => {
                name.push(byte);
                at += 1;
            }
        }
    }
    name
}

/// The longest name of a file that is kept, in characters.
pub const MAX_NAME: usize = 80;

/// A file's name as it is kept and shown: without folders, and without characters that nobody sees or that turn the line around. A long
/// one keeps its end.
pub fn file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let name: Vec<char> = last.trim().chars().filter(seen).collect();
    name[name.len().saturating_sub(MAX_NAME)..].iter().collect()
}

/// Whether a text is the id of a file: a UUID in lower case with its hyphens (RFC 9562 §4).
pub fn is_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_told_by_content() {
        for (head, sort) in [
            (
                b"\xff\xd8\xff\xe0\0\x10JFIF\0\0\0\0\0\0".as_slice(),
                Some(Sort::Jpeg),
            ),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(Sort::Png)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Sort::Webp)),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"%PDF-1.7\n%....", Some(Sort::Pdf)),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Some(Sort::Heic)),
            (b"\0\0\0\x18ftypisom\0\0\0\0", None),
            (b"<svg xmlns=", None),
            (b"GIF89a", None),
            (b"\xff\xd8", None),
        ] {
            assert_eq!(Sort::of(head), sort, "{head:?}");
        }
        assert_eq!(Sort::taken(b""), Err(AttachmentFault::Empty));
        assert_eq!(Sort::taken(b"MZ"), Err(AttachmentFault::UnknownSort));
        assert_eq!(Sort::taken(b"\0\0\0\x18ftypheic"), Err(AttachmentFault::Heic));
    }

    #[test]
    fn a_pdf_does_nothing_by_itself() {
        #[track_caller]
        fn check(inside: &str, expected: Result<(), AttachmentFault>) {
            let pdf = std::format!("%PDF-1.4\n1 0 obj\n<< {inside} >>\nendobj\ntrailer\n%%EOF\n");
            assert_eq!(check_pdf(pdf.as_bytes()), expected, "{inside}");
        }
        check("/Type /Catalog /OpenAction [3 0 R /Fit]", Ok(()));
        check("/Type/Catalog/Names 2 0 R", Ok(()));
        check("/Encrypt 5 0 R", Err(AttachmentFault::Encrypted));
        check("/EncryptMetadata false", Ok(()));
        check("/S /JavaScript /JS (app.alert(1))", Err(AttachmentFault::Active));
        check("/S/JavaScript/JS(x)", Err(AttachmentFault::Active));
        check("/S /J#61va#53cript", Err(AttachmentFault::Active));
        check("/S /Launch /F (cmd.exe)", Err(AttachmentFault::Active));
        check("/Type /EmbeddedFile", Err(AttachmentFault::Active));
        check("/A#", Ok(()));
        assert_eq!(check_pdf(b"%PDF-1.4\n1 0 obj"), Err(AttachmentFault::Unreadable));
        assert_eq!(check_pdf(b"%%EOF"), Err(AttachmentFault::Unreadable));
        assert_eq!(check_pdf(b""), Err(AttachmentFault::Unreadable));
    }

    #[test]
    fn a_name_is_what_people_see() {
        assert_eq!(file_name(" C:\\fakepath\\户口簿.jpg "), "户口簿.jpg");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\u{202e}gpj.exe\r\n"), "agpj.exe");
        let long = std::format!("{}.pdf", "长".repeat(200));
        assert_eq!(file_name(&long).chars().count(), MAX_NAME);
        assert!(file_name(&long).ends_with(".pdf"));
        assert_eq!(file_name("/"), "");
    }

    #[test]
    fn an_id_has_one_written_form() {
        assert!(is_id("00000000-0000-4000-8000-00000000000a"));
        for other in [
            "",
            "00000000-0000-4000-8000-00000000000A",
            "00000000000040008000000000000000aaaa",
            "00000000-0000-4000-8000-00000000000a ",
        ] {
            assert!(!is_id(other), "{other:?}");
        }
    }
}
