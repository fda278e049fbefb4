//! Tables that people take away: CSV in UTF-8 with a byte order mark, which spreadsheets open in the right encoding.

use crate::error::AppError;

/// A CSV file that is being written. Cells that a spreadsheet would take for formulas become plain text (OWASP, CSV injection).
pub struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// One with these heads.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written, which memory always can.
    pub fn new<'a>(head: impl IntoIterator<Item = &'a str>) -> Result<Self, AppError> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(vec![0xef, 0xbb, 0xbf]);
        writer.write_record(head).map_err(|_| AppError::Internal)?;
        Ok(Self(writer))
    }

    /// One more line, of as many cells as there are heads.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it has not as many.
    pub fn add(&mut self, row: impl IntoIterator<Item = String>) -> Result<(), AppError> {
        self.0
            .write_record(row.into_iter().map(|cell| plain(&cell)))
            .map_err(|_| AppError::Internal)
    }

    /// The file.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written, which memory always can.
    pub fn finish(self) -> Result<Vec<u8>, AppError> {
        self.0.into_inner().map_err(|_| AppError::Internal)
    }
}

/// A whole CSV file.
///
/// # Errors
/// [`AppError::Internal`] when a line has not as many cells as there are heads.
pub fn csv_file<'a, R: IntoIterator<Item = String>>(
    head: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, AppError> {
    let mut table = Table::new(head)?;
    for row in rows {
        table.add(row)?;
    }
    table.finish()
}

/// A cell that is no formula.
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let file = csv_file(
            ["a"],
            ["=1+1", "-2", "@x", "张*", "a,b"].map(|cell| [cell.to_owned()]),
        )
        .unwrap();
        let text = String::from_utf8(file).unwrap();
        assert_eq!(text, "\u{feff}a\r\n'=1+1\r\n'-2\r\n'@x\r\n张*\r\n\"a,b\"\r\n");
    }
}
