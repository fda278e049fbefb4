//! A small site for tests to begin with.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use pass::{
    Applicant, Claims, Credential, Document, Flow, GateCheck, KindNo, Medium, PassKind, Quota, ReasonRule,
    Request, Rotation, SiteCode, Text, Uses, Window, ZoneSet,
    household::{Address, HouseholdRow},
    kind::{Hosting, Subject},
    task::Way,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    AccountId, ApplicationId, HouseholdId, Pool, SiteId,
    account::{self, Grant, NewAccount},
    application::{self, Applying, Submission, Submitted},
    claim,
    credential::{SignError, Signed, ToSign},
    decision::{self, Decided, Decision, Verdict},
    household, pass_kind,
    site::{self, NewSite},
    task,
};
use uuid::Uuid;

/// Who lives where: what an application needs.
pub type Resident = (AccountId, HouseholdId);

/// Monday 17 February 2020, ten o'clock in Shanghai.
pub fn now() -> Timestamp {
    "2020-02-17T10:00:00+08:00".parse().unwrap()
}

/// Some seconds later.
pub fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// Days from the day of [`now`].
pub fn day(offset: i64) -> Date {
    jiff::civil::date(2020, 2, 17) + offset.days()
}

pub async fn site(pool: &Pool, code: &str) -> SiteId {
    let host = format!("{code}.localhost");
    let new = NewSite {
        code: &code.parse::<SiteCode>().unwrap(),
        name: &Text::new("示范大学", "Example University"),
        time_zone: "Asia/Shanghai",
        hosts: &[&host],
        demo: true,
    };
    site::create(pool, new, now()).await.unwrap()
}

pub async fn officer(pool: &Pool, site: SiteId, login: &str) -> AccountId {
    let new = NewAccount {
        display_name: login,
        login: Some(login),
        ..NewAccount::default()
    };
    let id = account::create(pool, site, new, now()).await.unwrap();
    let office = Grant::whole(pass::Role::Office);
    account::grant(pool, site, id, office, now()).await.unwrap();
    id
}

pub fn row(door: &str, householder: &str) -> HouseholdRow {
    HouseholdRow {
        address: Address::new("新华村", "3栋", door),
        householder: householder.into(),
    }
}

/// The household behind a door.
pub async fn behind(pool: &Pool, site: SiteId, door: &str) -> HouseholdId {
    let address = Address::new("新华村", "3栋", door);
    household::by_address(pool, site, &address)
        .await
        .unwrap()
        .unwrap()
        .id
}

/// Somebody with a telephone and a confirmed household behind `door`. The householder is 张三.
pub async fn resident(pool: &Pool, site: SiteId, phone: &str, door: &str) -> Resident {
    household::import(pool, site, &[row(door, "张三")], now())
        .await
        .unwrap();
    let household = behind(pool, site, door).await;
    let account = account::by_phone_or_create(pool, site, phone, now())
        .await
        .unwrap()
        .id;
    let claim = claim::make(pool, site, account, household, "张三", now())
        .await
        .unwrap();
    let by = officer(pool, site, &format!("confirms-{door}")).await;
    claim::confirm(pool, site, claim, by, None, now())
        .await
        .unwrap()
        .unwrap();
    (account, household)
}

/// A kind with this quota (passes, days).
pub fn kind(key: &str, steps: Flow, quota: Option<(u32, u32)>) -> PassKind {
    PassKind {
        key: key.parse().unwrap(),
        version: 1,
        title: Text::new("居民单次通行", "Resident, one entry"),
        summary: Text::new("每户每2天1个", "One per household every two days"),
        applicant: Applicant::Household,
        subject: Subject::Oneself,
        host: Hosting::None,
        quota: quota.map(|(passes, days)| Quota { passes, days }),
        uses: Uses::Once,
        window: Window {
            earliest_days: 0,
            latest_days: 30,
            longest_days: 2,
            weekdays: None,
        },
        reason: ReasonRule {
            required: false,
            max_chars: 150,
        },
        fields: vec![],
        steps,
        zones: ZoneSet::of(&[0]),
        document: Document::AnyListed,
        medium: vec![Medium::Phone],
        rotation: Rotation::Static,
        gate: GateCheck::default(),
        renewable: false,
    }
}

