//! Moving to another slot at the same time as somebody else does something.

use crate::slots::{Place, booked, slotted};
use crate::world::*;
use pass::{Flow, Refusal, State};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    application::{self, MoveOutcome, Withdrawn},
    decision::{self, Decided},
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_move_into_few_places(_: PgPoolOptions, options: PgConnectOptions) {
    let place = Place::new(wide(options).await, slotted("visitor", Flow::default(), Some(3))).await;
    let mut all = Vec::new();
    for n in 0..12 {
        let who = place.person(n).await;
        let from = booked(1, &format!("{:02}:00-{:02}:00", 8 + n % 4, 9 + n % 4));
        all.push((place.apply(who, from).await, who));
    }
    let to = booked(2, "08:00-09:00");
    let outcomes = together(12, |n| {
        let (place, (id, who)) = (place.clone(), all[n]);
        async move { place.shift(id, who, 0, to).await }
    })
    .await;
    let moved = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, MoveOutcome::Done { number: Some(_) }))
        .count();
    assert_eq!(moved, 3);
    let full = MoveOutcome::Refused(Refusal::SlotFull { slot: to.slot });
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == full).count(), 9);
    let mut there = place.taken(to).await;
    for hour in 8..12 {
        there += place
            .taken(booked(1, &format!("{hour:02}:00-{:02}:00", hour + 1)))
            .await;
    }
    assert_eq!(
        (place.taken(to).await, there),
        (3, 12),
        "nobody has two, nobody none"
    );
    assert_eq!(place.statuses().await.len(), 3, "the old passes are revoked");
}

/// What two at once came to.
#[derive(Debug)]
enum Came {
    Moved(MoveOutcome),
    Withdrawn(Withdrawn),
    Ended(Decided),
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_moves_at_once_are_one(_: PgPoolOptions, options: PgConnectOptions) {
    let place = Place::new(wide(options).await, slotted("visitor", Flow::default(), Some(2))).await;
    let slots = [booked(3, "08:00-09:00"), booked(5, "08:00-09:00")];
    for n in 0..10 {
        let who = place.person(n).await;
        let from = booked(1, "09:00-10:00");
        let id = place.apply(who, from).await;
        // The same twice, and another one beside them.
        let outcomes = together(3, |n| {
            let (place, to) = (place.clone(), slots[n / 2]);
            async move { (to, place.shift(id, who, 0, to).await) }
        })
        .await;
        let row = place.row(id).await;
        for (to, outcome) in &outcomes {
            match outcome {
                MoveOutcome::Done { .. } | MoveOutcome::Again => assert_eq!(row.booked(), Some(*to)),
                MoveOutcome::Changed => assert_ne!(row.booked(), Some(*to)),
                MoveOutcome::Refused(refusal) => panic!("{refusal:?}"),
            }
        }
        let done = |outcome: &MoveOutcome| matches!(outcome, MoveOutcome::Done { .. });
        assert_eq!(outcomes.iter().filter(|(_, outcome)| done(outcome)).count(), 1);
        assert_eq!((row.moves, place.live(id).await), (1, 1));
        assert_eq!(place.quota(who).await, [row.first_day]);
        assert_eq!(place.taken(from).await, 0);
        application::withdraw(&place.pool, place.site, id, who, day(0), now())
            .await
            .unwrap();
        assert_eq!((place.taken(slots[0]).await, place.taken(slots[1]).await), (0, 0));
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn moving_against_withdrawing_and_ending(_: PgPoolOptions, options: PgConnectOptions) {
    let place = Place::new(wide(options).await, slotted("visitor", Flow::default(), Some(1))).await;
    let office = officer(&place.pool, place.site, "office").await;
    let (from, to) = (booked(1, "09:00-10:00"), booked(2, "09:00-10:00"));
    for n in 0..20 {
        let who = place.person(n).await;
        let id = place.apply(who, from).await;
        let ends = n % 2 == 0;
        let outcomes = together(2, |which| {
            let place = place.clone();
            async move {
                match (which, ends) {
                    (0, _) => Came::Moved(place.shift(id, who, 0, to).await),
                    (_, false) => {
                        let done = application::withdraw(&place.pool, place.site, id, who, day(0), now());
                        Came::Withdrawn(done.await.unwrap().unwrap())
                    }
                    (_, true) => {
                        let by = said(office, &[], None);
                        let done = decision::terminate(&place.pool, place.site, id, by);
                        Came::Ended(done.await.unwrap().unwrap())
                    }
                }
            }
        })
        .await;
        let row = place.row(id).await;
        let over = if ends { State::Terminated } else { State::Withdrawn };
        assert_eq!(row.state, over, "{outcomes:?}");
        for outcome in &outcomes {
            match outcome {
                Came::Withdrawn(done) => assert_eq!(*done, Withdrawn::Done),
                Came::Ended(done) => assert!(matches!(done, Decided::Done { .. }), "{done:?}"),
                Came::Moved(MoveOutcome::Done { .. }) => assert_eq!(row.moves, 1),
                Came::Moved(MoveOutcome::Refused(refusal)) => {
                    assert!(matches!(refusal, Refusal::NotNow { .. }), "{refusal:?}");
                    assert_eq!(row.moves, 0);
                }
                Came::Moved(other) => panic!("{other:?}"),
            }
        }
        // Whichever was first: no pass is good, no day and no place taken.
        assert_eq!(place.live(id).await, 0);
        assert_eq!(place.quota(who).await, []);
        assert_eq!((place.taken(from).await, place.taken(to).await), (0, 0));
    }
}
