//! Flows of several steps: who gets what, who may decide, and where it leads.

use crate::world::*;
use pass::{
    Act, Applicant, Flow, KindNo, PassKind, Refusal, Request, Role, State, Text,
    flow::{Next, Step},
    kind::{Hosting, Subject},
    person::PersonKind,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
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
struct Campus {
    pool: Pool,
    site: SiteId,
    top: UnitId,
    college: UnitId,
    physics: UnitId,
}

impl Campus {
    async fn new(pool: Pool) -> Campus {
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
    async fn person(&self, number: &str, kind: PersonKind, unit: UnitId) -> AccountId {
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
    async fn with(&self, login: &str, role: Role, at: Place) -> AccountId {
        let new = NewAccount {
            display_name: login,
            login: Some(login),
            ..NewAccount::default()
        };
        account::create_with(&self.pool, self.site, new, Grant { role, at }, now())
            .await
            .unwrap()
    }

    async fn publish(&self, kind: &PassKind) -> KindNo {
        publish(&self.pool, self.site, kind).await
    }

    /// What came of asking for a pass of one day.
    async fn ask(&self, applicant: AccountId, kind: KindNo, request: &Request) -> Submitted {
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

    async fn apply(&self, applicant: AccountId, kind: KindNo) -> ApplicationId {
        match self.ask(applicant, kind, &request(0)).await {
            Submitted::New(id) => id,
            other => panic!("{other:?}"),
        }
    }

    async fn decide(&self, id: ApplicationId, by: AccountId, verdict: &Verdict) -> Decided {
        decide(&self.pool, self.site, id, by, verdict).await.unwrap()
    }

    /// The applications in somebody's list.
    async fn list(&self, of: AccountId) -> Vec<ApplicationId> {
        let ways = task::ways(&self.pool, self.site, of, after(10)).await.unwrap();
        let inboxes: Vec<String> = ways.into_iter().map(|way| way.inbox).collect();
        let page = task::open(&self.pool, self.site, &inboxes, &Filter::default(), None, 50)
            .await
            .unwrap();
        page.rows.into_iter().map(|row| row.id).collect()
    }

    async fn state(&self, id: ApplicationId) -> State {
        application::get(&self.pool, self.site, id)
            .await
            .unwrap()
            .unwrap()
            .state
    }

    /// The acts of an application's history.
    async fn acts(&self, id: ApplicationId) -> Vec<Act> {
        let history = decision::history(&self.pool, self.site, id).await.unwrap();
        history.into_iter().map(|step| step.act).collect()
    }
}

/// A step as documents write it.
fn step(json: &serde_json::Value) -> Step {
    let mut step = serde_json::json!({ "title": { "zh": "审核", "en": "Review" } });
    step.as_object_mut()
        .unwrap()
        .extend(json.as_object().unwrap().clone());
    serde_json::from_value(step).unwrap()
}

/// The work pass of the notice: the head of the unit, who sends students' on to student affairs.
fn work() -> PassKind {
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

const GOES_ON: Decided = Decided::Done {
    number: None,
    goes_on: true,
};

fn ends(number: u32) -> Decided {
    done(Some(number)).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn step_by_step_to_those_whose_it_is(pool: Pool) {
    let campus = Campus::new(pool).await;
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let dean = campus
        .with("dean", Role::UnitHead, Place::Unit(campus.college))
        .await;
    let affairs = campus.with("affairs", Role::StudentAffairs, Place::Site).await;
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let kind = campus.publish(&work()).await;

    let one = campus.apply(student, kind).await;
    assert_eq!(campus.list(head).await, [one]);
    assert_eq!(campus.list(dean).await, [], "the nearest head has it");
    assert_eq!(campus.list(affairs).await, [], "not theirs yet");
    // Nobody skips a step, and nobody decides his own.
    assert_eq!(
        campus.decide(one, affairs, &Verdict::Agree).await,
        Decided::NotHis
    );
    assert_eq!(campus.decide(one, dean, &Verdict::Refuse).await, Decided::NotHis);
    assert_eq!(campus.decide(one, student, &Verdict::Agree).await, Decided::Own);
    assert_eq!(campus.decide(one, head, &Verdict::Agree).await, GOES_ON);
    assert_eq!(campus.state(one).await, State::InReview);
    assert_eq!(campus.decide(one, head, &Verdict::Agree).await, Decided::NotHis);
    assert_eq!(
        (campus.list(head).await, campus.list(affairs).await),
        (vec![], vec![one])
    );
    assert_eq!(campus.decide(one, affairs, &Verdict::Agree).await, ends(1));
    assert_eq!(campus.state(one).await, State::Completed);
    assert_eq!(campus.acts(one).await, [Act::Submit, Act::PassOn, Act::Agree]);
    let history = decision::history(&campus.pool, campus.site, one).await.unwrap();
    let steps: Vec<_> = history.iter().map(|step| step.step.as_deref()).collect();
    assert_eq!(steps, [None, Some("head"), Some("affairs")]);

    // For staff the head's word is the last.
    let two = campus.apply(staff, kind).await;
    assert_eq!(campus.decide(two, head, &Verdict::Agree).await, ends(2));

    // What was decided stands in the list of the inbox.
    let inbox = [format!("unit_head@unit-{}", campus.physics)];
    let listed = task::done(&campus.pool, campus.site, &inbox, &Filter::default(), None, 9)
        .await
        .unwrap();
    let mut numbers: Vec<_> = listed
        .rows
        .iter()
        .map(|row| row.number.as_deref().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["07000001", "S1"]);
    assert!(
        listed
            .rows
            .iter()
            .all(|row| row.unit.as_ref().unwrap().1.zh == "physics")
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn up_the_tree_past_the_applicant_and_again_when_roles_change(pool: Pool) {
    let campus = Campus::new(pool).await;
    let (pool, site) = (&campus.pool, campus.site);
    let head = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let at = Place::Unit(campus.physics);
    let grant = Grant {
        role: Role::UnitHead,
        at,
    };
    account::grant(pool, site, head, grant, now()).await.unwrap();
    let rector = campus
        .with("rector", Role::UnitHead, Place::Unit(campus.top))
        .await;
    let kind = campus.publish(&work()).await;

    // Nobody else heads physics, nobody the college: the top does.
    let own = campus.apply(head, kind).await;
    assert_eq!(campus.list(rector).await, [own]);
    assert_eq!(campus.list(head).await, []);
    // Somebody is made dean: theirs now, for they are nearer.
    let dean = campus
        .with("dean", Role::UnitHead, Place::Unit(campus.college))
        .await;
    assert_eq!(
        (campus.list(dean).await, campus.list(rector).await),
        (vec![own], vec![])
    );
    // A deputy sits in the head's seat, nearer still.
    let deputy = campus.with("deputy", Role::UnitDeputy, at).await;
    assert_eq!(
        (campus.list(deputy).await, campus.list(dean).await),
        (vec![own], vec![])
    );
    // The head shares that seat now, but it is his own application.
    assert_eq!(campus.decide(own, head, &Verdict::Agree).await, Decided::Own);
    // The deputy may not sign in any more: back to the dean.
    assert!(account::disable(pool, site, deputy, now()).await.unwrap());
    assert_eq!(campus.list(dean).await, [own]);
    assert!(account::enable(pool, site, deputy).await.unwrap());
    assert_eq!(campus.list(deputy).await, [own]);
    let there = Grant {
        role: Role::UnitDeputy,
        at,
    };
    assert!(account::ungrant(pool, site, deputy, there).await.unwrap());
    assert_eq!(campus.list(dean).await, [own]);
    assert_eq!(campus.decide(own, dean, &Verdict::Agree).await, ends(1));

    // Where nobody is left it waits, and is counted.
    for (who, unit) in [(dean, campus.college), (rector, campus.top)] {
        let at = Place::Unit(unit);
        let grant = Grant {
            role: Role::UnitHead,
            at,
        };
        assert!(account::ungrant(pool, site, who, grant).await.unwrap());
    }
    assert_eq!(task::waiting_for_nobody(pool, site).await.unwrap(), 0);
    let own = campus.apply(head, kind).await;
    assert_eq!(
        task::waiting_for_nobody(pool, site).await.unwrap(),
        0,
        "the head is there, but for his own"
    );
    account::ungrant(pool, site, head, grant).await.unwrap();
    assert_eq!(task::waiting_for_nobody(pool, site).await.unwrap(), 1);
    account::grant(pool, site, dean, grant, now()).await.unwrap();
    assert_eq!(task::waiting_for_nobody(pool, site).await.unwrap(), 0);
    assert_eq!(campus.decide(own, dean, &Verdict::Agree).await, ends(2));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn sent_back_corrected_and_handed_in_again(pool: Pool) {
    let campus = Campus::new(pool).await;
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let mut policy = work();
    policy.quota = Some(pass::Quota { passes: 1, days: 2 });
    let no = campus.publish(&policy).await;
    let taken = async || {
        store::quota::taken(&campus.pool, campus.site, staff.0, &policy.key)
            .await
            .unwrap()
    };
    let id = campus.apply(staff, no).await;
    assert_eq!(taken().await, [day(0)]);
    assert_eq!(
        campus.decide(id, head, &Verdict::SendBack).await,
        done(None).unwrap()
    );
    assert_eq!(campus.state(id).await, State::Rejected);
    assert_eq!((taken().await, campus.list(head).await), (vec![], vec![]));

    // A newer version changes nothing for what began before it.
    campus
        .publish(&PassKind {
            version: 2,
            steps: Flow::office(),
            ..policy.clone()
        })
        .await;
    let corrected = request(2);
    let again = async |round, who, request: &Request| {
        let submission = Submission {
            applicant: who,
            applying: Applying::Person,
            request_id: Uuid::new_v4(),
            kind: no,
            request,
        };
        application::resubmit(
            &campus.pool,
            campus.site,
            id,
            round,
            submission,
            clock(after(5)),
            sign,
        )
        .await
        .unwrap()
    };
    assert_eq!(
        again(1, head, &corrected).await,
        None,
        "only the applicant corrects"
    );
    let early = Request {
        first_day: day(-1),
        last_day: day(-1),
        ..request(0)
    };
    let refused = again(1, staff, &early).await;
    assert!(matches!(
        refused,
        Some(Submitted::Refused(Refusal::TooEarly { .. }))
    ));
    assert_eq!(campus.state(id).await, State::Rejected);
    assert_eq!(again(1, staff, &corrected).await, Some(Submitted::New(id)));
    assert_eq!(
        again(1, staff, &corrected).await,
        Some(Submitted::Again(id)),
        "a lost answer"
    );
    assert_eq!(taken().await, [day(2)]);
    assert_eq!(campus.list(head).await, [id]);
    let one = application::get(&campus.pool, campus.site, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((one.first_day, one.round, one.decided_at), (day(2), 2, None));
    assert_eq!(
        campus.decide(id, head, &Verdict::Refuse).await,
        done(None).unwrap()
    );
    assert_eq!(again(2, staff, &corrected).await, Some(Submitted::New(id)));
    assert_eq!(campus.decide(id, head, &Verdict::Agree).await, ends(1));
    let none = again(3, staff, &corrected).await;
    assert!(matches!(none, Some(Submitted::Refused(Refusal::NotNow { .. }))));
    assert_eq!(
        campus.acts(id).await,
        [
            Act::Submit,
            Act::SendBack,
            Act::Resubmit,
            Act::Refuse,
            Act::Resubmit,
            Act::Agree
        ]
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_next_step_and_its_person_are_chosen_among_those_on_offer(pool: Pool) {
    let campus = Campus::new(pool).await;
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let [first, second] = [
        campus.with("affairs-1", Role::StudentAffairs, Place::Site).await,
        campus.with("affairs-2", Role::StudentAffairs, Place::Site).await,
    ];
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let mut policy = work();
    policy.steps.0[0].next = ["affairs", "security", "end"]
        .map(|next| Next::try_from(next.to_owned()).unwrap())
        .to_vec();
    policy.steps.0.push(step(&serde_json::json!({
        "key": "security", "seats": [{ "role": "security_office" }]
    })));
    let kind = campus.publish(&policy).await;
    let to = |next: &str, person| Verdict::AgreeTo {
        next: Some(Next::try_from(next.to_owned()).unwrap()),
        person,
    };
    let refused = Decided::Refused(Refusal::NextNotOffered);

    let id = campus.apply(student, kind).await;
    assert_eq!(
        campus.decide(id, head, &Verdict::Agree).await,
        refused,
        "one must choose"
    );
    assert_eq!(campus.decide(id, head, &to("head", None)).await, refused);
    assert_eq!(campus.decide(id, head, &to("affairs", Some(head))).await, refused);
    assert_eq!(
        campus.decide(id, head, &to("security", Some(first))).await,
        refused
    );
    assert_eq!(campus.decide(id, head, &to("end", Some(first))).await, refused);
    let one = application::get(&campus.pool, campus.site, id)
        .await
        .unwrap()
        .unwrap();
    let seat = &policy.steps.0[1].seats[0];
    let candidates = task::candidates(&campus.pool, campus.site, &one, seat)
        .await
        .unwrap();
    let names: Vec<_> = candidates.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["affairs-1", "affairs-2"]);
    assert_eq!(
        campus.decide(id, head, &to("affairs", Some(second))).await,
        GOES_ON
    );
    assert_eq!(
        (campus.list(first).await, campus.list(second).await),
        (vec![], vec![id])
    );
    assert_eq!(campus.decide(id, first, &Verdict::Agree).await, Decided::NotHis);

    let other = campus.apply(student, kind).await;
    assert_eq!(campus.decide(other, head, &to("end", None)).await, ends(1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn all_seats_of_a_step_agree_in_any_order(pool: Pool) {
    let campus = Campus::new(pool).await;
    let security = campus.with("security", Role::SecurityOffice, Place::Site).await;
    let office = campus.with("office", Role::Office, Place::Site).await;
    let both = campus.with("both", Role::Office, Place::Site).await;
    account::grant(
        &campus.pool,
        campus.site,
        both,
        Grant::whole(Role::SecurityOffice),
        now(),
    )
    .await
    .unwrap();
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let mut policy = work();
    policy.steps = Flow(vec![step(&serde_json::json!({
        "key": "together", "seats": [{ "role": "security_office" }, { "role": "office" }]
    }))]);
    let kind = campus.publish(&policy).await;

    let id = campus.apply(staff, kind).await;
    assert_eq!(campus.decide(id, security, &Verdict::Agree).await, GOES_ON);
    assert_eq!(campus.state(id).await, State::InReview);
    assert_eq!(
        campus.decide(id, security, &Verdict::Agree).await,
        Decided::NotHis,
        "once"
    );
    assert_eq!(campus.decide(id, office, &Verdict::Agree).await, ends(1));
    // One refusal is enough, and closes the others' as well.
    let id = campus.apply(staff, kind).await;
    assert_eq!(
        campus.decide(id, office, &Verdict::Refuse).await,
        done(None).unwrap()
    );
    assert_eq!(campus.list(security).await, []);
    // Who sits in both agrees for both.
    let id = campus.apply(staff, kind).await;
    assert_eq!(campus.list(both).await, [id], "listed once");
    assert_eq!(campus.decide(id, both, &Verdict::Agree).await, ends(2));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_who_press_at_once_one_decides_the_step(_: PgPoolOptions, options: PgConnectOptions) {
    let campus = Campus::new(wide(options).await).await;
    let heads = [
        campus
            .with("head", Role::UnitHead, Place::Unit(campus.physics))
            .await,
        campus
            .with("deputy", Role::UnitDeputy, Place::Unit(campus.physics))
            .await,
    ];
    let affairs = campus.with("affairs", Role::StudentAffairs, Place::Site).await;
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let kind = campus.publish(&work()).await;
    for _ in 0..6 {
        let id = campus.apply(student, kind).await;
        let outcomes = together(8, |n| {
            let (pool, site, by) = (campus.pool.clone(), campus.site, heads[n % 2]);
            async move { decide(&pool, site, id, by, &Verdict::Agree).await.unwrap() }
        })
        .await;
        let through = outcomes.iter().filter(|outcome| **outcome == GOES_ON).count();
        assert_eq!(through, 1);
        assert_eq!(campus.list(affairs).await, [id], "one task was opened");
        assert_eq!(campus.acts(id).await, [Act::Submit, Act::PassOn]);
        assert_eq!(
            campus.decide(id, affairs, &Verdict::Refuse).await,
            done(None).unwrap()
        );
    }
}

/// Every role, at every place it may be granted, at every step: only the one whose step it is decides, and nobody his own.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_role_at_every_step(pool: Pool) {
    let campus = Campus::new(pool).await;
    let mut holders = Vec::new();
    for role in Role::ALL {
        for at in [
            Place::Site,
            Place::Unit(campus.physics),
            Place::Unit(campus.college),
        ] {
            if role.reaches_to(at.reach()) {
                let who = campus.with(&format!("{}-{at}", role.as_str()), role, at).await;
                holders.push((role, at, who));
            }
        }
    }
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let seats: [(&str, Role, Place); 5] = [
        (
            r#"{ "role": "unit_head", "of": "applicant_unit" }"#,
            Role::UnitHead,
            Place::Unit(campus.physics),
        ),
        (
            r#"{ "role": "college_administrator", "of": "applicant_unit" }"#,
            Role::CollegeAdministrator,
            Place::Unit(campus.physics),
        ),
        (
            r#"{ "role": "graduate_affairs" }"#,
            Role::GraduateAffairs,
            Place::Site,
        ),
        (
            r#"{ "role": "security_office" }"#,
            Role::SecurityOffice,
            Place::Site,
        ),
        (r#"{ "role": "office" }"#, Role::Office, Place::Site),
    ];
    let steps = seats.iter().enumerate().map(|(at, (seat, ..))| {
        let seat: serde_json::Value = serde_json::from_str(seat).unwrap();
        step(&serde_json::json!({ "key": format!("step-{at}"), "seats": [seat] }))
    });
    let policy = PassKind {
        steps: Flow(steps.collect()),
        ..work()
    };
    let kind = campus.publish(&policy).await;
    let id = campus.apply(student, kind).await;
    for (at, (_, seat, place)) in seats.iter().enumerate() {
        let sits = |role: Role, there: Place| seat.holders().contains(&role) && there == *place;
        let mut his = None;
        for (role, there, who) in &holders {
            if sits(*role, *there) {
                his = Some(*who);
            } else {
                for verdict in [Verdict::Agree, Verdict::Refuse, Verdict::SendBack] {
                    let outcome = campus.decide(id, *who, &verdict).await;
                    assert_eq!(outcome, Decided::NotHis, "{role:?} {there:?} at step {at}");
                }
            }
        }
        assert_eq!(campus.decide(id, student, &Verdict::Agree).await, Decided::Own);
        let outcome = campus.decide(id, his.unwrap(), &Verdict::Agree).await;
        assert_eq!(outcome, if at == 4 { ends(1) } else { GOES_ON }, "step {at}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_stands_in_for_somebody_away(pool: Pool) {
    let campus = Campus::new(pool).await;
    let (pool, site) = (&campus.pool, campus.site);
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let friend = campus.person("07000002", PersonKind::Staff, campus.physics).await;
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let kind = campus.publish(&work()).await;
    let id = campus.apply(staff, kind).await;
    let own = campus.apply(friend, kind).await;
    assert_eq!(campus.list(friend).await, []);
    let name = Uuid::new_v4();
    for _ in 0..2 {
        task::delegate(pool, site, name, (head, friend), (after(5), after(60)), now())
            .await
            .unwrap();
    }
    let shown = task::delegations(pool, site, friend, now()).await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].from_name, "head");
    let ways = task::ways(pool, site, friend, now()).await.unwrap();
    assert_eq!(ways.len(), 1, "not yet");
    assert_eq!(campus.decide(own, friend, &Verdict::Agree).await, Decided::Own);
    assert_eq!(campus.decide(id, friend, &Verdict::Agree).await, ends(1));
    let history = decision::history(pool, site, id).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!((last.by, last.of.as_deref()), (Some(friend), Some("head")));

    assert!(
        !task::end_delegation(pool, site, name, friend, after(6))
            .await
            .unwrap()
    );
    assert!(
        task::end_delegation(pool, site, name, head, after(6))
            .await
            .unwrap()
    );
    assert_eq!(task::ways(pool, site, friend, after(10)).await.unwrap().len(), 1);
    assert_eq!(campus.decide(own, head, &Verdict::Agree).await, ends(2));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_deadline_calls_in_others_once(pool: Pool) {
    let campus = Campus::new(pool).await;
    let (pool, site) = (&campus.pool, campus.site);
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let security = campus.with("security", Role::SecurityOffice, Place::Site).await;
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let mut policy = work();
    policy.steps.0[0] = step(&serde_json::json!({
        "key": "head", "seats": [{ "role": "unit_head", "of": "applicant_unit" }],
        "deadline": { "hours": 24, "escalate": { "role": "security_office" } }
    }));
    let kind = campus.publish(&policy).await;
    let id = campus.apply(staff, kind).await;
    assert_eq!(task::overdue(pool, site, after(24 * 3600 - 1)).await.unwrap(), []);
    let overdue = task::overdue(pool, site, after(24 * 3600)).await.unwrap();
    assert_eq!(overdue.len(), 1);
    assert_eq!(
        (
            overdue[0].application,
            overdue[0].escalated,
            overdue[0].inbox.as_str()
        ),
        (id, true, "security_office@site")
    );
    assert_eq!(
        task::overdue(pool, site, after(48 * 3600)).await.unwrap(),
        [],
        "once"
    );
    assert_eq!(
        (campus.list(head).await, campus.list(security).await),
        (vec![id], vec![id])
    );
    assert_eq!(campus.decide(id, security, &Verdict::Agree).await, ends(1));
    assert_eq!(campus.list(head).await, [], "closed with it");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_outsiders_host_comes_first(pool: Pool) {
    let campus = Campus::new(pool).await;
    let (pool, site) = (&campus.pool, campus.site);
    let host = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let head = campus
        .with("head", Role::UnitHead, Place::Unit(campus.physics))
        .await;
    let outsider = account::by_phone_or_create(pool, site, "13900139000", now())
        .await
        .unwrap()
        .id;
    let kind = campus
        .publish(&PassKind {
            applicant: Applicant::Anybody,
            subject: Subject::Oneself,
            host: Hosting::Named,
            ..kind(
                "visitor",
                Flow(vec![
                    step(&serde_json::json!({ "key": "host", "seats": [{ "person": "host" }] })),
                    step(&serde_json::json!({ "key": "unit", "seats": [{ "role": "unit_head", "of": "host_unit" }] })),
                ]),
                None,
            )
        })
        .await;
    let ask = async |number: &str, name: &str| {
        let request = Request {
            holder: "李四".into(),
            host: Some(pass::booking::Host {
                number: number.into(),
                name: name.into(),
            }),
            ..request(0)
        };
        let submission = Submission {
            applicant: outsider,
            applying: Applying::Anybody,
            request_id: Uuid::new_v4(),
            kind,
            request: &request,
        };
        application::submit(pool, site, submission, clock(now()), sign)
            .await
            .unwrap()
    };
    for (number, name) in [("07000001", "王五"), ("07000009", "张三"), ("?", "张三")] {
        assert_eq!(ask(number, name).await, Submitted::Refused(Refusal::HostUnknown));
    }
    let Submitted::New(id) = ask(" 0700 0001", "张三").await else {
        panic!("not asked for")
    };
    assert_eq!(
        (campus.list(host).await, campus.list(head).await),
        (vec![id], vec![])
    );
    assert_eq!(campus.decide(id, head, &Verdict::Agree).await, Decided::NotHis);
    assert_eq!(campus.decide(id, host, &Verdict::Agree).await, GOES_ON);
    assert_eq!(campus.decide(id, head, &Verdict::Agree).await, ends(1));
    let one = application::get(pool, site, id).await.unwrap().unwrap();
    assert_eq!((one.holder.as_str(), one.host.unwrap().account), ("李四", host));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_applies_as_what_they_are_not(pool: Pool) {
    let campus = Campus::new(pool).await;
    let kind = campus
        .publish(&PassKind {
            applicant: Applicant::Person(vec![PersonKind::Staff]),
            ..work()
        })
        .await;
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let staff = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let stranger = officer(&campus.pool, campus.site, "stranger").await;
    let refused = Submitted::Refused(Refusal::NotForApplicant);
    assert_eq!(campus.ask(student, kind, &request(0)).await, refused);
    assert_eq!(campus.ask(stranger, kind, &request(0)).await, refused);
    let other = Request {
        holder: "李四".into(),
        ..request(0)
    };
    let refused = Submitted::Refused(Refusal::HouseholderDiffers);
    assert_eq!(campus.ask(staff, kind, &other).await, refused);
    let (resident, household) = resident(&campus.pool, campus.site, "13800138000", "1").await;
    let asked = submit(
        &campus.pool,
        campus.site,
        (resident, household),
        kind,
        Uuid::new_v4(),
        &request(0),
    )
    .await;
    assert_eq!(asked, Submitted::Refused(Refusal::NotForApplicant));
}

/// What waits for somebody who left goes up the tree, and comes back with them; a unit that moves takes what waits to other heads.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_waits_for_whoever_left_goes_up(pool: Pool) {
    let campus = Campus::new(pool).await;
    let (pool, site) = (&campus.pool, campus.site);
    let head = campus.person("07000001", PersonKind::Staff, campus.physics).await;
    let grant = Grant {
        role: Role::UnitHead,
        at: Place::Unit(campus.physics),
    };
    account::grant(pool, site, head, grant, now()).await.unwrap();
    let dean = campus
        .with("dean", Role::UnitHead, Place::Unit(campus.college))
        .await;
    let rector = campus
        .with("rector", Role::UnitHead, Place::Unit(campus.top))
        .await;
    let student = campus.person("S1", PersonKind::Student, campus.physics).await;
    let kind = campus.publish(&work()).await;
    let one = campus.apply(student, kind).await;
    assert_eq!(campus.list(head).await, [one]);
    assert!(person::leave(pool, site, head, now()).await.unwrap());
    assert_eq!(campus.list(dean).await, [one]);
    let moved = unit::move_to(pool, site, campus.physics, Some(campus.top)).await;
    assert_eq!(moved.unwrap(), unit::Changed::Done);
    assert_eq!(campus.list(dean).await, []);
    assert_eq!(campus.list(rector).await, [one]);
    assert!(person::come_back(pool, site, head).await.unwrap());
    assert_eq!(campus.list(head).await, [one]);
}
