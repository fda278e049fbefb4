//! Who may decide a step: races, roles, stand-ins, deadlines, hosts, and whoever left.

use crate::campus::*;
use crate::world::*;
use pass::{
    Act, Applicant, Flow, PassKind, Refusal, Request, Role,
    kind::{Hosting, Subject},
    person::PersonKind,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Pool,
    account::{self, Grant, Place},
    application::{self, Applying, Submission, Submitted},
    decision::{self, Decided, Verdict},
    person::{self},
    task::{self},
    unit,
};
use uuid::Uuid;

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
