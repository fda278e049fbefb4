//! Registers as files bring them: a line of column names, and a row a line.
//!
//! Reading the file itself (CSV, XLSX, GBK) is not done here: an import gets lines of cells. What a row of each register must satisfy
//! stands with its noun ([`household`](crate::household), [`unit`](crate::unit), [`person`](crate::person)).

mod column;

pub use column::{Column, Register};

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    household::{HouseholdRow, normalise},
    person::PersonRow,
    unit::UnitRow,
};

/// A word as it is compared: normalised, in lower case, without spaces and the signs that templates put around.
pub(crate) fn word(text: &str) -> String {
    normalise(text).to_lowercase().replace([' ', '_', '-', '*'], "")
}

/// Where each column stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    at: Vec<(Column, usize)>,
}

/// What is wrong with a file's first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum HeaderFault {
    /// No cell names this column.
    Missing {
        /// The column.
        column: Column,
    },
    /// More than one cell names this column.
    Repeated {
        /// The column.
        column: Column,
    },
}

impl Header {
    /// Finds the columns of a register by their heads, in any order and beside others, which are left alone.
    ///
    /// # Errors
    ///
    /// Every column that is missing and needed, or named twice.
    pub fn recognise<S: AsRef<str>>(register: Register, cells: &[S]) -> Result<Header, Vec<HeaderFault>> {
        let (mut at, mut faults) = (Vec::new(), Vec::new());
        for &column in register.columns() {
            let mut found = cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| register.column(cell.as_ref()) == Some(column));
            match (found.next(), found.next()) {
                (None, _) if register.needed().contains(&column) => {
                    faults.push(HeaderFault::Missing { column });
                }
                (None, _) => {}
                (Some((place, _)), None) => at.push((column, place)),
                (Some(_), Some(_)) => faults.push(HeaderFault::Repeated { column }),
            }
        }
        if faults.is_empty() {
            Ok(Header { at })
        } else {
            Err(faults)
        }
    }

    /// Reads one line of cells. Cells that are missing at the end count as empty.
    ///
    /// # Errors
    ///
    /// Every cell that is at fault.
    pub fn row<R: Row, S: AsRef<str>>(&self, line: u32, cells: &[S]) -> Result<R, Vec<RowFault>> {
        let texts = self.at.iter().map(|&(column, at)| {
            let raw = cells.get(at).map_or("", AsRef::as_ref);
            (column, normalise(raw))
        });
        let mut cells = Cells {
            texts: texts.collect(),
            faults: Vec::new(),
        };
        let row = R::read(line, &mut cells);
        if cells.faults.is_empty() {
            Ok(row)
        } else {
            Err(cells.faults)
        }
    }
}

/// The cells of one line, and what was found wrong with them.
#[derive(Debug)]
pub struct Cells {
    texts: Vec<(Column, String)>,
    faults: Vec<RowFault>,
}

impl Cells {
    /// The text of a column that must say something.
    pub fn need(&mut self, column: Column) -> String {
        let text = self.may(column).unwrap_or_default();
        if text.is_empty() {
            self.fault(column, CellFault::Empty);
        }
        text
    }

    /// The text of a column that may be empty; none where the file has no such column.
    pub fn may(&mut self, column: Column) -> Option<String> {
        let (_, text) = self.texts.iter().find(|(of, _)| *of == column)?;
        let text = text.clone();
        let max = column.max_chars();
        if text.chars().count() > usize::from(max) {
            self.fault(column, CellFault::TooLong { max });
        } else if text
            .chars()
            .any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
        {
            self.fault(column, CellFault::Unreadable);
        }
        Some(text)
    }

    /// What `read` makes of a cell that must say something; a fault where it makes nothing of it.
    pub fn needed<T>(
        &mut self,
        column: Column,
        wrong: CellFault,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.need(column);
        self.read(column, wrong, &text, read)
    }

    /// What `read` makes of a cell that may be empty: none where the file has no such column, or where the cell is at fault.
    pub fn given<T>(
        &mut self,
        column: Column,
        wrong: CellFault,
        empty: T,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.may(column)?;
        if text.is_empty() {
            return Some(empty);
        }
        self.read(column, wrong, &text, read)
    }

    fn read<T>(
        &mut self,
        column: Column,
        wrong: CellFault,
        text: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        // A cell that has a fault is not found another.
        if self.faults.iter().any(|fault| fault.column == column) {
            return None;
        }
        let made = read(text);
        if made.is_none() {
            self.fault(column, wrong);
        }
        made
    }

