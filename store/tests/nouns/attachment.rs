use crate::world::*;
use pass::{Field, FieldKey, Flow, KindNo, Refusal, Takes, Text, Value, ValueFault, Values};
use store::attachment::{self, Media, NewAttachment, Place};
use store::{AccountId, AttachmentId, Pool, SiteId, application::Submitted};
use uuid::Uuid;

fn key() -> FieldKey {
    "photos".parse().unwrap()
}

/// A kind that asks for two files of a megabyte at the most.
async fn kind_with_files(pool: &Pool, site: SiteId) -> KindNo {
    let mut kind = kind("files", Flow::default(), None);
    kind.fields = vec![Field {
        key: key(),
        label: Text::new("照片", "Photos"),
        hint: None,
        required: true,
        takes: Takes::Attachment {
            max_files: 2,
            max_megabytes: 1,
        },
    }];
    publish(pool, site, &kind).await
}

fn new(account: AccountId, sent: u8) -> NewAttachment<'static> {
    NewAttachment {
        id: AttachmentId::new(),
        account,
        name: "户口簿.jpg",
        media: Media::Jpeg,
        sent_bytes: 1000,
        sent_sha256: [sent; 32],
        kept_bytes: 3,
        kept_sha256: [9; 32],
        thumbnail: Some(b"small"),
        place: Place::Database,
    }
}

/// A file that is there.
async fn kept(pool: &Pool, site: SiteId, new: NewAttachment<'_>) -> AttachmentId {
    assert!(attachment::reserve(pool, site, &new, now()).await.unwrap());
    attachment::put(pool, site, new.id, b"abc").await.unwrap();
    assert!(attachment::ready(pool, site, new.id).await.unwrap());
    new.id
}

async fn apply_with(
    pool: &Pool,
    site: SiteId,
    resident: Resident,
    kind: KindNo,
    files: &[AttachmentId],
) -> Submitted {
    let mut request = request(1);
    let files = files.iter().map(ToString::to_string).collect();
    request.given = Values::from([(key(), Value::Files(files))]);
    submit(pool, site, resident, kind, Uuid::new_v4(), &request).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_file_sent_again_is_the_same(pool: Pool) {
    let site = site(&pool, "one").await;
    let (account, _) = resident(&pool, site, "13800138000", "1").await;
    let (other, _) = resident(&pool, site, "13800138001", "2").await;
    let first = new(account, 1);
    let reserve =
        async |new: NewAttachment<'static>| attachment::reserve(&pool, site, &new, now()).await.unwrap();

    assert!(reserve(first).await);
    // Its answer was lost half-way: it may be reserved again, drawn anew, as long as it is the same file of the same person.
    let mut again = first;
    (again.kept_sha256, again.thumbnail) = ([8; 32], None);
    assert!(reserve(again).await);
    assert!(
        !reserve(NewAttachment {
            account: other,
            ..first
        })
        .await
    );
    let changed = NewAttachment {
        sent_sha256: [2; 32],
        ..first
    };
    assert!(!reserve(changed).await);

    attachment::put(&pool, site, first.id, b"abc").await.unwrap();
    assert!(attachment::ready(&pool, site, first.id).await.unwrap());
    assert!(!reserve(first).await, "what is there stays as it is");
    let there = attachment::get(&pool, site, first.id).await.unwrap().unwrap();
    assert_eq!(
        (there.account, there.kept_sha256, there.ready),
        (account, [8; 32], true)
    );
    let content = attachment::content(&pool, site, first.id).await.unwrap();
    assert_eq!(content.as_deref(), Some(b"abc".as_slice()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_application_takes_its_applicants_own_files_and_each_once(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let neighbour = resident(&pool, site, "13800138001", "2").await;
    let kind = kind_with_files(&pool, site).await;
    let gone = Submitted::Refused(Refusal::Given {
        faults: vec![(key(), ValueFault::FileGone)],
    });

    let mine = kept(&pool, site, new(home.0, 1)).await;
    let theirs = kept(&pool, site, new(neighbour.0, 1)).await;
    let unfinished = new(home.0, 3);
    attachment::reserve(&pool, site, &unfinished, now())
        .await
        .unwrap();
    let large = NewAttachment {
        sent_bytes: (1 << 20) + 1,
        ..new(home.0, 4)
    };
    let large = kept(&pool, site, large).await;
    let unwanted = kept(&pool, site, new(home.0, 5)).await;
    assert!(
        attachment::give_up(&pool, site, home.0, unwanted, now())
            .await
            .unwrap()
    );
    for bad in [theirs, unfinished.id, large, unwanted, AttachmentId::new()] {
        assert_eq!(apply_with(&pool, site, home, kind, &[mine, bad]).await, gone);
    }

    let Submitted::New(id) = apply_with(&pool, site, home, kind, &[mine]).await else {
        panic!("the file was good");
    };
    let names = attachment::of_application(&pool, site, id).await.unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].application, Some(id));
    assert_eq!(apply_with(&pool, site, home, kind, &[mine]).await, gone);
    assert!(
        !attachment::give_up(&pool, site, home.0, mine, now())
            .await
            .unwrap()
    );
    assert!(
        !attachment::give_up(&pool, site, home.0, theirs, now())
            .await
            .unwrap()
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_many_applications_at_once_one_gets_the_file(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let kind = kind_with_files(&pool, site).await;
    let file = kept(&pool, site, new(home.0, 1)).await;
    let shared = pool.clone();
    let outcomes = together(8, move |_| {
        let pool = shared.clone();
        async move { apply_with(&pool, site, home, kind, &[file]).await }
    })
    .await;
    let made = outcomes.iter().filter(|one| matches!(one, Submitted::New(_)));
    assert_eq!(made.count(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_no_application_names_is_forgotten(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, "13800138000", "1").await;
    let kind = kind_with_files(&pool, site).await;
    let named = kept(&pool, site, new(home.0, 1)).await;
    apply_with(&pool, site, home, kind, &[named]).await;
    let left = kept(&pool, site, new(home.0, 2)).await;
    let half = new(home.0, 3);
    attachment::reserve(&pool, site, &half, now()).await.unwrap();

    let condemn = async |before| {
        let condemned = attachment::condemn(&pool, site, before, 9, after(9))
            .await
            .unwrap();
        let mut ids: Vec<AttachmentId> = condemned.into_iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(condemn(now()).await, [], "they are not older than this");
    let mut expected = vec![left, half.id];
    expected.sort_unstable();
    assert_eq!(condemn(after(1)).await, expected);
    assert_eq!(condemn(now()).await, expected, "until they are forgotten");
    assert_eq!(attachment::get(&pool, site, left).await.unwrap(), None);
    assert!(!attachment::ready(&pool, site, half.id).await.unwrap());
    for id in expected {
        attachment::forget(&pool, site, id).await.unwrap();
    }
    assert_eq!(condemn(after(1)).await, []);
    assert_eq!(attachment::content(&pool, site, left).await.unwrap(), None);
    attachment::forget(&pool, site, named).await.unwrap();
    assert!(attachment::get(&pool, site, named).await.unwrap().is_some());
}
