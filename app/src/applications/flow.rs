//! About whom an application is, and the drawing of its flow (流程图): where it stands, who acts next, since when.

use crate::apply::place;
use crate::language::{say, t};
use crate::sentences;
use jiff::civil::DateTime;
use leptos::prelude::*;
use pass::Role;
use pass::household::Address;
use pass::kind::Subject;
use pass::site::Text;
use serde::{Deserialize, Serialize};

/// About whom an application is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Who passes the gate.
    pub subject: Subject,
    /// Whether a household applied: then the holder is the householder, or lives there.
    pub household: bool,
    /// Whose name the pass bears; a vehicle's plate.
    pub holder: String,
    /// A guest's telephone.
    pub guest: Option<String>,
    /// The applicant's staff or student number.
    pub number: Option<String>,
    /// The applicant's unit.
    pub unit: Option<Text>,
    /// The household's address.
    pub address: Option<Address>,
    /// The host, where that is not the applicant.
    pub host: Option<String>,
}

impl About {
    /// Where they belong, on one line: the household's address, the unit, or the host.
    pub fn belongs(&self) -> String {
        match (&self.address, &self.unit, &self.host) {
            (Some(address), _, _) => place(address),
            (None, Some(unit), _) => say(unit),
            (None, None, Some(host)) => sentences::pick(format!("接待人 {host}"), format!("Host {host}")),
            (None, None, None) => String::new(),
        }
    }
}

/// What the holder is called.
pub fn holder_label(subject: Subject, household: bool) -> &'static str {
    match (subject, household) {
        (Subject::Oneself, true) => t("户主姓名", "Householder"),
        (Subject::Oneself, false) => t("姓名", "Name"),
        (Subject::Member, _) => t("通行人姓名", "Who passes"),
        (Subject::Guest, _) => t("来访人姓名", "Guest"),
        (Subject::Vehicle, _) => t("车牌号", "Plate"),
    }
}

/// The lines of a list of facts that say about whom it is.
#[component]
pub fn AboutFacts(
    /// About whom.
    about: About,
) -> impl IntoView {
    let label = holder_label(about.subject, about.household);
    let line = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <dt>{name}</dt><dd>{value}</dd> })
    };
    let address = about.address;
    view! {
        {line(t("学工号", "Number"), about.number)}
        {line(label, Some(about.holder))}
        {line(t("来访人手机号", "Guest's phone"), about.guest)}
        {line(t("所在单位", "Unit"), about.unit.as_ref().map(say))}
        {address.map(|address| view! {
            <dt>{t("小区名称", "Community")}</dt><dd>{address.community}</dd>
            <dt>{t("楼栋号", "Building")}</dt><dd>{address.building}</dd>
            <dt>{t("门牌号", "Door")}</dt><dd>{address.door}</dd>
        })}
        {line(t("接待人", "Host"), about.host)}
    }
}

/// A step in the drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What it is called.
    pub title: Text,
    /// Whether the application has come to it.
    pub reached: Reached,
    /// Who decides.
    pub sitting: Vec<Sitting>,
    /// Since when it is, or was, there.
    pub since: Option<DateTime>,
    /// Until when it is to be decided.
    pub due: Option<DateTime>,
}

/// Whether an application has come to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// It has been agreed to there.
    Passed,
    /// It is there.
    Here,
    /// There it was refused or sent back.
    Stopped,
    /// It has not come there yet.
    Ahead,
}

/// A seat of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The role; absent for a person who was named.
    pub role: Option<Role>,
    /// Who sits there, as far as the reader may know.
    pub names: Vec<String>,
    /// Whether they have agreed.
    pub agreed: bool,
}

/// The drawing: one step below the other on a phone, beside it on a PC.
#[component]
pub fn FlowDrawing(
    /// The steps, in order.
    stages: Vec<Stage>,
    /// Whether the application came to its end and was agreed to.
    completed: bool,
) -> impl IntoView {
    if stages.is_empty() {
        return ().into_any();
    }
    let came = |reached: Reached| match reached {
        Reached::Passed => ("passed", t("已通过", "passed")),
        Reached::Here => ("here", t("办理中", "now here")),
        Reached::Stopped => ("stopped", t("未通过", "stopped here")),
        Reached::Ahead => ("ahead", t("未到", "ahead")),
    };
    view! {
        <h3>{t("流程图", "Its way")}</h3>
        <ol class="flow" aria-label=t("流程图", "Its way")>
            <li class="flow-step" data-reached="passed"><strong>{t("提交申请", "Handed in")}</strong></li>
            {stages.into_iter().map(|stage| {
                let (word, said) = came(stage.reached);
                view! {
                    <li class="flow-step" data-reached=word aria-current=(stage.reached == Reached::Here).then_some("step")>
                        <strong>{say(&stage.title)}</strong>
                        <span class="flow-state">{said}</span>
                        {stage.sitting.into_iter().map(|sitting| view! { <Seat sitting here=stage.reached == Reached::Here/> }).collect_view()}
                        {stage.since.map(|at| view! { <span class="quiet">{t("到达 ", "since ")} {sentences::instant(at)}</span> })}
                        {stage.due.filter(|_| stage.reached == Reached::Here).map(|at| view! {
                            <span class="quiet">{t("办理期限 ", "due ")} {sentences::instant(at)}</span>
                        })}
                    </li>
                }
            }).collect_view()}
            <li class="flow-step" data-reached=if completed { "passed" } else { "ahead" }><strong>{t("完成", "Done")}</strong></li>
        </ol>
    }
    .into_any()
}

#[component]
fn Seat(sitting: Sitting, here: bool) -> impl IntoView {
    let Sitting { role, names, agreed } = sitting;
    let who = match (role, names.is_empty()) {
        (Some(role), true) => sentences::role(role).to_owned(),
        (Some(role), false) => format!("{} · {}", sentences::role(role), names.join(t("、", ", "))),
        (None, false) => names.join(t("、", ", ")),
        (None, true) => t("指定人员", "a named person").to_owned(),
    };
    view! {
        <span class="flow-who">{(agreed && here).then(|| view! { <span aria-label=t("已同意", "agreed")>"✓ "</span> })} {who}</span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_somebody_belongs() {
        let about = About {
            subject: Subject::Oneself,
            household: false,
            holder: "张三".into(),
            guest: None,
            number: Some("07000001".into()),
            unit: Some(Text::new("信息化办公室", "IT office")),
            address: None,
            host: Some("李四".into()),
        };
        assert_eq!(about.belongs(), "信息化办公室");
        let outsider = About { unit: None, ..about };
        assert_eq!(outsider.belongs(), "接待人 李四");
    }
}
