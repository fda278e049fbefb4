use super::sinks::{Smtp, Taken};
use super::{World, delivery};
use app::backend::now;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use pass::Channel;
use server::deliver::settings::TellingSettings;
use server::jobs::send_all;
use store::Pool;
use store::sign_in::Redeemed;

fn with_server(smtp: &Smtp) -> TellingSettings {
    TellingSettings {
        smtp_url: Some(smtp.url.clone()),
        mail_from: Some("校园通行 <pass@example.edu>".into()),
        ..TellingSettings::default()
    }
}

/// Somebody with a mail address, who is told by mail alone.
async fn reader(pool: Pool) -> World {
    let world = World::new(pool, false).await;
    let (pool, site, account) = (&world.pool, world.site, world.account);
    let words = ("验证码", "验证码 123456");
    store::contact::ask_mail(pool, site, account, "zhang@example.org", &[1; 32], words, now())
        .await
        .unwrap();
    let redeemed = store::contact::confirm_mail(pool, site, account, &[1; 32], now()).await;
    assert_eq!(redeemed.unwrap(), Redeemed::Right);
    world.choose(Channel::Mail).await;
    world
}

/// A header's value, its lines joined.
fn header(mail: &Taken, name: &str) -> String {
    let (head, _) = mail.text.split_once("\n\n").unwrap();
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let prefix = format!("{name}: ");
    let line = head.lines().find_map(|line| line.strip_prefix(&prefix));
    line.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
}

/// A header's words out of their encoded form (RFC 2047), which is base64 here.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        let inner = word
            .strip_prefix("=?utf-8?b?")
            .and_then(|rest| rest.strip_suffix("?="));
        match inner {
            Some(inner) => bytes.extend(STANDARD.decode(inner).unwrap()),
            None => bytes.extend(word.as_bytes()),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn text(mail: &Taken) -> String {
    let (_, body) = mail.text.split_once("\n\n").unwrap();
    assert_eq!(header(mail, "Content-Transfer-Encoding"), "base64");
    let body = STANDARD.decode(body.replace('\n', "")).unwrap();
    String::from_utf8(body).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_mail_server_takes_codes_and_notices(pool: Pool) {
    let world = reader(pool).await;
    let smtp = Smtp::start(&[]).await;
    let application = world.tell().await;
    send_all(&world.pool, &delivery(&with_server(&smtp)), now())
        .await
        .unwrap();
    let mut taken = smtp.taken();
    taken.sort_by_key(|mail| !decoded(&header(mail, "Subject")).contains("验证码"));
    let [code, notice] = taken.as_slice() else {
        panic!("{taken:?}");
    };
    assert!(text(code).contains("123456"));
    assert_eq!(
        decoded(&header(notice, "Subject")).replace(' ', ""),
        "示范大学·申请逾期未审"
    );
    for part in [
        "您申请的“居民出入证”逾期未审",
        &format!("https://pass.example.edu/applications/{application}"),
        "https://pass.example.edu/account",
    ] {
        assert!(text(notice).contains(part), "{part}: {}", text(notice));
    }
    let rows = world.messages().await;
    let id = rows.iter().find(|row| row.kind == "lapsed").unwrap().id;
    assert_eq!(header(notice, "Message-ID"), format!("<{id}@example.edu>"));
    assert_eq!(header(notice, "Auto-Submitted"), "auto-generated");
    assert!(header(notice, "From").ends_with("<pass@example.edu>"));
    assert!(notice.from.contains("<pass@example.edu>") && notice.to.contains("<zhang@example.org>"));
    assert!(rows.iter().all(|row| row.sent_at.is_some()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_recipient_that_is_refused_for_good_is_given_up_and_another_waits(pool: Pool) {
    let world = reader(pool).await;
    let smtp = Smtp::start(&[]).await;
    // The code is out of the way.
    send_all(&world.pool, &delivery(&with_server(&smtp)), now())
        .await
        .unwrap();
    let smtp = Smtp::start(&["451 later", "550 nobody here"]).await;
    let delivery = delivery(&with_server(&smtp));
    world.tell().await;
    let standing = async || {
        let rows = world.messages().await;
        let row = rows.into_iter().find(|row| row.kind == "lapsed").unwrap();
        (row.standing().as_str(), row.last_error)
    };
    send_all(&world.pool, &delivery, now()).await.unwrap();
    assert_eq!(standing().await, ("waiting", Some("answered 451".into())));
    send_all(&world.pool, &delivery, now() + SignedDuration::from_secs(7))
        .await
        .unwrap();
    assert_eq!(standing().await, ("failed", Some("answered 550".into())));
    assert_eq!(smtp.taken().len(), 0);
}
