use super::*;
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
    #[track_caller]
    fn check(cells: &[&str], header: Result<[usize; 4], Vec<HeaderFault>>) {
        assert_eq!(Header::recognise(cells), header.map(|at| Header { at }));
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
    check(&[], Err(Column::ALL.map(missing).to_vec()));
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
    /// Lines 2 and on, cells parted by commas: the good rows' line numbers and the faults.
    #[track_caller]
    fn check(lines: &[&str], good: &[u32], faults: &[(u32, Column, CellFault)]) {
        let header = Header::recognise(&["小区", "楼栋", "门牌", "户主"]).unwrap();
        let lines = (2..).zip(lines.iter().map(|line| line.split(',').collect::<Vec<_>>()));
        let found = import(&header, lines);
        let rows: Vec<u32> = found.rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(rows, good);
        let found: Vec<_> = found
            .faults
            .iter()
            .map(|fault| (fault.line, fault.fault.column, fault.fault.fault))
            .collect();
        assert_eq!(found, faults);
    }
    check(&["松林坡,3栋,1-2,张三", "松林坡,3栋,1-3,李四"], &[2, 3], &[]);
    check(
        &["松林坡,3栋,1-2,张三", "", " , ,", "松林坡,3栋,1-3,李四"],
        &[2, 5],
        &[],
    );
    check(&["松林坡,3栋,,张三"], &[], &[(2, Column::Door, CellFault::Empty)]);
    check(
        &["松林坡,3栋"],
        &[],
        &[
            (2, Column::Door, CellFault::Empty),
            (2, Column::Householder, CellFault::Empty),
        ],
    );
    check(
        &["松林坡,3栋,1-2,张\u{fffd}"],
        &[],
        &[(2, Column::Householder, CellFault::Unreadable)],
    );
    let long = ["松林坡,", &"3".repeat(21), ",1-2,张三"].concat();
    check(
        &[&long],
        &[],
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
        &[2],
        &[twice, thrice],
    );
}
