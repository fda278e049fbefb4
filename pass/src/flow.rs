//! The approval flow of a pass kind: its steps, who decides each, and how an application moves through them.
//!
//! Steps stand in a list. Who agrees at a step chooses where it goes on among the step's `next` (下一步); a step without
//! `next` goes on with the one after it, the last one ends the flow. A step whose condition does not hold is passed over to the
//! one after it. A flow without steps agrees at once.

use alloc::{collections::BTreeSet, string::String, vec, vec::Vec};
use core::fmt;

mod condition;
mod seat;

pub use condition::{Condition, Test};
pub use seat::{Of, Seat};

use seat::SeatFault;
use serde::{Deserialize, Serialize};

use crate::{
    field::{Field, FieldKey, Value, Values},
    kind::Standing,
    role::Role,
    site::{CodeError, Text, code},
};

/// A step's name inside its flow: 1 to 32 of `a-z`, `0-9` and `-`, but for `end`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StepKey(String);

/// What `next` calls the end of the flow.
const END: &str = "end";

impl StepKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::str::FromStr for StepKey {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<StepKey, CodeError> {
        if text == END {
            return Err(CodeError);
        }
        code(text, 32).map(StepKey)
    }
}

impl TryFrom<String> for StepKey {
    type Error = CodeError;

    fn try_from(text: String) -> Result<StepKey, CodeError> {
        text.parse()
    }
}

impl From<StepKey> for String {
    fn from(key: StepKey) -> String {
        key.0
    }
}

impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an application goes on: a step, or the end, at which it is agreed to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Next {
    /// The step of this name.
    Step(StepKey),
    /// `end`.
    End,
}

impl TryFrom<String> for Next {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Next, CodeError> {
        if text == END {
            Ok(Next::End)
        } else {
            text.parse().map(Next::Step)
        }
    }
}

impl From<Next> for String {
    fn from(next: Next) -> String {
        match next {
            Next::Step(key) => key.0,
            Next::End => END.into(),
        }
    }
}

/// Until when a step is to be decided, and what happens then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The hours from when the step begins, 1 to [`Deadline::MAX_HOURS`].
    pub hours: u16,
    /// Who may decide from then on, besides those of the step. Without it they are only reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Seat>,
}

impl Deadline {
    /// The longest, in hours: four weeks.
    pub const MAX_HOURS: u16 = 672;
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub key: StepKey,
    /// What people call it.
    pub title: Text,
    /// Who decides. Where there are several, all must agree, in any order.
    pub seats: Vec<Seat>,
    /// When the step is taken; always, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Where it may go on, as whoever agrees chooses. Empty: with the step after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Next>,
    /// Whether whoever sends an application here may pick the one person of the seat who decides (下一步办理人). Without a pick any of
    /// them may.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub pick: bool,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
}

/// The steps in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flow(pub Vec<Step>);

/// What keeps a flow from being published, at which step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum FlowFault {
    /// Two steps have this name.
    SameKey,
    /// Nobody decides.
    NoSeat,
    /// The same seat twice.
    SameSeat,
    /// More seats than [`Flow::MAX_SEATS`].
    ManySeats,
    /// A role that decides nothing: guards, clerks, administrators, deputies (who sit in their head's seat).
    IdleRole,
    /// A role that is not granted there: heads are units', offices the whole site's.
    RoleElsewhere,
    /// A person named by a field that the form does not have, or that is not a required one for a person.
    NoPersonField,
    /// A person is picked where there is more than one seat, or where the seat is no role's.
    PickWithoutChoice,
    /// It speaks of a host, but the kind has none.
    NoHost,
    /// It speaks of the applicant's unit, but applicants have none.
    NoUnit,
    /// It goes on to a step that is not there.
    NoSuchStep {
        /// The name.
        step: StepKey,
    },
    /// The same choice twice.
    SameNext,
    /// Several must agree, so nobody could choose where it goes on.
    ChoiceInParallel,
    /// No way from the beginning leads to it.
    Unreachable,
    /// From it no way leads to the end.
    NoWayOut,
    /// The condition names a field that the form does not have.
    NoSuchField {
        /// The name.
        field: FieldKey,
    },
    /// The condition cannot be asked of this field.
    ConditionDoesNotFit,
    /// The title is empty or longer than [`Step::MAX_TITLE`].
    Title,
    /// The deadline is not from 1 to [`Deadline::MAX_HOURS`] hours.
    DeadlineHours,
}

