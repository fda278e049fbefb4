//! A household's binding is released: its people have moved out.

use crate::{
    log::{Log, upload},
    tablet::enrolled,
    world::*,
};
use pass::{Act, Flow, PassKind, Refusal, State, Uses};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    AccountId, ClaimId, Pool, SiteId, application,
    claim::{self, ClaimDecided},
    credential,
    decision::{self, Decided, Verdict},
    quota, site, task,
};

async fn claim_of(pool: &Pool, site: SiteId, account: AccountId) -> ClaimId {
    claim::latest(pool, site, account).await.unwrap().unwrap().id
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_waits_is_ended_and_what_opens_a_gate_is_revoked(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let neighbour = resident(&pool, site, "13800138001", "2").await;
    let officer = officer(&pool, site, "office").await;
    let free = |key, uses| PassKind {
        uses,
        ..kind(key, Flow::default(), Some((9, 1)))
    };
    let once = publish(&pool, site, &free("once", Uses::Once)).await;
    let many = publish(&pool, site, &free("many", Uses::Many)).await;
    let office = publish(&pool, site, &kind("office", Flow::office(), Some((9, 1)))).await;

    let used = apply(&pool, site, home, once, 0).await;
    let unused = apply(&pool, site, home, once, 0).await;
    let often = apply(&pool, site, home, many, 0).await;
    let waiting = apply(&pool, site, home, office, 0).await;
    let others = apply(&pool, site, neighbour, office, 0).await;
    let number = async |id| {
        let issued = credential::by_application(&pool, site, id).await.unwrap();
        issued.unwrap().number.0
    };
    let tablet = enrolled(&pool, site, 1).await;
    let mut log = Log::new(&tablet);
    let admitted = [
        log.admit(number(used).await, after(1)),
        log.admit(number(often).await, after(2)),
    ];
    upload(&pool, site, tablet.public.id, &admitted).await;
    let version = site::bundle_version(&pool, site).await.unwrap();

    let claim = claim_of(&pool, site, home.0).await;
    let done = claim::release(&pool, site, claim, officer, Some("已搬离"), after(10)).await;
    assert_eq!(done.unwrap(), Some(ClaimDecided::Done));

    let standing = async |id| {
        let row = application::get(&pool, site, id).await.unwrap().unwrap();
        (row.state, row.revoked_at)
    };
    let ended = (State::Terminated, Some(after(10)));
    assert_eq!(
        standing(used).await,
        (State::Completed, None),
        "it opens nothing more"
    );
    assert_eq!(standing(unused).await, ended);
    assert_eq!(standing(often).await, ended, "used, but it would open again");
    assert_eq!(standing(waiting).await, (State::Terminated, None));
    assert_eq!(standing(others).await, (State::InReview, None));
    let history = decision::history(&pool, site, waiting).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        (last.act, last.by, last.opinion.as_deref()),
        (Act::Terminate, Some(officer), Some("已搬离"))
    );
    let taken = async |key: &str| {
        let key = key.parse().unwrap();
        quota::taken(&pool, site, home.1.0, &key).await.unwrap().len()
    };
    assert_eq!(
        (taken("once").await, taken("many").await, taken("office").await),
        (1, 1, 0),
        "what was used stays taken"
    );
    assert!(site::bundle_version(&pool, site).await.unwrap() > version);
    assert!(
        claim::release(&pool, site, claim, officer, None, after(11))
            .await
            .unwrap()
            != Some(ClaimDecided::Done)
    );
}

/// The office agrees and releases at once: whichever comes first, nobody without a household holds a pass.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_pass_is_left_when_both_happen_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let officer = officer(&pool, site, "office").await;
    let kind = publish(&pool, site, &kind("office", Flow::office(), Some((9, 1)))).await;
    let ways = task::ways(&pool, site, officer, now()).await.unwrap();
    let decision = said(officer, &ways, None);
    for round in 0..8 {
        let phone = format!("1380013800{round}");
        let home = resident(&pool, site, &phone, &round.to_string()).await;
        let ids = [
            apply(&pool, site, home, kind, 0).await,
            apply(&pool, site, home, kind, 0).await,
        ];
        let claim = claim_of(&pool, site, home.0).await;
        let agree = decision::decide_all(&pool, site, &ids, &Verdict::Agree, decision, sign);
        let release = claim::release(&pool, site, claim, officer, None, after(10));
        let (agreed, released) = tokio::join!(agree, release);
        assert_eq!(released.unwrap(), Some(ClaimDecided::Done));
        agreed.unwrap();
        let left = credential::showable(&pool, site, home.0, after(11))
            .await
            .unwrap();
        assert_eq!(left, []);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_is_agreed_to_without_their_household(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let officer = officer(&pool, site, "office").await;
    let (_, kind) = kinds(&pool, site).await;
    let id = apply(&pool, site, home, kind, 0).await;
    // As it may stand in a database from before applications were ended with their binding.
    sqlx::query("update household_claim set state = 'released' where account_id = $1")
        .bind(home.0.0)
        .execute(&pool)
        .await
        .unwrap();
    let refused = decide(&pool, site, id, officer, &Verdict::Agree).await;
    assert_eq!(refused, Some(Decided::Refused(Refusal::HouseholdNotConfirmed)));
    let refused = decide(&pool, site, id, officer, &Verdict::Refuse).await;
    assert_eq!(refused, done(None), "that it may be");
}
