//! An application's states, and which act leads from which to which.

use core::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{flow::Next, refusal::Refusal, site::CodeError};

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written (草稿).
    Draft,
    /// With the office (审核中).
    InReview,
    /// Refused, or sent back to be corrected (已驳回): the applicant may correct it and send it again.
    Rejected,
    /// Taken back by the applicant (已撤回).
    Withdrawn,
    /// Ended by the office, or by its last day going by undecided (已终止).
    Terminated,
    /// Agreed to: there is a credential (已完成).
    Completed,
}

/// What someone does with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The applicant hands it in.
    Submit,
    /// The applicant corrects it and hands it in again.
    Resubmit,
    /// Somebody agrees at a step that is not the last (同意，转下一步).
    PassOn,
    /// Whoever decides last agrees, or the policy does.
    Agree,
    /// Somebody refuses.
    Refuse,
    /// Somebody sends it back to be corrected (退回修改).
    SendBack,
    /// The applicant takes it back.
    Withdraw,
    /// The office ends it.
    Terminate,
    /// The applicant moves it to another slot (改约).
    Move,
    /// Its last day went by before anybody decided; nobody's act.
    Lapse,
}

impl State {
    /// Every state.
    pub const ALL: [State; 6] = [
        State::Draft,
        State::InReview,
        State::Rejected,
        State::Withdrawn,
        State::Terminated,
        State::Completed,
    ];

    /// The state's name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::InReview => "in_review",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
            State::Terminated => "terminated",
            State::Completed => "completed",
        }
    }

    /// Whether the application takes a day of its household's quota.
    pub fn takes_quota(self) -> bool {
        matches!(self, State::InReview | State::Completed)
    }

    /// Whether a household gets its day back when an application goes from this state to another. A pass that
    /// has been used has taken its day for good.
    pub fn gives_quota_back(self, to: State, used: bool) -> bool {
        self.takes_quota() && !to.takes_quota() && !used
    }
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 10] = [
        Act::Submit,
        Act::Resubmit,
        Act::PassOn,
        Act::Agree,
        Act::Refuse,
        Act::SendBack,
        Act::Withdraw,
        Act::Terminate,
        Act::Move,
        Act::Lapse,
    ];

    /// The act's name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Submit => "submit",
            Act::Resubmit => "resubmit",
            Act::PassOn => "pass_on",
            Act::Agree => "agree",
            Act::Refuse => "refuse",
            Act::SendBack => "send_back",
            Act::Withdraw => "withdraw",
            Act::Terminate => "terminate",
            Act::Move => "move",
            Act::Lapse => "lapse",
        }
    }
}

impl FromStr for State {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<State, CodeError> {
        State::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(CodeError)
    }
}

