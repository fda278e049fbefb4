//! The slots of the chosen day: each that may be chosen is a radio button, like the days.

use crate::language::t;
use crate::sentences;
use jiff::civil::Date;
use leptos::prelude::*;
use pass::{Hours, SlotOffer, Slots};

/// The days of which not every slot is free, with those that can still be asked for.
pub type OddDays = Vec<(Date, Vec<SlotOffer>)>;

/// The slots of a day; without one, of any.
fn offers(slots: Slots, odd: &OddDays, day: Option<Date>) -> Vec<SlotOffer> {
    let told = odd.iter().find(|(odd, _)| Some(*odd) == day);
    told.map_or_else(|| whole(slots), |(_, offers)| offers.clone())
}

/// A day of which every slot is free.
pub fn whole(slots: Slots) -> Vec<SlotOffer> {
    slots.all().map(|slot| SlotOffer { slot, full: false }).collect()
}

/// The slots. Before the page lives, those of any day: the day may be chosen without it.
#[component]
pub fn SlotPicker(
    /// The kind's slots.
    slots: Slots,
    /// The days of which not every one is free.
    odd: OddDays,
    /// The chosen day.
    day: RwSignal<Option<Date>>,
    /// The chosen slot.
    chosen: RwSignal<Option<Hours>>,
    /// What is wrong with the choice.
    #[prop(into)]
    fault: Signal<Option<String>>,
) -> impl IntoView {
    let live = RwSignal::new(false);
    Effect::new(move || live.set(true));
    let offers = Memo::new(move |_| offers(slots, &odd, day.get().filter(|_| live.get())));
    // On another day the slot may be taken.
    Effect::new(move || {
        let free = |slot: &Hours| {
            offers.with(|offers| offers.iter().any(|offer| offer.slot == *slot && !offer.full))
        };
        if live.get() && chosen.get_untracked().is_some_and(|slot| !free(&slot)) {
            chosen.set(None);
        }
    });
    view! {
        <fieldset class="field days slots" data-faulty=move || fault.with(Option::is_some).then_some("true") aria-describedby="slot-fault">
            <legend>{t("时段", "Time")}<span class="field-required" aria-hidden="true">"*"</span></legend>
            <div class="slot-grid">
                {move || offers.get().into_iter().map(|offer| view! { <Slot offer chosen/> }).collect_view()}
            </div>
            <p class="field-fault" id="slot-fault" role="alert">{fault}</p>
        </fieldset>
    }
}

#[component]
fn Slot(offer: SlotOffer, chosen: RwSignal<Option<Hours>>) -> impl IntoView {
    let SlotOffer { slot, full } = offer;
    let mark = full.then_some(t("已满", "Full"));
    let hours = sentences::hours(slot);
    let spoken = match mark {
        Some(mark) => format!("{hours}{}{mark}", t("，", ", ")),
        None => hours.clone(),
    };
    let chosen_at_first = chosen.get_untracked() == Some(slot);
    view! {
        <label class="day" data-offer=if full { "full" } else { "free" }>
            <input type="radio" name="slot" value=slot.to_string() required disabled=full checked=chosen_at_first
                prop:checked=move || chosen.get() == Some(slot) aria-label=spoken on:change=move |_| chosen.set(Some(slot))/>
            <span class="day-number" aria-hidden="true">{hours}</span>
            {mark.map(|mark| view! { <span class="day-mark" aria-hidden="true">{mark}</span> })}
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_nobody_told_of_is_free() {
        let slots: Slots = serde_json::from_value(serde_json::json!({
            "minutes": 60, "from": "08:00", "until": "10:00",
        }))
        .unwrap();
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let last = SlotOffer {
            slot: "09:00-10:00".parse().unwrap(),
            full: true,
        };
        let odd = vec![("2020-02-17".parse().unwrap(), vec![last])];
        assert_eq!(offers(slots, &odd, day("2020-02-17")), [last]);
        assert_eq!(offers(slots, &odd, day("2020-02-18")), whole(slots));
        assert_eq!(offers(slots, &odd, None).len(), 2);
    }
}
