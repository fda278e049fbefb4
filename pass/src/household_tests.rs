use super::*;
use crate::table::{CellFault, Header, HeaderFault, Import, import};
use alloc::{vec, vec::Vec};

#[test]
fn normalised_texts() {
    #[track_caller]
    fn check(text: &str, normal: &str) {
        assert_eq!(normalise(text), normal);
        assert_eq!(normalise(normal), normal, "normalising again changes nothing");
    }
    check("３栋", "3栋");
    check("　Ａ座－１０２　", "A座-102");
    check("  New \t  Village ", "New Village");
    check("\u{feff}松林\u{200b}坡", "松林坡");
    check("", "");
    check(" \u{3000}\n", "");
}

#[test]
fn names_compared() {
    assert!(same_name("张 三", "张三"));
    assert!(same_name("john smith", "John  Smith"));
    assert!(!same_name("张三", "张三丰"));
}

#[test]
fn masked_names() {
    #[track_caller]
    fn check(name: &str, shown: &str) {
        assert_eq!(mask(name), shown);
        assert!(mask(name).len() <= 10);
    }
    check("张三", "张*");
    check(" 张三丰", "张*");
    check("欧阳修", "欧阳*");
    check("欧阳", "欧*");
    check("John Smith", "J*");
    check("阿卜杜拉·买买提", "阿*");
    check("𠮷田", "𠮷*");
    check("", "*");
    check("*", "*");
    check("张*", "张*");
}

#[test]
fn heads_in_any_order_and_language() {
    /// Reads a line whose cells are their own places, to see which place was taken for what.
    #[track_caller]
    fn check(cells: &[&str], places: Result<[usize; 4], Vec<HeaderFault>>) {
        let header = Header::recognise(Register::Households, cells);
        let found = header.map(|header| {
            let numbers: Vec<_> = (0..cells.len()).map(|place| place.to_string()).collect();
            let row: HouseholdRow = header.row(2, &numbers).unwrap();
            let Address {
                community,
                building,
                door,
            } = row.address;
            [community, building, door, row.householder].map(|place| place.parse().unwrap())
        });
        assert_eq!(found, places);
    }
    check(&["小区名称", "楼栋号", "门牌号", "户主姓名"], Ok([0, 1, 2, 3]));
    check(
        &["序号", "户主", "门牌", "楼栋", "小区", "备注"],
        Ok([4, 3, 2, 1]),
    );
    check(
        &["Householder", "Community", "Building", "Door number"],
        Ok([1, 2, 3, 0]),
    );
    check(
        &["\u{feff} * 小区 名称", "楼栋号", "门牌号", "户主姓名"],
        Ok([0, 1, 2, 3]),
    );
    let missing = |column| HeaderFault::Missing { column };
    check(&["小区", "楼栋", "门牌"], Err(vec![missing(Column::Householder)]));
    check(
        &[],
        Err(Register::Households
            .columns()
            .iter()
            .copied()
            .map(missing)
            .collect()),
    );
    let repeated = HeaderFault::Repeated {
        column: Column::Community,
    };
    check(
        &["小区", "楼栋", "门牌", "户主", "community"],
        Err(vec![repeated]),
    );
}

#[test]
fn files() {
    /// Lines 2 and on, cells parted by commas: how many are good, and the faults.
    #[track_caller]
    fn check(lines: &[&str], good: usize, faults: &[(u32, Column, CellFault)]) {
        let header = Header::recognise(Register::Households, &["小区", "楼栋", "门牌", "户主"]).unwrap();
        let lines = (2..).zip(lines.iter().map(|line| line.split(',').collect::<Vec<_>>()));
        let found: Import<HouseholdRow> = import(&header, lines);
        assert_eq!(found.rows.len(), good);
        let found: Vec<_> = found
            .faults
            .iter()
            .map(|fault| (fault.line, fault.fault.column, fault.fault.fault))
            .collect();
        assert_eq!(found, faults);
    }
    check(&["松林坡,3栋,1-2,张三", "松林坡,3栋,1-3,李四"], 2, &[]);
    check(
        &["松林坡,3栋,1-2,张三", "", " , ,", "松林坡,3栋,1-3,李四"],
        2,
        &[],
    );
    check(&["松林坡,3栋,,张三"], 0, &[(2, Column::Door, CellFault::Empty)]);
    check(
        &["松林坡,3栋"],
        0,
        &[
            (2, Column::Door, CellFault::Empty),
            (2, Column::Householder, CellFault::Empty),
        ],
    );
    check(
        &["松林坡,3栋,1-2,张\u{fffd}"],
        0,
        &[(2, Column::Householder, CellFault::Unreadable)],
    );
    let long = ["松林坡,", &"3".repeat(21), ",1-2,张三"].concat();
    check(
        &[&long],
        0,
        &[(2, Column::Building, CellFault::TooLong { max: 20 })],
    );
    // Written differently, but the same door; every copy names the first line.
    let twice = (3, Column::Door, CellFault::Duplicate { first_line: 2 });
    let thrice = (4, Column::Door, CellFault::Duplicate { first_line: 2 });
    check(
        &[
            "松林坡,3a栋,1-2,张三",
            "松林坡 ,３A栋,1－2,李四",
            "松林坡,3a栋,1-2,王五",
        ],
        1,
        &[twice, thrice],
    );
}