impl FromStr for Act {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Act, CodeError> {
        Act::ALL
            .into_iter()
            .find(|act| act.as_str() == text)
            .ok_or(CodeError)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The state an act leads to.
///
/// # Errors
///
/// [`Refusal::NotNow`] when the act is not possible in this state.
pub fn next(state: State, act: Act) -> Result<State, Refusal> {
    match (state, act) {
        (State::Draft, Act::Submit) | (State::Rejected, Act::Resubmit) | (State::InReview, Act::PassOn) => {
            Ok(State::InReview)
        }
        (State::InReview | State::Completed, Act::Move) => Ok(state),
        (State::InReview, Act::Agree) => Ok(State::Completed),
        (State::InReview, Act::Refuse | Act::SendBack) => Ok(State::Rejected),
        (State::InReview | State::Completed, Act::Withdraw) => Ok(State::Withdrawn),
        (State::InReview | State::Rejected | State::Completed, Act::Terminate)
        | (State::InReview, Act::Lapse) => Ok(State::Terminated),
        _ => Err(Refusal::NotNow { state, act }),
    }
}

/// The act of agreeing at a step after which an application goes on to `to`, which is too late once the last day is over: the pass would
/// open nothing.
///
/// # Errors
///
/// [`Refusal::NotNow`] or [`Refusal::Over`].
pub fn agree(state: State, to: &Next, last_day: Date, today: Date) -> Result<Act, Refusal> {
    let act = match to {
        Next::Step(_) => Act::PassOn,
        Next::End => Act::Agree,
    };
    next(state, act)?;
    if last_day < today {
        return Err(Refusal::Over { last_day });
    }
    Ok(act)
}

/// The state after an application's last day went by before anybody decided; `None` as long as there is still time, and
/// for one that is decided.
pub fn lapse(state: State, last_day: Date, today: Date) -> Option<State> {
    next(state, Act::Lapse).ok().filter(|_| last_day < today)
}

/// The state after the applicant takes the application back, which gives the quota back too.
///
/// An agreed one can be taken back while its pass is unused and its last day is not over.
///
/// # Errors
///
/// [`Refusal::NotNow`], [`Refusal::Used`] or [`Refusal::Over`].
pub fn withdraw(state: State, used: bool, last_day: Date, today: Date) -> Result<State, Refusal> {
    let withdrawn = next(state, Act::Withdraw)?;
    if state == State::Completed {
        if used {
            return Err(Refusal::Used);
        }
        if last_day < today {
            return Err(Refusal::Over { last_day });
        }
    }
    Ok(withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_in_every_state() {
        use State::{Completed, Draft, InReview, Rejected, Terminated, Withdrawn};

        // Everything else is refused.
        let table = [
            (Draft, Act::Submit, InReview),
            (InReview, Act::PassOn, InReview),
            (InReview, Act::Agree, Completed),
            (InReview, Act::Refuse, Rejected),
            (InReview, Act::SendBack, Rejected),
            (InReview, Act::Withdraw, Withdrawn),
            (InReview, Act::Terminate, Terminated),
            (InReview, Act::Lapse, Terminated),
            (InReview, Act::Move, InReview),
            (Completed, Act::Move, Completed),
            (Rejected, Act::Resubmit, InReview),
            (Rejected, Act::Terminate, Terminated),
            (Completed, Act::Withdraw, Withdrawn),
            (Completed, Act::Terminate, Terminated),
        ];
        for state in State::ALL {
            for act in Act::ALL {
                let row = table.iter().find(|row| (row.0, row.1) == (state, act));
                let expected = row.map(|row| row.2).ok_or(Refusal::NotNow { state, act });
                assert_eq!(next(state, act), expected, "{state} {act}");
            }
        }
    }

    #[test]
    fn agreeing_in_time_and_lapsing_after() {
        #[track_caller]
        fn check(state: State, last_day: &str, agreed: Result<Act, Refusal>, lapsed: Option<State>) {
            let today = "2020-02-17".parse().unwrap();
            let last_day = last_day.parse().unwrap();
            assert_eq!(agree(state, &Next::End, last_day, today), agreed);
            assert_eq!(lapse(state, last_day, today), lapsed);
        }
        let over = Refusal::Over {
            last_day: "2020-02-16".parse().unwrap(),
        };
        check(State::InReview, "2020-02-18", Ok(Act::Agree), None);
        check(State::InReview, "2020-02-17", Ok(Act::Agree), None);
        check(State::InReview, "2020-02-16", Err(over), Some(State::Terminated));
        let today = "2020-02-17".parse().unwrap();
        let on = Next::try_from(alloc::string::String::from("office")).unwrap();
        assert_eq!(agree(State::InReview, &on, today, today), Ok(Act::PassOn));
        for state in [State::Rejected, State::Completed, State::Terminated] {
            let act = Act::Agree;
            check(state, "2020-02-16", Err(Refusal::NotNow { state, act }), None);
        }
    }

    #[test]
    fn withdrawing() {
        #[track_caller]
        fn check(state: State, used: bool, last_day: &str, to: Result<State, Refusal>) {
            let today = "2020-02-17".parse().unwrap();
            assert_eq!(withdraw(state, used, last_day.parse().unwrap(), today), to);
        }
        let withdrawn = Ok(State::Withdrawn);
        check(State::InReview, false, "2020-02-18", withdrawn.clone());
        check(State::InReview, false, "2020-02-01", withdrawn.clone());
        check(State::Completed, false, "2020-02-18", withdrawn.clone());
        check(State::Completed, false, "2020-02-17", withdrawn);
        check(State::Completed, true, "2020-02-17", Err(Refusal::Used));
        check(
            State::Completed,
            false,
            "2020-02-16",
            Err(Refusal::Over {
                last_day: "2020-02-16".parse().unwrap(),
            }),
        );
        let state = State::Rejected;
        check(
            state,
            false,
            "2020-02-18",
            Err(Refusal::NotNow {
                state,
                act: Act::Withdraw,
            }),
        );
    }

    #[test]
    fn names() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for act in Act::ALL {
            assert_eq!(act.as_str().parse(), Ok(act));
            assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
        }
        assert_eq!("done".parse::<State>(), Err(CodeError));
    }
}
