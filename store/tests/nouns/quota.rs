//! The quota, under everything at once.

use crate::world::*;
use pass::{Flow, Refusal, State};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    ApplicationId, Pool, SiteId,
    application::{self, Applying, Submission, Submitted, Withdrawn},
    quota,
};
use uuid::Uuid;

/// 200 forms of one household at once, over the days of one window: exactly `passes` are accepted.
async fn check(options: PgConnectOptions, passes: u32, days: u32, steps: Flow) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let kind = kind("window", steps, Some((passes, days)));
    let no = publish(&pool, site, &kind).await;
    let outcomes = together(200, |n| {
        let pool = pool.clone();
        async move {
            let offset = i64::try_from(n).unwrap() % i64::from(days);
            submit(&pool, site, resident, no, Uuid::new_v4(), &request(offset)).await
        }
    })
    .await;
    let accepted = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Submitted::New(_)))
        .count();
    let spent = |outcome: &&Submitted| matches!(outcome, Submitted::Refused(Refusal::QuotaSpent { .. }));
    assert_eq!(accepted, usize::try_from(passes).unwrap());
    assert_eq!(outcomes.iter().filter(spent).count(), 200 - accepted);

    let taken = quota::taken(&pool, site, resident.1.0, &kind.key).await.unwrap();
    assert_eq!(taken.len(), accepted);
    let own = application::mine(&pool, site, resident.0, &application::Own::default(), None, 50)
        .await
        .unwrap()
        .rows;
    assert_eq!(own.len(), accepted, "what was refused left nothing");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_in_two_days(_: PgPoolOptions, options: PgConnectOptions) {
    check(options, 1, 2, Flow::default()).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn three_in_seven_days(_: PgPoolOptions, options: PgConnectOptions) {
    check(options, 3, 7, Flow::office()).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_form_sent_many_times_at_once_is_one_application(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    for (key, quota) in [("limited", Some((1, 2))), ("unlimited", None)] {
        let kind = kind(key, Flow::default(), quota);
        let no = publish(&pool, site, &kind).await;
        let form = Uuid::new_v4();
        let outcomes = together(40, |_| {
            let pool = pool.clone();
            async move { submit(&pool, site, resident, no, form, &request(0)).await }
        })
        .await;
        let mut ids: Vec<ApplicationId> = outcomes
            .iter()
            .map(|outcome| match outcome {
                Submitted::New(id) | Submitted::Again(id) => *id,
                other => panic!("{other:?}"),
            })
            .collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let new = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Submitted::New(_)))
            .count();
        assert_eq!(new, 1);
        let taken = quota::taken(&pool, site, resident.1.0, &kind.key)
            .await
            .unwrap()
            .len();
        assert_eq!(taken, usize::from(quota.is_some()));
    }
    assert_eq!(
        application::mine(&pool, site, resident.0, &application::Own::default(), None, 9)
            .await
            .unwrap()
            .rows
            .len(),
        2
    );
}

