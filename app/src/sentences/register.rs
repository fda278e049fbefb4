//! What administrators read of the registers: columns and cells, kinds of people, what is wrong with a file.

use super::{pick, role};
use crate::error::AppError;
use crate::language::t;
use pass::Role;
use pass::person::PersonKind;
use pass::table::{CellFault, Column, HeaderFault, RowFault};

/// What somebody is to the site.
pub fn person_kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Staff => t("教职工", "Staff"),
        PersonKind::Student => t("本科生", "Undergraduate"),
        PersonKind::Postgraduate => t("研究生", "Postgraduate"),
        PersonKind::Retired => t("离退休", "Retired"),
        PersonKind::Contractor => t("外聘", "Contractor"),
    }
}

/// How many people there are.
pub fn people_count(count: u64) -> String {
    pick(format!("共登记 {count} 人"), format!("{count} people in all"))
}

/// Why the tree of units was not changed.
pub fn unit_error(error: &AppError) -> String {
    match error {
        AppError::Invalid { field, .. } if field == "parent" => t(
            "不能移到它自己或它的下级之下，请另选上级单位。",
            "A unit cannot stand below itself. Choose another unit above.",
        )
        .to_owned(),
        AppError::Invalid { field, .. } if field == "people" => t(
            "还有人员属于这个单位，请先把他们转到其他单位。",
            "People still belong to this unit. Move them to another one first.",
        )
        .to_owned(),
        AppError::Invalid { field, .. } if field == "below" => t(
            "还有下级单位，请先停用或移走它们。",
            "There are units below this one. Close or move them first.",
        )
        .to_owned(),
        AppError::Invalid { field, .. } if field == "above" => t(
            "上级单位已停用，请先恢复上级单位。",
            "The unit above is closed. Open that one first.",
        )
        .to_owned(),
        error => super::error(error),
    }
}

/// A line of a file.
pub fn line(line: u32) -> String {
    pick(format!("第 {line} 行"), format!("Line {line}"))
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

/// A column of a register.
pub fn column(column: Column) -> &'static str {
    match column {
        Column::Community => t("小区", "Community"),
        Column::Building => t("楼栋", "Building"),
        Column::Door => t("门牌号", "Door"),
        Column::Householder => t("户主", "Householder"),
        Column::Code => t("单位代码", "Code"),
        Column::UnitName => t("单位名称", "Name"),
        Column::NameEn => t("英文名称", "Name in English"),
        Column::Parent => t("上级单位代码", "Parent code"),
        Column::Heads => t("负责人学工号", "Heads"),
        Column::Deputies => t("副职学工号", "Deputies"),
        Column::Number => t("学工号", "Number"),
        Column::PersonName => t("姓名", "Name"),
        Column::Kind => t("人员类别", "Kind"),
        Column::Unit => t("所在单位", "Unit"),
        Column::Phone => t("手机号", "Phone"),
        Column::Mail => t("邮箱", "Mail"),
        Column::Duty => t("职务", "Duty"),
        Column::Left => t("离校", "Left"),
    }
}

/// What stands in a cell, where it is one of our words in this language.
pub fn cell(column: Column, text: String) -> String {
    let word = match column {
        Column::Kind => text.parse().ok().map(person_kind),
        Column::Duty => Role::parse(&text).ok().map(role),
        Column::Left => Some(if text == "left" {
            t("已离校", "left")
        } else {
            t("在校", "here")
        }),
        _ => None,
    };
    word.map_or(text, str::to_owned)
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
pub fn cell_fault(RowFault { column, fault }: RowFault) -> String {
    match fault {
        CellFault::Empty => t("没有填写", "Nothing is given").to_owned(),
        CellFault::TooLong { max } => pick(format!("超过 {max} 个字"), format!("More than {max} characters")),
        CellFault::Unreadable => t(
            "内容无法识别：乱码，或被表格软件改成了日期",
            "Unreadable: garbled, or made a date by the spreadsheet",
        )
        .to_owned(),
        CellFault::Duplicate { first_line } => match column {
            Column::Number => pick(
                format!("学工号与第 {first_line} 行重复"),
                format!("The same number stands in line {first_line}"),
            ),
            Column::Code => pick(
                format!("单位代码与第 {first_line} 行重复"),
                format!("The same code stands in line {first_line}"),
            ),
            _ => pick(
                format!("住址与第 {first_line} 行重复"),
                format!("The same address stands in line {first_line}"),
            ),
        },
        CellFault::Malformed => t("格式不正确", "Not of the right form").to_owned(),
        CellFault::UnknownWord => known_words(column).to_owned(),
        CellFault::Unknown => t(
            "没有这个单位，或已停用；请先导入单位",
            "There is no such open unit; import the units first",
        )
        .to_owned(),
        CellFault::Ambiguous => t(
            "有多个单位叫这个名称，请改填单位代码",
            "More than one unit has this name; give the code instead",
        )
        .to_owned(),
        CellFault::Cycle => t("上下级关系成环", "The unit would stand below itself").to_owned(),
    }
}

/// The words that a column takes.
fn known_words(column: Column) -> &'static str {
    match column {
        Column::Kind => t(
            "请填教职工、本科生、研究生、离退休或外聘",
            "Give staff, student, postgraduate, retired or contractor",
        ),
        Column::Duty => t("请填负责人、副职，或留空", "Give head or deputy, or nothing"),
        Column::Left => t(
            "请填在校、离职、毕业，或留空",
            "Give here, left or graduated, or nothing",
        ),
        _ => t("格式不正确", "Not of the right form"),
    }
}
