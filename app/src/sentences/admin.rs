//! What administrators read: directions, roles, what is wrong with a file or an event.

use super::pick;
use crate::language::t;
use pass::household::{Address, CellFault, Column, HeaderFault};
use pass::{Direction, Role};

/// Which way people pass.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => t("进", "In"),
        Direction::Out => t("出", "Out"),
        Direction::Both => t("双向", "Both"),
    }
}

/// Why something that a tablet sent is in quarantine, or why a gate did not open.
pub fn event_fault(code: &str) -> &'static str {
    match code {
        "broken-chain" => t("记录前后不连", "does not follow the event before it"),
        "number-taken" => t("序号重复", "another event has this number"),
        "id-taken" => t("编号重复", "another event has this id"),
        "other-number" => t("序号不符", "another number on the envelope"),
        "tablet-revoked" => t("终端已停用", "the tablet was revoked"),
        other => super::gate::refusal_code(other),
    }
}

/// A duty.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Office => t("社区办", "Community office"),
        Role::SecurityOffice => t("保卫处", "Security office"),
        Role::UnitHead => t("单位负责人", "Head of a unit"),
        Role::UnitDeputy => t("单位副职", "Deputy head of a unit"),
        Role::CollegeAdministrator => t("学院管理人员", "College administrator"),
        Role::StudentAffairs => t("学工部", "Student affairs"),
        Role::GraduateAffairs => t("研工部", "Postgraduate affairs"),
        Role::Clerk => t("窗口", "Counter clerk"),
        Role::Guard => t("门岗", "Guard"),
        Role::Administrator => t("管理员", "Administrator"),
    }
}

/// An address on one line.
pub fn address(address: &Address) -> String {
    format!("{} {} {}", address.community, address.building, address.door)
}

/// How many households there are.
pub fn household_count(count: u64) -> String {
    pick(format!("共登记 {count} 户"), format!("{count} households in all"))
}

/// How many faults a file has.
pub fn import_faults(count: usize) -> String {
    pick(
        format!("文件中有 {count} 处问题。"),
        if count == 1 {
            "There is one fault in the file.".to_owned()
        } else {
            format!("There are {count} faults in the file.")
        },
    )
}

/// A column of the register.
pub fn column(column: Column) -> &'static str {
    match column {
        Column::Community => t("小区", "Community"),
        Column::Building => t("楼栋", "Building"),
        Column::Door => t("门牌号", "Door"),
        Column::Householder => t("户主", "Householder"),
    }
}

/// What is wrong with a file's line of column names: the column and the fault.
pub fn header_fault(fault: HeaderFault) -> (&'static str, &'static str) {
    match fault {
        HeaderFault::Missing { column: missing } => (
            column(missing),
            t("第一行缺少这一列", "This column is missing in the first line"),
        ),
        HeaderFault::Repeated { column: repeated } => (
            column(repeated),
            t("第一行有两列同名", "Two columns have this name"),
        ),
    }
}

/// What is wrong with a cell.
pub fn cell_fault(fault: CellFault) -> String {
    match fault {
        CellFault::Empty => t("没有填写", "Nothing is given").to_owned(),
        CellFault::TooLong { max } => pick(format!("超过 {max} 个字"), format!("More than {max} characters")),
        CellFault::Unreadable => t(
            "内容无法识别：乱码，或被表格软件改成了日期",
            "Unreadable: garbled, or made a date by the spreadsheet",
        )
        .to_owned(),
        CellFault::Duplicate { first_line } => pick(
            format!("住址与第 {first_line} 行重复"),
            format!("The same address stands in line {first_line}"),
        ),
    }
}
