//! What keeps a pass kind's document from being published, in words.

use super::pick;
use crate::language::t;
use pass::flow::FlowFault;
use pass::kind::KindFaultWhy;

/// Why a part of a kind cannot stand, and what to write instead.
pub fn kind_fault(why: &KindFaultWhy) -> String {
    match why {
        KindFaultWhy::Empty => t("不能为空。", "It may not be empty.").to_owned(),
        KindFaultWhy::Longer { max } => {
            pick(format!("最多 {max} 个字。"), format!("At most {max} characters."))
        }
        KindFaultWhy::Below { min } => pick(format!("不能小于 {min}。"), format!("Not less than {min}.")),
        KindFaultWhy::Above { max } => pick(format!("不能大于 {max}。"), format!("Not more than {max}.")),
        KindFaultWhy::Repeated => t(
            "有重复，或名称已被系统使用。",
            "It is there twice, or the name is taken by the product.",
        )
        .to_owned(),
        KindFaultWhy::Step(fault) => flow_fault(fault),
        KindFaultWhy::NotYet => t("本版本尚不支持。", "This version does not do that yet.").to_owned(),
    }
}

fn flow_fault(fault: &FlowFault) -> String {
    match fault {
        FlowFault::SameKey => t("前面已有同名步骤。", "An earlier step has this name.").to_owned(),
        FlowFault::NoSeat => t(
            "没有审批人：请在 seats 中写明角色。",
            "Nobody decides: name a role in seats.",
        )
        .to_owned(),
        FlowFault::SameSeat => t("审批人重复。", "The same seat twice.").to_owned(),
        FlowFault::ManySeats => pick(
            format!("审批人过多，最多 {} 个。", pass::Flow::MAX_SEATS),
            format!("Too many seats; at most {}.", pass::Flow::MAX_SEATS),
        ),
        FlowFault::NoSuchStep { step } => pick(
            format!("没有名为“{step}”的步骤。"),
            format!("There is no step \"{step}\"."),
        ),
        FlowFault::SameNext => t("下一步重复。", "The same next step twice.").to_owned(),
        FlowFault::ChoiceInParallel => t(
            "多人会签的步骤只能有一个下一步。",
            "A step that several must agree to can go on in one way only.",
        )
        .to_owned(),
        FlowFault::Unreachable => t("没有任何路径到达这一步。", "No way leads to this step.").to_owned(),
        FlowFault::NoWayOut => t(
            "从这一步无法走到结束：请在某个 next 中写上 \"end\"。",
            "From this step no way leads to the end: let some next be \"end\".",
        )
        .to_owned(),
        FlowFault::NoSuchField { field } => pick(
            format!("表单没有名为“{field}”的字段。"),
            format!("The form has no field \"{field}\"."),
        ),
        FlowFault::ConditionDoesNotFit => t(
            "条件与字段类型不符：is 用于选项，at_least 和 at_most 用于数字。",
            "The condition does not fit the field: is asks of choices, at_least and at_most of numbers.",
        )
        .to_owned(),
        FlowFault::Title => pick(
            format!("步骤名称须有中英文，最多 {} 个字。", pass::Step::MAX_TITLE),
            format!(
                "A step's title is needed in both languages, at most {} characters.",
                pass::Step::MAX_TITLE
            ),
        ),
        FlowFault::DeadlineHours => pick(
            format!("期限为 1 至 {} 小时。", pass::flow::Deadline::MAX_HOURS),
            format!("A deadline has 1 to {} hours.", pass::flow::Deadline::MAX_HOURS),
        ),
    }
}
