//! The registers and their columns, by the heads that offices give them.

use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::word;
use crate::site::CodeError;

/// What a file is taken over into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// The households (住户).
    Households,
    /// The units (单位).
    Units,
    /// Staff and students (人员).
    People,
}

impl Register {
    /// Every register.
    pub const ALL: [Self; 3] = [Self::Households, Self::Units, Self::People];

    /// The name in the database and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Households => "households",
            Self::Units => "units",
            Self::People => "people",
        }
    }

    /// Its columns, those that must be there first, in the order of a template.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Households => &[
                Column::Community,
                Column::Building,
                Column::Door,
                Column::Householder,
            ],
            Self::Units => &[
                Column::Code,
                Column::UnitName,
                Column::NameEn,
                Column::Parent,
                Column::Heads,
                Column::Deputies,
            ],
            Self::People => &[
                Column::Number,
                Column::PersonName,
                Column::Kind,
                Column::Unit,
                Column::Phone,
                Column::Mail,
                Column::Duty,
                Column::Left,
            ],
        }
    }

    /// The columns that every file of it must have.
    pub fn needed(self) -> &'static [Column] {
        let count = match self {
            Self::Households | Self::People => 4,
            Self::Units => 2,
        };
        self.columns().get(..count).unwrap_or_default()
    }

    /// The column of a head.
    pub(super) fn column(self, head: &str) -> Option<Column> {
        let head = word(head);
        self.columns()
            .iter()
            .copied()
            .find(|column| column.heads().contains(&head.as_str()))
    }
}

impl FromStr for Register {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::ALL
            .into_iter()
            .find(|register| register.as_str() == text)
            .ok_or(CodeError)
    }
}

/// The columns of the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// 单位代码, the site's own code for a unit.
    Code,
    /// 单位名称, a unit's name.
    UnitName,
    /// 英文名称, its name in English.
    NameEn,
    /// 上级单位代码, the code of the unit above.
    Parent,
    /// 负责人学工号, the numbers of its heads.
    Heads,
    /// 副职学工号, the numbers of their deputies.
    Deputies,
    /// 学工号, staff or student number.
    Number,
    /// 姓名, a person's name.
    PersonName,
    /// 人员类别, what somebody is to the site.
    Kind,
    /// 所在单位, the code or the name of somebody's unit.
    Unit,
    /// 手机号, where messages may go.
    Phone,
    /// 邮箱, where messages may go.
    Mail,
    /// 职务, whether somebody heads their unit.
    Duty,
    /// 离校, whether somebody belongs to the site no more.
    Left,
}

impl Column {
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
            Column::Code => &[
                "单位代码",
                "代码",
                "单位编号",
                "编号",
                "部门代码",
                "code",
                "unitcode",
            ],
            Column::UnitName => &[
                "单位名称",
                "名称",
                "单位",
                "部门名称",
                "name",
                "unitname",
                "nameinchinese",
            ],
            Column::NameEn => &["英文名称", "英文名", "nameinenglish", "englishname", "nameen"],
            Column::Parent => &[
                "上级单位代码",
                "上级单位",
                "上级",
                "上级代码",
                "parent",
                "parentcode",
                "unitabove",
                "codeofunitabove",
            ],
            Column::Heads => &[
                "负责人学工号",
                "负责人",
                "主要负责人",
                "负责人工号",
                "heads",
                "head",
                "numbersofheads",
            ],
            Column::Deputies => &[
                "副职学工号",
                "副职",
                "副职工号",
                "副职负责人",
                "deputies",
                "deputy",
                "numbersofdeputies",
            ],
            Column::Number => &[
                "学工号",
                "工号",
                "学号",
                "编号",
                "number",
                "staffnumber",
                "studentnumber",
                "staffid",
                "studentid",
                "id",
            ],
            Column::PersonName => &["姓名", "name", "fullname"],
            Column::Kind => &["人员类别", "类别", "身份", "类型", "kind", "category", "type"],
            Column::Unit => &[
                "所在单位",
                "单位",
                "单位代码",
                "单位名称",
                "部门",
                "院系",
                "学院",
                "unit",
                "unitcode",
                "department",
                "college",
            ],
            Column::Phone => &[
                "手机号",
                "手机",
                "电话",
                "联系电话",
                "phone",
                "mobile",
                "telephone",
            ],
            Column::Mail => &["邮箱", "电子邮箱", "电子邮件", "mail", "email"],
            Column::Duty => &["职务", "duty", "position"],
            Column::Left => &["离校", "离职", "是否离校", "在校状态", "状态", "left", "status"],
        }
    }

    /// The most characters of a cell.
    pub fn max_chars(self) -> u16 {
        match self {
            Column::Community
            | Column::Householder
            | Column::UnitName
            | Column::PersonName
            | Column::Unit => 40,
            Column::Building | Column::Door | Column::Code | Column::Parent | Column::Kind | Column::Duty => {
                20
            }
            Column::Left => 20,
            Column::NameEn | Column::Mail => 80,
            Column::Number | Column::Phone => 32,
            Column::Heads | Column::Deputies => 400,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_leads_to_its_column() {
        for register in Register::ALL {
            assert_eq!(register.as_str().parse(), Ok(register));
            for column in register.columns() {
                for head in column.heads() {
                    assert_eq!(register.column(head), Some(*column), "{head} of {register:?}");
                }
            }
        }
        assert_eq!(Register::People.column(" * E-Mail "), Some(Column::Mail));
        assert_eq!(Register::People.column("备注"), None);
    }
}
