//! Units (单位/部门): their codes, the rule of their tree, and the register's rows as they come from a file.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::{
    household::normalise,
    person::person_number,
    table::{CellFault, Cells, Column, LineFault, Register, Row},
};

/// The longest code, in characters.
pub const MAX_CODE: usize = 20;

/// A unit's code as registers keep it: half-width, upper case, without spaces. `None` when it is empty, longer than [`MAX_CODE`] or has
/// anything but letters, digits, `-` and `.`.
pub fn unit_code(typed: &str) -> Option<String> {
    let code: String = normalise(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.');
    ((1..=MAX_CODE).contains(&code.chars().count()) && code.chars().all(fits)).then_some(code)
}

/// One good row of the register of units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its line in the file.
    pub line: u32,
    /// The site's own code for it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name in English; none where the file says nothing of it.
    pub name_en: Option<String>,
    /// The code of the unit above, empty at the top; none where the file says nothing of it.
    pub parent: Option<String>,
    /// The numbers of its heads; empty where the file says nothing of them.
    pub heads: Vec<String>,
    /// The numbers of their deputies; empty where the file says nothing of them.
    pub deputies: Vec<String>,
}

impl Row for UnitRow {
    const REGISTER: Register = Register::Units;
    const KEY: Column = Column::Code;

    fn read(line: u32, cells: &mut Cells) -> UnitRow {
        let malformed = CellFault::Malformed;
        UnitRow {
            line,
            code: cells
                .needed(Column::Code, malformed, unit_code)
                .unwrap_or_default(),
            name: cells.need(Column::UnitName),
            name_en: cells.may(Column::NameEn).filter(|name| !name.is_empty()),
            parent: cells.given(Column::Parent, malformed, String::new(), unit_code),
            heads: cells
                .given(Column::Heads, malformed, Vec::new(), numbers)
                .unwrap_or_default(),
            deputies: cells
                .given(Column::Deputies, malformed, Vec::new(), numbers)
                .unwrap_or_default(),
        }
    }

    fn key(&self) -> Vec<String> {
        [self.code.clone()].into()
    }
}

