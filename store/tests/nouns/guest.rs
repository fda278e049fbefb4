//! What a guest is told, who most often has no account.

use crate::world::*;
use pass::kind::Subject;
use pass::{Channel, Flow, KindNo, Language, News, PassKind, Request};
use store::account;
use store::application::{self, Submitted};
use store::message::{self, Content};
use store::{ApplicationId, Pool, SiteId, decision};
use uuid::Uuid;

const GUEST: &str = "13900139000";

async fn guest_kind(pool: &Pool, site: SiteId, key: &str, steps: Flow) -> KindNo {
    let kind = PassKind {
        subject: Subject::Guest,
        ..kind(key, steps, None)
    };
    publish(pool, site, &kind).await
}

fn asked() -> Request {
    Request {
        holder: "王客".into(),
        phone: Some(GUEST.into()),
        ..request(1)
    }
}

/// What was sent to the guest: kind and language, in order.
async fn told(pool: &Pool, site: SiteId) -> Vec<(String, Language)> {
    let mut rows = message::list(pool, site, None, 99).await.unwrap().rows;
    rows.retain(|one| one.recipient == GUEST);
    rows.sort_by_key(|one| one.created_at);
    rows.into_iter()
        .map(|one| {
            assert_eq!(one.channel, Channel::Sms);
            let Content::Notice(notice, language) = one.content else {
                panic!("a guest is told facts");
            };
            let written = serde_json::to_string(&notice).unwrap();
            assert!(
                !written.contains("王客") && !written.contains("买药"),
                "{written}"
            );
            (notice.news.kind().to_owned(), language)
        })
        .collect()
}

async fn new(pool: &Pool, site: SiteId, home: Resident, kind: KindNo) -> ApplicationId {
    match submit(pool, site, home, kind, Uuid::new_v4(), &asked()).await {
        Submitted::New(id) => id,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_guest_is_told_once_of_the_pass_and_once_of_its_end(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let kind = guest_kind(&pool, site, "guest", Flow::default()).await;
    let request_id = Uuid::new_v4();
    let Submitted::New(id) = submit(&pool, site, home, kind, request_id, &asked()).await else {
        panic!("the form was good");
    };
    let zh = |kind: &str| (kind.to_owned(), Language::Zh);
    assert_eq!(told(&pool, site).await, [zh("guest_pass")]);
    let again = submit(&pool, site, home, kind, request_id, &asked()).await;
    assert_eq!(again, Submitted::Again(id));
    assert_eq!(told(&pool, site).await.len(), 1);

    let withdrawn = application::withdraw(&pool, site, id, home.0, day(0), after(5))
        .await
        .unwrap();
    assert_eq!(withdrawn, Some(application::Withdrawn::Done));
    application::withdraw(&pool, site, id, home.0, day(0), after(6))
        .await
        .unwrap();
    assert_eq!(told(&pool, site).await, [zh("guest_pass"), zh("guest_over")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_guest_is_told_when_it_is_agreed_and_when_the_office_ends_it(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (_, manual) = kinds(&pool, site).await;
    let steps = store::pass_kind::get(&pool, site, manual)
        .await
        .unwrap()
        .unwrap()
        .kind
        .steps;
    let kind = guest_kind(&pool, site, "guest", steps).await;
    let office = officer(&pool, site, "office").await;
    let waits = new(&pool, site, home, kind).await;
    let refused = new(&pool, site, home, kind).await;
    assert_eq!(told(&pool, site).await, [], "nothing to show yet");
    decide(&pool, site, refused, office, &decision::Verdict::Refuse).await;
    assert_eq!(told(&pool, site).await, [], "there was no pass");

    // The guest has an account meanwhile, and reads English.
    let guest = account::by_phone_or_create(&pool, site, GUEST, now())
        .await
        .unwrap()
        .id;
    store::contact::choose(&pool, site, guest, &[], Language::En)
        .await
        .unwrap();
    decide(&pool, site, waits, office, &decision::Verdict::Agree).await;
    let en = |kind: &str| (kind.to_owned(), Language::En);
    assert_eq!(told(&pool, site).await, [en("guest_pass")]);
    let ends = decision::Decision {
        at: after(20),
        ..said(office, &[], Some("计划有变"))
    };
    decision::terminate(&pool, site, waits, ends).await.unwrap();
    assert_eq!(told(&pool, site).await, [en("guest_pass"), en("guest_over")]);
    let last = message::list(&pool, site, None, 99).await.unwrap().rows;
    let over = last.iter().find(|one| one.kind == "guest_over").unwrap();
    let Content::Notice(notice, _) = &over.content else {
        panic!()
    };
    assert!(matches!(notice.news, News::GuestOver { first_day, .. } if first_day == day(1)));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_applies_for_their_own_telephone_is_told_as_the_applicant(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, GUEST, "1").await;
    let kind = guest_kind(&pool, site, "guest", Flow::default()).await;
    new(&pool, site, home, kind).await;
    let rows = message::list(&pool, site, None, 99).await.unwrap().rows;
    assert!(rows.iter().all(|one| !one.kind.starts_with("guest")), "{rows:?}");
}
