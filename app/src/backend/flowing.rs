//! What pages show of an application's way through its flow: about whom it is, the drawing, the history.

use super::calendar;
use crate::applications::facts::{Step, Who};
use crate::applications::flow::{About, Reached, Sitting, Stage};
use pass::application::{Act, State};
use pass::flow::{Next, Seat, StepKey};
use pass::kind::{PassKind, Subject};
use pass::{Role, SiteZone};
use store::application::Application;
use store::task::Task;

/// Whose eyes see it: applicants see offices, not the people who sit there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// The applicant, or their guest.
    Applicant,
    /// Those who review.
    Reviewer,
}

impl Eyes {
    /// Whether the names behind a role are theirs to see.
    fn names(self, role: Option<Role>) -> bool {
        match role {
            Some(Role::Office | Role::SecurityOffice) => self == Eyes::Reviewer,
            _ => true,
        }
    }
}

/// About whom an application is.
pub fn about(one: &Application, subject: Subject) -> About {
    About {
        subject,
        household: one.standing == pass::kind::Standing::Household,
        holder: one.holder.clone(),
        guest: one.holder_phone.clone(),
        number: one.number.clone(),
        unit: one.unit.as_ref().map(|(_, name)| name.clone()),
        address: one.household.as_ref().map(|(_, address)| address.clone()),
        host: one
            .host
            .as_ref()
            .filter(|host| host.account != one.applicant)
            .map(|host| host.name.clone()),
    }
}

/// The facts that the flow's conditions are asked of.
fn facts(one: &Application) -> pass::Values {
    let days = pass::booking::length(one.first_day, one.last_day);
    pass::flow::facts(&one.given, one.standing, days)
}

/// Where an application may go on from a step, as the flow's rule has it.
pub fn choices(kind: &PassKind, one: &Application, step: &StepKey) -> Vec<Next> {
    kind.steps.choices(step, &facts(one))
}

/// The drawing of the flow (流程图): the steps that the application came to since it was last handed in, and those ahead of it as far as
/// they can be foreseen.
pub fn stages(zone: &SiteZone, kind: &PassKind, one: &Application, tasks: &[Task], eyes: Eyes) -> Vec<Stage> {
    let ended = |task: &Task| matches!(task.act, Some(Act::Refuse | Act::SendBack));
    let open = one.state == State::InReview;
    // What came before it was handed in anew is history.
    let latest = tasks.iter().map(|task| task.visit).max();
    let since = tasks
        .iter()
        .filter(|task| ended(task) && Some(task.visit) < latest)
        .map(|task| task.visit + 1)
        .max()
        .unwrap_or(0);
    let mut stages: Vec<(i16, Stage)> = Vec::new();
    for task in tasks.iter().filter(|task| task.visit >= since) {
        if stages.last().is_none_or(|(visit, _)| *visit != task.visit) {
            let step = kind.steps.0.iter().find(|step| step.key.as_str() == task.step);
            let stage = Stage {
                title: step.map(|step| step.title.clone()).unwrap_or_default(),
                reached: Reached::Passed,
                sitting: Vec::new(),
                since: Some(calendar::local(zone, task.opened_at)),
                due: task.due_at.map(|at| calendar::local(zone, at)),
            };
            stages.push((task.visit, stage));
        }
        let Some((_, stage)) = stages.last_mut() else {
            continue;
        };
        if task.closed_at.is_none() {
            stage.reached = Reached::Here;
        } else if ended(task) && stage.reached != Reached::Here {
            stage.reached = Reached::Stopped;
        }
        let names = if eyes.names(task.role) {
            task.holders.clone()
        } else {
            Vec::new()
        };
        stage.sitting.push(Sitting {
            role: task.role,
            names,
            agreed: matches!(task.act, Some(Act::PassOn | Act::Agree)),
        });
    }
    let mut stages: Vec<Stage> = stages.into_iter().map(|(_, stage)| stage).collect();
    if open && let Some(last) = tasks.last() {
        stages.extend(ahead(kind, one, &last.step));
    }
    stages
}

/// The steps after one, going on each time as the first choice offers.
fn ahead(kind: &PassKind, one: &Application, from: &str) -> Vec<Stage> {
    let facts = facts(one);
    let mut stages = Vec::new();
    let mut seen = vec![from.to_owned()];
    let Ok(mut at) = from.parse::<StepKey>() else {
        return stages;
    };
    while let Some(Next::Step(next)) = kind.steps.choices(&at, &facts).into_iter().next() {
        let Some(step) = kind
            .steps
            .step(&next)
            .filter(|_| !seen.contains(&next.to_string()))
        else {
            break;
        };
        seen.push(next.to_string());
        stages.push(Stage {
            title: step.title.clone(),
            reached: Reached::Ahead,
            sitting: step
                .seats
                .iter()
                .map(|seat| Sitting {
                    role: match seat {
                        Seat::Role { role, .. } => Some(*role),
                        Seat::Host | Seat::Person(_) => None,
                    },
                    names: match (seat, &one.host) {
                        (Seat::Host, Some(host)) => vec![host.name.clone()],
                        _ => Vec::new(),
                    },
                    agreed: false,
                })
                .collect(),
            since: None,
            due: None,
        });
        at = next;
    }
    stages
}

/// Every act, oldest first.
pub fn history(
    zone: &SiteZone,
    kind: &PassKind,
    one: &Application,
    history: Vec<store::decision::Step>,
    eyes: Eyes,
) -> Vec<Step> {
    let shown = |step: store::decision::Step| {
        let at = kind
            .steps
            .0
            .iter()
            .find(|there| Some(there.key.as_str()) == step.step.as_deref());
        let role = at.and_then(|at| {
            at.seats.iter().find_map(|seat| match seat {
                Seat::Role { role, .. } => Some(*role),
                Seat::Host | Seat::Person(_) => None,
            })
        });
        // What is done outside the flow, offices do.
        let named = match at {
            Some(_) => eyes.names(role),
            None => eyes == Eyes::Reviewer,
        };
        Step {
            act: step.act,
            title: at.map(|at| at.title.clone()),
            who: match (step.by, step.name) {
                (None, _) => Who::Policy,
                (Some(by), _) if by == one.applicant => Who::Applicant,
                (Some(_), Some(name)) if named && !name.is_empty() => Who::Named(name),
                (Some(_), _) => Who::Office(role.unwrap_or(Role::Office)),
            },
            of: step.of.filter(|_| named),
            at: calendar::local(zone, step.at),
            opinion: step.opinion,
        }
    };
    history.into_iter().map(shown).collect()
}
