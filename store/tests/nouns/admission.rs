use crate::{
    log::{Log, Sent, seal, upload},
    tablet::enrolled,
    world::*,
};
use pass::{Hash, PassNumber, TabletId, What, admission::hash};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Pool,
    admission::{self, Filter, Received},
    tablet,
};

/// What is stored of a tablet: number and bytes.
async fn stored(pool: &Pool, tablet: TabletId) -> Vec<(i64, Vec<u8>)> {
    sqlx::query_as("select seq, bytes from admission where tablet_id = $1 order by seq")
        .bind(uuid::Uuid::from_bytes(tablet.0))
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn acknowledged_is_what_has_no_gap(pool: Pool) {
    let site = site(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let id = tablet.public.id;
    let mut log = Log::new(&tablet);
    let sent: Vec<Sent> = (0..6).map(|n| log.refuse(after(n))).collect();
    for (part, acknowledged) in [
        (vec![0, 1], 2),
        (vec![4], 2),
        (vec![3, 5], 2),
        (vec![], 2),
        (vec![2], 6),
    ] {
        let part: Vec<Sent> = part.into_iter().map(|n: usize| sent[n].clone()).collect();
        let uploaded = upload(&pool, site, id, &part).await;
        assert_eq!(
            (uploaded.acknowledged, uploaded.stored),
            (acknowledged, part.len())
        );
        assert_eq!(uploaded.quarantined, []);
    }
    let found = tablet::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!((found.acknowledged, found.last_seen_at), (6, after(100)));
    let nobody = admission::upload(&pool, site, TabletId([7; 16]), &[], now())
        .await
        .unwrap();
    assert_eq!(nobody, None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn uploading_again_changes_nothing_in_any_order(pool: Pool) {
    let site = site(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let id = tablet.public.id;
    let mut log = Log::new(&tablet);
    let sent: Vec<Sent> = (0..30).map(|n| log.admit(n, after(i64::from(n)))).collect();
    // Overlapping parts of changing length, drawn by a fixed rule, until everything has come.
    let mut draw: u32 = 7;
    let mut stored_so_far = 0;
    for _ in 0..60 {
        draw = draw.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let first = (draw >> 16) as usize % 30;
        let mut part = sent[first..(first + 1 + (draw >> 8) as usize % 9).min(30)].to_vec();
        if draw & 64 == 0 {
            part.reverse();
        }
        let uploaded = upload(&pool, site, id, &part).await;
        assert_eq!(uploaded.stored + uploaded.repeated, part.len());
        assert_eq!(uploaded.quarantined, []);
        stored_so_far += uploaded.stored;
    }
    let rest = upload(&pool, site, id, &sent).await;
    assert_eq!((stored_so_far + rest.stored, rest.acknowledged), (30, 30));
    let expected: Vec<_> = (1..)
        .zip(&sent)
        .map(|(seq, sent)| (seq, sent.bytes.clone()))
        .collect();
    assert_eq!(stored(&pool, id).await, expected, "verbatim");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_batch_sent_many_times_at_once_is_stored_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let mut log = Log::new(&tablet);
    let sent: Vec<Sent> = (0..100).map(|n| log.admit(n % 7, after(i64::from(n)))).collect();
    let outcomes = together(10, |_| {
        let (pool, sent) = (pool.clone(), sent.clone());
        async move { upload(&pool, site, tablet.public.id, &sent).await }
    })
    .await;
    assert_eq!(outcomes.iter().map(|outcome| outcome.stored).sum::<usize>(), 100);
    assert!(outcomes.iter().all(|outcome| outcome.acknowledged == 100));
    assert_eq!(stored(&pool, tablet.public.id).await.len(), 100);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_fact_is_kept_and_counts_as_received(pool: Pool) {
    let site = site(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let id = tablet.public.id;
    let mut log = Log::new(&tablet);
    let first = log.refuse(after(1));
    let forged = log.refuse(after(2));
    let third = log.refuse(after(3));
    let received = |sent: &Sent| Received {
        seq: sent.event.seq,
        bytes: &[],
        event: Ok(sent.event.clone()),
    };
    let batch = [
        Received {
            bytes: &third.bytes,
            ..received(&third)
        },
        Received {
            bytes: &forged.bytes,
            event: Err("bad-signature".into()),
            ..received(&forged)
        },
        Received {
            bytes: &first.bytes,
            ..received(&first)
        },
    ];
    let uploaded = admission::upload(&pool, site, id, &batch, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((uploaded.acknowledged, uploaded.stored), (3, 2));
    assert_eq!(uploaded.quarantined, [(2, "bad-signature".into())]);
    let again = admission::upload(&pool, site, id, &batch, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((again.repeated, again.quarantined), (3, vec![]));

    // Another event of the same number, in the same chain.
    let mut twin = third.event.clone();
    twin.name = "李*".into();
    // One with a number of its own and the id of another.
    let mut copied = log.refuse(after(4));
    copied.event.id = first.event.id;
    let copied = seal(copied.event);
    // One whose envelope says another number.
    let other = Sent {
        event: seal(log.refuse(after(5)).event).event,
        bytes: b"other".to_vec(),
    };
    let uploaded = upload(&pool, site, id, &[seal(twin), copied]).await;
    assert_eq!(
        uploaded.quarantined,
        [(3, "number-taken".into()), (4, "id-taken".into())]
    );
    assert_eq!(uploaded.acknowledged, 4);
    let batch = [Received {
        seq: 9,
        bytes: &other.bytes,
        event: Ok(other.event),
    }];
    let uploaded = admission::upload(&pool, site, id, &batch, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(uploaded.quarantined, [(9, "other-number".into())]);

    let kept = admission::quarantine(&pool, site, 50).await.unwrap();
    assert_eq!(kept.len(), 4);
    assert!(
        kept.iter()
            .any(|row| row.bytes == forged.bytes && row.reason == "bad-signature")
    );
    assert_eq!(stored(&pool, id).await.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_chain_is_held_from_both_sides(pool: Pool) {
    let site = site(&pool, "one").await;
    let tablet = enrolled(&pool, site, 1).await;
    let id = tablet.public.id;
    let faults = async |sent: &[Sent]| upload(&pool, site, id, sent).await.quarantined;
    let mut log = Log::new(&tablet);
    let (one, two, three) = (log.refuse(after(1)), log.refuse(after(2)), log.refuse(after(3)));

    let mut rootless = one.clone();
    rootless.event.previous = Hash([7; 32]);
    assert_eq!(
        faults(&[seal(rootless.event)]).await,
        [(1, "broken-chain".into())]
    );
    assert_eq!(faults(&[one, three]).await, []);
    let mut other = two.clone();
    other.event.name = "李*".into();
    // It follows the first, but the third, which is here already, follows another second.
    assert_eq!(faults(&[seal(other.event)]).await, [(2, "broken-chain".into())]);
    assert_eq!(faults(&[two]).await, []);

    let mut torn = log.refuse(after(4));
    torn.event.previous = Hash([7; 32]);
    let torn = seal(torn.event);
    assert_eq!(
        faults(std::slice::from_ref(&torn)).await,
        [(4, "broken-chain".into())]
    );
    // What follows the torn one goes on: one broken link is one fault.
    log.previous = hash(&torn.bytes);
    let five = log.refuse(after(5));
    let uploaded = upload(&pool, site, id, &[five]).await;
    assert_eq!((uploaded.quarantined, uploaded.acknowledged), (vec![], 5));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_list_by_filter_and_in_pages(pool: Pool) {
    let site = site(&pool, "one").await;
    let tablets = [enrolled(&pool, site, 1).await, enrolled(&pool, site, 2).await];
    for (n, tablet) in tablets.iter().enumerate() {
        let mut log = Log::new(tablet);
        let overridden = What::Overridden { code: "used".into() };
        let sent = [
            log.admit(5, after(10)),
            log.refuse(after(20)),
            log.write(overridden, Some(6 + n as u32), after(30)),
            log.admit(5, after(40)),
        ];
        upload(&pool, site, tablet.public.id, &sent).await;
    }
    let count = async |filter: Filter<'static>| {
        admission::list(&pool, site, &filter, None, 50)
            .await
            .unwrap()
            .rows
            .len()
    };
    assert_eq!(count(Filter::default()).await, 8);
    assert_eq!(
        count(Filter {
            from: Some(after(20)),
            until: Some(after(40)),
            ..Filter::default()
        })
        .await,
        4
    );
    assert_eq!(
        count(Filter {
            checkpoint: Some(tablets[0].checkpoint),
            ..Filter::default()
        })
        .await,
        4
    );
    assert_eq!(
        count(Filter {
            number: Some(PassNumber(5)),
            ..Filter::default()
        })
        .await,
        4
    );
    assert_eq!(
        count(Filter {
            number: Some(PassNumber(6)),
            what: Some("overridden"),
            ..Filter::default()
        })
        .await,
        1
    );
    assert_eq!(
        count(Filter {
            what: Some("refused"),
            ..Filter::default()
        })
        .await,
        2
    );

    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = admission::list(&pool, site, &Filter::default(), cursor, 3)
            .await
            .unwrap();
        seen.extend(page.rows.iter().map(|row| (row.at, row.id)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 8);
    assert!(seen.is_sorted_by(|a, b| a > b), "the latest first, each once");
}
