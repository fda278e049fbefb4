//! Households: an address, who lives there, and the register's rows as they come from a file.
//!
//! Reading the file itself (CSV, XLSX, GBK) is not done here: an import gets lines of cells.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

/// A text as the register keeps it: full-width letters, digits and signs become their ordinary forms,
/// runs of white space become one space, invisible characters and the space around go.
///
/// So `３栋 ` and `3栋` are one building, whatever the input method typed.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for c in text.chars() {
        let c = half_width(c);
        if matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        if !c.is_whitespace() {
            normal.push(c);
        } else if !normal.ends_with(' ') && !normal.is_empty() {
            normal.push(' ');
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

/// The ordinary form of a full-width character (U+FF01 to U+FF5E, and the ideographic space).
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether two names are the same for the register: equal once normalised and without their spaces,
/// letters of either case.
pub fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| normalise(name).replace(' ', "").to_lowercase();
    bare(one) == bare(other)
}

/// Surnames of two characters, so that 欧阳 doesn't become 欧.
const COMPOUND_SURNAMES: [&str; 18] = [
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "宇文", "长孙", "夏侯",
    "东方", "端木", "轩辕", "独孤", "南宫",
];

/// A name as a guard sees it: the surname and a star, `张三` → `张*`, `欧阳修` → `欧阳*`; of any other
/// script the first letter, `John Smith` → `J*`. An empty name gives a star alone.
///
/// At most 10 bytes long.
pub fn mask(name: &str) -> String {
    let name = normalise(name);
    let compound = COMPOUND_SURNAMES
        .iter()
        .find(|surname| name.starts_with(**surname) && name.len() > surname.len());
    let mut shown = match compound {
        Some(surname) => surname.to_string(),
        None => name
            .chars()
            .take(1)
            .filter(|&c| c != '*' && !c.is_control())
            .collect(),
    };
    shown.push('*');
    shown
}

/// Where a household lives: community (小区), building (楼栋) and door (门牌号).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// 小区.
    pub community: String,
    /// 楼栋号.
    pub building: String,
    /// 门牌号.
    pub door: String,
}

impl Address {
    /// An address of [normalised](normalise) parts.
    pub fn new(community: &str, building: &str, door: &str) -> Address {
        Address {
            community: normalise(community),
            building: normalise(building),
            door: normalise(door),
        }
    }

    /// The same address written in another case gives the same key.
    fn key(&self) -> [String; 3] {
        [
            self.community.to_lowercase(),
            self.building.to_lowercase(),
            self.door.to_lowercase(),
        ]
    }
}

/// One good row of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdRow {
    /// Where.
    pub address: Address,
    /// The householder's name (户主姓名).
    pub householder: String,
}

/// The columns of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 小区, community.
    Community,
    /// 楼栋, building.
    Building,
    /// 门牌号, door.
    Door,
    /// 户主, householder.
    Householder,
}

impl Column {
    /// Every column, all of them needed.
    pub const ALL: [Column; 4] = [
        Column::Community,
        Column::Building,
        Column::Door,
        Column::Householder,
    ];

    /// The heads a column is known by. Compared without spaces and in lower case.
    pub fn heads(self) -> &'static [&'static str] {
        match self {
            Column::Community => &["小区", "小区名称", "小区名", "community", "estate"],
            Column::Building => &["楼栋", "楼栋号", "楼号", "栋", "栋号", "building"],
            Column::Door => &["门牌", "门牌号", "房号", "房间号", "door", "doornumber", "room"],
            Column::Householder => &[
                "户主",
                "户主姓名",
                "householder",
                "householdername",
                "nameofhouseholder",
            ],
        }
    }

    /// The most characters of a cell.
    pub fn max_chars(self) -> u16 {
        match self {
            Column::Community | Column::Householder => 40,
            Column::Building | Column::Door => 20,
        }
    }

    fn of(head: &str) -> Option<Column> {
        let head: String = normalise(head).to_lowercase().replace([' ', '_', '-', '*'], "");
        Column::ALL
            .into_iter()
            .find(|column| column.heads().contains(&head.as_str()))
    }
}

/// Where each column stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    at: [usize; 4],
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
    /// Finds the columns by their heads, in any order and beside others, which are left alone.
    ///
    /// # Errors
    ///
    /// Every column that is missing or named twice.
    pub fn recognise<S: AsRef<str>>(cells: &[S]) -> Result<Header, Vec<HeaderFault>> {
        let mut faults = Vec::new();
        let at = Column::ALL.map(|column| {
            let mut found = cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| Column::of(cell.as_ref()) == Some(column));
            let first = found.next().map(|(at, _)| at);
            if first.is_none() {
                faults.push(HeaderFault::Missing { column });
            } else if found.next().is_some() {
                faults.push(HeaderFault::Repeated { column });
            }
            first.unwrap_or_default()
        });
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
    pub fn row<S: AsRef<str>>(&self, cells: &[S]) -> Result<HouseholdRow, Vec<RowFault>> {
        let mut faults = Vec::new();
        let mut cell = |column: Column| {
            let raw = cells.get(self.at[column as usize]).map_or("", AsRef::as_ref);
            let text = normalise(raw);
            let max = column.max_chars();
            if text.is_empty() {
                faults.push(RowFault {
                    column,
                    fault: CellFault::Empty,
                });
            } else if text.chars().count() > usize::from(max) {
                faults.push(RowFault {
                    column,
                    fault: CellFault::TooLong { max },
                });
            } else if text
                .chars()
                .any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
            {
                faults.push(RowFault {
                    column,
                    fault: CellFault::Unreadable,
                });
            }
            text
        };
        let [community, building, door, householder] = Column::ALL.map(&mut cell);
        let address = Address {
            community,
            building,
            door,
        };
        if faults.is_empty() {
            Ok(HouseholdRow { address, householder })
        } else {
            Err(faults)
        }
    }
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
    /// The same address stands in an earlier line.
    Duplicate {
        /// The number of that line.
        first_line: u32,
    },
}

/// A fault and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFault {
    /// The line's number in the file, the header being line 1.
    pub line: u32,
    /// The cell and what is wrong with it; of a duplicate the door.
    #[serde(flatten)]
    pub fault: RowFault,
}

/// What a file's lines come to. Nothing of it should be stored while there are faults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The good rows with their line numbers.
    pub rows: Vec<(u32, HouseholdRow)>,
    /// The faults, by line.
    pub faults: Vec<LineFault>,
}

/// Reads the lines after the header, each with its number; lines without any text are passed over.
pub fn import<S: AsRef<str>>(header: &Header, lines: impl IntoIterator<Item = (u32, Vec<S>)>) -> Import {
    let mut import = Import::default();
    let mut seen = BTreeMap::new();
    for (line, cells) in lines {
        if cells.iter().all(|cell| normalise(cell.as_ref()).is_empty()) {
            continue;
        }
        match header.row(&cells) {
            Err(faults) => import
                .faults
                .extend(faults.into_iter().map(|fault| LineFault { line, fault })),
            Ok(row) => match seen.insert(row.address.key(), line) {
                None => import.rows.push((line, row)),
                Some(first_line) => {
                    seen.insert(row.address.key(), first_line);
                    let fault = RowFault {
                        column: Column::Door,
                        fault: CellFault::Duplicate { first_line },
                    };
                    import.faults.push(LineFault { line, fault });
                }
            },
        }
    }
    import
}

#[cfg(test)]
#[path = "household_tests.rs"]
mod tests;
