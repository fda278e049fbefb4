//! What an old XLS file comes to, found out before it is read: it is a small file system (MS-CFB) with a stream of records (MS-XLS), and
//! the reader believes its chains to end and its cells to lie close together.

use crate::error::Fault;

/// The most cells of the rectangles that the sheets' cells span, together.
const MOST_CELLS: u64 = 4_000_000;
/// The most sheets.
const MOST_SHEETS: usize = 256;
/// Sectors from here on are marks, not places (MS-CFB §2.1).
const MARKS: u32 = 0xffff_fffa;
const END: u32 = 0xffff_fffe;
/// Streams shorter than this lie in the small sectors.
const SMALL: u64 = 4096;

/// Whether the file may be read.
///
/// # Errors
/// [`Fault::TooMuchInside`]; [`Fault::UnknownFile`] when it is not built as it must be.
pub fn check(bytes: &[u8]) -> Result<(), Fault> {
    let book = book(bytes).ok_or(Fault::UnknownFile)?;
    let sheets = sheets(&book);
    let cells = sheets.iter().try_fold(0_u64, |sum, start| {
        Some(sum.saturating_add(span(book.get(*start..)?)))
    });
    match cells {
        None => Err(Fault::UnknownFile),
        Some(cells) if cells > MOST_CELLS || sheets.len() > MOST_SHEETS => Err(Fault::TooMuchInside),
        Some(_) => Ok(()),
    }
}

/// The stream with the workbook, when every chain of the file ends.
fn book(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let sector = |id: u32| {
        let start = (usize::try_from(id).ok()? + 1).checked_mul(size)?;
        let end = bytes.len().min(start.checked_add(size)?);
        bytes.get(start..end).filter(|sector| !sector.is_empty())
    };
    // A longer list of allocation sectors than the header holds needs a larger file than is taken.
    if u32_at(bytes, 68)? < MARKS {
        return None;
    }
    let mut table = Vec::new();
    for id in numbers(bytes.get(76..512)?).filter(|id| *id < MARKS) {
        table.extend(numbers(sector(id)?));
    }
    let read = |start: u32| {
        let mut content = Vec::new();
        for id in chain(start, &table)? {
            content.extend_from_slice(sector(id)?);
        }
        Some(content)
    };
    let directory = read(u32_at(bytes, 48)?)?;
    let small_table: Vec<u32> = match u32_at(bytes, 60)? {
        END => Vec::new(),
        start => numbers(&read(start)?).collect(),
    };
    let small_sectors = read(u32_at(&directory, 116)?)?;
    // The reader takes the first of the newer name, else the first of the older one.
    let (mut newer, mut older) = (None, None);
    for entry in directory.chunks_exact(128) {
        let (start, length) = (u32_at(entry, 116)?, u64::from(u32_at(entry, 120)?));
        let name = name(entry);
        let content = if length == 0 || name == "root entry" {
            continue;
        } else if length < SMALL {
            let mut content = Vec::new();
            for id in chain(start, &small_table)? {
                let start = usize::try_from(id).ok()?.checked_mul(64)?;
                content.extend_from_slice(small_sectors.get(start..)?.get(..64)?);
            }
            content
        } else {
            read(start)?
        };
        let length = usize::try_from(length).ok()?;
        if content.len() < length {
            return None;
        }
        let place = match name.as_str() {
            "workbook" => &mut newer,
            "book" => &mut older,
            _ => continue,
        };
        if place.is_none() {
            *place = Some(content[..length].to_vec());
        }
    }
    newer.or(older)
}

/// The sectors of a chain, when it ends.
fn chain(start: u32, table: &[u32]) -> Option<Vec<u32>> {
    let mut chain = Vec::new();
    let mut id = start;
    while id != END {
        if chain.len() > table.len() {
            return None;
        }
        chain.push(id);
        id = *table.get(usize::try_from(id).ok()?)?;
    }
    Some(chain)
}

/// Where the workbook says that its sheets begin.
fn sheets(book: &[u8]) -> Vec<usize> {
    records(book)
        .take_while(|(kind, _)| *kind != 0x000a)
        .filter(|(kind, _)| *kind == 0x0085)
        .filter_map(|(_, data)| usize::try_from(u32_at(data, 0)?).ok())
        .collect()
}

/// How many cells the rectangle has that the cells of a sheet span, as far as the records go: those of what is embedded count too.
fn span(sheet: &[u8]) -> u64 {
    let mut corners: Option<[u64; 4]> = None;
    let mut reach = |row: u64, column: u64| {
        let [top, left, bottom, right] = corners.unwrap_or([row, column, row, column]);
        corners = Some([top.min(row), left.min(column), bottom.max(row), right.max(column)]);
    };
    let mut depth = 0_u32;
    for (kind, data) in records(sheet) {
        let short = |at: usize| u16_at(data, at).map(u64::from);
        match kind {
            0x0809 => depth += 1,
            0x000a if depth <= 1 => break,
            0x000a => depth -= 1,
            // DIMENSIONS: the rows and columns that the sheet announces, the last ones not included.
            0x0200 => {
                let rows = match data.len() {
                    10 => short(0).zip(short(2)).zip(short(4).zip(short(6))),
                    _ => u32_at(data, 0)
                        .map(u64::from)
                        .zip(u32_at(data, 4).map(u64::from))
                        .zip(short(8).zip(short(10))),
                };
                if let Some(((top, bottom), (left, right))) = rows {
                    // The reader takes a strange first column for 0.
                    let left = if left > 0xff || right < left { 0 } else { left };
                    if bottom > 0 && right > 0 {
                        // What ends before it begins would be counted backwards.
                        let bottom = if bottom <= top {
                            u64::from(u32::MAX)
                        } else {
                            bottom - 1
                        };
                        reach(top, left);
                        reach(bottom, right - 1);
                    }
                }
            }
            // FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: each begins with its row and column; the run of numbers
            // ends with its last column.
            0x0006 | 0x00bd | 0x00d6 | 0x00fd | 0x0203 | 0x0204 | 0x0205 | 0x027e => {
                if let Some((row, column)) = short(0).zip(short(2)) {
                    reach(row, column);
                    if kind == 0x00bd {
                        reach(row, column + (data.len() / 6) as u64);
                    }
                }
            }
            _ => {}
        }
    }
    corners.map_or(0, |[top, left, bottom, right]| {
        (bottom - top + 1) * (right - left + 1)
    })
}

/// The records of a stream: what each is, and its bytes.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, 0)?, usize::from(u16_at(stream, 2)?));
        let data = stream.get(4..4 + length)?;
        stream = &stream[4 + length..];
        Some((kind, data))
    })
}

/// The name of a directory's entry, in lower case.
fn name(entry: &[u8]) -> String {
    let units = entry[..64]
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER).to_ascii_lowercase())
        .collect()
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk::<2>()
        .map(|two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk::<4>()
        .map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
#[path = "compound_tests.rs"]
mod tests;
