//! Tables that administrators take away.

use super::Administrator;
use crate::admin::admissions::api::{AdmissionQuery, Row};
use crate::admin::people::api::PeopleQuery;
use crate::backend::table::{Table, csv_file};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use pass::table::{LineFault, Register};
use pass::{Role, What};
use std::collections::HashMap;
use store::account::{Grant, Place};
use uuid::Uuid;

/// The most admissions of one file: about what a spreadsheet opens without complaint, and a day of a large site.
pub const MOST_ADMISSIONS: usize = 200_000;

/// An empty file of a register with its column names and one example.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written, which memory always can.
pub fn template(register: Register) -> Result<Vec<u8>, AppError> {
    match register {
        Register::Households => example(register, ["示例小区", "1栋", "101", "张三"]),
        Register::Units => example(register, ["X01", "示例学院", "Example College", "", "", ""]),
        Register::People => example(register, ["X0001", "张三", "教职工", "X01", "", "", "", ""]),
    }
}

fn example<const N: usize>(register: Register, row: [&str; N]) -> Result<Vec<u8>, AppError> {
    csv_file(heads(register), [row.map(str::to_owned)])
}

/// The heads of a register's columns, by which an import knows them again.
fn heads(register: Register) -> impl Iterator<Item = &'static str> {
    register
        .columns()
        .iter()
        .map(|column| column.heads().first().copied().unwrap_or_default())
}

/// What is wrong with an uploaded file, whole.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn import_report(administrator: &Administrator, id: Uuid) -> Result<Vec<u8>, AppError> {
    let report = administrator.kept_import(id).await?.report;
    let header = report.header.into_iter().map(|fault| {
        let (column, what) = sentences::header_fault(fault);
        ["1".to_owned(), column.to_owned(), what.to_owned()]
    });
    let lines = report.faults.into_iter().map(|LineFault { line, fault }| {
        [
            line.to_string(),
            sentences::column(fault.column).to_owned(),
            sentences::cell_fault(fault),
        ]
    });
    csv_file(
        [t("行号", "Line"), t("列", "Column"), t("问题", "What is wrong")],
        header.chain(lines),
    )
}

impl Administrator {
    /// Everybody of the register whom the query asks for, whatever page of them is shown, in the columns of an import: taken away, changed
    /// and brought back.
    ///
    /// # Errors
    /// The store's.
    pub async fn people_table(&self, query: &PeopleQuery) -> Result<Vec<u8>, AppError> {
        let units: HashMap<_, _> = store::unit::list(self.pool(), self.site())
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit.code))
            .collect();
        let mut table = Table::new(heads(Register::People))?;
        self.every_person(query, |person| {
            let Some((number, kind, unit)) = person.entry else {
                return Ok(());
            };
            let duty = [(Role::UnitHead, "负责人"), (Role::UnitDeputy, "副职")]
                .into_iter()
                .find(|(role, _)| {
                    let at = Place::Unit(unit);
                    person.grants.contains(&Grant { role: *role, at })
                });
            let (phone, mail) = person.contacts;
            table.add([
                number,
                person.name,
                kind.words().first().copied().unwrap_or_default().to_owned(),
                units.get(&unit).cloned().unwrap_or_default(),
                phone.unwrap_or_default(),
                mail.unwrap_or_default(),
                duty.map_or("", |(_, word)| word).to_owned(),
                if person.left { "离校" } else { "在校" }.to_owned(),
            ])
        })
        .await?;
        table.finish()
    }

    /// Every admission that the query asks for, whatever page of them is shown, and whether there are more than [`MOST_ADMISSIONS`]:
    /// then the latest ones are in it.
    ///
    /// # Errors
    /// The store's.
    pub async fn admissions_table(&self, query: &AdmissionQuery) -> Result<(Vec<u8>, bool), AppError> {
        let mut table = Table::new([
            t("时间", "Time"),
            t("门岗", "Checkpoint"),
            t("方向", "Direction"),
            t("结果", "What happened"),
            t("原因", "Why"),
            t("已核对", "Checked"),
            t("通行证号", "Pass number"),
            t("类型", "Kind"),
            t("姓名", "Name"),
            t("标记", "Marked"),
            t("终端", "Tablet"),
            t("序号", "Event"),
        ])?;
        let cut = self
            .every_admission(query, MOST_ADMISSIONS, |row| table.add(cells(row)))
            .await?;
        Ok((table.finish()?, cut))
    }
}

fn cells(row: &Row) -> [String; 12] {
    let mark = if row.double_use {
        t("重复使用", "double use")
    } else if row.voided {
        t("已撤销", "taken back")
    } else {
        ""
    };
    [
        sentences::instant_with_seconds(row.at),
        say(&row.checkpoint),
        sentences::direction(row.direction).to_owned(),
        sentences::gate::what(&row.what).to_owned(),
        match &row.what {
            What::Refused { code } | What::Overridden { code } => {
                sentences::gate::refusal_code(code).to_owned()
            }
            What::Admitted | What::Voided { .. } => String::new(),
        },
        sentences::gate::checks(&row.checks),
        row.number.map(|number| number.to_string()).unwrap_or_default(),
        row.kind.as_ref().map(say).unwrap_or_default(),
        row.name.clone(),
        mark.to_owned(),
        row.tablet.clone(),
        row.seq.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_a_file_that_may_be_imported() {
        for register in Register::ALL {
            let checked = crate::backend::import::check(register, &template(register).unwrap()).unwrap();
            assert_eq!(
                (checked.rows.len(), checked.header.len(), checked.faults),
                (1, 0, vec![])
            );
        }
    }
}