/// Numbers with `、`, `,`, `;`, `/` or a space between them, each once. `None` when one of them is none.
pub fn numbers(typed: &str) -> Option<Vec<String>> {
    let mut numbers = Vec::new();
    for part in normalise(typed)
        .split(['、', ',', ';', '/', ' '])
        .filter(|part| !part.is_empty())
    {
        let number = person_number(part)?;
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Some(numbers)
}

/// What would be wrong with the tree if `rows` were taken over: units above that are nowhere, and units that would stand below
/// themselves. `there` has every open unit's code, and the code of the one above it.
pub fn tree_faults(there: &BTreeMap<String, Option<String>>, rows: &[UnitRow]) -> Vec<LineFault> {
    let mut above: BTreeMap<&str, Option<&str>> = there
        .iter()
        .map(|(code, parent)| (code.as_str(), parent.as_deref()))
        .collect();
    for row in rows {
        let kept = above.get(row.code.as_str()).copied().flatten();
        let parent = match row.parent.as_deref() {
            None => kept,
            Some("") => None,
            Some(parent) => Some(parent),
        };
        above.insert(&row.code, parent);
    }
    let circles = circles(&above);
    let mut faults = Vec::new();
    for row in rows {
        let named = row.parent.as_deref().filter(|parent| !parent.is_empty());
        let fault = if named.is_some_and(|parent| !above.contains_key(parent)) {
            CellFault::Unknown
        } else if circles.contains(row.code.as_str()) {
            CellFault::Cycle
        } else {
            continue;
        };
        faults.push(LineFault::new(row.line, Column::Parent, fault));
    }
    faults
}

/// Everything that stands below itself. Every step is gone once.
fn circles<'a>(above: &BTreeMap<&'a str, Option<&'a str>>) -> BTreeSet<&'a str> {
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    for &start in above.keys() {
        let mut way = Vec::new();
        let mut next = Some(start);
        while let Some(code) = next.filter(|code| !seen.contains(code)) {
            seen.insert(code);
            way.push(code);
            next = above.get(code).copied().flatten();
        }
        if let Some(begin) = way.iter().position(|code| Some(*code) == next) {
            found.extend(way.into_iter().skip(begin));
        }
    }
    found
}

/// Whether `unit` would stand below itself with `parent` above it. `above` says what stands above a unit now.
pub fn would_circle<K: Copy + Ord>(above: &BTreeMap<K, Option<K>>, unit: K, parent: K) -> bool {
    let mut at = Some(parent);
    // Not more steps than there are units, should the tree be none.
    for _ in 0..=above.len() {
        match at {
            None => return false,
            Some(here) if here == unit => return true,
            Some(here) => at = above.get(&here).copied().flatten(),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Header, import};
    use alloc::{borrow::ToOwned, vec, vec::Vec};

    const HEADS: [&str; 6] = [
        "单位代码",
        "单位名称",
        "英文名称",
        "上级单位代码",
        "负责人",
        "副职",
    ];

    fn rows(lines: &[&str]) -> crate::table::Import<UnitRow> {
        let header = Header::recognise(Register::Units, &HEADS).unwrap();
        let lines = (2..).zip(lines.iter().map(|line| line.split('|').collect::<Vec<_>>()));
        import(&header, lines)
    }

    #[test]
    fn codes_as_they_are_typed() {
        for (typed, kept) in [
            (" ｃｓ 01", Some("CS01")),
            ("107.2-b", Some("107.2-B")),
            ("", None),
            ("a/b", None),
            ("123456789012345678901", None),
        ] {
            assert_eq!(unit_code(typed).as_deref(), kept, "{typed:?}");
        }
    }

    #[test]
    fn rows_of_units() {
        let found = rows(&["107|计算机学院||10|0701、０７０２，0701|0703 0704", "10|校部||||"]);
        assert_eq!(found.faults, []);
        let row = &found.rows[0];
        assert_eq!(
            (row.line, row.name_en.as_deref(), row.parent.as_deref()),
            (2, None, Some("10"))
        );
        assert_eq!(
            (&row.heads, &row.deputies),
            (
                &vec!["0701".to_owned(), "0702".into()],
                &vec!["0703".into(), "0704".into()]
            )
        );
        assert_eq!(found.rows[1].parent.as_deref(), Some(""));
        let found = rows(&["1/0||||x_y|", "A|名||||", "a|名||||"]);
        let fault = |line, column, fault| LineFault::new(line, column, fault);
        assert_eq!(
            found.faults,
            [
                fault(2, Column::Code, CellFault::Malformed),
                fault(2, Column::UnitName, CellFault::Empty),
                fault(2, Column::Heads, CellFault::Malformed),
                fault(4, Column::Code, CellFault::Duplicate { first_line: 3 }),
            ]
        );
        let header = Header::recognise(Register::Units, &["code", "name"]).unwrap();
        let row: UnitRow = header.row(2, &["1", "x"]).unwrap();
        assert_eq!((row.parent, row.name_en), (None, None));
    }

    #[test]
    fn a_tree_stays_a_tree() {
        /// `there` and `lines` as "unit above"; the faults as line and kind.
        #[track_caller]
        fn check(there: &[(&str, &str)], lines: &[&str], faults: &[(u32, CellFault)]) {
            let there = there
                .iter()
                .map(|(code, above)| {
                    (
                        (*code).to_owned(),
                        (!above.is_empty()).then(|| (*above).to_owned()),
                    )
                })
                .collect();
            let found: Vec<_> = tree_faults(&there, &rows(lines).rows)
                .into_iter()
                .map(|fault| (fault.line, fault.fault.fault))
                .collect();
            assert_eq!(found, faults);
        }
        let there = [("A", ""), ("B", "A"), ("C", "B")];
        check(&there, &["D|d||C||"], &[]);
        check(&[], &["B|b||A||", "A|a||||"], &[]);
        check(&there, &["D|d||X||"], &[(2, CellFault::Unknown)]);
        check(&there, &["D|d||D||"], &[(2, CellFault::Cycle)]);
        check(&there, &["A|a||C||"], &[(2, CellFault::Cycle)]);
        // What hangs below a circle is not at fault itself.
        check(
            &there,
            &["X|x||Y||", "Y|y||X||", "Z|z||Y||"],
            &[(2, CellFault::Cycle), (3, CellFault::Cycle)],
        );
        // Turned upside down in one file.
        check(&there, &["C|c||||", "B|b||C||", "A|a||B||"], &[]);
    }

    #[test]
    fn one_unit_moved() {
        let above = BTreeMap::from([(1, None), (2, Some(1)), (3, Some(2)), (4, None)]);
        for (unit, parent, circles) in [
            (1, 3, true),
            (2, 2, true),
            (3, 1, false),
            (2, 4, false),
            (4, 3, false),
        ] {
            assert_eq!(
                would_circle(&above, unit, parent),
                circles,
                "{unit} under {parent}"
            );
        }
    }
}
