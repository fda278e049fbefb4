//! Drafts: the newer wins, each is its writer's alone, and handing in ends it.

use crate::world::*;
use pass::{KindNo, Value, Values};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::application::Submitted;
use store::attachment::{self, Media, NewAttachment, Place};
use store::draft::{self, NewDraft, Saved};
use store::{AccountId, AttachmentId, Pool, SiteId, account};
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(1);
const HERE: Uuid = Uuid::from_u128(7);
const ELSEWHERE: Uuid = Uuid::from_u128(8);

/// A draft of this account with a text in it.
struct Write<'a> {
    id: Uuid,
    kind: KindNo,
    text: &'a str,
    files: &'a [Uuid],
    writer: Uuid,
    base: Option<i32>,
    over: bool,
}

fn write(kind: KindNo, text: &str) -> Write<'_> {
    Write {
        id: ID,
        kind,
        text,
        files: &[],
        writer: HERE,
        base: None,
        over: false,
    }
}

async fn save(pool: &Pool, site: SiteId, account: AccountId, write: Write<'_>) -> Saved {
    let key = "office".parse().unwrap();
    let new = NewDraft {
        id: write.id,
        account,
        kind_key: &key,
        kind: write.kind,
        content: &write.text,
        files: write.files,
        writer: write.writer,
        base: write.base,
        over: write.over,
    };
    draft::save(pool, site, new, now()).await.unwrap()
}

async fn text(pool: &Pool, site: SiteId, account: AccountId) -> Option<String> {
    let found = draft::get(pool, site, account, ID).await.unwrap()?;
    Some(found.content.as_str().unwrap().to_owned())
}

/// A file of somebody's that is there.
async fn file(pool: &Pool, site: SiteId, account: AccountId) -> AttachmentId {
    let new = NewAttachment {
        id: AttachmentId::new(),
        account,
        name: "证明.jpg",
        media: Media::Jpeg,
        sent_bytes: 1000,
        sent_sha256: [1; 32],
        kept_bytes: 3,
        kept_sha256: [9; 32],
        thumbnail: None,
        place: Place::Database,
    };
    assert!(attachment::reserve(pool, site, &new, now()).await.unwrap());
    attachment::put(pool, site, new.id, b"abc").await.unwrap();
    assert!(attachment::ready(pool, site, new.id).await.unwrap());
    new.id
}

