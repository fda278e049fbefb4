//! People of the site's own register: staff, students and those who work for it.

use core::str::FromStr;

use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

use crate::{
    household::normalise,
    role::Role,
    site::CodeError,
    table::{CellFault, Cells, Column, Register, Row, word},
};

/// What somebody is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Employed by it (教职工).
    Staff,
    /// An undergraduate (本科生).
    Student,
    /// A postgraduate (研究生).
    Postgraduate,
    /// Retired from it (离退休).
    Retired,
    /// Works for it through another employer (外聘).
    Contractor,
}

impl PersonKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Staff,
        Self::Student,
        Self::Postgraduate,
        Self::Retired,
        Self::Contractor,
    ];

    /// The name in the database and in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Student => "student",
            Self::Postgraduate => "postgraduate",
            Self::Retired => "retired",
            Self::Contractor => "contractor",
        }
    }

    /// The words it is known by in registers. Compared without spaces and in lower case.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Staff => &[
                "教职工",
                "教工",
                "职工",
                "教师",
                "在职",
                "在职人员",
                "staff",
                "faculty",
                "employee",
            ],
            Self::Student => &["本科生", "本科", "学生", "undergraduate", "student"],
            Self::Postgraduate => &[
                "研究生",
                "硕士",
                "硕士生",
                "硕士研究生",
                "博士",
                "博士生",
                "博士研究生",
                "postgraduate",
                "graduate",
                "graduatestudent",
                "master",
                "phd",
                "doctoral",
            ],
            Self::Retired => &["离退休", "离退休人员", "退休", "离休", "retired"],
            Self::Contractor => &[
                "外聘",
                "外聘人员",
                "劳务派遣",
                "外包",
                "合同工",
                "contractor",
                "external",
            ],
        }
    }

    /// The kind that a register's word means.
    pub fn of_word(typed: &str) -> Option<Self> {
        let typed = word(typed);
        Self::ALL
            .into_iter()
            .find(|kind| kind.words().contains(&typed.as_str()))
    }
}

impl FromStr for PersonKind {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(CodeError)
    }
}

/// The longest staff or student number, in characters.
pub const MAX_NUMBER: usize = 32;

/// A staff or student number (学工号) as registers keep it: half-width, upper case, without spaces. `None` when it is empty, longer than
/// [`MAX_NUMBER`] or has anything but letters, digits and `-`.
pub fn person_number(typed: &str) -> Option<String> {
    let number: String = normalise(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    let fits = |letter: char| letter.is_alphanumeric() || letter == '-';
    ((1..=MAX_NUMBER).contains(&number.chars().count()) && number.chars().all(fits)).then_some(number)
}

/// A telephone number as the register keeps it: digits, with `+` before and `-` between them. `None` when it is none.
pub fn contact_phone(typed: &str) -> Option<String> {
    // A table that is brought back may have kept a spreadsheet's mark of plain text.
    let phone: String = normalise(typed)
        .trim_start_matches('\'')
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let digits = phone.strip_prefix('+').unwrap_or(&phone);
    let fits = digits
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == '-');
    let count = digits.chars().filter(char::is_ascii_digit).count();
    (fits && (5..=20).contains(&count) && phone.len() <= 32).then_some(phone)
}

/// A mail address as the register keeps it. Only what no address looks like is refused.
pub fn contact_mail(typed: &str) -> Option<String> {
    let mail = normalise(typed);
    let (local, host) = mail.split_once('@')?;
    let fits = |part: &str| !part.is_empty() && !part.contains(['@', ' ', ',', '<', '>']);
    (fits(local) && fits(host) && host.contains('.') && mail.len() <= 80).then_some(mail)
}

/// One good row of the register of staff and students.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Its line in the file.
    pub line: u32,
    /// Staff or student number.
    pub number: String,
    /// Their name.
    pub name: String,
    /// What they are to the site.
    pub kind: PersonKind,
    /// The code or the name of their unit.
    pub unit: String,
    /// Where messages may go, empty for nowhere; none where the file says nothing of it.
    pub phone: Option<String>,
    /// Where messages may go, empty for nowhere; none where the file says nothing of it.
    pub mail: Option<String>,
    /// Head or deputy of their unit, where the file says so.
    pub duty: Option<Role>,
    /// Whether they belong to the site no more; none where the file says nothing of it.
    pub left: Option<bool>,
}

impl Row for PersonRow {
    const REGISTER: Register = Register::People;
    const KEY: Column = Column::Number;

    fn read(line: u32, cells: &mut Cells) -> PersonRow {
        let (malformed, unknown) = (CellFault::Malformed, CellFault::UnknownWord);
        PersonRow {
            line,
            number: cells
                .needed(Column::Number, malformed, person_number)
                .unwrap_or_default(),
            name: cells.need(Column::PersonName),
            kind: cells
                .needed(Column::Kind, unknown, PersonKind::of_word)
                .unwrap_or(PersonKind::Staff),
            unit: cells.need(Column::Unit),
            phone: cells.given(Column::Phone, malformed, String::new(), contact_phone),
            mail: cells.given(Column::Mail, malformed, String::new(), contact_mail),
            duty: cells
                .given(Column::Duty, unknown, None, |typed| duty_of_word(typed).map(Some))
                .flatten(),
            left: cells.given(Column::Left, unknown, false, left_of_word),
        }
    }

