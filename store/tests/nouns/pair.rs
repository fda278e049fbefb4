//! Passes for one entry and one exit, and what guards confirm.

use crate::{
    log::{Log, Sent, seal, upload},
    tablet::enrolled,
    world::*,
};
use pass::{Check, Direction, PassKind, PassNumber, Refusal, Status, TabletId, Uses};
use store::{
    ApplicationId, Pool, SiteId,
    admission::{self, Filter},
    application::{self, Withdrawn},
    credential, site, tablet,
};

use Direction::{Both, In, Out};

/// A resident with pass 1 of a kind for a pair.
async fn pair(pool: &Pool, code: &str) -> (SiteId, store::AccountId, ApplicationId) {
    let site = site(pool, code).await;
    let home = resident(pool, site, "13800138000", "1").await;
    let kind = PassKind {
        uses: Uses::Pair,
        ..kind("pair", pass::Flow::default(), None)
    };
    let kind = publish(pool, site, &kind).await;
    let id = apply(pool, site, home, kind, 0).await;
    (site, home.0, id)
}

/// Somebody passes at each of these checkpoints in turn, ten minutes after each other, each with a tablet of its own.
async fn passages(pool: &Pool, site: SiteId, ways: &[Direction]) -> Vec<(TabletId, Sent, Log)> {
    let mut told = Vec::new();
    for (n, way) in (1..).zip(ways) {
        let tablet = enrolled(pool, site, n).await;
        let mut log = Log::new(&tablet);
        let sent = log.pass(*way, 1, after(i64::from(n) * 10));
        told.push((tablet.public.id, sent, log));
    }
    told
}

async fn cases(pool: &Pool, site: SiteId) -> Vec<(u32, u32)> {
    let cases = admission::double_uses(pool, site, 9).await.unwrap();
    cases
        .iter()
        .map(|case| (case.number.0, case.redemptions))
        .collect()
}

async fn used_up(pool: &Pool, site: SiteId) -> bool {
    let status = credential::status(pool, site, now()).await.unwrap();
    assert!(
        status
            .statuses
            .iter()
            .all(|one| *one == (PassNumber(1), Status::Used))
    );
    !status.statuses.is_empty()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pair_is_used_up_by_both_halves_and_no_sooner(pool: Pool) {
    for (code, ways) in [("one", [In, Out]), ("two", [Out, In]), ("three", [Both, Both])] {
        let (site, holder, id) = pair(&pool, code).await;
        let mut told = passages(&pool, site, &ways).await;
        let version = async || site::bundle_version(&pool, site).await.unwrap().unwrap();
        let showable = async || {
            credential::showable(&pool, site, holder, now())
                .await
                .unwrap()
                .len()
        };
        let start = version().await;
        let pass = async || {
            credential::by_application(&pool, site, id)
                .await
                .unwrap()
                .unwrap()
        };

        upload(&pool, site, told[0].0, &[told[0].1.clone()]).await;
        let half = pass().await;
        assert_eq!(
            (half.redemptions, half.redeemed_at, half.spent),
            (1, Some(after(10)), false)
        );
        assert!(!used_up(&pool, site).await, "{ways:?}");
        assert_eq!((version().await, showable().await), (start, 1));
        let back = application::withdraw(&pool, site, id, holder, day(0), after(15))
            .await
            .unwrap();
        assert_eq!(
            back,
            Some(Withdrawn::Refused(Refusal::Used)),
            "it has opened a gate"
        );

        upload(&pool, site, told[1].0, &[told[1].1.clone()]).await;
        let whole = pass().await;
        assert_eq!(
            (whole.redemptions, whole.redeemed_at, whole.spent),
            (2, Some(after(10)), true)
        );
        assert!(used_up(&pool, site).await, "{ways:?}");
        assert_eq!((version().await, showable().await), (start + 1, 0));
        assert_eq!(cases(&pool, site).await, []);

        let (tablet, sent, log) = &mut told[1];
        let void = log.void(sent, after(30));
        upload(&pool, site, *tablet, &[void]).await;
        assert!(!used_up(&pool, site).await, "a half taken back is there again");
        assert_eq!((version().await, showable().await), (start + 2, 1));
    }
}

/// Three tablets without a network; in whatever order they upload, the same comes out.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_more_than_a_pair_is_found_in_every_order(pool: Pool) {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (n, order) in orders.into_iter().enumerate() {
        let (site, ..) = pair(&pool, &format!("s{n}")).await;
        let told = passages(&pool, site, &[In, Out, In]).await;
        let mut known = Vec::new();
        for one in order {
            upload(&pool, site, told[one].0, &[told[one].1.clone()]).await;
            known.push(one);
            let entered_twice = known.contains(&0) && known.contains(&2);
            let found = cases(&pool, site).await;
            assert_eq!(found.len(), usize::from(entered_twice), "{order:?} at {known:?}");
            assert_eq!(used_up(&pool, site).await, known.len() > 1);
        }
        assert_eq!(cases(&pool, site).await, [(1, 3)]);
        let of_pass = Filter {
            number: Some(PassNumber(1)),
            ..Filter::default()
        };
        let list = admission::list(&pool, site, &of_pass, None, 9).await.unwrap();
        assert!(
            list.rows.iter().all(|row| row.redeems && row.double_use),
            "the exit too"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_third_passage_is_more_than_a_pair(pool: Pool) {
    let two_sites = [("one", [Both, Both, Both]), ("two", [In, Out, Both])];
    for (code, ways) in two_sites {
        let (site, ..) = pair(&pool, code).await;
        for (at, (tablet, sent, _)) in passages(&pool, site, &ways).await.into_iter().enumerate() {
            upload(&pool, site, tablet, &[sent]).await;
            assert_eq!(cases(&pool, site).await.len(), usize::from(at == 2), "{ways:?}");
        }
    }
}

/// Of a revoked tablet's words nothing is a use, and what they say decides by its direction whether it is a case.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_revoked_tablet_tells_which_half(pool: Pool) {
    for (code, way, is_case) in [("one", Out, true), ("two", In, false)] {
        for swapped in [false, true] {
            let (site, ..) = pair(&pool, &format!("{code}-{}", u8::from(swapped))).await;
            let by = officer(&pool, site, "office").await;
            let mut told = passages(&pool, site, &[way, Out]).await;
            assert!(
                tablet::revoke(&pool, site, told[0].0, by, after(50))
                    .await
                    .unwrap()
            );
            if swapped {
                told.reverse();
            }
            for (tablet, sent, _) in told {
                upload(&pool, site, tablet, &[sent]).await;
            }
            assert_eq!(cases(&pool, site).await.len(), usize::from(is_case), "{code}");
            let pass = credential::get(&pool, site, PassNumber(1))
                .await
                .unwrap()
                .unwrap();
            assert_eq!((pass.redemptions, pass.spent), (1, false));
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_the_guard_confirmed_is_listed(pool: Pool) {
    let (site, ..) = pair(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let mut log = Log::new(&tablet);
    let mut confirmed = log.pass(In, 1, after(10)).event;
    confirmed.checks = Check::ALL.to_vec();
    let confirmed = seal(confirmed);
    log.previous = pass::admission::hash(&confirmed.bytes);
    let plain = log.pass(Out, 1, after(20));
    upload(&pool, site, tablet.public.id, &[confirmed, plain]).await;
    let list = admission::list(&pool, site, &Filter::default(), None, 9)
        .await
        .unwrap();
    let checks: Vec<_> = list.rows.into_iter().map(|row| row.checks).collect();
    assert_eq!(checks, [vec![], Check::ALL.to_vec()]);
}
