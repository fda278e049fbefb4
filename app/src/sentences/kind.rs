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
        KindFaultWhy::NoHousehold => t(
            "只有 applicant = \"household\" 的通行证才能申请给家庭成员。",
            "Only a household has members: let applicant be \"household\".",
        )
        .to_owned(),
        KindFaultWhy::NoHostApplicant => t(
            "由申请人接待时，申请人须为校内人员：applicant 写成人员类别的列表。",
            "Whoever hosts belongs to the site: let applicant be a list of person kinds.",
        )
        .to_owned(),
        KindFaultWhy::HostNotFirst => t(
            "由申请人填写接待人时，第一步必须是 seats = [{ person = \"host\" }]，且不带条件。",
            "A named host confirms first: let the first step have seats = [{ person = \"host\" }] and no condition.",
        )
        .to_owned(),
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
        FlowFault::IdleRole => t(
            "这个角色不参与审批（门岗、窗口、管理员、单位副职）。",
            "This role decides nothing (guard, clerk, administrator, unit_deputy).",
        )
        .to_owned(),
        FlowFault::RoleElsewhere => t(
            "角色与范围不符：单位负责人须写 of = \"applicant_unit\" 或 \"host_unit\"，社区办、保卫处不写 of。",
            "The role is not granted there: heads need of = \"applicant_unit\" or \"host_unit\"; offices take no of.",
        )
        .to_owned(),
        FlowFault::NoPersonField => t(
            "person 须为 \"host\"，或表单中一个必填的 person 字段。",
            "person is \"host\", or a required field of kind person.",
        )
        .to_owned(),
        FlowFault::PickWithoutChoice => t(
            "pick 只用于恰有一个角色审批人的步骤。",
            "pick is for a step with one seat, a role's.",
        )
        .to_owned(),
        FlowFault::NoHost => t("这种通行证没有接待人（host）。", "This kind has no host.").to_owned(),
        FlowFault::NoUnit => t(
            "申请人没有所在单位：applicant 须为人员类别的列表。",
            "The applicants have no unit: let applicant be a list of person kinds.",
        )
        .to_owned(),
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
