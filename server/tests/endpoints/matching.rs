//! All that fit the filters, beyond the page that is shown.

use super::encoded;
use super::world::{Caller, World};
use app::error::{AppError, Fault};
use app::review::facts::{Decided, Matching};
use pass::{Flow, PassKind};
use std::collections::HashSet;
use store::Pool;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn more_than_a_page_is_decided_at_once(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    world.settle(Caller::Office, "1-102").await;
    let source = include_str!("../../../app/kinds/cqu/resident-many.toml");
    let mut kind: PassKind = app::backend::kind_document::read(source, 1).unwrap();
    (kind.steps, kind.quota) = (Flow::office(), None);
    let no = store::pass_kind::publish(&world.pool, world.site, &kind, None, app::backend::now())
        .await
        .unwrap();
    for n in 0..33 {
        world
            .submit(Caller::Resident, no, &format!("第{n}份"), &[])
            .await
            .unwrap();
    }
    world.submit(Caller::Office, no, "本人的", &[]).await.unwrap();
    let matching = async |kind: &str| -> Matching {
        let uri = format!(
            "review/matching?narrow%5Bshelf%5D=pending&narrow%5Bkind%5D={kind}&narrow%5Bcommunity%5D=&narrow%5Bstate%5D=&narrow%5Btext%5D=&narrow%5Bafter%5D="
        );
        world.get(Caller::Office, &uri).await.unwrap()
    };
    let none = matching("no-such-kind").await;
    assert_eq!((none.ids.len(), none.all), (0, 0));
    let found = matching("resident-many").await;
    // Thirty stand on a page; nobody's own is among them.
    assert_eq!((found.ids.len(), found.all), (33, 33));
    assert_eq!(found.ids.iter().collect::<HashSet<_>>().len(), 33);

    let mut form = "verb=refuse&opinion=".to_owned();
    for (n, id) in found.ids.iter().enumerate() {
        form.push_str(&format!("&ids%5B{n}%5D={id}"));
    }
    let decided: Vec<Decided> = world.post(Caller::Office, "review/decide", &form).await.unwrap();
    assert!(decided.iter().all(|one| one.outcome.went_through()));
    assert_eq!(matching("").await.all, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn more_than_are_decided_at_once_are_not_dropped_in_silence(pool: Pool) {
    let world = World::new(pool).await;
    let decide = async |count: usize| {
        let ids: Vec<String> = (0..count).map(|n| format!("ids[{n}]=ID")).collect();
        let form = encoded(&format!("{}&verb=refuse&opinion=", ids.join("&")));
        world
            .post::<Vec<Decided>>(Caller::Office, "review/decide", &form)
            .await
    };
    let error = decide(1001).await.unwrap_err();
    assert_eq!(
        error,
        AppError::invalid("ids", Fault::TooManyChosen { max: 1000 })
    );
    assert_eq!(decide(1000).await.unwrap().len(), 1000);
}
