//! A kind's form and flow in words, as an administrator reads them before publishing.

use super::{person_kind, pick, role};
use crate::language::{say, t};
use pass::field::{Field, FieldKey, Takes};
use pass::flow::{APPLICANT, Condition, Deadline, Next, Of, Seat, Step, Test};
use pass::kind::{Applicant, Hosting, PassKind, Standing, Subject};

/// As what somebody applies.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Household => t("住户", "Household"),
        Standing::Person(kind) => person_kind(kind),
        Standing::Anybody => t("任何人", "Anybody"),
    }
}

/// Who may apply.
pub fn applicant(applicant: &Applicant) -> String {
    match applicant {
        Applicant::Household => t("已确认的住户", "Confirmed households").to_owned(),
        Applicant::Anybody => t("任何人（用手机号登录）", "Anybody with a telephone").to_owned(),
        Applicant::Person(kinds) => list(kinds.iter().map(|kind| standing(Standing::Person(*kind)))),
    }
}

/// For whom one applies.
pub fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Oneself => t(
            "申请人本人（住户为户主）",
            "The applicant; of a household, the householder",
        ),
        Subject::Member => t("家庭成员", "Somebody who lives in the household"),
        Subject::Guest => t(
            "来访人（通行码发给对方手机）",
            "A guest, whose telephone gets the code",
        ),
        Subject::Vehicle => t("车辆", "A vehicle"),
    }
}

/// Who vouches.
pub fn hosting(host: Hosting) -> &'static str {
    match host {
        Hosting::None => t("无", "Nobody"),
        Hosting::Applicant => t("申请人", "The applicant"),
        Hosting::Named => t(
            "申请人填写的接待人，须先确认",
            "A host whom the applicant names, and who confirms first",
        ),
    }
}

/// What a field takes.
pub fn takes(takes: &Takes) -> String {
    match takes {
        Takes::Text { max_chars, lines } => {
            let (zh, en) = if *lines {
                ("多行文字", "Text of several lines")
            } else {
                ("文字", "Text")
            };
            pick(
                format!("{zh}，最多 {max_chars} 字"),
                format!("{en}, at most {max_chars} characters"),
            )
        }
        Takes::Number { min, max } => pick(
            format!("整数，{min} 至 {max}"),
            format!("Whole number, {min} to {max}"),
        ),
        Takes::Date => t("日期", "A day").to_owned(),
        Takes::Choice { options } => pick(
            format!("选项：{}", list(options.iter().map(|option| say(&option.label)))),
            format!(
                "One of: {}",
                list(options.iter().map(|option| say(&option.label)))
            ),
        ),
        Takes::Attachment {
            max_files,
            max_megabytes,
        } => pick(
            format!("附件，最多 {max_files} 个，每个不超过 {max_megabytes} MB"),
            format!("Files, at most {max_files}, each of at most {max_megabytes} MB"),
        ),
        Takes::Person => t("校内人员（学工号）", "Somebody of the register, by number").to_owned(),
        Takes::Plate => t("车牌号", "A vehicle's plate").to_owned(),
        Takes::IdentityDocument { documents } => {
            let sorts = list(documents.iter().map(|sort| super::identity_sort(*sort)));
            pick(
                format!("证件类型和号码：{sorts}"),
                format!("An identity document and its number: {sorts}"),
            )
        }
    }
}

/// Who decides.
pub fn seat(seat: &Seat, kind: &PassKind) -> String {
    match seat {
        Seat::Role { role: who, of } => {
            let who = role(*who);
            match of {
                Of::Site => who.to_owned(),
                Of::ApplicantUnit => pick(
                    format!("{who}（申请人所在单位，没有时逐级向上）"),
                    format!("{who}, of the applicant's unit or the nearest above it"),
                ),
                Of::HostUnit => pick(
                    format!("{who}（接待人所在单位，没有时逐级向上）"),
                    format!("{who}, of the host's unit or the nearest above it"),
                ),
            }
        }
        Seat::Host => t("接待人", "The host").to_owned(),
        Seat::Person(key) => pick(
            format!("“{}”所填的人", field(key, kind)),
            format!("Whoever is given as \"{}\"", field(key, kind)),
        ),
    }
}

