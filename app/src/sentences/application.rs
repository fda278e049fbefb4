//! Applications: their states, what may be done to them, why not, and their days.

use super::pick;
use crate::language::{language, t};
use jiff::civil::{Date, DateTime};
use pass::Refusal;
use pass::application::{Act, State};
use pass::field::ValueFault;
use pass::kind::Uses;
use pass::site::Language;

/// A state's name, as the notices write it.
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => t("草稿", "Draft"),
        State::InReview => t("审核中", "In review"),
        State::Rejected => t("已驳回", "Rejected"),
        State::Withdrawn => t("已撤回", "Withdrawn"),
        State::Terminated => t("已终止", "Terminated"),
        State::Completed => t("已完成", "Completed"),
    }
}

/// An act's name, as on its button.
pub fn act(act: Act) -> &'static str {
    match act {
        Act::Submit => t("提交", "Submit"),
        Act::Resubmit => t("修改后重新提交", "Corrected and sent again"),
        Act::PassOn | Act::Agree => t("同意", "Agree"),
        Act::Refuse => t("不同意", "Refuse"),
        Act::SendBack => t("退回修改", "Send back"),
        Act::Withdraw => t("撤回", "Withdraw"),
        Act::Terminate => t("终止", "Terminate"),
        Act::Lapse => t("逾期未审，自动终止", "Lapsed undecided"),
    }
}

/// How often a pass opens the gate.
pub fn uses(uses: Uses) -> &'static str {
    match uses {
        Uses::Once => t("单次", "Once"),
        Uses::Pair => t("出入各一次", "Once in, once out"),
        Uses::Many => t("多次", "Many times"),
    }
}

/// Why an application or an act is refused, and what to do next.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotNow { state: at, act: asked } => pick(
            format!("申请目前是“{}”，不能“{}”。请刷新查看最新状态。", state(*at), act(*asked)),
            format!("The application is {} and cannot take “{}”. Load it again to see its state.", state(*at).to_lowercase(), act(*asked)),
        ),
        Refusal::Used => t("通行证已使用过，不能撤回。", "The pass has been used and cannot be taken back.").to_owned(),
        Refusal::Over { last_day } => pick(
            format!("通行证已于 {} 到期。", day(*last_day)),
            format!("The pass ended on {}.", day(*last_day)),
        ),
        Refusal::TooEarly { earliest } => pick(
            format!("最早可选 {}。", day(*earliest)),
            format!("The earliest day is {}.", day(*earliest)),
        ),
        Refusal::TooLate { latest } => pick(
            format!("最晚可选 {}。", day(*latest)),
            format!("The latest day is {}.", day(*latest)),
        ),
        Refusal::EndsBeforeItBegins => {
            t("结束日期不能早于开始日期。", "The last day cannot come before the first.").to_owned()
        }
        Refusal::TooLong { longest } => {
            pick(format!("最多连续 {longest} 天。"), format!("At most {longest} days in a row."))
        }
        Refusal::ClosedDay { day: closed, .. } => pick(
            format!("{} 不开放申请，请另选日期。", day(*closed)),
            format!("{} is closed. Choose another day.", day(*closed)),
        ),
        Refusal::QuotaSpent { passes, days, next_free } => {
            let (zh, en) = match next_free {
                Some(free) => (
                    format!("最近可申请的日期是 {}。", day(*free)),
                    format!("The next free day is {}.", day(*free)),
                ),
                None => ("可选日期内已无名额。".to_owned(), "No day that may be chosen is free.".to_owned()),
            };
            pick(
                format!("每 {days} 天限 {passes} 个，名额已用完。{zh}"),
                format!("At most {passes} in {days} days, and they are spent. {en}"),
            )
        }
        Refusal::Given { .. } => t("请核对标出的各项。", "Check the fields that are marked.").to_owned(),
        Refusal::ReasonMissing => t("请填写申请原因。", "Please give a reason.").to_owned(),
        Refusal::ReasonTooLong { max } => {
            pick(format!("申请原因最多 {max} 个字。"), format!("The reason may have at most {max} characters."))
        }
        Refusal::HolderMissing => t("请填写。", "This is needed.").to_owned(),
        Refusal::HolderTooLong { max } => {
            pick(format!("姓名最多 {max} 个字。"), format!("A name may have at most {max} characters."))
        }
        Refusal::NoPlate => t("车牌号格式不正确，例如 渝A12345。", "This is no plate. One looks like 渝A12345.").to_owned(),
        Refusal::PhoneMissing => t("请填写来访人的手机号，通行码会发到这个号码。", "The guest's phone is needed: the code goes there.").to_owned(),
        Refusal::HostMissing => t("请填写接待人的工号和姓名。", "Name your host: number and name.").to_owned(),
        Refusal::HostUnknown => t(
            "没有找到这位接待人，请与对方核对工号和姓名。",
            "Nobody has this number and this name. Ask your host for both.",
        )
        .to_owned(),
        Refusal::HostOwn => t("接待人不能是本人。", "You cannot be your own host.").to_owned(),
        Refusal::PersonUnknown { .. } => t("没有找到这个学工号，或不能填写本人。", "Nobody has this number, or it is your own.").to_owned(),
        Refusal::NotForApplicant => t(
            "您的身份不能申请这种通行证。",
            "This pass is not for people in your standing.",
        )
        .to_owned(),
        Refusal::NextNotOffered => t(
            "请选择下一步；所选的下一步或办理人目前不可用。",
            "Choose the next step; the one chosen, or its person, is not on offer.",
        )
        .to_owned(),
        Refusal::HouseholderDiffers => t(
            "户主姓名与登记不符，请核对，或联系社区办更正。",
            "The householder's name differs from the register. Check it, or ask the community office to correct it.",
        )
        .to_owned(),
        Refusal::ControlCharacter => {
            t("含有无法使用的字符，请重新输入。", "There is a character in it that cannot be used. Type it anew.").to_owned()
        }
        Refusal::KindNotOffered => t(
            "这种通行证的规定已更新，请重新加载页面再填。",
            "The rules of this pass have changed. Load the page again before you apply.",
        )
        .to_owned(),
        Refusal::NotRenewable => t(
            "这份申请不能续期，请重新申请。",
            "This one cannot be renewed. Apply anew.",
        )
        .to_owned(),
        Refusal::DraftsFull { most } => pick(
            format!("同一种通行证最多保存 {most} 份草稿，请先提交或删除一份。"),
            format!("At most {most} drafts of one kind are kept. Submit one or throw one away first."),
        ),
        Refusal::HouseholdNotConfirmed => t(
            "社区办还没有确认您的住户信息，确认后即可申请。",
            "The community office has not confirmed your household yet. Once it has, you can apply.",
        )
        .to_owned(),
    }
}

