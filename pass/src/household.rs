//! Households: an address, who lives there, and the register's rows as they come from a file.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::table::{Cells, Column, Register, Row};

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

impl Row for HouseholdRow {
    const REGISTER: Register = Register::Households;
    const KEY: Column = Column::Door;

    fn read(_: u32, cells: &mut Cells) -> HouseholdRow {
        HouseholdRow {
            address: Address {
                community: cells.need(Column::Community),
                building: cells.need(Column::Building),
                door: cells.need(Column::Door),
            },
            householder: cells.need(Column::Householder),
        }
    }

    fn key(&self) -> Vec<String> {
        self.address.key().to_vec()
    }
}

#[cfg(test)]
#[path = "household_tests.rs"]
mod tests;
