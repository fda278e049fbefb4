//! Registers as they come from offices: CSV and spreadsheets, in whatever encoding, read into lines of cells.
//! What a line must satisfy is decided in [`pass::table`] and by each register's noun.

mod compound;
mod unpacked;

use crate::error::Fault;
use calamine::{Data, DataRef, Reader, Xls, Xlsx};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use pass::household::normalise;
use pass::table::{Header, HeaderFault, LineFault, Register, Rows};
use std::io::Cursor;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most lines of one file.
pub const MAX_LINES: u32 = 100_000;
/// Cells of a line beyond these are not looked at.
const MAX_CELLS: usize = 64;

/// The most characters of a cell that are looked at: more than any column takes.
const MAX_CHARS: usize = 1000;
/// The most bytes of all cells together: a text that many cells share is kept in each.
const MAX_TEXT: usize = 32 * 1024 * 1024;

/// A line of the file: its number, from 1, and its cells.
type Line = (u32, Vec<String>);

/// What a file comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong with the line of column names; nothing below it was looked at then.
    pub header: Vec<HeaderFault>,
    /// What is wrong with lines.
    pub faults: Vec<LineFault>,
    /// The good lines.
    pub rows: Rows,
}

/// Reads a file for a register and checks every line of it.
///
/// # Errors
/// When there is nothing to check: empty, of an unknown sort, or too large.
pub fn check(register: Register, bytes: &[u8]) -> Result<Checked, Fault> {
    let lines = lines(bytes)?;
    let mut lines = lines
        .into_iter()
        .skip_while(|(_, cells)| cells.iter().all(|cell| normalise(cell).is_empty()));
    let Some((_, first)) = lines.next() else {
        return Err(Fault::EmptyFile);
    };
    let header = match Header::recognise(register, &first) {
        Ok(header) => header,
        Err(header) => {
            return Ok(Checked {
                header,
                faults: Vec::new(),
                rows: Rows::none(register),
            });
        }
    };
    let (rows, faults) = Rows::import(register, &header, lines);
    if rows.is_empty() && faults.is_empty() {
        return Err(Fault::EmptyFile);
    }
    Ok(Checked {
        header: Vec::new(),
        faults,
        rows,
    })
}

fn lines(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge {
            max_bytes: MAX_BYTES as u64,
        });
    }
    if bytes.is_empty() {
        return Err(Fault::EmptyFile);
    }
    // What a file is, its first bytes say; its name may say anything.
    if bytes.starts_with(b"PK") {
        xlsx(bytes)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        xls(bytes)
    } else {
        separated(&text(bytes)?)
    }
}

/// The first sheet of an XLSX file, cell by cell: a cell far away costs nothing.
fn xlsx(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    unpacked::check(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::UnknownFile)?;
    let sheet = book.sheet_names().first().cloned().ok_or(Fault::EmptyFile)?;
    let mut cells = book
        .worksheet_cells_reader(&sheet)
        .map_err(|_| Fault::UnknownFile)?;
    let mut lines = Lines::default();
    while let Some(cell) = cells.next_cell().map_err(|_| Fault::UnknownFile)? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::String(text) => cut(text),
            DataRef::SharedString(text) => cut(text),
            DataRef::Empty => continue,
            other => spelled(&Data::from(other.clone())),
        };
        lines.place(row, column as usize, value)?;
    }
    Ok(lines.all)
}

/// The first sheet of an old XLS file, whose rows and columns are few by its format.
fn xls(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    compound::check(bytes)?;
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|_| Fault::UnknownFile)?;
    let range = book
        .worksheet_range_at(0)
        .ok_or(Fault::EmptyFile)?
        .map_err(|_| Fault::UnknownFile)?;
    let (top, left) = range.start().unwrap_or_default();
    let mut lines = Lines::default();
    for (row, column, value) in range.used_cells() {
        let (Ok(row), Ok(left)) = (u32::try_from(row), usize::try_from(left)) else {
            continue;
        };
        lines.place(top + row, left + column, spelled(value))?;
    }
    Ok(lines.all)
}

/// The lines of a spreadsheet, as far as they have been read.
#[derive(Default)]
struct Lines {
    all: Vec<Line>,
    /// The bytes of all cells.
    text: usize,
}

impl Lines {
    /// Puts a cell at its place; cells come row by row.
    fn place(&mut self, row: u32, column: usize, value: String) -> Result<(), Fault> {
        if value.is_empty() || column >= MAX_CELLS {
            return Ok(());
        }
        self.text += value.len();
        if self.text > MAX_TEXT {
            return Err(Fault::TooMuchInside);
        }
        let number = row.saturating_add(1);
        if self.all.last().is_none_or(|(last, _)| *last != number) {
            if self.all.len() as u64 >= u64::from(MAX_LINES) {
                return Err(Fault::TooManyLines { max: MAX_LINES });
            }
            self.all.push((number, Vec::new()));
        }
        if let Some((_, cells)) = self.all.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = value;
        }
        Ok(())
    }
}

/// A text as far as it is looked at.
fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

/// A cell as it is written. A spreadsheet makes a number of a door and a date of `3-1`: the number is the door,
/// the date is not what anybody typed and counts as unreadable.
fn spelled(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) => cut(text),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        _ => char::REPLACEMENT_CHARACTER.to_string(),
    }
}

/// The file's text: UTF-8 with or without its mark, UTF-16 with its mark, or else GB 18030, which contains GBK and GB 2312.
fn text(bytes: &[u8]) -> Result<String, Fault> {
    let decoded = |(text, broken): (std::borrow::Cow<'_, str>, bool)| {
        if broken {
            Err(Fault::UnreadableText)
        } else {
            Ok(text.into_owned())
        }
    };
    let text = if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        decoded(UTF_16LE.decode_without_bom_handling(rest))?
    } else if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        decoded(UTF_16BE.decode_without_bom_handling(rest))?
    } else if bytes.contains(&0) {
        return Err(Fault::UnknownFile);
    } else {
        let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => decoded(GB18030.decode_without_bom_handling(bytes))?,
        }
    };
    let start = text.trim_start();
    if start.is_empty() {
        Err(Fault::EmptyFile)
    } else if start.starts_with("%PDF") || start.starts_with('<') || start.starts_with('{') {
        // A document, or a web page that calls itself a table.
        Err(Fault::UnknownFile)
    } else {
        Ok(text)
    }
}

/// Lines of cells separated by commas, semicolons or tabs, whichever the first line has most of.
fn separated(text: &str) -> Result<Vec<Line>, Fault> {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let delimiter = b",;\t"
        .iter()
        .copied()
        .max_by_key(|&delimiter| (unquoted(first, delimiter), delimiter == b','))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|_| Fault::UnreadableText)?
    {
        if lines.len() as u64 >= u64::from(MAX_LINES) {
            return Err(Fault::TooManyLines { max: MAX_LINES });
        }
        let number = record.position().map_or(0, |position| line_at(text, position));
        lines.push((number, record.iter().take(MAX_CELLS).map(str::to_owned).collect()));
    }
    Ok(lines)
}

/// How often a delimiter stands outside of quotes.
fn unquoted(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(!quoted && byte == delimiter);
    }
    count
}

/// The line a record begins on: the reader counts from the empty lines before it, which it passes over.
fn line_at(text: &str, position: &csv::Position) -> u32 {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let skipped = rest
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(position.line())
        .unwrap_or(u32::MAX)
        .saturating_add(u32::try_from(skipped).unwrap_or(0))
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