/// Why the office cannot agree to an application, though it waits.
pub fn cannot_agree(why: &Refusal) -> String {
    match why {
        Refusal::Over { last_day } => pick(
            format!("通行日期 {} 已过，不能再同意。", day(*last_day)),
            format!(
                "Its last day, {}, is over: it cannot be agreed to any more.",
                day(*last_day)
            ),
        ),
        Refusal::HouseholdNotConfirmed => t(
            "申请人与该住户的绑定已解除，不能同意。",
            "The applicant is bound to this household no more: it cannot be agreed to.",
        )
        .to_owned(),
        other => refusal(other),
    }
}

/// A day with its weekday: `2020-02-17 周一`.
pub fn day(day: Date) -> String {
    let weekday = super::weekday(day.weekday());
    match language() {
        Language::Zh => format!("{day} {weekday}"),
        Language::En => format!("{weekday} {day}"),
    }
}

/// A span of days, both ends belonging to it.
pub fn days(first: Date, last: Date) -> String {
    if first == last {
        day(first)
    } else {
        pick(format!("{first} 至 {last}"), format!("{first} to {last}"))
    }
}

/// How many days a span has, both ends belonging to it: ` · 3 天`.
pub fn length(first: Date, last: Date) -> String {
    match (last - first).get_days() + 1 {
        1 => pick(" · 当天".to_owned(), " · that day".to_owned()),
        days => pick(format!(" · {days} 天"), format!(" · {days} days")),
    }
}

/// An instant in the site's time zone, to the minute: `2020-02-15 15:23`.
pub fn instant(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// An instant in the site's time zone, to the second.
pub fn instant_with_seconds(at: DateTime) -> String {
    format!("{}:{:02}", instant(at), at.second())
}

/// A clock's hands: `15:23:26`.
pub fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// What is wrong with what was given for a field of a pass kind.
pub fn value_fault(fault: ValueFault) -> String {
    match fault {
        ValueFault::Missing => t("请填写。", "This is needed.").to_owned(),
        ValueFault::Longer { max } => {
            pick(format!("最多 {max} 个字。"), format!("At most {max} characters."))
        }
        ValueFault::Below { min } => pick(format!("不能小于 {min}。"), format!("Not less than {min}.")),
        ValueFault::Above { max } => pick(format!("不能大于 {max}。"), format!("Not more than {max}.")),
        ValueFault::Malformed => t("格式不正确，请检查。", "This is not of the form asked for.").to_owned(),
        ValueFault::IdentitySort => t("请选择证件类型。", "Choose the sort of document.").to_owned(),
        ValueFault::IdentityNumber => t(
            "证件号码不正确，请逐位核对。",
            "No document of this sort has this number. Check each character.",
        )
        .to_owned(),
        ValueFault::ControlCharacter => t(
            "含有不能使用的字符，请重新输入。",
            "There are characters that cannot be used.",
        )
        .to_owned(),
        ValueFault::MoreFiles { max } => {
            pick(format!("最多 {max} 个文件。"), format!("At most {max} files."))
        }
        ValueFault::FileGone => t(
            "有文件已失效，请移除后重新添加。",
            "A file is not there any more. Remove it and add it again.",
        )
        .to_owned(),
        ValueFault::Unknown => {
            t("表单已更新，请重新打开。", "The form has changed; open it anew.").to_owned()
        }
    }
}
