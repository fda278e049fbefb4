//! Whom a notice reaches and by which ways, and that it is told once.

use crate::world::*;
use jiff::SignedDuration;
use pass::{Channel, Language, News, Notice, Text};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::decision::Verdict;
use store::message::{Content, Filter, Message, Standing};
use store::push::Subscription;
use store::sign_in::Redeemed;
use store::{
    AccountId, Pool, SiteId, SubscriptionId, account, application, contact, decision, message, person, push,
    task, unit,
};
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_secs(60);
const PHONE: &str = "13800138000";

fn notice(news: News) -> Notice {
    Notice {
        application: Uuid::nil(),
        title: Text::new("居民出入证", "Resident's pass"),
        news,
    }
}

fn browser(n: u8) -> Subscription {
    Subscription {
        endpoint: format!("https://push.example/{n}"),
        p256dh: [4; 65],
        auth: [n; 16],
    }
}

async fn tell(pool: &Pool, site: SiteId, account: AccountId, news: News, cause: Uuid) {
    let mut transaction = pool.begin().await.unwrap();
    message::tell(&mut transaction, site, account, &notice(news), cause, now())
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn all(pool: &Pool, site: SiteId) -> Vec<Message> {
    message::list(pool, site, None, 99).await.unwrap().rows
}

/// Where one more notice goes.
async fn ways(pool: &Pool, site: SiteId, account: AccountId) -> Vec<(Channel, String)> {
    let before: Vec<_> = all(pool, site).await.iter().map(|one| one.id).collect();
    tell(pool, site, account, News::Lapsed, Uuid::new_v4()).await;
    let mut rows = all(pool, site).await;
    rows.retain(|one| !before.contains(&one.id));
    let mut ways: Vec<_> = rows.into_iter().map(|one| (one.channel, one.recipient)).collect();
    ways.sort();
    ways
}

/// Makes an address the account's.
async fn confirm(pool: &Pool, site: SiteId, account: AccountId, mail: &str) {
    contact::ask_mail(pool, site, account, mail, &[7; 32], ("subject", "123456"), now())
        .await
        .unwrap();
    let redeemed = contact::confirm_mail(pool, site, account, &[7; 32], after(1))
        .await
        .unwrap();
    assert_eq!(redeemed, Redeemed::Right);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_cause_tells_the_same_thing_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let account = account::by_phone_or_create(&pool, site, PHONE, now())
        .await
        .unwrap()
        .id;
    let cause = Uuid::new_v4();
    together(8, |_| {
        let pool = pool.clone();
        async move { tell(&pool, site, account, News::Lapsed, cause).await }
    })
    .await;
    assert_eq!(all(&pool, site).await.len(), 1);
    // Other news of the same cause, the same news of another cause, and the same for somebody else are told.
    tell(&pool, site, account, News::Agreed { number: None }, cause).await;
    tell(&pool, site, account, News::Lapsed, Uuid::new_v4()).await;
    let other = account::by_phone_or_create(&pool, site, "13800138001", now())
        .await
        .unwrap()
        .id;
    tell(&pool, site, other, News::Lapsed, cause).await;
    assert_eq!(all(&pool, site).await.len(), 4);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_notice_goes_the_ways_that_were_chosen(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = account::by_phone_or_create(&pool, site, PHONE, now())
        .await
        .unwrap()
        .id;
    let sms = || (Channel::Sms, PHONE.to_owned());
    let mail = || (Channel::Mail, "zhang@example.edu".to_owned());
    assert_eq!(ways(&pool, site, account).await, [sms()], "nothing was chosen");

    confirm(&pool, site, account, "zhang@example.edu").await;
    assert_eq!(
        ways(&pool, site, account).await,
        [sms(), mail()],
        "an opened way is used"
    );

    push::subscribe(&pool, site, account, &browser(1), now())
        .await
        .unwrap();
    push::subscribe(&pool, site, account, &browser(2), after(1))
        .await
        .unwrap();
    let reached = ways(&pool, site, account).await;
    assert_eq!(
        reached.iter().map(|(channel, _)| *channel).collect::<Vec<_>>(),
        [Channel::Sms, Channel::Mail, Channel::Push, Channel::Push]
    );

    contact::choose(&pool, site, account, &[Channel::Push], Language::En)
        .await
        .unwrap();
    let reached = ways(&pool, site, account).await;
    assert_eq!(reached.len(), 2, "both browsers and nothing else: {reached:?}");
    for (_, name) in reached {
        let id: SubscriptionId = name.parse().unwrap();
        assert!(push::forget(&pool, site, id).await.unwrap());
    }
    assert_eq!(
        ways(&pool, site, account).await,
        [sms()],
        "chosen ways that lead nowhere are no reason for silence"
    );
    let english = Content::Notice(notice(News::Lapsed), Language::En);
    assert!(all(&pool, site).await.iter().any(|one| one.content == english));

    contact::choose(&pool, site, account, &[], Language::Zh)
        .await
        .unwrap();
    assert_eq!(ways(&pool, site, account).await, [], "silence is a choice");

    contact::choose(&pool, site, account, &[Channel::Sms], Language::Zh)
        .await
        .unwrap();
    account::disable(&pool, site, account, after(9)).await.unwrap();
    assert_eq!(ways(&pool, site, account).await, [], "disabled");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_has_no_telephone_is_told_by_mail(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    assert_eq!(ways(&pool, site, account).await, []);
    confirm(&pool, site, account, "office@example.edu").await;
    assert_eq!(
        ways(&pool, site, account).await,
        [(Channel::Mail, "office@example.edu".to_owned())]
    );
    assert!(contact::forget_mail(&pool, site, account).await.unwrap());
    assert!(!contact::forget_mail(&pool, site, account).await.unwrap());
    assert_eq!(ways(&pool, site, account).await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_gave_nothing_is_told_as_the_register_says(pool: Pool) {
    let site = site(&pool, "one").await;
    let name = Text::new("计算机学院", "Computing");
    let unit = unit::create(&pool, site, "cs", &name, None).await.unwrap();
    let enter = async |number, phone, mail| {
        let new = person::NewPerson {
            number,
            name: "孙老师",
            kind: pass::person::PersonKind::Staff,
            unit,
            phone,
            mail,
        };
        person::create(&pool, site, new, now()).await.unwrap()
    };
    let phone = Some("13800138002");
    let mail = || (Channel::Mail, "sun@example.edu".to_owned());
    let both = enter("1", phone, Some("sun@example.edu")).await;
    assert_eq!(
        ways(&pool, site, both).await,
        [mail()],
        "no telephone of the account"
    );
    let phone_only = enter("2", phone, None).await;
    assert_eq!(
        ways(&pool, site, phone_only).await,
        [(Channel::Sms, "13800138002".to_owned())]
    );
    // Their own address goes first.
    confirm(&pool, site, both, "own@example.edu").await;
    assert_eq!(
        ways(&pool, site, both).await,
        [(Channel::Mail, "own@example.edu".to_owned())]
    );
    contact::forget_mail(&pool, site, both).await.unwrap();
    assert_eq!(ways(&pool, site, both).await, [mail()]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_mail_address_counts_when_its_code_comes_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    let ask = async |mail: &str, hash: u8, at| {
        contact::ask_mail(
            &pool,
            site,
            account,
            mail,
            &[hash; 32],
            ("s", "123456"),
            after(at),
        )
        .await
        .unwrap();
    };
    let tried = async |hash: u8, at| {
        contact::confirm_mail(&pool, site, account, &[hash; 32], after(at))
            .await
            .unwrap()
    };
    let mail = async || contact::get(&pool, site, account).await.unwrap().unwrap().mail;
    assert_eq!(tried(1, 0).await, Redeemed::Gone, "none was asked for");
    ask("a@example.edu", 1, 0).await;
    assert_eq!(mail().await, None);
    for left in (0..5).rev() {
        assert_eq!(tried(9, 1).await, Redeemed::Wrong { left });
    }
    assert_eq!(tried(1, 1).await, Redeemed::Gone, "tried too often");
    ask("b@example.edu", 2, 2).await;
    assert_eq!(tried(1, 3).await, Redeemed::Wrong { left: 4 }, "an earlier code");
    assert_eq!(tried(2, 2 + 1800).await, Redeemed::Gone, "over");
    assert_eq!(tried(2, 2 + 1799).await, Redeemed::Right);
    assert_eq!(tried(2, 4).await, Redeemed::Gone, "once");
    assert_eq!(mail().await.as_deref(), Some("b@example.edu"));
    // The address before stays until the new one is confirmed.
    ask("c@example.edu", 3, 10).await;
    assert_eq!(mail().await.as_deref(), Some("b@example.edu"));
    let codes = all(&pool, site).await;
    assert!(
        codes
            .iter()
            .all(|one| one.kind == message::CODE && one.channel == Channel::Mail)
    );
    assert_eq!(codes.len(), 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_browser_shows_the_notices_of_whoever_subscribed_last(pool: Pool) {
    let site = site(&pool, "one").await;
    let (one, other) = (
        officer(&pool, site, "one").await,
        officer(&pool, site, "other").await,
    );
    let count = async |account| {
        let found = contact::get(&pool, site, account).await.unwrap();
        found.unwrap().subscriptions.len()
    };
    push::subscribe(&pool, site, one, &browser(1), now())
        .await
        .unwrap();
    let named = contact::get(&pool, site, one)
        .await
        .unwrap()
        .unwrap()
        .subscriptions[0];
    push::subscribe(&pool, site, one, &browser(1), after(1))
        .await
        .unwrap();
    assert_eq!(
        contact::get(&pool, site, one)
            .await
            .unwrap()
            .unwrap()
            .subscriptions,
        [named],
        "the same browser again"
    );
    push::subscribe(&pool, site, other, &browser(1), after(2))
        .await
        .unwrap();
    assert_eq!((count(one).await, count(other).await), (0, 1));
    assert_eq!(
        push::get(&pool, site, named).await.unwrap(),
        None,
        "what was written for the one before does not reach the other"
    );
    assert!(
        !push::unsubscribe(&pool, site, one, &browser(1).endpoint)
            .await
            .unwrap()
    );
    assert!(
        push::unsubscribe(&pool, site, other, &browser(1).endpoint)
            .await
            .unwrap()
    );
    for n in 0..12 {
        push::subscribe(&pool, site, one, &browser(n), after(n.into()))
            .await
            .unwrap();
    }
    assert_eq!(count(one).await, 10, "the oldest make way");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_push_keys_made_at_once_the_first_stays(pool: Pool) {
    let site = site(&pool, "one").await;
    let key = |n| push::PushKey {
        public: [n; 65],
        sealed: vec![n],
    };
    assert_eq!(push::key(&pool, site).await.unwrap(), None);
    for n in [1, 2] {
        push::keep_key(&pool, site, &key(n), now()).await.unwrap();
    }
    assert_eq!(push::key(&pool, site).await.unwrap(), Some(key(1)));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_becomes_of_an_application_is_told_to_its_applicant(pool: Pool) {
    let site = site(&pool, "one").await;
    let home = resident(&pool, site, PHONE, "1").await;
    let office = officer(&pool, site, "office").await;
    let steps = pass::Flow::office();
    let kind = publish(&pool, site, &kind("office", steps, None)).await;
    let ways = task::ways(&pool, site, office, now()).await.unwrap();
    let by = |opinion, at| decision::Decision {
        at: after(at),
        ..said(office, &ways, opinion)
    };
    let verdict = async |id, verdict: &Verdict, at| {
        decision::decide(&pool, site, id, verdict, by(None, at), sign)
            .await
            .unwrap()
    };
    let told = async || {
        let mut rows = all(&pool, site).await;
        let newest = (!rows.is_empty()).then(|| rows.remove(0))?;
        assert_eq!((newest.channel, newest.recipient.as_str()), (Channel::Sms, PHONE));
        match newest.content {
            Content::Notice(notice, _) => Some((rows.len() + 1, notice.application, notice.news)),
            written @ Content::Written { .. } => panic!("{written:?}"),
        }
    };
    let (agreed, refused, lapsed, taken_back) = (
        apply(&pool, site, home, kind, 1).await,
        apply(&pool, site, home, kind, 2).await,
        apply(&pool, site, home, kind, 3).await,
        apply(&pool, site, home, kind, 4).await,
    );
    assert_eq!(told().await, None, "handing in is one's own doing");
    application::withdraw(&pool, site, taken_back, home.0, day(0), after(1))
        .await
        .unwrap();
    assert_eq!(told().await, None, "and so is taking back");

    verdict(agreed, &Verdict::Agree, 10).await;
    let number = Some(pass::PassNumber(1));
    assert_eq!(told().await, Some((1, agreed.0, News::Agreed { number })));
    verdict(agreed, &Verdict::Agree, 10).await;
    assert_eq!(all(&pool, site).await.len(), 1, "agreed to already");

    decision::terminate(&pool, site, agreed, by(Some("改期"), 20))
        .await
        .unwrap();
    let opinion = Some("改期".to_owned());
    assert_eq!(told().await, Some((2, agreed.0, News::Terminated { opinion })));
    verdict(refused, &Verdict::Refuse, 30).await;
    assert_eq!(
        told().await,
        Some((3, refused.0, News::Refused { opinion: None }))
    );
    application::lapse(&pool, site, day(4), after(40)).await.unwrap();
    assert_eq!(told().await, Some((4, lapsed.0, News::Lapsed)));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_given_up_is_found_and_tried_again(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = account::by_phone_or_create(&pool, site, PHONE, now())
        .await
        .unwrap()
        .id;
    let claim = async |at| {
        message::claim_due(&pool, site, Channel::Sms, 9, LEASE, after(at))
            .await
            .unwrap()
    };
    for _ in 0..3 {
        tell(&pool, site, account, News::Lapsed, Uuid::new_v4()).await;
    }
    let taken = claim(0).await;
    assert!(message::sent(&pool, site, &taken[0], after(1)).await.unwrap());
    assert!(
        message::given_up(&pool, site, &taken[1], "gateway 400", after(1))
            .await
            .unwrap()
    );
    assert!(
        message::failed(&pool, site, &taken[2], "timeout", after(1))
            .await
            .unwrap()
    );
    let standing = async |standing, channel| {
        let filter = Filter {
            standing: Some(standing),
            channel,
        };
        let found = message::search(&pool, site, filter, None, 9).await.unwrap();
        found.rows.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(standing(Standing::Sent, None).await, [taken[0].id]);
    assert_eq!(
        standing(Standing::Failed, Some(Channel::Sms)).await,
        [taken[1].id]
    );
    assert_eq!(standing(Standing::Failed, Some(Channel::Mail)).await, []);
    assert_eq!(standing(Standing::Waiting, None).await, [taken[2].id]);
    assert_eq!(message::failed_count(&pool, site).await.unwrap(), 1);

    for id in [taken[0].id, taken[2].id] {
        assert_eq!(
            message::try_again(&pool, site, Some(id), after(2)).await.unwrap(),
            0,
            "not given up"
        );
    }
    assert_eq!(message::try_again(&pool, site, None, after(2)).await.unwrap(), 1);
    let again = claim(2).await.remove(0);
    assert_eq!(
        (again.id, again.attempt, again.patience),
        (taken[1].id, 2, 1),
        "patience begins anew, and the claim before is none any more"
    );
    assert!(
        !message::sent(&pool, site, &taken[1], after(3)).await.unwrap(),
        "the claim before"
    );
    assert!(message::sent(&pool, site, &again, after(3)).await.unwrap());
    assert_eq!(message::failed_count(&pool, site).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_code_that_is_over_is_not_sent_any_more(pool: Pool) {
    let site = site(&pool, "one").await;
    let code = message::Code {
        channel: Channel::Sms,
        recipient: PHONE,
        account: None,
        subject: None,
        body: "123456",
        until: after(300),
    };
    let mut connection = pool.acquire().await.unwrap();
    message::write_code(&mut connection, site, code, now())
        .await
        .unwrap();
    let claim = async |at| {
        message::claim_due(&pool, site, Channel::Sms, 9, LEASE, after(at))
            .await
            .unwrap()
    };
    assert_eq!(claim(0).await.len(), 1);
    assert_eq!(
        message::expire(&pool, site, after(59)).await.unwrap(),
        0,
        "not over yet"
    );
    assert_eq!(claim(280).await.len(), 1);
    assert_eq!(
        message::expire(&pool, site, after(300)).await.unwrap(),
        0,
        "somebody is sending it"
    );
    assert_eq!(claim(340).await, [], "over");
    assert_eq!(message::expire(&pool, site, after(340)).await.unwrap(), 1);
    let row = all(&pool, site).await.remove(0);
    assert_eq!(
        (row.standing(), row.last_error.as_deref()),
        (Standing::Failed, Some("expired"))
    );
    assert!(!row.may_be_tried_again(after(340)));
    assert_eq!(
        message::try_again(&pool, site, None, after(341)).await.unwrap(),
        0
    );
}
