use crate::world::*;
use jiff::ToSpan;
use pass::{Act, PassNumber, Refusal, State};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    ApplicationId, Pool, application, credential,
    decision::{self, Decided, Verdict},
    quota, task,
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn agreeing_issues_and_is_written_down(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let office = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let id = apply(&pool, site, home, kind, 0).await;
    assert_eq!(credential::by_application(&pool, site, id).await.unwrap(), None);

    let own = decide(&pool, site, id, home.0, &Verdict::Agree).await;
    assert_eq!(own, Some(Decided::Own));
    let own = decide(&pool, site, id, home.0, &Verdict::Refuse).await;
    assert_eq!(own, Some(Decided::Own));
    let none = decide(&pool, site, ApplicationId::new(), office, &Verdict::Agree).await;
    assert_eq!(none, None);

    let ways = task::ways(&pool, site, office, now()).await.unwrap();
    let agreed = said(office, &ways, Some("同意"));
    let agreed = decision::decide(&pool, site, id, &Verdict::Agree, agreed, sign)
        .await
        .unwrap();
    assert_eq!(agreed, done(Some(1)));
    let row = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!(
        (row.state, row.decided_by, row.decided_at),
        (State::Completed, Some(office), Some(after(10)))
    );
    let history = decision::history(&pool, site, id).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        (last.act, last.by, last.at),
        (Act::Agree, Some(office), after(10))
    );
    assert_eq!(
        (last.name.as_deref(), last.opinion.as_deref()),
        (Some("office"), Some("同意"))
    );

    let late = decide(&pool, site, id, office, &Verdict::Refuse).await;
    let already = Decided::Already {
        state: State::Completed,
        by: Some(office),
        at: Some(after(10)),
    };
    assert_eq!(late, Some(already));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_approvers_at_once_one_decides(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let offices = [
        officer(&pool, site, "office-1").await,
        officer(&pool, site, "office-2").await,
    ];
    let (_, kind) = kinds(&pool, site).await;
    for round in 0..5 {
        let id = apply(&pool, site, home, kind, 2 * round).await;
        let outcomes = together(8, |n| {
            let (pool, office) = (pool.clone(), offices[n % 2]);
            async move {
                let verdict = match n % 4 {
                    0 | 1 => Verdict::Agree,
                    _ => Verdict::Refuse,
                };
                let outcome = decide(&pool, site, id, office, &verdict).await;
                (office, outcome.unwrap())
            }
        })
        .await;
        let done: Vec<_> = outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Decided::Done { .. }))
            .collect();
        assert_eq!(done.len(), 1);
        let row = application::get(&pool, site, id).await.unwrap().unwrap();
        assert_eq!(row.decided_by, Some(done[0].0));
        for (_, outcome) in &outcomes {
            if let Decided::Already { state, by, at } = outcome {
                assert_eq!(
                    (*state, *by, *at),
                    (row.state, row.decided_by, row.decided_at),
                    "who was first"
                );
            }
        }
        assert_eq!(decision::history(&pool, site, id).await.unwrap().len(), 2);
        let issued = credential::by_application(&pool, site, id).await.unwrap();
        assert_eq!(issued.is_some(), row.state == State::Completed);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn refusing_and_ending_give_the_quota_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let office = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let key = "office".parse().unwrap();
    let taken = async || quota::taken(&pool, site, home.1.0, &key).await.unwrap();

    let id = apply(&pool, site, home, kind, 0).await;
    decide(&pool, site, id, office, &Verdict::Refuse).await;
    assert_eq!(taken().await, []);

    let id = apply(&pool, site, home, kind, 0).await;
    decide(&pool, site, id, office, &Verdict::Agree).await;
    assert_eq!(taken().await, [day(0)], "a pass keeps it");
    let ended = decision::terminate(&pool, site, id, said(office, &[], Some("隔离")))
        .await
        .unwrap();
    assert_eq!(ended, done(Some(1)));
    assert_eq!(taken().await, []);
    let row = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!((row.state, row.revoked_at), (State::Terminated, Some(after(10))));
    assert_eq!(decision::history(&pool, site, id).await.unwrap().len(), 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_are_decided_each_for_itself(pool: Pool) {
    let site = site(&pool, "one").await;
    let office = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let mut ids = Vec::new();
    for n in 0..6 {
        let home = resident(&pool, site, &format!("1380013800{n}"), &format!("{n}")).await;
        ids.push(apply(&pool, site, home, kind, 0).await);
    }
    decide(&pool, site, ids[2], office, &Verdict::Refuse).await;
    ids.insert(4, ApplicationId::new());
    let ways = task::ways(&pool, site, office, now()).await.unwrap();
    let by = said(office, &ways, None);
    let outcomes = decision::decide_all(&pool, site, &ids, &Verdict::Agree, by, sign)
        .await
        .unwrap();
    assert!(outcomes.iter().map(|(id, _)| id).eq(&ids), "in the order given");
    let numbers: Vec<_> = outcomes
        .iter()
        .map(|(_, outcome)| match outcome {
            Some(Decided::Done { number, .. }) => number.map(|number| number.0),
            _ => None,
        })
        .collect();
    assert_eq!(numbers, [Some(1), Some(2), None, Some(3), None, Some(4), Some(5)]);
    assert!(matches!(
        outcomes[2].1,
        Some(Decided::Already {
            state: State::Rejected,
            ..
        })
    ));
    assert_eq!(outcomes[4].1, None);
    let outcomes = decision::decide_all(&pool, site, &ids[..2], &Verdict::Refuse, by, sign)
        .await
        .unwrap();
    assert!(
        outcomes
            .iter()
            .all(|(_, outcome)| matches!(outcome, Some(Decided::Already { .. })))
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_failed_signature_decides_nothing(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let office = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let id = apply(&pool, site, home, kind, 0).await;
    let ways = task::ways(&pool, site, office, now()).await.unwrap();
    let by = said(office, &ways, None);
    let failed = decision::decide(&pool, site, id, &Verdict::Agree, by, |_| Err("no key".into())).await;
    assert!(matches!(failed, Err(store::Error::Signing(_))));
    // Claims with another number than the one that was given are not taken either.
    let lying = decision::decide(&pool, site, id, &Verdict::Agree, by, |to_sign| {
        let mut signed = sign(to_sign)?;
        signed.claims.number = PassNumber(7);
        Ok(signed)
    });
    assert!(matches!(lying.await, Err(store::Error::Signing(_))));
    let row = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!((row.state, row.pass_number), (State::InReview, None));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_decided_in_time_lapses(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let office = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let key = "office".parse().unwrap();
    let taken = async || quota::taken(&pool, site, home.1.0, &key).await.unwrap();
    let (early, late) = (
        apply(&pool, site, home, kind, 0).await,
        apply(&pool, site, home, kind, 2).await,
    );
    let state = async |id| application::get(&pool, site, id).await.unwrap().unwrap().state;
    let lapse = async |today: i64| {
        application::lapse(&pool, site, day(today), after(20))
            .await
            .unwrap()
    };

    // On its last day there is still time.
    assert_eq!(lapse(0).await, 0);
    // The day after there is none, also before the job came by.
    let refused = decide_on(&pool, site, early, office, &Verdict::Agree, 1).await;
    let over = Refusal::Over { last_day: day(0) };
    assert_eq!(refused, Some(Decided::Refused(over)));
    assert_eq!(state(early).await, State::InReview);
    assert_eq!(
        credential::by_application(&pool, site, early).await.unwrap(),
        None
    );

    assert_eq!(lapse(1).await, 1);
    assert_eq!(lapse(1).await, 0, "once");
    assert_eq!(
        (state(early).await, state(late).await),
        (State::Terminated, State::InReview)
    );
    assert_eq!(taken().await, [day(0) + 2.days()], "its day is given back");
    let history = decision::history(&pool, site, early).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!((last.act, last.by, last.at), (Act::Lapse, None, after(20)));
    let gone = decide_on(&pool, site, early, office, &Verdict::Agree, 1).await;
    let already = Decided::Already {
        state: State::Terminated,
        by: None,
        at: Some(after(20)),
    };
    assert_eq!(gone, Some(already));
    // A pass that was given stays as it is when its day is over.
    decide_on(&pool, site, late, office, &Verdict::Agree, 1).await;
    assert_eq!(lapse(9).await, 0);
    assert_eq!(state(late).await, State::Completed);
}
