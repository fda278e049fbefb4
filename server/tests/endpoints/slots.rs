//! Slots over the wire: chosen in the form, shown, moved.

use super::world::{Caller, World};
use app::applications::facts::{Detail, MoveFacts};
use app::apply::facts::FormFacts;
use app::error::AppError;
use jiff::ToSpan;
use jiff::civil::Date;
use pass::{Act, PassKind, Refusal, State};
use store::Pool;

/// Whether the server takes somebody's form.
async fn send(world: &World, caller: Caller, function: &str, form: &str) -> Result<(), AppError> {
    let answer: serde_json::Value = world.post(caller, function, form).await?;
    drop(answer);
    Ok(())
}

fn tomorrow() -> Date {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    zone.to_datetime(app::backend::now()).date() + 1.day()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_slot_is_chosen_and_moved(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let mut kind: PassKind =
        app::backend::kind_document::read(include_str!("../../../app/kinds/cqu/resident-many.toml"), 1)
            .unwrap();
    (
        kind.steps,
        kind.quota,
        kind.window.longest_days,
        kind.window.latest_days,
    ) = (pass::Flow::default(), None, 1, 6);
    kind.slots = Some(
        serde_json::from_value(serde_json::json!({
            "minutes": 60, "from": "08:00", "until": "18:00", "movable_until_hours": 2, "places": 1,
        }))
        .unwrap(),
    );
    let key = kind.key.clone();
    let no = store::pass_kind::publish(&world.pool, world.site, &kind, None, app::backend::now())
        .await
        .unwrap();
    let day = tomorrow();
    let form = |slot: &str, id: u128| {
        format!(
            "kind={}&request_id={}&whose%5Bholder%5D={}&first_day={day}&last_day={day}&slot={slot}&reason=x",
            no.0,
            uuid::Uuid::from_u128(id),
            app::sentences::url_part("张三"),
        )
    };
    let refused = |refusal| Err(AppError::Refused(refusal));
    let submit = "apply/submit";
    assert_eq!(
        send(&world, Caller::Resident, submit, &form("", 1)).await,
        refused(Refusal::SlotMissing)
    );
    assert_eq!(
        send(&world, Caller::Resident, submit, &form("08:30-09:30", 1)).await,
        refused(Refusal::NoSuchSlot)
    );
    let id: uuid::Uuid = world
        .post(Caller::Resident, submit, &form("09:00-10:00", 1))
        .await
        .unwrap();
    // Its only place is told to the next one.
    world.settle(Caller::Office, "1-102").await;
    let shown: FormFacts = world
        .get(Caller::Office, &format!("apply/form?kind={key}"))
        .await
        .unwrap();
    let (_, offers) = shown.odd.iter().find(|(odd, _)| *odd == day).unwrap();
    let full: Vec<String> = offers
        .iter()
        .filter(|offer| offer.full)
        .map(|offer| offer.slot.to_string())
        .collect();
    assert_eq!(full, ["09:00-10:00"]);
    let slot = "09:00-10:00".parse().unwrap();
    assert_eq!(
        send(&world, Caller::Office, submit, &form("09:00-10:00", 2)).await,
        refused(Refusal::SlotFull { slot })
    );

    let detail = format!("applications/detail?id={id}");
    let before: Detail = world.get(Caller::Resident, &detail).await.unwrap();
    assert!(before.may_move);
    assert_eq!(before.row.hours, Some(slot));
    let moving = format!("applications/moving?id={id}");
    let facts: MoveFacts = world.get(Caller::Resident, &moving).await.unwrap();
    assert_eq!((facts.moves, facts.booked.day, facts.issued), (0, day, true));
    // Its own place is not in its way, and nobody else sees any of it.
    assert!(facts.odd.iter().all(|(odd, _)| *odd != day));
    assert_eq!(
        world.get::<MoveFacts>(Caller::Guard, &moving).await,
        Err(AppError::NotFound)
    );
    let to = |slot: &str, moves: i16| format!("id={id}&moves={moves}&first_day={day}&slot={slot}");
    let function = "applications/move";
    assert_eq!(
        send(&world, Caller::Guard, function, &to("14:00-15:00", 0)).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        send(&world, Caller::Resident, function, &to("", 0)).await,
        refused(Refusal::SlotMissing)
    );
    assert_eq!(
        send(&world, Caller::Resident, function, &to("14:00-15:00", 0)).await,
        Ok(())
    );
    assert_eq!(
        send(&world, Caller::Resident, function, &to("14:00-15:00", 0)).await,
        Ok(())
    );
    assert_eq!(
        send(&world, Caller::Resident, function, &to("15:00-16:00", 0)).await,
        Err(AppError::Changed)
    );
    let after: Detail = world.get(Caller::Resident, &detail).await.unwrap();
    assert_eq!(after.row.hours, Some("14:00-15:00".parse().unwrap()));
    assert_eq!(after.row.state, State::Completed);
    assert_ne!(after.row.number, before.row.number);
    let last = after.history.last().unwrap();
    assert_eq!(
        (last.act, last.moved.map(|moved| moved.from.slot)),
        (Act::Move, Some(slot))
    );
}