impl FlowFault {
    /// The part of the step that the fault is about, as documents name it.
    pub fn part(&self) -> &'static str {
        match self {
            FlowFault::SameKey | FlowFault::Unreachable => "key",
            FlowFault::NoSeat
            | FlowFault::SameSeat
            | FlowFault::ManySeats
            | FlowFault::IdleRole
            | FlowFault::RoleElsewhere
            | FlowFault::NoPersonField
            | FlowFault::NoHost
            | FlowFault::NoUnit => "seats",
            FlowFault::PickWithoutChoice => "pick",
            FlowFault::NoSuchStep { .. }
            | FlowFault::SameNext
            | FlowFault::ChoiceInParallel
            | FlowFault::NoWayOut => "next",
            FlowFault::NoSuchField { .. } | FlowFault::ConditionDoesNotFit => "when",
            FlowFault::Title => "title",
            FlowFault::DeadlineHours => "deadline",
        }
    }
}

impl Step {
    /// The longest title, in characters.
    pub const MAX_TITLE: usize = 30;
}

/// What conditions call the standing in which somebody applied ([`Standing::as_str`]).
pub const APPLICANT: &str = "applicant";
/// What conditions call the number of days of the pass.
pub const DAYS: &str = "days-asked";

/// What the conditions of a flow are asked of: the values of the form, who applied, and for how many days.
pub fn facts(given: &Values, applicant: Standing, days: i64) -> Values {
    let mut facts = given.clone();
    let more = [
        (APPLICANT, Value::Text(applicant.as_str().into())),
        (DAYS, Value::Number(days)),
    ];
    for (key, value) in more {
        if let Ok(key) = key.parse::<FieldKey>() {
            facts.insert(key, value);
        }
    }
    facts
}

/// A choice that whoever agrees made, and that the step does not offer; or none where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOffered;

impl Flow {
    /// The most steps.
    pub const MAX_STEPS: usize = 20;
    /// The most seats of a step.
    pub const MAX_SEATS: usize = 5;

    /// The step of this name.
    pub fn step(&self, key: &StepKey) -> Option<&Step> {
        self.0.iter().find(|step| step.key == *key)
    }

    fn place(&self, key: &StepKey) -> Option<usize> {
        self.0.iter().position(|step| step.key == *key)
    }

    /// One step that the community office decides.
    pub fn office() -> Flow {
        Flow(vec![Step {
            key: StepKey("office".into()),
            title: Text::new("社区办审核", "Community office"),
            seats: vec![Seat::Role {
                role: Role::Office,
                of: Of::Site,
            }],
            when: None,
            next: vec![],
            pick: false,
            deadline: None,
        }])
    }

    /// Every seat there is, those that deadlines open included, each with its step's place.
    pub fn seats(&self) -> impl Iterator<Item = (usize, &Seat)> {
        self.0.iter().enumerate().flat_map(|(at, step)| {
            let late = step
                .deadline
                .as_ref()
                .and_then(|deadline| deadline.escalate.as_ref());
            step.seats.iter().chain(late).map(move |seat| (at, seat))
        })
    }

    /// Where an application with these values begins.
    pub fn begin(&self, values: &Values) -> Next {
        self.from(0, values)
    }

    /// The first step from this place on whose condition holds.
    fn from(&self, place: usize, values: &Values) -> Next {
        self.0
            .iter()
            .skip(place)
            .find(|step| step.when.as_ref().is_none_or(|when| when.holds(values)))
            .map_or(Next::End, |step| Next::Step(step.key.clone()))
    }

    /// Where it may go on from a step, for these values: what whoever agrees there chooses from. Without doubles; at least one.
    pub fn choices(&self, at: &StepKey, values: &Values) -> Vec<Next> {
        let Some(place) = self.place(at) else {
            return vec![Next::End];
        };
        let mut choices = Vec::new();
        let mut offer = |next: Next| {
            if !choices.contains(&next) {
                choices.push(next);
            }
        };
        let named = &self.0[place].next;
        if named.is_empty() {
            offer(self.from(place + 1, values));
        }
        for next in named {
            match next {
                Next::End => offer(Next::End),
                Next::Step(key) => offer(
                    self.place(key)
                        .map_or(Next::End, |place| self.from(place, values)),
                ),
            }
        }
        choices
    }

    /// Where it goes on after a step has been agreed to.
    ///
    /// # Errors
    ///
    /// [`NotOffered`] when the choice is not among the [`choices`](Flow::choices), or when there are several and none was made.
    pub fn after(&self, at: &StepKey, chosen: Option<&Next>, values: &Values) -> Result<Next, NotOffered> {
        let mut choices = self.choices(at, values);
        match (chosen, choices.len()) {
            (None, 1) => Ok(choices.remove(0)),
            (Some(chosen), _) if choices.contains(chosen) => Ok(chosen.clone()),
            _ => Err(NotOffered),
        }
    }

