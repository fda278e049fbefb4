//! Flows of several steps: who gets what, and where it leads.

use crate::campus::*;
use crate::world::*;
use pass::{Act, Flow, PassKind, Refusal, Request, Role, State, flow::Next, person::PersonKind};
use store::{
    Pool,
    account::{self, Grant, Place},
    application::{self, Applying, Submission, Submitted},
    decision::{self, Decided, Verdict},
    task::{self, Filter},
};
use uuid::Uuid;

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