/// On what condition a step is taken.
pub fn condition(when: &Condition, kind: &PassKind) -> String {
    let name = field(&when.field, kind);
    match &when.test {
        Test::Is(these) => {
            let these = list(these.iter().map(|this| value(&when.field, this, kind)));
            pick(
                format!("仅当{name}为{these}"),
                format!("Only where {name} is {these}"),
            )
        }
        Test::AtLeast(least) => pick(
            format!("仅当{name}不少于 {least}"),
            format!("Only where {name} is {least} or more"),
        ),
        Test::AtMost(most) => pick(
            format!("仅当{name}不多于 {most}"),
            format!("Only where {name} is {most} or less"),
        ),
        Test::Given(true) => pick(
            format!("仅当填写了{name}"),
            format!("Only where {name} is filled in"),
        ),
        Test::Given(false) => pick(
            format!("仅当没有填写{name}"),
            format!("Only where {name} is left empty"),
        ),
    }
}

/// Where whoever agrees may send it; absent where there is no choice.
pub fn onward(step: &Step, kind: &PassKind) -> Option<String> {
    if step.next.is_empty() {
        return None;
    }
    let names = list(step.next.iter().map(|next| match next {
        Next::End => t("结束", "the end").to_owned(),
        Next::Step(key) => {
            let step = kind.steps.step(key);
            step.map_or_else(|| key.to_string(), |step| say(&step.title))
        }
    }));
    Some(if step.next.len() == 1 {
        pick(format!("下一步：{names}"), format!("Goes on to {names}"))
    } else {
        pick(
            format!("下一步由办理人选择：{names}"),
            format!("Whoever agrees chooses where it goes on: {names}"),
        )
    })
}

/// Until when a step is to be decided, and what happens then.
pub fn deadline(deadline: &Deadline, kind: &PassKind) -> String {
    let hours = deadline.hours;
    match &deadline.escalate {
        None => pick(
            format!("{hours} 小时内办理，逾期提醒"),
            format!("Within {hours} hours; then they are reminded"),
        ),
        Some(late) => {
            let late = seat(late, kind);
            pick(
                format!("{hours} 小时内办理，逾期后{late}也可办理"),
                format!("Within {hours} hours; from then on this seat may decide as well: {late}"),
            )
        }
    }
}

/// How a version follows another in words: what runs keeps what it began with.
pub fn running(count: i64) -> String {
    match count {
        0 => t("没有审批中的申请。", "No application is in review.").to_owned(),
        1 => t(
            "有 1 份申请正在审批，继续按它开始时的版本办理。",
            "One application is in review; it keeps the version that it began with.",
        )
        .to_owned(),
        count => pick(
            format!("有 {count} 份申请正在审批，继续按各自开始时的版本办理。"),
            format!("{count} applications are in review; each keeps the version that it began with."),
        ),
    }
}

/// What a field, or a fact that is asked like one, is called.
fn field(key: &FieldKey, kind: &PassKind) -> String {
    let own = |field: &&Field| field.key == *key;
    match kind.fields.iter().find(own) {
        Some(field) => say(&field.label),
        None if key.as_str() == APPLICANT => t("申请人", "the applicant").to_owned(),
        None => t("申请天数", "the number of days").to_owned(),
    }
}

/// What a value that a condition asks for is called.
fn value(key: &FieldKey, value: &str, kind: &PassKind) -> String {
    if key.as_str() == APPLICANT {
        return value
            .parse()
            .map_or_else(|_| value.to_owned(), |named| standing(named).to_owned());
    }
    let takes = kind
        .fields
        .iter()
        .find(|field| field.key == *key)
        .map(|field| &field.takes);
    match takes {
        Some(Takes::Choice { options }) => options
            .iter()
            .find(|option| option.key.as_str() == value)
            .map_or_else(|| value.to_owned(), |option| say(&option.label)),
        _ => value.to_owned(),
    }
}

fn list<T: AsRef<str>>(names: impl Iterator<Item = T>) -> String {
    let names: Vec<T> = names.collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(t("、", ", "))
}