    fn fault(&mut self, column: Column, fault: CellFault) {
        self.faults.push(RowFault { column, fault });
    }
}

/// A row of a register.
pub trait Row: Sized {
    /// Whose.
    const REGISTER: Register;
    /// The column that is named where two rows are the same one's.
    const KEY: Column;

    /// Reads it from a line of the file. Where the cells have faults, what is made of them is not used.
    fn read(line: u32, cells: &mut Cells) -> Self;

    /// What tells it apart from every other row.
    fn key(&self) -> Vec<String>;
}

/// A cell that can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// In which column.
    pub column: Column,
    /// What is wrong.
    pub fault: CellFault,
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellFault {
    /// Nothing in it.
    Empty,
    /// Too many characters.
    TooLong {
        /// The most.
        max: u16,
    },
    /// Control or replacement characters: the file was read in the wrong encoding.
    Unreadable,
    /// The same household, unit or person stands in an earlier line.
    Duplicate {
        /// The number of that line.
        first_line: u32,
    },
    /// Not of the form that a number, a code or an address has.
    Malformed,
    /// None of the words that are known here.
    UnknownWord,
    /// Neither in the file nor in the register.
    Unknown,
    /// More than one unit has this name.
    Ambiguous,
    /// The unit would stand below itself.
    Cycle,
}

/// A fault and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFault {
    /// The line's number in the file, the header being line 1.
    pub line: u32,
    /// The cell and what is wrong with it; of a duplicate the [key](Row::KEY).
    #[serde(flatten)]
    pub fault: RowFault,
}

impl LineFault {
    /// A fault in a column of a line.
    pub fn new(line: u32, column: Column, fault: CellFault) -> LineFault {
        LineFault {
            line,
            fault: RowFault { column, fault },
        }
    }
}

/// What a file's lines come to. Nothing of it should be stored while there are faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<R> {
    /// The good rows.
    pub rows: Vec<R>,
    /// The faults, by line.
    pub faults: Vec<LineFault>,
}

/// Reads the lines after the header, each with its number; lines without any text are passed over.
pub fn import<R: Row, S: AsRef<str>>(
    header: &Header,
    lines: impl IntoIterator<Item = (u32, Vec<S>)>,
) -> Import<R> {
    let mut import = Import {
        rows: Vec::new(),
        faults: Vec::new(),
    };
    let mut seen = BTreeMap::new();
    for (line, cells) in lines {
        if cells.iter().all(|cell| normalise(cell.as_ref()).is_empty()) {
            continue;
        }
        match header.row::<R, S>(line, &cells) {
            Err(faults) => import
                .faults
                .extend(faults.into_iter().map(|fault| LineFault { line, fault })),
            Ok(row) => match seen.get(&row.key()) {
                None => {
                    seen.insert(row.key(), line);
                    import.rows.push(row);
                }
                Some(&first_line) => {
                    let fault = CellFault::Duplicate { first_line };
                    import.faults.push(LineFault::new(line, R::KEY, fault));
                }
            },
        }
    }
    import
}

/// The rows of a file, of whichever register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Households.
    Households(Vec<HouseholdRow>),
    /// Units.
    Units(Vec<UnitRow>),
    /// People.
    People(Vec<PersonRow>),
}

impl Rows {
    /// None, of a register.
    pub fn none(register: Register) -> Rows {
        match register {
            Register::Households => Rows::Households(Vec::new()),
            Register::Units => Rows::Units(Vec::new()),
            Register::People => Rows::People(Vec::new()),
        }
    }

    /// [Reads](import) the lines after the header into rows of the register.
    pub fn import<S: AsRef<str>>(
        register: Register,
        header: &Header,
        lines: impl IntoIterator<Item = (u32, Vec<S>)>,
    ) -> (Rows, Vec<LineFault>) {
        match register {
            Register::Households => {
                let Import { rows, faults } = import(header, lines);
                (Rows::Households(rows), faults)
            }
            Register::Units => {
                let Import { rows, faults } = import(header, lines);
                (Rows::Units(rows), faults)
            }
            Register::People => {
                let Import { rows, faults } = import(header, lines);
                (Rows::People(rows), faults)
            }
        }
    }

    /// Whose they are.
    pub fn register(&self) -> Register {
        match self {
            Rows::Households(_) => Register::Households,
            Rows::Units(_) => Register::Units,
            Rows::People(_) => Register::People,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Rows::Households(rows) => rows.len(),
            Rows::Units(rows) => rows.len(),
            Rows::People(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
