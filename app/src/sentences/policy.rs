//! A pass kind's rules in words, so that they are read before they bite.

use super::{gate, pick};
use crate::language::{say, t};
use jiff::civil::{Date, Weekday};
use pass::flow::Flow;
use pass::kind::{Applicant, Document, PassKind, Uses, Window};

/// The document the guard wants to see.
pub fn document(document: Document) -> &'static str {
    match document {
        Document::None => t("无需证件", "No document"),
        Document::AnyListed => t(
            "有效证件（身份证、居住证、工作证、退休证等）",
            "A valid document (identity card, residence permit, work card, retirement certificate…)",
        ),
        Document::IdentityCard => t("身份证", "Identity card"),
        Document::WorkCard => t("工作证", "Work card"),
        Document::ResidencePermit => t("居住证或居住证明", "Residence permit or proof of residence"),
        Document::RetirementCertificate => t("退休证", "Retirement certificate"),
        Document::StudentCard => t("学生证", "Student card"),
        Document::HouseholdRegister => t("户口簿", "Household register"),
    }
}

/// A kind's rules, each a name and a sentence.
pub fn rules(kind: &PassKind) -> Vec<(&'static str, String)> {
    let mut rules = vec![
        (t("名额", "Quota"), quota(kind)),
        (t("使用次数", "Entries"), uses(kind.uses).to_owned()),
        (t("可选日期", "Days"), window(&kind.window)),
        (t("审批", "Approval"), approval(&kind.steps)),
    ];
    if kind.document != Document::None {
        rules.push((t("携带证件", "Bring"), document(kind.document).to_owned()));
    }
    if !kind.gate.checks.is_empty() {
        let checks = kind.gate.checks.iter();
        let lines: Vec<String> = checks
            .map(|check| gate::to_check(*check, Document::None))
            .collect();
        rules.push((t("门岗核对", "Checked at the gate"), lines.join(t("、", "; "))));
    }
    if kind.renewable {
        let renewal = t(
            "可在“我的申请”中续期，一次可选多份",
            "May be renewed under My applications, several at once",
        );
        rules.push((t("续期", "Renewal"), renewal.to_owned()));
    }
    rules
}

fn quota(kind: &PassKind) -> String {
    let (whose, each) = match kind.applicant {
        Applicant::Household => ("每户", "household"),
        Applicant::Person(_) | Applicant::Anybody => ("每人", "applicant"),
    };
    match kind.quota {
        None => t("不限", "No limit").to_owned(),
        Some(quota) if quota.days == 1 => pick(
            format!("{whose}每天 {} 个", quota.passes),
            format!("{} a day for each {each}", quota.passes),
        ),
        Some(quota) => pick(
            format!(
                "{whose}每 {} 天 {} 个（按通行首日滚动计算）",
                quota.days, quota.passes
            ),
            format!(
                "{} in any {} days for each {each}, counted by the first day",
                quota.passes, quota.days
            ),
        ),
    }
}

fn uses(uses: Uses) -> &'static str {
    match uses {
        Uses::Once => t(
            "单次：限 1 人进入 1 次，仅通行当天有效",
            "Once: one person, one entry, on the day itself",
        ),
        Uses::Pair => t(
            "出入各一次：限 1 人进、出各 1 次，先进后出或先出后进均可",
            "Once in, once out: one person, one entry and one exit, in either order",
        ),
        Uses::Many => t(
            "多次：有效期内可反复进入，仅限本人",
            "Many: any number of entries while it is valid, for the holder only",
        ),
    }
}

fn window(window: &Window) -> String {
    let mut zh = match (window.earliest_days, window.latest_days) {
        (0, 0) => "仅限当天".to_owned(),
        (0, latest) => format!("今天起 {latest} 天内"),
        (earliest, latest) => format!("提前 {earliest} 至 {latest} 天"),
    };
    let mut en = match (window.earliest_days, window.latest_days) {
        (0, 0) => "Today only".to_owned(),
        (0, latest) => format!("From today, up to {latest} days ahead"),
        (earliest, latest) => format!("{earliest} to {latest} days ahead"),
    };
    if window.longest_days > 1 {
        zh.push_str(&format!("，最长连续 {} 天", window.longest_days));
        en.push_str(&format!(", at most {} days in a row", window.longest_days));
    }
    if let Some(open) = &window.weekdays {
        let names = |join: &str| {
            open.iter()
                .map(|day| weekday(civil(*day)))
                .collect::<Vec<_>>()
                .join(join)
        };
        zh.push_str(&format!("，限{}", names("、")));
        en.push_str(&format!(", {} only", names(", ")));
    }
    pick(zh, en)
}

fn approval(steps: &Flow) -> String {
    if steps.0.is_empty() {
        return t("符合规定即时通过", "At once, when the rules are kept").to_owned();
    }
    let titles: Vec<String> = steps.0.iter().map(|step| say(&step.title)).collect();
    titles.join(" → ")
}

/// A weekday's short name.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => t("周一", "Mon"),
        Weekday::Tuesday => t("周二", "Tue"),
        Weekday::Wednesday => t("周三", "Wed"),
        Weekday::Thursday => t("周四", "Thu"),
        Weekday::Friday => t("周五", "Fri"),
        Weekday::Saturday => t("周六", "Sat"),
        Weekday::Sunday => t("周日", "Sun"),
    }
}

/// A month with its year.
pub fn month(day: Date) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = NAMES
        .get(usize::from(day.month().unsigned_abs()) - 1)
        .copied()
        .unwrap_or_default();
    pick(
        format!("{} 年 {} 月", day.year(), day.month()),
        format!("{name} {}", day.year()),
    )
}

fn civil(day: pass::kind::Weekday) -> Weekday {
    use pass::kind::Weekday as Open;
    match day {
        Open::Monday => Weekday::Monday,
        Open::Tuesday => Weekday::Tuesday,
        Open::Wednesday => Weekday::Wednesday,
        Open::Thursday => Weekday::Thursday,
        Open::Friday => Weekday::Friday,
        Open::Saturday => Weekday::Saturday,
        Open::Sunday => Weekday::Sunday,
    }
}
