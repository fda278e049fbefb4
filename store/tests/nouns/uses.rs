//! What uploads do to the passes they speak of.

use crate::{
    log::{Log, Sent, seal, upload},
    tablet::enrolled,
    world::*,
};
use pass::{Direction, PassNumber, Refusal, Status, admission::hash};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Pool,
    admission::{self, Filter},
    application::{self, Withdrawn},
    credential, decision, quota, site, tablet,
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_used_pass_that_is_ended_keeps_its_day(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let office = officer(&pool, site, "office").await;
    let (automatic, _) = kinds(&pool, site).await;
    let id = apply(&pool, site, home, automatic, 0).await;
    let key = application::get(&pool, site, id).await.unwrap().unwrap().kind_key;
    let tablet = enrolled(&pool, site, 1).await;
    let mut log = Log::new(&tablet);
    upload(&pool, site, tablet.public.id, &[log.admit(1, after(10))]).await;

    let decision = said(office, &[], Some("隔离"));
    decision::terminate(&pool, site, id, decision).await.unwrap();
    let taken = quota::taken(&pool, site, home.1.0, &key.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(taken, [day(0)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_entry_uses_the_pass(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    let many = pass::PassKind {
        uses: pass::Uses::Many,
        ..kind("many", pass::Flow::default(), None)
    };
    let many = publish(&pool, site, &many).await;
    let once = apply(&pool, site, home, automatic, 0).await;
    let often = apply(&pool, site, home, many, 0).await;
    let tablet = enrolled(&pool, site, 1).await;
    let id = tablet.public.id;
    let mut log = Log::new(&tablet);
    let version = async || site::bundle_version(&pool, site).await.unwrap().unwrap();
    let before = version().await;

    let mut leaving = log.admit(1, after(9));
    leaving.event.direction = Direction::Out;
    let leaving = seal(leaving.event);
    log.previous = hash(&leaving.bytes);
    upload(&pool, site, id, &[leaving]).await;
    assert_eq!(version().await, before, "leaving uses nothing");

    let sent = [
        log.admit(1, after(10)),
        log.admit(2, after(11)),
        log.admit(2, after(12)),
        log.admit(99, after(13)),
    ];
    upload(&pool, site, id, &sent).await;
    assert_eq!(version().await, before + 1);
    let used = credential::by_application(&pool, site, once)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((used.redemptions, used.redeemed_at), (1, Some(after(10))));
    let used = credential::by_application(&pool, site, often)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((used.redemptions, used.redeemed_at), (2, Some(after(11))));
    let status = credential::status(&pool, site, now()).await.unwrap();
    assert_eq!(
        status.statuses,
        [(PassNumber(1), Status::Used)],
        "many uses are never used up"
    );
    assert_eq!(admission::double_uses(&pool, site, 9).await.unwrap(), []);
    let shown = credential::showable(&pool, site, home.0, now()).await.unwrap();
    assert_eq!(shown.iter().map(|row| row.number.0).collect::<Vec<_>>(), [2]);

    let back = application::withdraw(&pool, site, once, home.0, day(0), after(20))
        .await
        .unwrap();
    assert_eq!(back, Some(Withdrawn::Refused(Refusal::Used)));

    upload(&pool, site, id, &[log.void(&sent[0], after(30))]).await;
    assert_eq!(version().await, before + 2);
    let free = credential::by_application(&pool, site, once)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (free.redemptions, free.redeemed_at),
        (0, None),
        "a mistake taken back"
    );
    let back = application::withdraw(&pool, site, once, home.0, day(0), after(40))
        .await
        .unwrap();
    assert_eq!(back, Some(Withdrawn::Done));
}

/// Two tablets without a network admit one pass; whoever uploads first, it is found.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_second_use_is_found_in_either_order(pool: Pool) {
    for (code, swapped) in [("one", false), ("two", true)] {
        let site = site(&pool, code).await;
        let home = resident(&pool, site, "13800138000", "1").await;
        let (automatic, _) = kinds(&pool, site).await;
        apply(&pool, site, home, automatic, 0).await;
        let mut uploads = Vec::new();
        for (n, at) in [(1, 10), (2, 20)] {
            let tablet = enrolled(&pool, site, n).await;
            let mut log = Log::new(&tablet);
            uploads.push((tablet.public.id, log.admit(1, after(at)), log));
        }
        if swapped {
            uploads.reverse();
        }
        let cases = async || admission::double_uses(&pool, site, 9).await.unwrap();
        upload(&pool, site, uploads[0].0, &[uploads[0].1.clone()]).await;
        assert_eq!(cases().await, []);
        upload(&pool, site, uploads[1].0, &[uploads[1].1.clone()]).await;
        assert_eq!((cases().await.len(), cases().await[0].redemptions), (1, 2));
        let used = credential::get(&pool, site, PassNumber(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (used.redemptions, used.redeemed_at),
            (2, Some(after(10))),
            "the first by its time"
        );

        let of_pass = Filter {
            number: Some(PassNumber(1)),
            ..Filter::default()
        };
        let scans = admission::list(&pool, site, &of_pass, None, 9)
            .await
            .unwrap()
            .rows;
        assert_eq!(scans.len(), 2);
        assert!(scans.iter().all(|scan| scan.double_use && scan.redeems));

        // A scan that was a mistake: the case stays, and says that one use is left.
        let (tablet, scan, log) = &mut uploads[0];
        let void = log.void(scan, after(90));
        upload(&pool, site, *tablet, &[void]).await;
        assert_eq!((cases().await.len(), cases().await[0].redemptions), (1, 1));
    }
}

/// A tablet that was revoked before it could upload: no pass is used by it, but a second use is found.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_revoked_tablet_let_in_is_no_use_and_yet_makes_a_case(pool: Pool) {
    for (code, swapped) in [("one", false), ("two", true)] {
        let site = site(&pool, code).await;
        let home = resident(&pool, site, "13800138000", "1").await;
        let (automatic, _) = kinds(&pool, site).await;
        apply(&pool, site, home, automatic, 0).await;
        apply(&pool, site, home, automatic, 2).await;
        let (gone, other) = (enrolled(&pool, site, 1).await, enrolled(&pool, site, 2).await);
        let by = officer(&pool, site, "office").await;
        assert!(
            tablet::revoke(&pool, site, gone.public.id, by, after(50))
                .await
                .unwrap()
        );
        let mut log = Log::new(&gone);
        let late = [
            log.admit(1, after(10)),
            log.admit(2, after(11)),
            log.admit(2, after(12)),
        ];
        let cases = async || admission::double_uses(&pool, site, 9).await.unwrap();
        let from_gone = async || {
            let uploaded = upload(&pool, site, gone.public.id, &late).await;
            assert!(uploaded.revoked);
            assert_eq!((uploaded.acknowledged, uploaded.stored), (3, 0));
            assert!(
                uploaded
                    .quarantined
                    .iter()
                    .all(|(_, why)| why == "tablet-revoked")
            );
        };
        let used = async |number| {
            let pass = credential::get(&pool, site, PassNumber(number)).await.unwrap();
            pass.unwrap().redemptions
        };
        if !swapped {
            from_gone().await;
            assert_eq!((cases().await, used(1).await), (vec![], 0));
        }
        let uploaded = upload(
            &pool,
            site,
            other.public.id,
            &[Log::new(&other).admit(1, after(20))],
        )
        .await;
        assert!(!uploaded.revoked);
        if swapped {
            assert_eq!(cases().await, []);
            from_gone().await;
        }
        let found: Vec<_> = cases()
            .await
            .iter()
            .map(|case| (case.number, case.redemptions))
            .collect();
        assert_eq!(found, [(PassNumber(1), 1)]);
        assert_eq!((used(1).await, used(2).await), (1, 0));
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_void_may_come_before_what_it_voids(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    apply(&pool, site, home, automatic, 0).await;
    let tablet = enrolled(&pool, site, 1).await;
    let mut log = Log::new(&tablet);
    let mistake = log.admit(1, after(1));
    let void = log.void(&mistake, after(2));
    let again = log.admit(1, after(3));
    for part in [void, again, mistake] {
        upload(&pool, site, tablet.public.id, &[part]).await;
    }
    let used = credential::get(&pool, site, PassNumber(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((used.redemptions, used.redeemed_at), (1, Some(after(3))));
    assert_eq!(admission::double_uses(&pool, site, 9).await.unwrap(), []);
    let list = admission::list(&pool, site, &Filter::default(), None, 9)
        .await
        .unwrap()
        .rows;
    assert_eq!(
        list.iter()
            .map(|row| (row.voided, row.redeems))
            .collect::<Vec<_>>(),
        [(false, true), (false, false), (true, false)]
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn tablets_with_the_same_passes_upload_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let free = publish(&pool, site, &kind("free", pass::Flow::default(), None)).await;
    for _ in 0..20 {
        apply(&pool, site, home, free, 0).await;
    }
    let mut logs = Vec::new();
    for n in 0..6 {
        let tablet = enrolled(&pool, site, n + 1).await;
        let mut log = Log::new(&tablet);
        let mut sent: Vec<Sent> = (1..=20)
            .map(|number| log.admit(number, after(i64::from(n))))
            .collect();
        if n % 2 == 0 {
            sent.reverse();
        }
        logs.push((tablet.public.id, sent));
    }
    together(6, |n| {
        let (pool, (tablet, sent)) = (pool.clone(), logs[n].clone());
        async move {
            for part in sent.chunks(5) {
                upload(&pool, site, tablet, part).await;
            }
        }
    })
    .await;
    let cases = admission::double_uses(&pool, site, 50).await.unwrap();
    assert_eq!(cases.len(), 20);
    assert!(cases.iter().all(|case| case.redemptions == 6));
    for number in 1..=20 {
        let used = credential::get(&pool, site, PassNumber(number))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((used.redemptions, used.redeemed_at), (6, Some(after(0))));
    }
}
