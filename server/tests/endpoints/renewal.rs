//! Renewing completed applications by way of the server's addresses.

use super::world::{Caller, World, text};
use app::applications::facts::{Detail, List};
use app::applications::renew::{Renewed, Renewing};
use app::backend::now;
use app::error::AppError;
use axum::http::Method;
use pass::{KindNo, Refusal};
use store::Pool;
use uuid::Uuid;

/// Publishes a kind that may be renewed and asks for an identity document; `quota` as (passes, days).
async fn publish(world: &World, quota: Option<(u32, u32)>) -> KindNo {
    let mut kind = world.resident_many().await;
    kind.renewable = true;
    kind.steps = pass::Flow::default();
    kind.quota = quota.map(|(passes, days)| pass::Quota { passes, days });
    let paper = serde_json::json!({
        "key": "paper", "kind": "identity_document", "label": { "zh": "证件", "en": "Document" },
        "documents": ["identity_card", "passport"], "required": true
    });
    kind.fields = vec![serde_json::from_value(paper).unwrap()];
    store::pass_kind::publish(&world.pool, world.site, &kind, None, now())
        .await
        .unwrap()
}

/// Two applications of the resident.
async fn two(world: &World, kind: KindNo) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for reason in ["甲", "乙"] {
        let submitted = world.submit(Caller::Resident, kind, reason, &PAPER).await;
        ids.push(submitted.unwrap().0);
    }
    ids
}

const PAPER: [(&str, &str); 2] = [("paper.sort", "passport"), ("paper", "e1234 5678")];

async fn renewing(world: &World, caller: Caller, ids: &[Uuid]) -> Result<Renewing, AppError> {
    let ids: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| format!("ids%5B{n}%5D={id}"))
        .collect();
    let uri = format!("applications/renewal?{}", ids.join("&"));
    world.get(caller, &uri).await
}

async fn renew(
    world: &World,
    caller: Caller,
    renewing: &Renewing,
    days: (jiff::civil::Date, jiff::civil::Date),
) -> Result<Vec<Renewed>, AppError> {
    let mut form = format!("first_day={}&last_day={}", days.0, days.1);
    for (n, row) in renewing.rows.iter().enumerate() {
        form.push_str(&format!(
            "&ids%5B{n}%5D={}&requests%5B{n}%5D={}",
            row.id, row.request_id
        ));
    }
    world.post(caller, "applications/renew", &form).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_is_renewed_once_whatever_becomes_of_the_others(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    world.settle(Caller::Office, "1-102").await;
    let kind = publish(&world, None).await;
    let ids = two(&world, kind).await;
    let other = world.publish(vec![]).await;
    let list: List = world.get(Caller::Resident, "applications/list").await.unwrap();
    // The newest version of the kind is not renewable any more.
    assert!(list.renewable.is_empty());
    let kind = publish(&world, None).await;
    assert_ne!(kind, other);
    let list: List = world.get(Caller::Resident, "applications/list").await.unwrap();
    assert_eq!(list.renewable.len(), 2);

    let asked = renewing(&world, Caller::Resident, &ids).await.unwrap();
    assert_eq!(asked.rows.len(), 2);
    assert!(asked.rows.iter().all(|row| row.refused.is_none()));
    assert!(asked.today < asked.first_day && asked.first_day <= asked.last_day);
    let days = (asked.first_day, asked.first_day);
    let first = renew(&world, Caller::Resident, &asked, days).await.unwrap();
    let new: Vec<Uuid> = first.into_iter().map(|one| one.sent.unwrap()).collect();
    let again = renew(&world, Caller::Resident, &asked, days).await.unwrap();
    let again: Vec<Uuid> = again.into_iter().map(|one| one.sent.unwrap()).collect();
    assert_eq!(again, new, "pressed twice it is the same applications");

    let uri = format!("applications/detail?id={}", new[0]);
    let detail: Detail = world.get(Caller::Resident, &uri).await.unwrap();
    assert_eq!((detail.row.first_day, detail.row.reason.as_str()), (days.0, "甲"));
    assert_eq!(
        detail.given[0].value.zh, "护照 E12345678",
        "the applicant sees the whole number"
    );

    // Other days under the same names are other applications, which were not asked for.
    let later = (asked.last_day, asked.last_day);
    if later != days {
        let differs = renew(&world, Caller::Resident, &asked, later).await.unwrap();
        assert_eq!(differs[0].sent, Err(AppError::SentBefore { id: new[0] }));
    }
    // Nobody renews somebody else's.
    assert_eq!(
        renewing(&world, Caller::Office, &ids).await,
        Err(AppError::NotFound)
    );
    assert_eq!(renew(&world, Caller::Office, &asked, days).await, Ok(Vec::new()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_quota_and_new_rules_hold_for_what_is_renewed(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = publish(&world, None).await;
    let ids = two(&world, kind).await;
    publish(&world, Some((1, 30))).await;
    let asked = renewing(&world, Caller::Resident, &ids).await.unwrap();
    let sent = renew(
        &world,
        Caller::Resident,
        &asked,
        (asked.first_day, asked.first_day),
    )
    .await
    .unwrap();
    assert!(sent[0].sent.is_ok(), "{sent:?}");
    assert!(
        matches!(sent[1].sent, Err(AppError::Refused(Refusal::QuotaSpent { .. }))),
        "{sent:?}"
    );
    let past = (jiff::civil::date(2020, 2, 17), jiff::civil::date(2020, 2, 17));
    let fresh = renewing(&world, Caller::Resident, &ids[..1]).await.unwrap();
    let refused = renew(&world, Caller::Resident, &fresh, past).await.unwrap();
    assert!(
        matches!(refused[0].sent, Err(AppError::Refused(Refusal::TooEarly { .. }))),
        "{refused:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_oversees_without_deciding_sees_the_end_of_a_document(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = publish(&world, None).await;
    // Agreed to by the rules: it never came by the office, which oversees it.
    let id = world
        .submit(Caller::Resident, kind, "甲", &PAPER)
        .await
        .unwrap()
        .0;
    let uri = format!("/review/{id}");
    let page = text(
        world
            .send(Method::GET, &uri, Caller::Office, "", "localhost")
            .await,
    )
    .await;
    assert!(
        page.contains("护照 *****5678") && !page.contains("E12345678"),
        "{page}"
    );
    let wrong = [("paper.sort", "identity_card"), ("paper", "110105194912310021")];
    let refused = world.submit(Caller::Resident, kind, "乙", &wrong).await;
    let faults = vec![("paper".parse().unwrap(), pass::ValueFault::IdentityNumber)];
    assert_eq!(refused, Err(AppError::Refused(Refusal::Given { faults })));
}
