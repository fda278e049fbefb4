use crate::world::*;
use pass::person::PersonKind;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Pool, account,
    person::{self, NewPerson},
    session::Way,
    site_sign_in::{self, Destination, NewAttempt, Standing},
};

const STATE: [u8; 32] = [1; 32];
const BROWSER: [u8; 32] = [2; 32];

fn attempt(destination: Destination<'_>) -> NewAttempt<'_> {
    NewAttempt {
        state_hash: &STATE,
        browser_hash: &BROWSER,
        destination,
        next: "/applications?a=b",
    }
}

const OIDC: Destination<'_> = Destination::Oidc {
    nonce: "nonce",
    verifier: "verifier",
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_attempt_is_its_browsers_alone_and_used_once(pool: Pool) {
    let (site, other) = (site(&pool, "one").await, site(&pool, "two").await);
    site_sign_in::set_out(&pool, site, attempt(OIDC), now())
        .await
        .unwrap();
    for (site, way, state, browser, seconds) in [
        (other, Way::Oidc, STATE, BROWSER, 1),
        (site, Way::Cas, STATE, BROWSER, 1),
        (site, Way::Oidc, [3; 32], BROWSER, 1),
        (site, Way::Oidc, STATE, [3; 32], 1),
        (site, Way::Oidc, STATE, BROWSER, 600),
    ] {
        let found = site_sign_in::come_back(&pool, site, way, &state, &browser, after(seconds)).await;
        assert_eq!(found.unwrap(), None, "{way:?} after {seconds} s");
    }
    let back = async || {
        site_sign_in::come_back(&pool, site, Way::Oidc, &STATE, &BROWSER, after(599))
            .await
            .unwrap()
    };
    let found = back().await.unwrap();
    assert_eq!(
        (found.nonce.as_str(), found.verifier.as_str(), found.next.as_str()),
        ("nonce", "verifier", "/applications?a=b")
    );
    assert_eq!(back().await, None, "used up");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_many_returns_at_once_one_finds_it(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    site_sign_in::set_out(&pool, site, attempt(Destination::Cas), now())
        .await
        .unwrap();
    let found = together(20, |_| {
        let pool = pool.clone();
        async move {
            let found = site_sign_in::come_back(&pool, site, Way::Cas, &STATE, &BROWSER, after(1)).await;
            let spent = site_sign_in::spend_ticket(&pool, site, &[7; 32], now()).await;
            (found.unwrap().is_some(), spent.unwrap())
        }
    })
    .await;
    assert_eq!(found.iter().filter(|(found, _)| *found).count(), 1);
    assert_eq!(found.iter().filter(|(_, spent)| *spent).count(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_over_is_forgotten(pool: Pool) {
    let site = site(&pool, "one").await;
    site_sign_in::set_out(&pool, site, attempt(OIDC), now())
        .await
        .unwrap();
    assert!(
        site_sign_in::spend_ticket(&pool, site, &[7; 32], now())
            .await
            .unwrap()
    );
    let purge = async |seconds| site_sign_in::purge(&pool, site, after(seconds)).await.unwrap();
    assert_eq!(purge(599).await, 0);
    assert_eq!(purge(600).await, 1);
    assert!(
        !site_sign_in::spend_ticket(&pool, site, &[7; 32], after(601))
            .await
            .unwrap()
    );
    assert_eq!(purge(24 * 3600).await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_is_somebodys_or_says_why_not(pool: Pool) {
    let (site, other) = (site(&pool, "one").await, site(&pool, "two").await);
    let name = pass::Text::new("计算机学院", "Computing");
    let unit = store::unit::create(&pool, site, "CS", &name, None).await.unwrap();
    let new = NewPerson {
        number: "07000001",
        name: "李明",
        kind: PersonKind::Staff,
        unit,
        phone: None,
        mail: None,
    };
    let id = person::create(&pool, site, new, now()).await.unwrap();
    let whose = async |site, number| site_sign_in::whose(&pool, site, number).await.unwrap();
    assert_eq!(whose(site, "07000001").await, Standing::Known(id));
    assert_eq!(whose(site, "07000002").await, Standing::Unknown);
    assert_eq!(whose(other, "07000001").await, Standing::Unknown);
    account::disable(&pool, site, id, now()).await.unwrap();
    assert_eq!(whose(site, "07000001").await, Standing::Disabled);
    sqlx::query("update person set left_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(whose(site, "07000001").await, Standing::Left);
}
