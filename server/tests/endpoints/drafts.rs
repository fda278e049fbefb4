//! Drafts by way of the server's addresses: kept, listed, opened again, thrown away, and nobody else's.

use super::world::{Caller, World, text};
use app::applications::facts::List;
use app::apply::facts::FormFacts;
use app::error::AppError;
use app::sentences::url_part;
use axum::http::{Method, StatusCode, header::LOCATION};
use pass::{KindNo, Refusal};
use store::Pool;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x0d);

/// A draft with a reason and more, as the browser sends it.
fn form(id: Uuid, kind: KindNo, reason: &str, more: &str) -> String {
    format!(
        "kind={}&request_id={id}&content%5Breason%5D={}&by%5Btab%5D={}{more}",
        kind.0,
        url_part(reason),
        Uuid::from_u128(7)
    )
}

async fn keep(world: &World, caller: Caller, form: &str) -> Result<i32, AppError> {
    world.post(caller, "apply/keep-draft", form).await
}

async fn list(world: &World, caller: Caller, query: &str) -> List {
    let uri = format!("applications/list?{query}");
    world.get(caller, &uri).await.unwrap()
}

async fn open(world: &World, caller: Caller) -> Result<FormFacts, AppError> {
    let uri = format!("apply/form?kind=resident-many&draft={ID}");
    world.get(caller, &uri).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_draft_is_listed_opened_and_thrown_away_by_its_writer_alone(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    world.settle(Caller::Office, "1-102").await;
    let kind = world.publish(vec![]).await;
    world
        .submit(Caller::Resident, kind, "已提交的", &[])
        .await
        .unwrap();
    let draft = form(ID, kind, "写了一半", "&content%5Bfirst_day%5D=2020-02-17");
    assert_eq!(keep(&world, Caller::Resident, &draft).await, Ok(1));

    for (query, drafts, rows) in [
        ("", 1, 1),
        ("state=draft", 1, 0),
        ("state=completed", 0, 1),
        ("range=day", 1, 1),
    ] {
        let found = list(&world, Caller::Resident, query).await;
        assert_eq!((found.drafts.len(), found.rows.len()), (drafts, rows), "{query}");
    }
    let page =
        async |caller, uri: &str| text(world.send(Method::GET, uri, caller, "", "localhost").await).await;
    let shown = page(Caller::Resident, "/applications?state=draft").await;
    assert!(shown.contains("写了一半") && shown.contains(&format!("/apply/resident-many?draft={ID}")));
    let form_page = page(Caller::Resident, &format!("/apply/resident-many?draft={ID}")).await;
    assert!(form_page.contains("写了一半") && form_page.contains(&ID.to_string()));
    let file = page(
        Caller::Resident,
        "/applications/export.csv?state=draft&columns=state,reason",
    )
    .await;
    assert!(file.contains("写了一半,草稿"), "{file}");
    let facts = open(&world, Caller::Resident).await.unwrap();
    assert_eq!((facts.request_id, facts.draft.unwrap().revision), (ID, 1));

    // Nobody else sees it, also not whoever oversees the household's applications.
    for caller in [Caller::Office, Caller::Head, Caller::Administrator] {
        assert!(list(&world, caller, "").await.drafts.is_empty(), "{caller:?}");
    }
    assert_eq!(open(&world, Caller::Office).await.err(), Some(AppError::NotFound));
    let theirs = form(ID, kind, "x", "&by%5Bover%5D=true");
    assert_eq!(
        keep(&world, Caller::Office, &theirs).await,
        Err(AppError::NotFound)
    );
    let all = page(Caller::Office, "/review?shelf=all").await;
    assert!(all.contains("已提交的") && !all.contains("写了一半"));
    let discard = async |caller| {
        let form = format!("id={ID}");
        let uri = "/api/v1/applications/discard-draft";
        world
            .send(Method::POST, uri, caller, &form, "localhost")
            .await
            .status()
    };
    assert_eq!(discard(Caller::Office).await, StatusCode::OK);
    assert_eq!(list(&world, Caller::Resident, "").await.drafts.len(), 1);
    assert_eq!(discard(Caller::Resident).await, StatusCode::OK);
    assert!(list(&world, Caller::Resident, "").await.drafts.is_empty());
    assert_eq!(
        open(&world, Caller::Resident).await.err(),
        Some(AppError::NotFound)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_sent_is_no_draft_any_more(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = world.publish(vec![]).await;
    assert_eq!(
        keep(&world, Caller::Resident, &form(ID, kind, "a", "")).await,
        Ok(1)
    );
    let today = open(&world, Caller::Resident).await.unwrap().today;
    let sent = format!(
        "kind={}&request_id={ID}&whose%5Bholder%5D={}&first_day={today}&last_day={today}&reason=a",
        kind.0,
        url_part("张三")
    );
    let id: Uuid = world.post(Caller::Resident, "apply/submit", &sent).await.unwrap();
    assert!(list(&world, Caller::Resident, "").await.drafts.is_empty());
    let late = keep(&world, Caller::Resident, &form(ID, kind, "ab", "")).await;
    assert_eq!(late, Err(AppError::SentBefore { id }));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_draft_opens_in_the_newer_version_with_what_still_fits(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let field = |key: &str, kind: &str| {
        let mut field = serde_json::json!({ "key": key, "kind": kind, "label": { "zh": key, "en": key } });
        if kind == "text" {
            field["max_chars"] = 20.into();
        }
        serde_json::from_value(field).unwrap()
    };
    let old = world
        .publish(vec![field("note", "text"), field("plate", "plate")])
        .await;
    let typed = "&content%5Bgiven%5D%5Bnote%5D=n&content%5Bgiven%5D%5Bplate%5D=p";
    assert_eq!(
        keep(&world, Caller::Resident, &form(ID, old, "a", typed)).await,
        Ok(1)
    );
    assert!(
        !open(&world, Caller::Resident)
            .await
            .unwrap()
            .draft
            .unwrap()
            .newer_version
    );
    let new = world.publish(vec![field("note", "text")]).await;
    let facts = open(&world, Caller::Resident).await.unwrap();
    let resumed = facts.draft.unwrap();
    assert!(facts.no == new && resumed.newer_version);
    assert_eq!(resumed.content.given.into_keys().collect::<Vec<_>>(), ["note"]);
    assert_eq!(
        resumed
            .lost
            .iter()
            .map(|label| label.zh.as_str())
            .collect::<Vec<_>>(),
        ["plate"]
    );
    let page = format!("/apply/resident-many?draft={ID}");
    let page = text(
        world
            .send(Method::GET, &page, Caller::Resident, "", "localhost")
            .await,
    )
    .await;
    assert!(page.contains("新表单中没有这些内容"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_form_keeps_a_draft_before_it_lives(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = world.publish(vec![]).await;
    let sent = format!(
        "kind={}&request_id={ID}&whose%5Bholder%5D=x&first_day=&last_day=&reason=half",
        kind.0
    );
    let uri = "/api/v1/apply/save-draft";
    let answer = world
        .send(Method::POST, uri, Caller::Resident, &sent, "localhost")
        .await;
    let to = answer
        .headers()
        .get(LOCATION)
        .or_else(|| answer.headers().get("serverfnredirect"))
        .map(|to| to.to_str().unwrap().to_owned());
    assert!(
        answer.status().is_success() || answer.status().is_redirection(),
        "{}",
        answer.status()
    );
    assert_eq!(to.as_deref(), Some("/applications?state=draft"));
    assert_eq!(list(&world, Caller::Resident, "").await.drafts[0].reason, "half");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_more_of_a_kind_than_the_most(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = world.publish(vec![]).await;
    let most = pass::draft::MOST_OF_KIND;
    for n in 0..most {
        let form = form(Uuid::from_u128(n.into()), kind, "x", "");
        assert_eq!(keep(&world, Caller::Resident, &form).await, Ok(1));
    }
    let full = keep(&world, Caller::Resident, &form(ID, kind, "x", "")).await;
    assert_eq!(full, Err(AppError::Refused(Refusal::DraftsFull { most })));
}
