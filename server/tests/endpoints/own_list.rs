//! One's own applications: the address that a portal links to, and the file of what it asks for.

use super::world::{Caller, World, text};
use app::applications::facts::List;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use store::Pool;
use tower::ServiceExt as _;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_portals_link_leads_back_to_itself_by_way_of_signing_in(pool: Pool) {
    let world = World::new(pool).await;
    for link in [
        "/applications?state=in_review&range=week&on=2020-02-17",
        "/apply/resident-once?repeat=1",
    ] {
        let request = Request::get(link)
            .header("host", "localhost")
            .header("accept", "text/html")
            .body(Body::empty())
            .unwrap();
        let answer = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FOUND, "{link}");
        let expected = format!("/sign-in?next={}", app::sentences::url_part(link));
        assert_eq!(answer.headers()["location"], expected.as_str());
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_list_and_its_file_hold_what_is_asked_for_and_nobody_elses(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    world.settle(Caller::Office, "1-102").await;
    let kind = world.publish(vec![]).await;
    let id = world.submit(Caller::Resident, kind, "=1+1", &[]).await.unwrap();
    world.submit(Caller::Office, kind, "别人的", &[]).await.unwrap();

    let get = async |uri: &str| {
        let answer = world
            .send(Method::GET, uri, Caller::Resident, "", "localhost")
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{uri}");
        text(answer).await
    };
    for (query, count) in [
        ("", 1),
        ("state=completed", 1),
        ("state=in_review", 0),
        ("range=day", 1),
        ("range=term&state=completed", 1),
        ("range=day&on=2020-02-17", 0),
    ] {
        let list: List =
            serde_json::from_str(&get(&format!("/api/v1/applications/list?{query}")).await).unwrap();
        assert_eq!(list.rows.len(), count, "{query}");
        assert_eq!(list.span.is_some(), query.contains("range"), "{query}");
        let file = get(&format!("/applications/export.csv?{query}&columns=reason,id")).await;
        assert_eq!(file.lines().count(), count + 1, "{query}: {file}");
        assert!(file.starts_with("\u{feff}通行原因,申请编号\r\n"), "{file}");
        assert!(count == 0 || file.contains(&format!("'=1+1,{id}")), "{file}");
    }
    let file = get("/applications/export.csv?columns=").await;
    assert!(file.contains("类型") && file.contains("居民多次通行"), "{file}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_is_open_beside_the_list_without_scripts(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = world.publish(vec![]).await;
    let id = world.submit(Caller::Resident, kind, "买药", &[]).await.unwrap();
    let page =
        async |caller, uri: String| text(world.send(Method::GET, &uri, caller, "", "localhost").await).await;
    let shown = page(Caller::Resident, format!("/applications?open={id}")).await;
    assert!(shown.contains("id=\"drawer\"") && shown.contains("办理过程"));
    let closed = page(Caller::Resident, "/applications".to_owned()).await;
    assert!(!closed.contains("id=\"drawer\"") && closed.contains(&format!("/applications?open={id}")));
    let strange = page(Caller::Guard, format!("/applications?open={id}")).await;
    assert!(!strange.contains("买药") && !strange.contains("办理过程"));
}