    /// Everything that keeps this flow from being published, each with its step's place in the list.
    pub fn check(&self, fields: &[Field]) -> Vec<(usize, FlowFault)> {
        let mut faults = Vec::new();
        let ways = self.ways();
        let reached = self.reached(&ways);
        let ends = self.ends(&ways);
        for (at, step) in self.0.iter().enumerate() {
            let mut fault = |wrong: bool, why: FlowFault| {
                if wrong {
                    faults.push((at, why));
                }
            };
            let title = |text: &str| text.trim().is_empty() || text.chars().count() > Step::MAX_TITLE;
            fault(
                self.0[..at].iter().any(|other| other.key == step.key),
                FlowFault::SameKey,
            );
            fault(title(&step.title.zh) || title(&step.title.en), FlowFault::Title);
            fault(step.seats.is_empty(), FlowFault::NoSeat);
            fault(step.seats.len() > Flow::MAX_SEATS, FlowFault::ManySeats);
            fault(doubled(&step.seats), FlowFault::SameSeat);
            let seats = step.seats.iter().chain(
                step.deadline
                    .as_ref()
                    .and_then(|deadline| deadline.escalate.as_ref()),
            );
            for found in seats.filter_map(|seat| seat.fault(fields)) {
                let why = match found {
                    SeatFault::Idle => FlowFault::IdleRole,
                    SeatFault::Elsewhere => FlowFault::RoleElsewhere,
                    SeatFault::NoField => FlowFault::NoPersonField,
                };
                fault(true, why);
            }
            let picked = matches!(step.seats.as_slice(), [Seat::Role { .. }]);
            fault(step.pick && !picked, FlowFault::PickWithoutChoice);
            fault(doubled(&step.next), FlowFault::SameNext);
            fault(
                step.seats.len() > 1 && step.next.len() > 1,
                FlowFault::ChoiceInParallel,
            );
            for next in &step.next {
                if let Next::Step(key) = next {
                    fault(
                        self.place(key).is_none(),
                        FlowFault::NoSuchStep { step: key.clone() },
                    );
                }
            }
            if let Some(when) = &step.when {
                match fields.iter().find(|field| field.key == when.field) {
                    None if [APPLICANT, DAYS].contains(&when.field.as_str()) => {
                        fault(!when.fits_fact(), FlowFault::ConditionDoesNotFit);
                    }
                    None => fault(
                        true,
                        FlowFault::NoSuchField {
                            field: when.field.clone(),
                        },
                    ),
                    Some(field) => fault(!when.fits(&field.takes), FlowFault::ConditionDoesNotFit),
                }
            }
            let hours = step.deadline.as_ref().map(|deadline| deadline.hours);
            fault(
                hours.is_some_and(|hours| !(1..=Deadline::MAX_HOURS).contains(&hours)),
                FlowFault::DeadlineHours,
            );
            fault(!reached.contains(&at), FlowFault::Unreachable);
            fault(!ends[at], FlowFault::NoWayOut);
        }
        faults
    }

    /// Of each step the places it goes on to when agreed to; the list's length stands for the end.
    fn ways(&self) -> Vec<Vec<usize>> {
        let end = self.0.len();
        self.0
            .iter()
            .enumerate()
            .map(|(at, step)| {
                if step.next.is_empty() {
                    return vec![at + 1];
                }
                let to = |next: &Next| match next {
                    Next::End => Some(end),
                    Next::Step(key) => self.place(key),
                };
                step.next.iter().filter_map(to).collect()
            })
            .collect()
    }

    /// The places that some way leads to.
    fn reached(&self, ways: &[Vec<usize>]) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            let Some(step) = self.0.get(at) else { continue };
            if reached.insert(at) {
                open.extend(&ways[at]);
                // Passed over, it goes on with the one after it.
                if step.when.is_some() {
                    open.push(at + 1);
                }
            }
        }
        reached
    }

    /// Whether each place has a way to the end, whatever its conditions say.
    fn ends(&self, ways: &[Vec<usize>]) -> Vec<bool> {
        let mut ends = vec![false; self.0.len() + 1];
        ends[self.0.len()] = true;
        loop {
            let before = ends.clone();
            for at in (0..self.0.len()).rev() {
                let agreed = ways[at].iter().any(|&to| ends[to]);
                let passed = self.0[at].when.is_none() || ends[at + 1];
                ends[at] = agreed && passed;
            }
            if ends == before {
                return ends;
            }
        }
    }
}

fn doubled<T: PartialEq>(these: &[T]) -> bool {
    these
        .iter()
        .enumerate()
        .any(|(at, this)| these[..at].contains(this))
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
