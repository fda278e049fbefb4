//! The columns of one's own applications, on the screen and in the file. A new one is a new line of [`COLUMNS`].

use super::facts::Row;
use crate::language::{say, t};
use crate::sentences;

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name in addresses and in what the browser keeps.
    pub key: &'static str,
    /// Whether it is shown to somebody who never chose.
    pub at_first: bool,
    /// What stands above it.
    pub name: fn() -> &'static str,
    /// What stands in it.
    pub cell: fn(&Row) -> String,
}

impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.key == other.key
    }
}

const fn column(
    key: &'static str,
    at_first: bool,
    name: fn() -> &'static str,
    cell: fn(&Row) -> String,
) -> Column {
    Column {
        key,
        at_first,
        name,
        cell,
    }
}

/// Every column, in the order of the table.
#[rustfmt::skip]
pub const COLUMNS: [Column; 15] = [
    column("kind", true, || t("类型", "Kind"), |row| say(&row.kind)),
    column("staff-number", false, || t("学工号", "Number"), |row| row.about.number.clone().unwrap_or_default()),
    column("holder", true, || t("申请人", "Who passes"), |row| row.about.holder.clone()),
    column("phone", false, || t("申请人手机号", "Applicant’s phone"), |row| row.phone.clone()),
    column("unit", true, || t("单位或住户", "Unit or household"), |row| row.about.belongs()),
    column("host", false, || t("接待人", "Host"), |row| row.about.host.clone().unwrap_or_default()),
    column("first-day", true, || t("通行开始日期", "First day"), |row| row.first_day.to_string()),
    column("last-day", true, || t("通行截止日期", "Last day"), |row| row.last_day.to_string()),
    column("hours", false, || t("通行时间", "Hours"), |row| row.hours.map(sentences::hours).unwrap_or_default()),
    column("reason", true, || t("通行原因", "Reason"), |row| row.reason.clone()),
    column("created", true, || t("申请时间", "Applied"), |row| sentences::instant(row.created_at)),
    column(STATE, true, || t("流程状态", "State"), |row| sentences::state(row.state).to_owned()),
    column("number", false, || t("通行证号", "Pass number"), number),
    column("used", false, || t("使用情况", "Use"), used),
    column("id", false, || t("申请编号", "Application no."), |row| row.id.to_string()),
];

/// The column that shows a badge on the screen.
pub const STATE: &str = "state";

fn number(row: &Row) -> String {
    row.number.map(|number| number.to_string()).unwrap_or_default()
}

fn used(row: &Row) -> String {
    let word = if row.number.is_none() {
        ""
    } else if row.used {
        t("已使用", "Used")
    } else if row.over {
        t("已过期", "Over")
    } else {
        t("未使用", "Not used")
    };
    word.to_owned()
}

/// The columns with these keys (`kind,state`), in the order of the table. Without one that there is: those that are shown at first.
pub fn chosen(keys: Option<&str>) -> Vec<Column> {
    let keys: Vec<&str> = keys.unwrap_or_default().split(',').collect();
    let of = |picks: &dyn Fn(&Column) -> bool| COLUMNS.into_iter().filter(picks).collect::<Vec<_>>();
    let chosen = of(&|column| keys.contains(&column.key));
    if chosen.is_empty() {
        of(&|column| column.at_first)
    } else {
        chosen
    }
}

/// The keys of columns, as [`chosen`] reads them.
pub fn keys(columns: &[Column]) -> String {
    let keys: Vec<&str> = columns.iter().map(|column| column.key).collect();
    keys.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_choice_is_kept_by_its_keys() {
        let some = chosen(Some("state,kind,no-such"));
        assert_eq!(keys(&some), "kind,state");
        assert!(chosen(Some(&keys(&some))) == some);
        let first = chosen(None);
        assert!(first.iter().all(|column| column.at_first) && first.len() > 3);
        assert!(chosen(Some("")) == first && chosen(Some("no-such")) == first);
    }

    #[test]
    fn every_column_has_a_key_of_its_own() {
        let keys: HashSet<&str> = COLUMNS.iter().map(|column| column.key).collect();
        assert_eq!(keys.len(), COLUMNS.len());
    }
}
