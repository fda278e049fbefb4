use crate::world::*;
use pass::{Flow, PassNumber, Refusal, State, Status, kind::Standing};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    ApplicationId, Cursor, Page, Pool, account,
    application::{self, Application, Overview, Submitted, Withdrawn},
    credential,
    decision::{self, Decision, Verdict},
    site,
    task::{self, Filter},
};
use uuid::Uuid;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_automatic_kind_completes_at_once(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    let id = apply(&pool, site, resident, automatic, 3).await;

    let made = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!(
        (made.state, made.pass_number),
        (State::Completed, Some(PassNumber(1)))
    );
    assert_eq!(
        (made.first_day, made.last_day, made.reason.as_str()),
        (day(3), day(3), "买药")
    );
    assert_eq!(
        (made.phone.as_deref(), made.decided_by),
        (Some("13800138000"), None)
    );
    let history = decision::history(&pool, site, id).await.unwrap();
    let steps: Vec<_> = history.iter().map(|step| (step.act, step.by)).collect();
    assert_eq!(
        steps,
        [(pass::Act::Submit, Some(resident.0)), (pass::Act::Agree, None)]
    );

    let issued = credential::by_application(&pool, site, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        credential::get(&pool, site, PassNumber(1))
            .await
            .unwrap()
            .as_ref(),
        Some(&issued)
    );
    assert_eq!(
        (issued.holder, issued.name.as_str(), issued.kind),
        (resident.0, "张*", automatic)
    );
    assert_eq!(issued.credential.as_bytes(), [0, 0, 0, 1]);
    assert_eq!(
        issued.valid_until,
        issued.valid_from + jiff::SignedDuration::from_hours(24)
    );
    assert_eq!(
        credential::showable(&pool, site, resident.0, now())
            .await
            .unwrap(),
        std::slice::from_ref(&issued)
    );
    assert_eq!(
        credential::showable(&pool, site, resident.0, issued.valid_until)
            .await
            .unwrap(),
        []
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_can_not_be_asked_for_is_refused(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    let refused =
        async |who, kind, request| match submit(&pool, site, who, kind, Uuid::new_v4(), &request).await {
            Submitted::Refused(why) => why,
            other => panic!("{other:?}"),
        };
    let stranger = account::by_phone_or_create(&pool, site, "13800138001", now())
        .await
        .unwrap()
        .id;
    assert_eq!(
        refused((stranger, home.1), automatic, request(0)).await,
        Refusal::HouseholdNotConfirmed
    );
    assert_eq!(
        refused(home, pass::KindNo(99), request(0)).await,
        Refusal::KindNotOffered
    );
    assert_eq!(
        refused(home, automatic, request(-1)).await,
        Refusal::TooEarly { earliest: day(0) }
    );
    assert_eq!(
        refused(home, automatic, request(31)).await,
        Refusal::TooLate { latest: day(30) }
    );
    let other_name = pass::Request {
        holder: "李四".into(),
        ..request(0)
    };
    assert_eq!(
        refused(home, automatic, other_name).await,
        Refusal::HouseholderDiffers
    );
    let spaced = pass::Request {
        holder: " 张　三 ".into(),
        ..request(0)
    };
    let accepted = submit(&pool, site, home, automatic, Uuid::new_v4(), &spaced).await;
    assert!(matches!(accepted, Submitted::New(_)));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn numbers_are_given_one_by_one_under_many_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let free = publish(&pool, site, &kind("free", Flow::default(), None)).await;
    let limited = publish(&pool, site, &kind("limited", Flow::default(), Some((5, 1)))).await;
    // Half of them fail in the middle; none of those leaves a gap.
    together(80, |n| {
        let pool = pool.clone();
        let kind = if n % 2 == 0 { free } else { limited };
        async move { submit(&pool, site, home, kind, Uuid::new_v4(), &request(0)).await }
    })
    .await;
    let own = application::mine(&pool, site, home.0, &application::Own::default(), None, 200)
        .await
        .unwrap()
        .rows;
    let mut numbers: Vec<u32> = own.iter().map(|row| row.pass_number.unwrap().0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=45).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_withdrawn_pass_is_revoked(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, office) = kinds(&pool, site).await;
    let id = apply(&pool, site, home, automatic, 0).await;
    apply(&pool, site, home, automatic, 2).await;
    let version = async || site::bundle_version(&pool, site).await.unwrap().unwrap();
    let before = version().await;
    let status = credential::status(&pool, site, now()).await.unwrap();
    assert_eq!((status.first, status.statuses), (PassNumber(1), vec![]));

    let done = application::withdraw(&pool, site, id, home.0, day(0), after(5))
        .await
        .unwrap();
    assert_eq!(done, Some(Withdrawn::Done));
    let row = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!((row.state, row.revoked_at), (State::Withdrawn, Some(after(5))));
    assert_eq!(version().await, before + 1);
    let status = credential::status(&pool, site, now()).await.unwrap();
    assert_eq!(status.statuses, [(PassNumber(1), Status::Revoked)]);
    let tomorrow = after(24 * 3600);
    let status = credential::status(&pool, site, tomorrow).await.unwrap();
    assert_eq!(
        (status.first, status.statuses),
        (PassNumber(2), vec![]),
        "what is over needs no status"
    );
    let all_over = credential::status(&pool, site, after(90 * 24 * 3600))
        .await
        .unwrap();
    assert_eq!(all_over.first, PassNumber(3), "the next to be issued");

    // What has no credential changes no bundle.
    let id = apply(&pool, site, home, office, 0).await;
    let before = version().await;
    application::withdraw(&pool, site, id, home.0, day(0), after(6))
        .await
        .unwrap();
    assert_eq!(version().await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_administrator_revokes(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let by = officer(&pool, site, "admin").await;
    let (automatic, _) = kinds(&pool, site).await;
    apply(&pool, site, home, automatic, 0).await;
    let revoke = async |number| {
        credential::revoke(&pool, site, PassNumber(number), by, after(1))
            .await
            .unwrap()
    };
    assert!(revoke(1).await);
    assert!(!revoke(1).await);
    assert!(!revoke(2).await);
    assert!(!revoke(u32::MAX).await);
    assert_eq!(
        credential::showable(&pool, site, home.0, now()).await.unwrap(),
        []
    );
}

/// Reads a list to its end in pages of two.
async fn ids(read: impl AsyncFn(Option<Cursor>) -> Page<Application>) -> Vec<ApplicationId> {
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = read(cursor).await;
        assert!(page.rows.len() <= 2);
        ids.extend(page.rows.iter().map(|row| row.id));
        cursor = page.next;
        if cursor.is_none() {
            return ids;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_lists_in_pages_and_by_filter(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "3-1").await;
    let neighbour = resident(&pool, site, "13800138001", "4-2").await;
    let by = officer(&pool, site, "office").await;
    let (automatic, office) = kinds(&pool, site).await;
    let key = "office".parse().unwrap();
    // All are made at one instant: only their ids tell them apart.
    let mut waiting = Vec::new();
    for n in 0..5 {
        waiting.push(apply(&pool, site, home, office, 2 * n).await);
    }
    let agreed = apply(&pool, site, home, automatic, 0).await;
    let other = apply(&pool, site, neighbour, office, 0).await;
    waiting.sort_unstable();
    let inboxes = ["office@site".to_owned()];
    let pending = async |filter: Filter<'static>| {
        ids(async |cursor| {
            task::open(&pool, site, &inboxes, &filter, cursor, 2)
                .await
                .unwrap()
        })
        .await
    };
    let done = async |filter: Filter<'_>| {
        ids(async |cursor| {
            task::done(&pool, site, &inboxes, &filter, cursor, 2)
                .await
                .unwrap()
        })
        .await
    };
    let everything = async |state, filter: Filter<'_>| {
        let which = Overview {
            standings: &[Standing::Household],
            state,
            filter,
        };
        ids(async |cursor| {
            application::overview(&pool, site, &which, cursor, 2)
                .await
                .unwrap()
        })
        .await
    };
    let mut all = waiting.clone();
    all.push(other);
    all.sort_unstable();
    assert_eq!(pending(Filter::default()).await, all, "oldest first, each once");
    assert_eq!(
        pending(Filter {
            text: Some("4-"),
            ..Filter::default()
        })
        .await,
        [other]
    );
    assert_eq!(
        pending(Filter {
            text: Some("张"),
            ..Filter::default()
        })
        .await,
        all
    );
    assert_eq!(
        pending(Filter {
            text: Some("三"),
            ..Filter::default()
        })
        .await,
        []
    );
    assert_eq!(
        pending(Filter {
            text: Some(" "),
            ..Filter::default()
        })
        .await,
        all
    );
    assert_eq!(
        pending(Filter {
            community: Some("松林坡"),
            ..Filter::default()
        })
        .await,
        []
    );
    assert_eq!(task::count(&pool, site, &inboxes, 1000).await.unwrap(), 6);

    let ways = task::ways(&pool, site, by, now()).await.unwrap();
    for (n, id) in (1_i64..).zip(&waiting) {
        let decision = Decision {
            at: after(n),
            ..said(by, &ways, None)
        };
        decision::decide(&pool, site, *id, &Verdict::Refuse, decision, sign)
            .await
            .unwrap()
            .unwrap();
    }
    let mut latest = waiting.clone();
    latest.reverse();
    assert_eq!(
        done(Filter {
            kind: Some(&key),
            ..Filter::default()
        })
        .await,
        latest
    );
    assert_eq!(done(Filter::default()).await, latest, "the latest first");
    assert_eq!(
        done(Filter {
            community: Some("新华村"),
            text: Some("3-1"),
            kind: None
        })
        .await,
        latest
    );
    assert_eq!(pending(Filter::default()).await, [other]);
    latest.push(agreed);
    let mut rejected = waiting.clone();
    rejected.sort_unstable();
    rejected.reverse();
    assert_eq!(
        everything(Some(State::Rejected), Filter::default()).await,
        rejected
    );
    assert_eq!(
        everything(Some(State::Completed), Filter::default()).await,
        [agreed],
        "also what nobody decided"
    );
    assert_eq!(everything(None, Filter::default()).await.len(), 7);

    let mine = ids(async |cursor| {
        application::mine(&pool, site, home.0, &application::Own::default(), cursor, 2)
            .await
            .unwrap()
    })
    .await;
    let mut own = latest;
    own.sort_unstable();
    own.reverse();
    assert_eq!(mine, own);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn own_ones_by_state_and_all_of_a_household(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let neighbour = resident(&pool, site, "13800138001", "2").await;
    let (automatic, _) = kinds(&pool, site).await;
    let kept = apply(&pool, site, home, automatic, 1).await;
    let gone = apply(&pool, site, home, automatic, 3).await;
    apply(&pool, site, neighbour, automatic, 1).await;
    application::withdraw(&pool, site, gone, home.0, day(0), now())
        .await
        .unwrap()
        .unwrap();

    let own = async |state| {
        let which = application::Own {
            state,
            ..application::Own::default()
        };
        let page = application::mine(&pool, site, home.0, &which, None, 9)
            .await
            .unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(own(Some(State::Completed)).await, [kept]);
    assert_eq!(own(Some(State::Withdrawn)).await, [gone]);
    assert_eq!(own(Some(State::Rejected)).await, []);
    assert_eq!(own(None).await.len(), 2);

    // Both were submitted at `now`; the range holds its first instant and not its last.
    let within = async |from, until, state| {
        let which = application::Own { state, from, until };
        let page = application::mine(&pool, site, home.0, &which, None, 9)
            .await
            .unwrap();
        page.rows.len()
    };
    assert_eq!(within(Some(now()), Some(after(1)), None).await, 2);
    assert_eq!(within(Some(after(1)), None, None).await, 0);
    assert_eq!(within(None, Some(now()), None).await, 0);
    assert_eq!(within(Some(now()), None, Some(State::Withdrawn)).await, 1);
    let household = application::of_household(&pool, site, home.1, 9).await.unwrap();
    assert_eq!(household.len(), 2);
    assert_eq!(
        application::of_household(&pool, site, home.1, 1)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_form_changed_and_sent_again_is_not_taken_for_the_same(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, office) = kinds(&pool, site).await;
    let form = Uuid::new_v4();
    let first = submit(&pool, site, home, automatic, form, &request(0)).await;
    let Submitted::New(id) = first else {
        panic!("{first:?}")
    };
    let again = submit(&pool, site, home, automatic, form, &request(0)).await;
    assert_eq!(again, Submitted::Again(id));
    let spaced = pass::Request {
        reason: " 买药 ".into(),
        ..request(0)
    };
    let again = submit(&pool, site, home, automatic, form, &spaced).await;
    assert_eq!(again, Submitted::Again(id), "kept without the spaces");
    let longer = pass::Request {
        last_day: day(1),
        ..request(0)
    };
    let reason = pass::Request {
        reason: "上班".into(),
        ..request(0)
    };
    let name = pass::Request {
        holder: "李四".into(),
        ..request(0)
    };
    for changed in [request(2), longer, reason, name] {
        let differs = submit(&pool, site, home, automatic, form, &changed).await;
        assert_eq!(differs, Submitted::Differs(id), "{changed:?}");
    }
    let other_kind = submit(&pool, site, home, office, form, &request(0)).await;
    assert_eq!(other_kind, Submitted::Differs(id));
    let kept = application::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!((kept.first_day, kept.reason.as_str()), (day(0), "买药"));
}