pub async fn publish(pool: &Pool, site: SiteId, kind: &PassKind) -> KindNo {
    pass_kind::publish(pool, site, kind, None, now()).await.unwrap()
}

/// The two kinds most tests need: one that is agreed to by itself and one that the office decides.
pub async fn kinds(pool: &Pool, site: SiteId) -> (KindNo, KindNo) {
    let automatic = publish(pool, site, &kind("automatic", Flow::default(), Some((1, 2)))).await;
    let office = publish(pool, site, &kind("office", Flow::office(), Some((1, 2)))).await;
    (automatic, office)
}

pub fn request(offset: i64) -> Request {
    Request {
        first_day: day(offset),
        last_day: day(offset),
        reason: "买药".into(),
        holder: "张三".into(),
        phone: None,
        host: None,
        given: pass::Values::new(),
    }
}

/// Signs nothing: the store does not look into credentials.
pub fn sign(to_sign: &ToSign<'_>) -> Result<Signed, SignError> {
    let granted = to_sign.granted;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let start = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0));
    let claims = Claims {
        site: "one".parse()?,
        number: to_sign.number,
        kind: granted.kind_no,
        medium: Medium::Phone,
        zones: granted.kind.zones,
        valid_from: start(granted.first_day)?,
        valid_until: start(granted.last_day.tomorrow()?)?,
        uses: granted.kind.uses,
        name: pass::mask(granted.holder),
        document: granted.kind.document,
        holder: None,
    };
    let bytes = to_sign.number.0.to_be_bytes().to_vec();
    Ok(Signed {
        claims,
        credential: Credential::from_bytes(bytes),
    })
}

/// Hands in a form.
pub async fn submit(
    pool: &Pool,
    site: SiteId,
    (applicant, household): Resident,
    kind: KindNo,
    request_id: Uuid,
    request: &Request,
) -> Submitted {
    let submission = Submission {
        applicant,
        applying: Applying::Household(household),
        request_id,
        kind,
        request,
    };
    application::submit(pool, site, submission, day(0), now(), sign)
        .await
        .unwrap()
}

/// What somebody decides, ten seconds after [`now`], in the inboxes they have then. `today` is the offset of the day of that.
pub async fn decide_on(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    by: AccountId,
    verdict: &Verdict,
    today: i64,
) -> Option<Decided> {
    let ways = task::ways(pool, site, by, after(10)).await.unwrap();
    let decision = said(by, &ways, None);
    let decision = Decision {
        today: day(today),
        ..decision
    };
    decision::decide(pool, site, id, verdict, decision, sign)
        .await
        .unwrap()
}

/// [`decide_on`] the first day.
pub async fn decide(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    by: AccountId,
    verdict: &Verdict,
) -> Option<Decided> {
    decide_on(pool, site, id, by, verdict, 0).await
}

/// Somebody's decision ten seconds after [`now`].
pub fn said<'a>(by: AccountId, ways: &'a [Way<AccountId>], opinion: Option<&'a str>) -> Decision<'a> {
    Decision {
        by,
        ways,
        opinion,
        at: after(10),
        today: day(0),
    }
}

/// It was decided, and this is the pass that came of it, if it ended so.
pub fn done(number: Option<u32>) -> Option<Decided> {
    Some(Decided::Done {
        number: number.map(pass::PassNumber),
        goes_on: false,
    })
}

/// Hands in a new form for a day, which is accepted.
pub async fn apply(
    pool: &Pool,
    site: SiteId,
    resident: Resident,
    kind: KindNo,
    offset: i64,
) -> ApplicationId {
    match submit(pool, site, resident, kind, Uuid::new_v4(), &request(offset)).await {
        Submitted::New(id) => id,
        other => panic!("{other:?}"),
    }
}

/// Runs `count` of the same thing at the same time and collects what came of each, in no order.
pub async fn together<T, F>(count: usize, make: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..count {
        tasks.spawn(make(n));
    }
    tasks.join_all().await
}

/// A pool of more connections than `#[sqlx::test]`'s own five, for races.
pub async fn wide(options: PgConnectOptions) -> Pool {
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(std::time::Duration::from_secs(60));
    pool.connect_with(options).await.unwrap()
}
