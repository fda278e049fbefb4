//! Who is told that something waits for them, on the way through a flow of several steps.

use crate::world::*;
use jiff::SignedDuration;
use pass::{
    Applicant, Flow, KindNo, PassKind, Request, Role, Text,
    booking::Host,
    flow::Step,
    kind::{Hosting, Subject},
    person::PersonKind,
};
use store::{
    AccountId, Pool, SiteId, UnitId,
    account::{self, Grant, Place},
    application::{self, Applying, Submission, Submitted},
    decision::Verdict,
    message::{self, CODE},
    person, task, unit,
};
use uuid::Uuid;

/// A department, and people whom the register names with a mail address each.
struct Department {
    pool: Pool,
    site: SiteId,
    unit: UnitId,
}

impl Department {
    async fn new(pool: Pool) -> Department {
        let site = site(&pool, "one").await;
        let name = Text::new("物理系", "Physics");
        let unit = unit::create(&pool, site, "physics", &name, None).await.unwrap();
        Department { pool, site, unit }
    }

    /// Somebody whose mail goes to `{number}@example.edu`, with a role.
    async fn person(&self, number: &str, role: Option<(Role, Place)>) -> AccountId {
        let mail = format!("{number}@example.edu");
        let number = number.to_uppercase();
        let new = person::NewPerson {
            number: &number,
            name: "张三",
            kind: PersonKind::Staff,
            unit: self.unit,
            phone: None,
            mail: Some(&mail),
        };
        let id = person::create(&self.pool, self.site, new, now()).await.unwrap();
        if let Some((role, at)) = role {
            account::grant(&self.pool, self.site, id, Grant { role, at }, now())
                .await
                .unwrap();
        }
        id
    }

    async fn apply(&self, applicant: AccountId, kind: KindNo, request: &Request) -> store::ApplicationId {
        let submission = Submission {
            applicant,
            applying: Applying::Person,
            request_id: Uuid::new_v4(),
            kind,
            request,
        };
        let submitted = application::submit(&self.pool, self.site, submission, clock(now()), sign);
        match submitted.await.unwrap() {
            Submitted::New(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Who was told what, in order of names.
    async fn told(&self) -> Vec<String> {
        let rows = message::list(&self.pool, self.site, None, 99).await.unwrap().rows;
        let mut told: Vec<String> = rows
            .into_iter()
            .filter(|row| row.kind != CODE)
            .map(|row| format!("{} {}", row.recipient.replace("@example.edu", ""), row.kind))
            .collect();
        told.sort();
        told
    }
}

fn step(json: &str) -> Step {
    serde_json::from_str(json).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_decides_is_told_and_told_again_when_it_is_late(pool: Pool) {
    let here = Department::new(pool).await;
    let (pool, site) = (&here.pool, here.site);
    let head = here
        .person("head", Some((Role::UnitHead, Place::Unit(here.unit))))
        .await;
    let stand_in = here.person("standin", None).await;
    here.person("desk", Some((Role::SecurityOffice, Place::Site)))
        .await;
    let applicant = here.person("applicant", None).await;
    let span = (now(), now() + SignedDuration::from_hours(99));
    task::delegate(pool, site, Uuid::new_v4(), (head, stand_in), span, now())
        .await
        .unwrap();
    let steps = Flow(vec![step(
        r#"{"key": "head", "title": {"zh": "审核", "en": "Review"}, "seats": [{"role": "unit_head", "of": "applicant_unit"}],
            "deadline": {"hours": 24, "escalate": {"role": "security_office"}}}"#,
    )]);
    let kind = PassKind {
        applicant: Applicant::Person(PersonKind::ALL.to_vec()),
        ..kind("work", steps, None)
    };
    let no = publish(pool, site, &kind).await;
    let id = here.apply(applicant, no, &request(0)).await;
    let waiting = ["head task_waiting", "standin task_waiting"];
    assert_eq!(here.told().await, waiting);

    let late = now() + SignedDuration::from_hours(24);
    task::overdue(pool, site, late).await.unwrap();
    task::overdue(pool, site, late).await.unwrap();
    assert_eq!(
        here.told().await,
        [
            "desk task_due",
            "head task_due",
            "head task_waiting",
            "standin task_due",
            "standin task_waiting"
        ]
    );

    // Corrected and handed in again it waits anew, and may be refused anew.
    let count = async |word: &str| here.told().await.iter().filter(|one| *one == word).count();
    for round in 1..=2 {
        decide(pool, site, id, head, &Verdict::Refuse).await.unwrap();
        assert_eq!(count("applicant refused").await, usize::try_from(round).unwrap());
        let corrected = request(0);
        let submission = Submission {
            applicant,
            applying: Applying::Person,
            request_id: Uuid::new_v4(),
            kind: no,
            request: &corrected,
        };
        let again = application::resubmit(pool, site, id, round, submission, clock(after(20)), sign);
        assert_eq!(again.await.unwrap(), Some(Submitted::New(id)));
    }
    assert_eq!(count("head task_waiting").await, 3);
    decide(pool, site, id, head, &Verdict::SendBack).await.unwrap();
    assert_eq!(count("applicant sent_back").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_host_is_asked_and_a_desk_of_the_site_is_not_told_of_each(pool: Pool) {
    let here = Department::new(pool).await;
    let (pool, site) = (&here.pool, here.site);
    let host = here.person("host", None).await;
    here.person("head", Some((Role::UnitHead, Place::Unit(here.unit))))
        .await;
    here.person("desk", Some((Role::Office, Place::Site))).await;
    let title = r#""title": {"zh": "审核", "en": "Review"}"#;
    let kind = PassKind {
        applicant: Applicant::Anybody,
        subject: Subject::Oneself,
        host: Hosting::Named,
        ..kind(
            "visitor",
            Flow(vec![
                step(&format!(
                    r#"{{"key": "host", {title}, "seats": [{{"person": "host"}}]}}"#
                )),
                step(&format!(
                    r#"{{"key": "unit", {title}, "seats": [{{"role": "unit_head", "of": "host_unit"}}]}}"#
                )),
                step(&format!(
                    r#"{{"key": "office", {title}, "seats": [{{"role": "office"}}]}}"#
                )),
            ]),
            None,
        )
    };
    let no = publish(pool, site, &kind).await;
    let visitor = account::by_phone_or_create(pool, site, "13900139000", now())
        .await
        .unwrap()
        .id;
    let asked = Request {
        holder: "李四".into(),
        host: Some(Host {
            number: "host".into(),
            name: "张三".into(),
        }),
        ..request(0)
    };
    let submission = Submission {
        applicant: visitor,
        applying: Applying::Anybody,
        request_id: Uuid::new_v4(),
        kind: no,
        request: &asked,
    };
    let submitted = application::submit(pool, site, submission, clock(now()), sign).await;
    let Ok(Submitted::New(id)) = submitted else {
        panic!("{submitted:?}")
    };
    assert_eq!(here.told().await, ["host host_asked"]);
    decide(pool, site, id, host, &Verdict::Agree).await.unwrap();
    assert_eq!(here.told().await, ["head task_waiting", "host host_asked"]);
    let head = task::ways(pool, site, host, now()).await.unwrap();
    assert_eq!(head.len(), 1, "a host sits in no other seat");
    let head = person::by_number(pool, site, "HEAD")
        .await
        .unwrap()
        .unwrap()
        .account;
    decide(pool, site, id, head, &Verdict::Agree).await.unwrap();
    assert_eq!(
        here.told().await,
        ["head task_waiting", "host host_asked"],
        "the desk works through its list"
    );
}
