//! One person with an account of the site and a telephone.

use crate::world::World;
use app::account::Mine;
use app::backend::{now, secret, viewer};
use app::error::{AppError, Fault};
use jiff::SignedDuration;
use pass::Role;
use pass::joining::CannotJoin;
use reqwest::header::SET_COOKIE;
use serde::de::DeserializeOwned;
use store::account::Grant;
use store::session::{Lifetime, Proof};
use store::{AccountId, Pool};

const PHONE: &str = "13800138000";

impl World {
    /// The cookie of a new session.
    async fn session(&self, account: AccountId, proof: Proof<'_>) -> String {
        let token = secret::token();
        let hour = SignedDuration::from_hours(1);
        let lifetime = Lifetime {
            idle: hour,
            most: hour,
        };
        let hash = viewer::hash_of(&token);
        store::session::begin_by(&self.pool, self.site, account, proof, &hash, lifetime, now())
            .await
            .unwrap();
        format!("session={token}")
    }

    /// Calls a server function. What it answers, and the cookie that it sets.
    async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        form: &str,
        cookie: &str,
    ) -> (Result<T, AppError>, Option<String>) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/{function}", self.url);
        let request = if function == "account/mine" {
            client.get(url)
        } else {
            client
                .post(url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.to_owned())
        };
        let sent = request
            .header("cookie", cookie)
            .header("accept", "application/json");
        let answer = sent.send().await.unwrap();
        let set = answer
            .headers()
            .get(SET_COOKIE)
            .map(|set| set.to_str().unwrap().to_owned());
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        let result = if status.is_success() {
            Ok(serde_json::from_str(&body).unwrap())
        } else {
            Err(serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status}: {body}")))
        };
        (result, set)
    }

    /// The code in the newest message to this number. The limit of one a minute begins anew.
    async fn code(&self, phone: &str) -> String {
        sqlx::query("delete from rate_window")
            .execute(&self.pool)
            .await
            .unwrap();
        let newest = "select body from message where recipient = $1 order by created_at desc limit 1";
        let body: String = sqlx::query_scalar(newest)
            .bind(phone)
            .fetch_one(&self.pool)
            .await
            .unwrap();
        let digits = body
            .split(|c: char| !c.is_ascii_digit())
            .find(|part| part.len() == 6);
        digits.unwrap().to_owned()
    }

    async fn bind(&self, phone: &str, cookie: &str) -> Result<bool, AppError> {
        self.call::<()>("account/send-bind-code", &format!("phone={phone}"), cookie)
            .await
            .0?;
        let code = self.code(phone).await;
        self.call(
            "account/bind-phone",
            &format!("phone={phone}&code={code}"),
            cookie,
        )
        .await
        .0
    }

    /// Signs in by text message; the session's cookie.
    async fn by_phone(&self, phone: &str) -> Result<String, AppError> {
        self.call::<()>("sign-in/send-code", &format!("phone={phone}"), "")
            .await
            .0?;
        let code = self.code(phone).await;
        let (answer, set) = self
            .call::<()>("sign-in/with-code", &format!("phone={phone}&code={code}"), "")
            .await;
        answer.map(|()| set.unwrap().split(';').next().unwrap().to_owned())
    }

    async fn mine(&self, cookie: &str) -> Mine {
        self.call("account/mine", "", cookie).await.0.unwrap()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_telephone_that_is_bound_signs_in_as_the_same_person(pool: Pool) {
    let mut world = World::new(pool).await;
    world.serve("");
    let account = world.person("07000009", "钱文").await;
    // They came as a resident before.
    let before = world.by_phone(PHONE).await.unwrap();
    assert!(!world.mine(&before).await.binds);
    let cookie = world.session(account, Proof::Oidc(None)).await;
    let mine = world.mine(&cookie).await;
    assert_eq!(
        (mine.number.as_deref(), mine.phone_ends_in, mine.binds),
        (Some("07000009"), None, true)
    );

    let wrong = world
        .call::<bool>(
            "account/bind-phone",
            &format!("phone={PHONE}&code=000000"),
            &cookie,
        )
        .await
        .0;
    assert_eq!(
        wrong,
        Err(AppError::invalid("code", Fault::Expired)),
        "none was sent for this"
    );
    assert_eq!(world.bind(PHONE, &cookie).await, Ok(true));
    assert_eq!(world.mine(&cookie).await.phone_ends_in.as_deref(), Some("8000"));
    let gone = world.call::<Mine>("account/mine", "", &before).await.0;
    assert_eq!(
        gone,
        Err(AppError::SignInNeeded),
        "the account that was taken in is no more"
    );

    let by_phone = world.by_phone(PHONE).await.unwrap();
    let mine = world.mine(&by_phone).await;
    assert_eq!((mine.number.as_deref(), mine.binds), (Some("07000009"), false));
    // Whoever finds the telephone does not choose where the next code goes.
    assert_eq!(
        world.bind("13800138001", &by_phone).await,
        Err(AppError::OtherWayNeeded)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_has_a_role_is_not_let_in_by_a_text_message(pool: Pool) {
    let mut world = World::new(pool).await;
    world.serve("");
    let account = world.person("07000009", "钱文").await;
    let cookie = world.session(account, Proof::Oidc(None)).await;
    assert_eq!(world.bind(PHONE, &cookie).await, Ok(false));
    let before = world.by_phone(PHONE).await.unwrap();
    let guard = Grant::whole(Role::Guard);
    store::account::grant(&world.pool, world.site, account, guard, now())
        .await
        .unwrap();
    assert_eq!(world.by_phone(PHONE).await, Err(AppError::OtherWayNeeded));
    let gone = world.call::<Mine>("account/mine", "", &before).await.0;
    assert_eq!(gone, Err(AppError::SignInNeeded));
    assert!(world.mine(&cookie).await.binds);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_cannot_be_joined_is_told_and_stays(pool: Pool) {
    let mut world = World::new(pool).await;
    world.serve("");
    let (one, other) = (
        world.person("07000008", "孙宁").await,
        world.person("07000009", "钱文").await,
    );
    let one = world.session(one, Proof::Oidc(None)).await;
    let other = world.session(other, Proof::Oidc(None)).await;
    assert_eq!(world.bind(PHONE, &one).await, Ok(false));
    let refused = world.bind(PHONE, &other).await;
    assert_eq!(refused, Err(AppError::CannotJoin(CannotJoin::AnotherOfTheSite)));
    assert_eq!(world.mine(&one).await.phone_ends_in.as_deref(), Some("8000"));
    assert_eq!(world.mine(&other).await.phone_ends_in, None);
}