async fn withdraw(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    by: store::AccountId,
    today: i64,
) -> Option<Withdrawn> {
    application::withdraw(pool, site, id, by, day(today), after(60))
        .await
        .unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn withdrawing_gives_the_day_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let (automatic, office) = kinds(&pool, site).await;
    for kind in [automatic, office] {
        let id = apply(&pool, site, resident, kind, 0).await;
        let again = submit(&pool, site, resident, kind, Uuid::new_v4(), &request(1)).await;
        let spent = Refusal::QuotaSpent {
            passes: 1,
            days: 2,
            next_free: Some(day(2)),
        };
        assert_eq!(again, Submitted::Refused(spent));
        let other = store::AccountId::new();
        assert_eq!(withdraw(&pool, site, id, other, 0).await, None, "somebody else's");
        assert_eq!(
            withdraw(&pool, site, id, resident.0, 0).await,
            Some(Withdrawn::Done)
        );
        let twice = withdraw(&pool, site, id, resident.0, 0).await;
        assert!(matches!(
            twice,
            Some(Withdrawn::Refused(Refusal::NotNow {
                state: State::Withdrawn,
                ..
            }))
        ));
        apply(&pool, site, resident, kind, 1).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pass_that_is_over_is_not_given_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    let id = apply(&pool, site, resident, automatic, 0).await;
    let over = withdraw(&pool, site, id, resident.0, 1).await;
    assert_eq!(over, Some(Withdrawn::Refused(Refusal::Over { last_day: day(0) })));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn withdrawn_twice_at_once_gives_one_day_back(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let two_a_day = kind("two", Flow::office(), Some((2, 1)));
    let no = publish(&pool, site, &two_a_day).await;
    let id = apply(&pool, site, resident, no, 0).await;
    apply(&pool, site, resident, no, 0).await;
    let outcomes = together(20, |_| {
        let pool = pool.clone();
        async move { withdraw(&pool, site, id, resident.0, 0).await.unwrap() }
    })
    .await;
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == Withdrawn::Done)
            .count(),
        1
    );
    assert_eq!(
        quota::taken(&pool, site, resident.1.0, &two_a_day.key)
            .await
            .unwrap(),
        [day(0)]
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_new_version_does_not_give_the_quota_anew(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let mut kind = kind("single", Flow::office(), Some((1, 2)));
    let first = publish(&pool, site, &kind).await;
    apply(&pool, site, resident, first, 0).await;
    kind.version = 2;
    let second = publish(&pool, site, &kind).await;
    let old = submit(&pool, site, resident, first, Uuid::new_v4(), &request(2)).await;
    assert_eq!(old, Submitted::Refused(Refusal::KindNotOffered));
    let spent = submit(&pool, site, resident, second, Uuid::new_v4(), &request(1)).await;
    assert!(matches!(spent, Submitted::Refused(Refusal::QuotaSpent { .. })));
    apply(&pool, site, resident, second, 2).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_version_without_a_quota_gives_none_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let mut kind = kind("single", Flow::office(), None);
    let free = publish(&pool, site, &kind).await;
    let unlimited = apply(&pool, site, resident, free, 0).await;
    kind.version = 2;
    kind.quota = Some((1, 2)).map(|(passes, days)| pass::Quota { passes, days });
    let limited = publish(&pool, site, &kind).await;
    let counted = apply(&pool, site, resident, limited, 0).await;
    let taken = async || quota::taken(&pool, site, resident.1.0, &kind.key).await.unwrap();
    assert_eq!(taken().await, [day(0)]);
    let withdraw = async |id| {
        application::withdraw(&pool, site, id, resident.0, day(0), after(1))
            .await
            .unwrap()
    };
    assert_eq!(withdraw(unlimited).await, Some(Withdrawn::Done));
    assert_eq!(taken().await, [day(0)], "the day is the other one's");
    assert_eq!(withdraw(counted).await, Some(Withdrawn::Done));
    assert_eq!(taken().await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_failed_signature_takes_nothing(pool: Pool) {
    let site = site(&pool, "one").await;
    let (applicant, household) = resident(&pool, site, "13800138000", "1").await;
    let (kind, _) = kinds(&pool, site).await;
    let request = request(0);
    let submission = Submission {
        applicant,
        request_id: Uuid::new_v4(),
        applying: Applying::Household(household),
        kind,
        request: &request,
    };
    let failed = application::submit(&pool, site, submission, clock(now()), |_| Err("no key".into())).await;
    assert!(matches!(failed, Err(store::Error::Signing(_))));
    assert_eq!(
        application::mine(&pool, site, applicant, &application::Own::default(), None, 9)
            .await
            .unwrap()
            .rows,
        []
    );
    let id = apply(&pool, site, (applicant, household), kind, 0).await;
    let made = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!(
        made.pass_number,
        Some(pass::PassNumber(1)),
        "the number was not lost"
    );
}