    fn key(&self) -> Vec<String> {
        [self.number.clone()].into()
    }
}

/// The duty in one's own unit that a register's word means.
fn duty_of_word(typed: &str) -> Option<Role> {
    match word(typed).as_str() {
        "负责人" | "主要负责人" | "正职" | "head" => Some(Role::UnitHead),
        "副职" | "副职负责人" | "deputy" => Some(Role::UnitDeputy),
        _ => None,
    }
}

/// Whether a register's word means that somebody left.
fn left_of_word(typed: &str) -> Option<bool> {
    match word(typed).as_str() {
        "在职" | "在读" | "在校" | "在岗" | "否" | "no" | "0" | "false" | "active" | "here" => {
            Some(false)
        }
        "离职" | "离校" | "毕业" | "结业" | "退学" | "调离" | "辞职" | "去世" | "是" | "yes" | "1"
        | "true" | "left" | "graduated" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_typed() {
        for (typed, kept) in [
            ("07000001", Some("07000001")),
            (" ０７００ ０００１ ", Some("07000001")),
            ("s2020-11", Some("S2020-11")),
            ("", None),
            ("  ", None),
            ("07/01", None),
            ("123456789012345678901234567890123", None),
        ] {
            assert_eq!(person_number(typed).as_deref(), kept, "{typed:?}");
        }
        for kind in PersonKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
    #[test]
    fn rows_of_people() {
        use crate::table::{Header, LineFault, import};
        use alloc::borrow::ToOwned;

        let heads = [
            "学工号",
            "姓名",
            "人员类别",
            "所在单位",
            "手机号",
            "E-mail",
            "职务",
            "离校",
        ];
        let header = Header::recognise(Register::People, &heads).unwrap();
        let read = |lines: &[&str]| {
            let lines = (2..).zip(lines.iter().map(|line| line.split('|').collect::<Vec<_>>()));
            import::<PersonRow, _>(&header, lines)
        };
        let found = read(&[
            "0700 0001|陈书言|教职工|107|138 0013 8000|a@b.example|负责人|",
            "s1|Lin|PhD|计算机学院||||毕业",
        ]);
        assert_eq!(found.faults, []);
        let [first, second] = [&found.rows[0], &found.rows[1]];
        assert_eq!(
            (first.kind, first.duty),
            (PersonKind::Staff, Some(Role::UnitHead))
        );
        assert_eq!(first.phone.as_deref(), Some("13800138000"));
        assert_eq!((first.left, second.left), (Some(false), Some(true)));
        assert_eq!(
            (second.number.as_str(), second.kind),
            ("S1", PersonKind::Postgraduate)
        );
        assert_eq!(second.mail, Some("".to_owned()), "an empty cell empties");
        let fault = |line, column, fault| LineFault::new(line, column, fault);
        let found = read(&[
            "a_b||校友||12|x|校长|也许",
            "1|甲|学生|A||||",
            " １ |乙|学生|A||||",
        ]);
        assert_eq!(
            found.faults,
            [
                fault(2, Column::Number, CellFault::Malformed),
                fault(2, Column::PersonName, CellFault::Empty),
                fault(2, Column::Kind, CellFault::UnknownWord),
                fault(2, Column::Unit, CellFault::Empty),
                fault(2, Column::Phone, CellFault::Malformed),
                fault(2, Column::Mail, CellFault::Malformed),
                fault(2, Column::Duty, CellFault::UnknownWord),
                fault(2, Column::Left, CellFault::UnknownWord),
                fault(4, Column::Number, CellFault::Duplicate { first_line: 3 }),
            ]
        );
        let header = Header::recognise(Register::People, &["number", "name", "kind", "unit"]).unwrap();
        let row: PersonRow = header.row(2, &["1", "x", "staff", "A"]).unwrap();
        assert_eq!(
            (row.phone, row.left),
            (None, None),
            "a column that is missing says nothing"
        );
    }

    #[test]
    fn every_word_means_one_kind() {
        for kind in PersonKind::ALL {
            for word in kind.words() {
                assert_eq!(PersonKind::of_word(word), Some(kind), "{word}");
            }
        }
        assert_eq!(
            PersonKind::of_word(" 硕士 研究生 "),
            Some(PersonKind::Postgraduate)
        );
    }

    #[test]
    fn contacts_as_they_are_typed() {
        for (typed, kept) in [
            ("０２３-6510 2345", Some("023-65102345")),
            ("+86 138-0013-8000", Some("+86138-0013-8000")),
            ("'+8613800138000", Some("+8613800138000")),
            ("1234", None),
            ("ext. 12345", None),
        ] {
            assert_eq!(contact_phone(typed).as_deref(), kept, "{typed:?}");
        }
        for (typed, good) in [
            ("a@b.example", true),
            ("a@b", false),
            ("@b.example", false),
            ("a b@c.example", false),
        ] {
            assert_eq!(contact_mail(typed).is_some(), good, "{typed:?}");
        }
    }
}
