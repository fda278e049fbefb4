//! Slots of the day: places, and moving from one to another. What happens at once is in `moving`.

use crate::world::*;
use jiff::Timestamp;
use pass::{
    Act, Applicant, Booked, Flow, Hours, KindNo, Moved, PassKind, PassNumber, Refusal, Request, SiteNow,
    Slots, State, Status,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    AccountId, ApplicationId, Pool, SiteId, account,
    application::{self, Applying, Move, MoveOutcome, Submission, Submitted, Withdrawn, move_to},
    credential,
    decision::{self, Decided, Verdict},
    quota, site as sites, slot,
};
use uuid::Uuid;

/// Hourly slots from eight to six; [`now`] is ten o'clock, and moving ends two hours before.
pub fn slotted(key: &str, steps: Flow, places: Option<u32>) -> PassKind {
    let mut kind = kind(key, steps, Some((1, 2)));
    kind.applicant = Applicant::Anybody;
    kind.window.longest_days = 1;
    kind.slots = Some(Slots {
        minutes: 60,
        from: "08:00".parse().unwrap(),
        until: "18:00".parse().unwrap(),
        movable_until_hours: Some(2),
        places,
    });
    kind
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

pub fn booked(offset: i64, slot: &str) -> Booked {
    Booked {
        day: day(offset),
        slot: hours(slot),
    }
}

/// A site, a kind with slots, and the telephones of people who ask for one.
#[derive(Clone)]
pub struct Place {
    pub pool: Pool,
    pub site: SiteId,
    pub kind: PassKind,
    pub no: KindNo,
}

impl Place {
    pub async fn new(pool: Pool, kind: PassKind) -> Place {
        let site = site(&pool, "one").await;
        let no = publish(&pool, site, &kind).await;
        Place { pool, site, kind, no }
    }

    pub async fn person(&self, n: usize) -> AccountId {
        let phone = format!("138{n:08}");
        let account = account::by_phone_or_create(&self.pool, self.site, &phone, now());
        account.await.unwrap().id
    }

    pub async fn ask(&self, applicant: AccountId, at: Booked) -> Submitted {
        let request = Request {
            first_day: at.day,
            last_day: at.day,
            slot: Some(at.slot),
            ..request(0)
        };
        let submission = Submission {
            applicant,
            applying: Applying::Anybody,
            request_id: Uuid::new_v4(),
            kind: self.no,
            request: &request,
        };
        application::submit(&self.pool, self.site, submission, clock(now()), sign)
            .await
            .unwrap()
    }

    pub async fn apply(&self, applicant: AccountId, at: Booked) -> ApplicationId {
        match self.ask(applicant, at).await {
            Submitted::New(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn shift(
        &self,
        id: ApplicationId,
        applicant: AccountId,
        moves: i16,
        to: Booked,
    ) -> MoveOutcome {
        self.shift_at(id, applicant, moves, to, now()).await
    }

    pub async fn shift_at(
        &self,
        id: ApplicationId,
        applicant: AccountId,
        moves: i16,
        to: Booked,
        at: Timestamp,
    ) -> MoveOutcome {
        let wanted = Move { applicant, moves, to };
        move_to(&self.pool, self.site, id, wanted, clock(at), sign)
            .await
            .unwrap()
            .unwrap()
    }

    /// How many places are taken.
    pub async fn taken(&self, at: Booked) -> usize {
        let taken = slot::taken(&self.pool, self.site, &self.kind.key, at.day, at.day)
            .await
            .unwrap();
        let slots = taken.get(&at.day).cloned().unwrap_or_default();
        slots.into_iter().filter(|slot| *slot == at.slot).count()
    }

    pub async fn quota(&self, taker: AccountId) -> Vec<jiff::civil::Date> {
        quota::taken(&self.pool, self.site, taker.0, &self.kind.key)
            .await
            .unwrap()
    }

    pub async fn row(&self, id: ApplicationId) -> application::Application {
        application::get(&self.pool, self.site, id)
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn statuses(&self) -> Vec<(PassNumber, Status)> {
        let content = credential::status(&self.pool, self.site, now()).await.unwrap();
        content.statuses
    }

    /// How many passes of an application would open a gate.
    pub async fn live(&self, id: ApplicationId) -> i64 {
        sqlx::query_scalar("select count(*) from credential where application_id = $1 and revoked_at is null")
            .bind(id.0)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn forty_at_once_take_exactly_the_places_there_are(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    for (key, steps, places) in [("at-once", Flow::default(), 5), ("asked", Flow::office(), 3)] {
        let site_code = if places == 5 { "first" } else { "second" };
        let site = site(&pool, site_code).await;
        let kind = slotted(key, steps, Some(places));
        let no = publish(&pool, site, &kind).await;
        let place = Place {
            pool: pool.clone(),
            site,
            kind,
            no,
        };
        let mut people = Vec::new();
        for n in 0..40 {
            people.push(place.person(n).await);
        }
        let (nine, ten) = (booked(1, "09:00-10:00"), booked(1, "10:00-11:00"));
        let outcomes = together(40, |n| {
            let (place, who) = (place.clone(), people[n]);
            async move { place.ask(who, nine).await }
        })
        .await;
        let new = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Submitted::New(_)))
            .count();
        assert_eq!(new, places as usize);
        let full = Submitted::Refused(Refusal::SlotFull { slot: nine.slot });
        assert_eq!(
            outcomes.iter().filter(|outcome| **outcome == full).count(),
            40 - new
        );
        assert_eq!((place.taken(nine).await, place.taken(ten).await), (new, 0));

        // Taken back, a place is somebody else's.
        let id = outcomes.iter().find_map(|outcome| match outcome {
            Submitted::New(id) => Some(*id),
            _ => None,
        });
        let row = place.row(id.unwrap()).await;
        let withdrawn = application::withdraw(&pool, site, row.id, row.applicant, day(0), now()).await;
        assert_eq!(withdrawn.unwrap(), Some(Withdrawn::Done));
        let late = place.person(99).await;
        assert!(matches!(place.ask(late, nine).await, Submitted::New(_)));
        let later = place.person(98).await;
        assert_eq!(place.ask(later, nine).await, full);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pass_that_is_moved_is_replaced(pool: Pool) {
    let place = Place::new(pool, slotted("visitor", Flow::default(), Some(1))).await;
    let (pool, site) = (&place.pool, place.site);
    let who = place.person(1).await;
    let (from, to) = (booked(1, "09:00-10:00"), booked(2, "14:00-15:00"));
    let id = place.apply(who, from).await;
    let old = credential::by_application(pool, site, id).await.unwrap().unwrap();
    assert_eq!(old.valid_from.to_string(), "2020-02-18T01:00:00Z");
    let version = async || sites::bundle_version(pool, site).await.unwrap().unwrap();
    let before = version().await;

    let new = PassNumber(2);
    assert_eq!(
        place.shift(id, who, 0, to).await,
        MoveOutcome::Done { number: Some(new) }
    );
    assert!(version().await > before, "the gates are told");
    assert_eq!(place.statuses().await, [(old.number, Status::Revoked)]);
    let issued = credential::by_application(pool, site, id).await.unwrap().unwrap();
    assert_eq!((issued.number, issued.revoked_at), (new, None));
    assert_eq!(issued.valid_from.to_string(), "2020-02-19T06:00:00Z");
    assert_eq!(issued.valid_until.to_string(), "2020-02-19T07:00:00Z");
    let revoked = credential::get(pool, site, old.number).await.unwrap().unwrap();
    assert_eq!(revoked.revoked_at, Some(now()));
    let row = place.row(id).await;
    assert_eq!(
        (row.state, row.booked(), row.moves, row.pass_number),
        (State::Completed, Some(to), 1, Some(new))
    );
    assert_eq!(place.quota(who).await, [day(2)]);
    assert_eq!((place.taken(from).await, place.taken(to).await), (0, 1));
    let history = decision::history(pool, site, id).await.unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        (last.act, last.by, last.moved),
        (Act::Move, Some(who), Some(Moved { from, to }))
    );

    // The same again changes nothing; what was shown before the move is told apart from it.
    assert_eq!(place.shift(id, who, 0, to).await, MoveOutcome::Again);
    assert_eq!(place.shift(id, who, 1, to).await, MoveOutcome::Again);
    assert_eq!(place.shift(id, who, 0, from).await, MoveOutcome::Changed);
    assert_eq!(
        decision::history(pool, site, id).await.unwrap().len(),
        history.len()
    );
    assert_eq!(place.live(id).await, 1);
    // And back: its own place stands in nobody's way.
    assert_eq!(
        place.shift(id, who, 1, from).await,
        MoveOutcome::Done {
            number: Some(PassNumber(3))
        }
    );
    assert_eq!(place.quota(who).await, [day(1)]);

    // Somebody else's it is not.
    let wanted = Move {
        applicant: place.person(2).await,
        moves: 2,
        to,
    };
    assert_eq!(
        move_to(pool, site, id, wanted, clock(now()), sign).await.unwrap(),
        None
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_waits_is_moved_and_then_agreed_to_where_it_stands(pool: Pool) {
    let place = Place::new(pool, slotted("visitor", Flow::office(), None)).await;
    let (pool, site) = (&place.pool, place.site);
    let office = officer(pool, site, "office").await;
    let who = place.person(1).await;
    let id = place.apply(who, booked(1, "09:00-10:00")).await;
    let to = booked(1, "11:00-12:00");
    assert_eq!(
        place.shift(id, who, 0, to).await,
        MoveOutcome::Done { number: None }
    );
    assert_eq!(place.row(id).await.state, State::InReview);
    assert_eq!(
        decide(pool, site, id, office, &Verdict::Agree).await,
        done(Some(1))
    );
    let issued = credential::by_application(pool, site, id).await.unwrap().unwrap();
    assert_eq!(issued.valid_from.to_string(), "2020-02-18T03:00:00Z");
    // The office's revoking of the pass alone is no reason to make another.
    credential::revoke(pool, site, issued.number, office, now())
        .await
        .unwrap();
    let refused = Refusal::NotNow {
        state: State::Completed,
        act: Act::Move,
    };
    assert_eq!(
        place.shift(id, who, 1, booked(2, "09:00-10:00")).await,
        MoveOutcome::Refused(refused)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn moving_ends_before_the_slot_begins_and_with_the_first_use(pool: Pool) {
    let place = Place::new(pool, slotted("visitor", Flow::default(), None)).await;
    let who = place.person(1).await;
    let id = place.apply(who, booked(0, "13:00-14:00")).await;
    let to = booked(1, "09:00-10:00");
    let late = Refusal::MoveTooLate {
        hours: 2,
        until: day(0).at(11, 0, 0, 0),
    };
    assert_eq!(
        place.shift_at(id, who, 0, to, after(3601)).await,
        MoveOutcome::Refused(late)
    );
    sqlx::query("update credential set redemptions = 1, redeemed_at = issued_at where application_id = $1")
        .bind(id.0)
        .execute(&place.pool)
        .await
        .unwrap();
    assert_eq!(
        place.shift(id, who, 0, to).await,
        MoveOutcome::Refused(Refusal::Used)
    );
    assert_eq!((place.quota(who).await, place.live(id).await), (vec![day(0)], 1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_agrees_to_a_slot_that_is_over(pool: Pool) {
    let place = Place::new(pool, slotted("visitor", Flow::office(), None)).await;
    let (pool, site) = (&place.pool, place.site);
    let office = officer(pool, site, "office").await;
    let who = place.person(1).await;
    let id = place.apply(who, booked(0, "10:00-11:00")).await;
    let ways = store::task::ways(pool, site, office, now()).await.unwrap();
    let late = decision::Decision {
        at: after(3600),
        ..said(office, &ways, None)
    };
    let decided = decision::decide(pool, site, id, &Verdict::Agree, late, sign)
        .await
        .unwrap();
    let over = Refusal::HoursOver {
        hours: hours("10:00-11:00"),
    };
    assert_eq!(decided, Some(Decided::Refused(over)));
    assert_eq!(place.row(id).await.state, State::InReview);
    assert_eq!(place.live(id).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_slot_that_is_sent_again_is_the_same_application(pool: Pool) {
    let place = Place::new(pool, slotted("visitor", Flow::default(), None)).await;
    let who = place.person(1).await;
    let form = Uuid::new_v4();
    let ask = async |slot: &str| {
        let request = Request {
            slot: Some(hours(slot)),
            ..request(1)
        };
        let submission = Submission {
            applicant: who,
            applying: Applying::Anybody,
            request_id: form,
            kind: place.no,
            request: &request,
        };
        let at: SiteNow<'_> = clock(now());
        application::submit(&place.pool, place.site, submission, at, sign)
            .await
            .unwrap()
    };
    let Submitted::New(id) = ask("09:00-10:00").await else {
        panic!("it can be had")
    };
    assert_eq!(ask("09:00-10:00").await, Submitted::Again(id));
    assert_eq!(ask("10:00-11:00").await, Submitted::Differs(id));
}
