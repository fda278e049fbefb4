//! Two sites in one database: nothing of one is seen at the other, whatever is asked.

use crate::{tablet::enrolled, world::*};
use jiff::SignedDuration;
use pass::{
    AdmissionEvent, Channel, Direction, EventId, IssuerKey, PassNumber, What, admission::chain_start,
};
use std::fmt::Debug;
use store::{
    Pool, account, admission, application, checkpoint, claim, contact, credential, decision, draft,
    household, issuer_key, message, pass_kind, person, push, quota, rate, session, sign_in, site, tablet,
    task, unit,
};

/// Something that tells nothing.
trait Nothing: Debug {
    fn is_nothing(&self) -> bool;
}

impl<T: Debug> Nothing for Option<T> {
    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T: Debug> Nothing for Vec<T> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Debug> Nothing for store::Page<T> {
    fn is_nothing(&self) -> bool {
        self.rows.is_empty() && self.next.is_none()
    }
}

impl Nothing for bool {
    fn is_nothing(&self) -> bool {
        !self
    }
}

impl Nothing for u64 {
    fn is_nothing(&self) -> bool {
        *self == 0
    }
}

impl Nothing for sign_in::Redeemed {
    fn is_nothing(&self) -> bool {
        *self == sign_in::Redeemed::Gone
    }
}

/// What is asked for exists at the one site and is nothing at the other.
macro_rules! only_at {
    ($one:expr, $other:expr, |$site:ident| [$($asked:expr),+ $(,)?]) => {$(
        let asked = async |$site: store::SiteId| $asked.await.unwrap();
        let there = asked($other).await;
        assert!(there.is_nothing(), "{}: {there:?}", stringify!($asked));
        let here = asked($one).await;
        assert!(!here.is_nothing(), "{}: {here:?}", stringify!($asked));
    )+};
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nothing_of_one_site_is_seen_at_the_other(pool: Pool) {
    let (one, other) = (site(&pool, "one").await, site(&pool, "two").await);
    let phone = "13800138000";
    let address = pass::Address::new("新华村", "3栋", "1");
    let lifetime = session::Lifetime {
        idle: SignedDuration::from_hours(1),
        most: SignedDuration::from_hours(9),
    };
    let limit = rate::Limit {
        scope: "test",
        most: 1,
        window: SignedDuration::from_mins(1),
    };

    // Something of everything, at the one site.
    let (account, household) = resident(&pool, one, phone, "1").await;
    let office = officer(&pool, one, "office").await;
    let claim = claim::latest(&pool, one, account).await.unwrap().unwrap().id;
    let asks = account::by_phone_or_create(&pool, one, "13800138001", now())
        .await
        .unwrap()
        .id;
    let waiting = claim::make(&pool, one, asks, household, "张三", now())
        .await
        .unwrap();
    session::begin(&pool, one, account, &[1; 32], lifetime, now())
        .await
        .unwrap();
    let code = sign_in::CodeRequest {
        phone,
        code_hash: &[1; 32],
        sms: "123456",
        address: "192.0.2.1",
    };
    sign_in::request_code(&pool, one, code, &sign_in::SendLimits::default(), now())
        .await
        .unwrap();
    let key = IssuerKey::from_scalar(&[1; 32]).unwrap().public();
    let key = issuer_key::SealedKey {
        public: key,
        sealed: vec![1],
    };
    issuer_key::rotate(&pool, one, &key, now()).await.unwrap();
    let (automatic, manual) = kinds(&pool, one).await;
    let kind_key = "automatic".parse().unwrap();
    let done = apply(&pool, one, (account, household), automatic, 0).await;
    let pending = apply(&pool, one, (account, household), manual, 0).await;
    let number = PassNumber(1);
    apply(&pool, one, (account, household), automatic, 4).await;
    let tablet = enrolled(&pool, one, 1).await;
    let id = tablet.public.id;
    let entry = |n: u8| {
        let event = AdmissionEvent {
            id: EventId([n; 16]),
            tablet: id,
            seq: n.into(),
            at: after(1),
            checkpoint: tablet.checkpoint,
            direction: Direction::In,
            number: Some(number),
            kind_no: Some(automatic),
            what: What::Admitted,
            name: "张*".into(),
            previous: if n == 1 {
                chain_start(id)
            } else {
                pass::admission::hash(&[1])
            },
            checks: vec![],
        };
        admission::Received {
            seq: n.into(),
            bytes: if n == 1 { &[1] } else { &[2] },
            event: Ok(event),
        }
    };
    let forged = admission::Received {
        seq: 3,
        bytes: b"3",
        event: Err("bad-signature".into()),
    };
    let batch = [entry(1), entry(2), forged];
    admission::upload(&pool, one, id, &batch, now())
        .await
        .unwrap()
        .unwrap();

    // A mail that was given up, and a browser.
    let asked = contact::ask_mail(&pool, one, account, "a@example.edu", &[8; 32], ("s", "1"), now());
    asked.await.unwrap();
    let lease = SignedDuration::from_secs(1);
    let mails = message::claim_due(&pool, one, Channel::Mail, 9, lease, now()).await;
    message::given_up(&pool, one, &mails.unwrap()[0], "refused", now())
        .await
        .unwrap();
    let subscription = push::Subscription {
        endpoint: "https://push.example/1".into(),
        p256dh: [4; 65],
        auth: [1; 16],
    };
    push::subscribe(&pool, one, account, &subscription, now())
        .await
        .unwrap();
    let contact = contact::get(&pool, one, account).await.unwrap().unwrap();
    let browser = contact.subscriptions[0];
    let key = push::PushKey {
        public: [4; 65],
        sealed: vec![1],
    };
    push::keep_key(&pool, one, &key, now()).await.unwrap();

    let kept = draft::NewDraft {
        id: uuid::Uuid::from_u128(1),
        account,
        kind_key: &kind_key,
        kind: automatic,
        content: &"half",
        files: &[],
        writer: uuid::Uuid::nil(),
        base: None,
        over: false,
    };
    draft::save(&pool, one, kept, now()).await.unwrap();

    let filter = task::Filter::default();
    let inboxes = ["office@site".to_owned()];
    let every = application::Overview {
        standings: &[pass::kind::Standing::Household],
        ..application::Overview::default()
    };
    let ways = task::ways(&pool, one, office, now()).await.unwrap();
    let all = admission::Filter::default();
    let by = said(office, &ways, None);
    let guard = account::Grant::whole(pass::Role::Office);
    only_at!(one, other, |site| [
        account::get(&pool, site, account),
        draft::get(&pool, site, account, kept.id),
        draft::mine(&pool, site, account, None, None),
        account::by_phone(&pool, site, phone),
        account::by_login(&pool, site, "office"),
        account::roles(&pool, site, office),
        people(&pool, site),
        session::viewer(&pool, site, &[1; 32], after(1)),
        issuer_key::active(&pool, site),
        issuer_key::publics(&pool, site),
        checkpoint::zones(&pool, site),
        checkpoint::list(&pool, site),
        checkpoint::get(&pool, site, tablet.checkpoint),
        tablet::list(&pool, site),
        tablet::get(&pool, site, id),
        household::communities(&pool, site),
        household::buildings(&pool, site, "新华村"),
        household::doors(&pool, site, "新华村", "3栋"),
        household::get(&pool, site, household),
        household::by_address(&pool, site, &address),
        household::search(&pool, site, "", None, 9),
        household::count(&pool, site),
        claim::get(&pool, site, claim),
        claim::latest(&pool, site, account),
        claim::list(&pool, site, claim::ClaimState::Confirmed, None, 9),
        claim::pending(&pool, site),
        pass_kind::all(&pool, site),
        pass_kind::records(&pool, site),
        pass_kind::offered(&pool, site),
        pass_kind::get(&pool, site, automatic),
        pass_kind::newest(&pool, site, &kind_key),
        quota::taken(&pool, site, household.0, &kind_key),
        application::get(&pool, site, done),
        application::mine(&pool, site, account, &application::Own::default(), None, 9),
        application::overview(&pool, site, &every, None, 9),
        task::open(&pool, site, &inboxes, &filter, None, 9),
        task::count(&pool, site, &inboxes, 1000),
        task::of_application(&pool, site, pending),
        decision::history(&pool, site, done),
        credential::get(&pool, site, number),
        credential::by_application(&pool, site, done),
        credential::showable(&pool, site, account, now()),
        async { Ok::<_, store::Error>(credential::status(&pool, site, now()).await?.statuses) },
        admission::list(&pool, site, &all, None, 9),
        admission::double_uses(&pool, site, 9),
        admission::quarantine(&pool, site, 9),
        contact::get(&pool, site, account),
        push::get(&pool, site, browser),
        push::key(&pool, site),
        message::list(&pool, site, None, 9),
        message::claim_due(&pool, site, Channel::Sms, 9, SignedDuration::from_secs(1), now()),
    ]);

    // What is asked for in the other site's name changes nothing here either.
    only_at!(one, other, |site| [
        sign_in::redeem_code(&pool, site, phone, &[1; 32], after(1)),
        claim::refuse(&pool, site, waiting, office, None, after(1)),
        decision::decide(&pool, site, pending, &decision::Verdict::Refuse, by, sign),
        decision::terminate(&pool, site, done, by),
        application::withdraw(&pool, site, done, account, day(0), after(1)),
        admission::upload(&pool, site, id, &[], after(1)),
        credential::revoke(&pool, site, PassNumber(2), office, after(1)),
        tablet::revoke(&pool, site, id, office, after(1)),
        checkpoint::close(&pool, site, tablet.checkpoint, after(1)),
        pass_kind::retire(&pool, site, &kind_key, 1, after(1)),
        account::ungrant(&pool, site, office, guard),
        account::set_password(&pool, site, office, "hash"),
        account::disable(&pool, site, office, after(1)),
        account::enable(&pool, site, office),
        session::end_all(&pool, site, account),
        claim::release(&pool, site, claim, office, None, after(1)),
        contact::confirm_mail(&pool, site, account, &[8; 32], after(1)),
        contact::forget_mail(&pool, site, account),
        push::unsubscribe(&pool, site, account, &subscription.endpoint),
        message::failed_count(&pool, site),
        message::try_again(&pool, site, None, after(1)),
    ]);
    assert_eq!(
        rate::take(&pool, one, &limit, "key", now()).await.unwrap(),
        rate::Taken::Ok
    );
    assert_eq!(
        rate::take(&pool, other, &limit, "key", now()).await.unwrap(),
        rate::Taken::Ok
    );
    assert!(site::get(&pool, other).await.unwrap().is_some());

    // A row of one site can't be used in a deed of the other.
    let stranger = account::by_phone_or_create(&pool, other, phone, now())
        .await
        .unwrap();
    assert_ne!(stranger.id, account, "one telephone, two sites, two accounts");
    let claimed = claim::make(&pool, other, stranger.id, household, "张三", now())
        .await
        .unwrap_err();
    assert_eq!(claimed.conflict(), Some(store::Conflict::Unknown));
    let code = tablet::NewCode {
        code_hash: &[5; 32],
        checkpoint: tablet.checkpoint,
        name: "x",
        by: stranger.id,
    };
    let foreign = tablet::create_code(&pool, other, code, now()).await.unwrap_err();
    assert_eq!(foreign.conflict(), Some(store::Conflict::Unknown));
    let applied = submit(
        &pool,
        other,
        (stranger.id, household),
        automatic,
        uuid::Uuid::new_v4(),
        &request(0),
    )
    .await;
    assert_eq!(
        applied,
        application::Submitted::Refused(pass::Refusal::KindNotOffered)
    );
}

/// The list's rows.
async fn people(pool: &Pool, site: store::SiteId) -> store::Result<Vec<person::Listed>> {
    Ok(person::list(pool, site, &person::Filter::default(), None, 9)
        .await?
        .0)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn units_and_people_of_one_site_are_not_the_others(pool: Pool) {
    let (one, other) = (site(&pool, "one").await, site(&pool, "two").await);
    let name = pass::Text::new("计算机学院", "Computing");
    let unit = unit::create(&pool, one, "107", &name, None).await.unwrap();
    let empty = unit::create(&pool, one, "108", &name, None).await.unwrap();
    let new = person::NewPerson {
        number: "1",
        name: "陈书言",
        kind: pass::person::PersonKind::Staff,
        unit,
        phone: None,
        mail: None,
    };
    let id = person::create(&pool, one, new, now()).await.unwrap();
    let head = account::Grant {
        role: pass::Role::UnitHead,
        at: account::Place::Unit(unit),
    };
    account::grant(&pool, one, id, head, now()).await.unwrap();
    let edit = person::Edit {
        name: "陈书言",
        kind: pass::person::PersonKind::Retired,
        unit,
        phone: None,
        mail: None,
    };
    let counts = async |site| {
        let counts = unit::counts(&pool, site).await?;
        Ok::<_, store::Error>(counts.into_values().collect::<Vec<_>>())
    };
    let moved = async |site| {
        let moved = unit::move_to(&pool, site, empty, Some(unit)).await?;
        Ok::<_, store::Error>(moved == unit::Changed::Done)
    };
    let closed = async |site| {
        let closed = unit::close(&pool, site, empty, now()).await?;
        Ok::<_, store::Error>(closed == unit::Changed::Done)
    };
    let opened = async |site| {
        let opened = unit::reopen(&pool, site, empty).await?;
        Ok::<_, store::Error>(opened == unit::Changed::Done)
    };
    only_at!(one, other, |site| [
        unit::list(&pool, site),
        counts(site),
        unit::with_below(&pool, site, unit),
        unit::holders(&pool, site, None),
        unit::rename(&pool, site, unit, &name),
        moved(site),
        closed(site),
        opened(site),
        people(&pool, site),
        person::count(&pool, site),
        person::by_number(&pool, site, "1"),
        person::of(&pool, site, id),
        person::profile(&pool, site, id),
        person::edit(&pool, site, id, edit),
        person::leave(&pool, site, id, now()),
        person::come_back(&pool, site, id),
        account::set_login(&pool, site, id, "chen", "hash"),
    ]);
    let entered = person::create(&pool, other, new, now()).await.unwrap_err();
    assert_eq!(entered.conflict(), Some(store::Conflict::Unknown));
}

/// Every table's primary key begins with the site, and every foreign key carries it.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_key_begins_with_the_site(pool: Pool) {
    let others: Vec<String> = sqlx::query_scalar(
        "select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where contype in ('p', 'f') and connamespace = 'public'::regnamespace
             and conrelid::regclass::text <> '_sqlx_migrations'
             and pg_get_constraintdef(oid) !~ '^(PRIMARY|FOREIGN) KEY \\(site_id'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(others, [""; 0]);
    let without_key: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class c
         where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_sqlx_migrations'
             and not exists (select from pg_constraint where conrelid = c.oid and contype = 'p')",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(without_key, [""; 0]);
}
