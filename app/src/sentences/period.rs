//! The stretches of the calendar that lists are read by.

use crate::language::t;
use pass::Period;

/// The one that today lies in.
pub fn period(period: Period) -> &'static str {
    match period {
        Period::Day => t("今天", "Today"),
        Period::Week => t("本周", "This week"),
        Period::Month => t("本月", "This month"),
        Period::Term => t("本学期", "This term"),
    }
}

/// The one before.
pub fn period_before(period: Period) -> &'static str {
    match period {
        Period::Day => t("前一天", "The day before"),
        Period::Week => t("上一周", "The week before"),
        Period::Month => t("上个月", "The month before"),
        Period::Term => t("上学期", "The term before"),
    }
}

/// The one after.
pub fn period_after(period: Period) -> &'static str {
    match period {
        Period::Day => t("后一天", "The day after"),
        Period::Week => t("下一周", "The week after"),
        Period::Month => t("下个月", "The month after"),
        Period::Term => t("下学期", "The term after"),
    }
}