/// The files that a sweep a day later takes.
async fn swept(pool: &Pool, site: SiteId) -> Vec<AttachmentId> {
    let day = after(86_400);
    let condemned = attachment::condemn(pool, site, day, 99, day).await.unwrap();
    condemned.into_iter().map(|one| one.id).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_newer_wins_and_nothing_is_written_over_unasked(pool: Pool) {
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let me = account::create(&pool, site, account::NewAccount::default(), now())
        .await
        .unwrap();
    assert_eq!(save(&pool, site, me, write(kind, "a")).await, Saved::Kept(1));
    // The answer was lost: the same tab sends again, and knows of no revision.
    assert_eq!(save(&pool, site, me, write(kind, "b")).await, Saved::Kept(2));
    let from = |text, base, over| Write {
        writer: ELSEWHERE,
        base,
        over,
        ..write(kind, text)
    };
    assert_eq!(
        save(&pool, site, me, from("c", Some(1), false)).await,
        Saved::Changed
    );
    assert_eq!(
        save(&pool, site, me, from("c", None, false)).await,
        Saved::Changed
    );
    assert_eq!(
        save(&pool, site, me, from("d", Some(2), false)).await,
        Saved::Kept(3)
    );
    let mine = |text, over| Write {
        base: Some(2),
        over,
        ..write(kind, text)
    };
    assert_eq!(save(&pool, site, me, mine("e", false)).await, Saved::Changed);
    assert_eq!(text(&pool, site, me).await.as_deref(), Some("d"));
    assert_eq!(
        save(&pool, site, me, mine("e", true)).await,
        Saved::Kept(4),
        "asked for"
    );

    // Thrown away elsewhere, it does not come back by itself.
    assert!(draft::discard(&pool, site, me, ID).await.unwrap());
    assert!(!draft::discard(&pool, site, me, ID).await.unwrap());
    assert_eq!(save(&pool, site, me, mine("f", false)).await, Saved::Changed);
    assert_eq!(save(&pool, site, me, mine("f", true)).await, Saved::Kept(1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_draft_is_its_writers_alone(pool: Pool) {
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let new = account::NewAccount::default;
    let me = account::create(&pool, site, new(), now()).await.unwrap();
    let other = account::create(&pool, site, new(), now()).await.unwrap();
    save(&pool, site, me, write(kind, "mine")).await;

    assert_eq!(text(&pool, site, other).await, None);
    assert_eq!(draft::mine(&pool, site, other, None, None).await.unwrap(), []);
    assert!(!draft::discard(&pool, site, other, ID).await.unwrap());
    let theirs = Write {
        over: true,
        ..write(kind, "theirs")
    };
    assert_eq!(save(&pool, site, other, theirs).await, Saved::NotTheirs);
    assert_eq!(text(&pool, site, me).await.as_deref(), Some("mine"));
    let listed = draft::mine(&pool, site, me, Some(now()), Some(after(1)))
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        draft::mine(&pool, site, me, Some(after(1)), None).await.unwrap(),
        []
    );

    // Nobody's inbox or overview can hold what is no application.
    let applications: i64 = sqlx::query_scalar("select count(*) from application")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(applications, 0);
}

/// Two devices at once begin one too many.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_more_than_the_most_are_kept_also_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let me = account::create(&pool, site, account::NewAccount::default(), now())
        .await
        .unwrap();
    let most = usize::from(pass::draft::MOST_OF_KIND);
    let saved = together(most + 3, |n| {
        let pool = pool.clone();
        async move {
            let id = Uuid::from_u128(n as u128 + 1);
            save(
                &pool,
                site,
                me,
                Write {
                    id,
                    ..write(kind, "x")
                },
            )
            .await
        }
    })
    .await;
    let full = saved.iter().filter(|saved| **saved == Saved::Full).count();
    assert_eq!(full, 3, "{saved:?}");
    // One that is there already may be gone on with.
    let there = draft::mine(&pool, site, me, None, None).await.unwrap();
    assert_eq!(there.len(), most);
    let id = there[0].id;
    assert_eq!(
        save(
            &pool,
            site,
            me,
            Write {
                id,
                ..write(kind, "y")
            }
        )
        .await,
        Saved::Kept(2)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn handing_in_ends_the_draft_and_what_comes_late_does_not_bring_it_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (_, kind) = kinds(&pool, site).await;
    save(&pool, site, home.0, write(kind, "half")).await;
    let refused = submit(&pool, site, home, kind, ID, &request(99)).await;
    assert!(matches!(refused, Submitted::Refused(_)));
    assert!(text(&pool, site, home.0).await.is_some(), "nothing was handed in");
    let Submitted::New(id) = submit(&pool, site, home, kind, ID, &request(0)).await else {
        panic!("the form was good");
    };
    assert_eq!(text(&pool, site, home.0).await, None);
    let late = Write {
        over: true,
        ..write(kind, "late")
    };
    assert_eq!(save(&pool, site, home.0, late).await, Saved::Sent(id));
    assert_eq!(draft::mine(&pool, site, home.0, None, None).await.unwrap(), []);
}

/// Handed in while the last keystrokes are still on their way: whichever is first, no draft is left.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_draft_saved_while_it_is_handed_in_is_gone(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let (automatic, _) = kinds(&pool, site).await;
    together(12, |n| {
        let pool = pool.clone();
        async move {
            if n == 6 {
                submit(&pool, site, home, automatic, ID, &request(0)).await;
            } else {
                save(&pool, site, home.0, write(automatic, "x")).await;
            }
        }
    })
    .await;
    assert_eq!(text(&pool, site, home.0).await, None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn files_stay_with_their_draft_and_go_with_it(pool: Pool) {
    let site = site(&pool, "one").await;
    let (account, _) = resident(&pool, site, "13800138000", "1").await;
    let (other, _) = resident(&pool, site, "13800138001", "2").await;
    let (_, kind) = kinds(&pool, site).await;
    let (kept, dropped, loose) = (
        file(&pool, site, account).await,
        file(&pool, site, account).await,
        file(&pool, site, account).await,
    );
    let theirs = file(&pool, site, other).await;
    let both = [kept.0, dropped.0, theirs.0];
    save(
        &pool,
        site,
        account,
        Write {
            files: &both,
            ..write(kind, "x")
        },
    )
    .await;
    let gone = swept(&pool, site).await;
    assert!(
        gone.contains(&loose) && gone.contains(&theirs),
        "somebody else's is not kept for it"
    );
    assert_eq!(gone.len(), 2);

    // One is taken out of the form, and given up by its owner or not: it goes.
    let one = [kept.0];
    save(
        &pool,
        site,
        account,
        Write {
            files: &one,
            ..write(kind, "x")
        },
    )
    .await;
    assert!(swept(&pool, site).await.contains(&dropped));
    assert!(attachment::get(&pool, site, kept).await.unwrap().is_some());
    draft::discard(&pool, site, account, ID).await.unwrap();
    assert!(swept(&pool, site).await.contains(&kept));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_handed_in_drafts_files_are_the_applications(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let mut with_file = kind("files", pass::Flow::default(), None);
    let field =
        serde_json::json!({ "key": "proof", "kind": "attachment", "label": { "zh": "证明", "en": "Proof" } });
    with_file.fields = vec![serde_json::from_value(field).unwrap()];
    let no = publish(&pool, site, &with_file).await;
    let proof = file(&pool, site, home.0).await;
    save(
        &pool,
        site,
        home.0,
        Write {
            files: &[proof.0],
            ..write(no, "x")
        },
    )
    .await;
    let mut request = request(0);
    request.given = Values::from([("proof".parse().unwrap(), Value::Files(vec![proof.to_string()]))]);
    let submitted = submit(&pool, site, home, no, ID, &request).await;
    assert!(matches!(submitted, Submitted::New(_)), "{submitted:?}");
    assert_eq!(swept(&pool, site).await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_came_back_to_is_forgotten(pool: Pool) {
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let me = account::create(&pool, site, account::NewAccount::default(), now())
        .await
        .unwrap();
    save(&pool, site, me, write(kind, "x")).await;
    assert_eq!(draft::purge(&pool, site, now()).await.unwrap(), 0);
    assert_eq!(draft::purge(&pool, site, after(1)).await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn drafts_move_with_the_account(pool: Pool) {
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let keep = account::create(&pool, site, account::NewAccount::default(), now())
        .await
        .unwrap();
    let phone = "13800138000";
    let absorb = account::by_phone_or_create(&pool, site, phone, now())
        .await
        .unwrap()
        .id;
    save(&pool, site, absorb, write(kind, "x")).await;
    let bound = account::bind_phone(&pool, site, keep, phone).await.unwrap();
    assert_eq!(bound, account::Bound::Done { joined: true });
    assert_eq!(text(&pool, site, keep).await.as_deref(), Some("x"));
}
