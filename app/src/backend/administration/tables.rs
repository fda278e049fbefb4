//! Tables that administrators take away.

use super::Administrator;
use crate::admin::admissions::api::{AdmissionQuery, Row};
use crate::backend::table::{Table, csv_file};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use pass::What;
use pass::household::{Column, LineFault};
use uuid::Uuid;

/// The most admissions of one file: about what a spreadsheet opens without complaint, and a day of a large site.
pub const MOST_ADMISSIONS: usize = 200_000;

/// An empty household file with its column names and one example.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written, which memory always can.
pub fn household_template() -> Result<Vec<u8>, AppError> {
    let head = Column::ALL.map(|column| column.heads().first().copied().unwrap_or_default());
    csv_file(head, [["示例小区", "1栋", "101", "张三"].map(str::to_owned)])
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
            sentences::cell_fault(fault.fault),
        ]
    });
    csv_file(
        [t("行号", "Line"), t("列", "Column"), t("问题", "What is wrong")],
        header.chain(lines),
    )
}

impl Administrator {
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

fn cells(row: &Row) -> [String; 11] {
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
    fn the_template_is_a_file_that_may_be_imported() {
        let checked = crate::backend::import::check(&household_template().unwrap()).unwrap();
        assert_eq!(
            (checked.rows.len(), checked.header.len(), checked.faults.len()),
            (1, 0, 0)
        );
    }
}
