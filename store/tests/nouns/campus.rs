//! A university with units, people and flows of several steps, for the tests of who decides what.

use crate::world::*;
use pass::{
    Act, Applicant, Flow, KindNo, PassKind, Request, Role, State, Text, flow::Step, person::PersonKind,
};
use store::{
    AccountId, ApplicationId, Pool, SiteId, UnitId,
    account::{self, Grant, NewAccount, Place},
    application::{self, Applying, Submission, Submitted},
    decision::{self, Decided, Verdict},
    person::{self, NewPerson},
    task::{self, Filter},
    unit,
};
use uuid::Uuid;
/// A university with a college of two departments.
pub struct Campus {
    pub pool: Pool,
    pub site: SiteId,
    pub top: UnitId,
    pub college: UnitId,
    pub physics: UnitId,
}

impl Campus {
    pub async fn new(pool: Pool) -> Campus {
        let site = site(&pool, "one").await;
        let unit = async |code: &str, parent| {
            unit::create(&pool, site, code, &Text::new(code, code), parent)
                .await
                .unwrap()
        };
        let top = unit("top", None).await;
        let college = unit("science", Some(top)).await;
        let physics = unit("physics", Some(college)).await;
        Campus {
            site,
            top,
            college,
            physics,
            pool,
        }
    }

    /// Somebody of the register.
    pub async fn person(&self, number: &str, kind: PersonKind, unit: UnitId) -> AccountId {
        let new = NewPerson {
            number,
            name: "张三",
            kind,
            unit,
            phone: None,
            mail: None,
        };
        person::create(&self.pool, self.site, new, now()).await.unwrap()
    }

    /// Somebody with a role.
    pub async fn with(&self, login: &str, role: Role, at: Place) -> AccountId {
        let new = NewAccount {
            display_name: login,
            login: Some(login),
            ..NewAccount::default()
        };
        account::create_with(&self.pool, self.site, new, Grant { role, at }, now())
            .await
            .unwrap()
    }

    pub async fn publish(&self, kind: &PassKind) -> KindNo {
        publish(&self.pool, self.site, kind).await
    }

    /// What came of asking for a pass of one day.
    pub async fn ask(&self, applicant: AccountId, kind: KindNo, request: &Request) -> Submitted {
        let submission = Submission {
            applicant,
            applying: Applying::Person,
            request_id: Uuid::new_v4(),
            kind,
            request,
        };
        application::submit(&self.pool, self.site, submission, clock(now()), sign)
            .await
            .unwrap()
    }

    pub async fn apply(&self, applicant: AccountId, kind: KindNo) -> ApplicationId {
        match self.ask(applicant, kind, &request(0)).await {
            Submitted::New(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn decide(&self, id: ApplicationId, by: AccountId, verdict: &Verdict) -> Decided {
        decide(&self.pool, self.site, id, by, verdict).await.unwrap()
    }

    /// The applications in somebody's list.
    pub async fn list(&self, of: AccountId) -> Vec<ApplicationId> {
        let ways = task::ways(&self.pool, self.site, of, after(10)).await.unwrap();
        let inboxes: Vec<String> = ways.into_iter().map(|way| way.inbox).collect();
        let page = task::open(&self.pool, self.site, &inboxes, &Filter::default(), None, 50)
            .await
            .unwrap();
        page.rows.into_iter().map(|row| row.id).collect()
    }

    pub async fn state(&self, id: ApplicationId) -> State {
        application::get(&self.pool, self.site, id)
            .await
            .unwrap()
            .unwrap()
            .state
    }

    /// The acts of an application's history.
    pub async fn acts(&self, id: ApplicationId) -> Vec<Act> {
        let history = decision::history(&self.pool, self.site, id).await.unwrap();
        history.into_iter().map(|step| step.act).collect()
    }
}

/// A step as documents write it.
pub fn step(json: &serde_json::Value) -> Step {
    let mut step = serde_json::json!({ "title": { "zh": "审核", "en": "Review" } });
    step.as_object_mut()
        .unwrap()
        .extend(json.as_object().unwrap().clone());
    serde_json::from_value(step).unwrap()
}

/// The work pass of the notice: the head of the unit, who sends students' on to student affairs.
pub fn work() -> PassKind {
    PassKind {
        applicant: Applicant::Person(PersonKind::ALL.to_vec()),
        ..kind(
            "work",
            Flow(vec![
                step(&serde_json::json!({
                    "key": "head", "seats": [{ "role": "unit_head", "of": "applicant_unit" }]
                })),
                step(&serde_json::json!({
                    "key": "affairs", "seats": [{ "role": "student_affairs", "of": "applicant_unit" }],
                    "when": { "field": "applicant", "is": ["student"] }, "pick": true
                })),
            ]),
            None,
        )
    }
}

pub const GOES_ON: Decided = Decided::Done {
    number: None,
    goes_on: true,
};

pub fn ends(number: u32) -> Decided {
    done(Some(number)).unwrap()
}
