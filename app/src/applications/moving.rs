//! `/applications/{id}/move`: another day and slot for an application that has one (改约).

use super::api::{self, MoveTo};
use super::facts::MoveFacts;
use crate::apply::days::{Days, NextFree};
use crate::apply::facts::field_of;
use crate::apply::slots::SlotPicker;
use crate::browser::typed;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Notice, PageTitle, SubmitButton, Tone, Wrong};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The page.
#[component]
pub fn MovePage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<Uuid>().ok())));
    let facts = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::load_moving(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let back = move || format!("/applications/{}", id.get().unwrap_or_default());
    view! {
        <PageTitle title=t("改约", "Move to another time")/>
        <Suspense>
            {move || Suspend::new(async move {
                match facts.await {
                    Ok(facts) => view! { <Picking facts/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
        <p class="back"><A href=back>{t("← 返回申请详情", "← Back to the application")}</A></p>
    }
}

#[component]
fn Picking(facts: MoveFacts) -> impl IntoView {
    let MoveFacts {
        id,
        moves,
        kind,
        booked,
        issued,
        until,
        days,
        odd,
        today,
    } = facts;
    let moving = ServerAction::<MoveTo>::new();
    let answer = moving.value();
    let error = Signal::derive(move || {
        let answer = answer.read();
        answer.as_ref().and_then(|answer| answer.as_ref().err().cloned())
    });
    let at = move |name: &'static str| {
        Signal::derive(move || match error.get()? {
            AppError::Refused(refusal) if field_of(&refusal) == Some(name) => {
                Some(sentences::refusal(&refusal))
            }
            error => error.fault_of(name).map(sentences::fault),
        })
    };
    let elsewhere = move || {
        let of_a_field = |error: &AppError| match error {
            AppError::Invalid { .. } => true,
            AppError::Refused(refusal) => matches!(field_of(refusal), Some("first_day" | "slot")),
            _ => false,
        };
        error.get().filter(|error| !of_a_field(error))
    };
    let none_free = pass::booking::first_free(&days).is_none();
    let typed_day = typed::choice("first_day").and_then(|day| day.parse().ok());
    let here = days
        .iter()
        .find(|offer| offer.day == booked.day && offer.offer == pass::Offer::Free);
    let first = here
        .map(|offer| offer.day)
        .or_else(|| pass::booking::first_free(&days));
    let day = RwSignal::new(typed_day.or(first));
    let slot = RwSignal::new(typed::choice("slot").and_then(|slot| slot.parse().ok()));
    let means = if issued {
        t(
            "改约后立即生效，不用重新审核。会生成新的通行码，原来的通行码作废，请出示新的。",
            "It takes effect at once and is not decided anew. You get a new code; the old one becomes void, so show the new one.",
        )
    } else {
        t(
            "改约后立即生效，审核照常继续。",
            "It takes effect at once, and what waits to be decided goes on waiting.",
        )
    };
    view! {
        <article class="card">
            <h2>{say(&kind.title)}</h2>
            <p>{t("现在的时间：", "Now: ")} <strong>{sentences::days_and_hours(booked.day, booked.day, Some(booked.slot))}</strong></p>
            <p class="quiet">{t("可改约至 ", "It can be moved until ")} {sentences::instant(until)}</p>
            <NextFree kind=kind.clone() days=days.clone()/>
            <ActionForm action=moving attr:class="form" attr:novalidate="">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="moves" value=moves/>
                <Days days today chosen=day fault=at("first_day") label=t("改到哪天", "New day")/>
                {kind.slots.map(|slots| view! { <SlotPicker slots odd day chosen=slot fault=at("slot")/> })}
                <Notice tone=Tone::Plain>{means}</Notice>
                {move || elsewhere().map(|error| view! { <Wrong error/> })}
                <SubmitButton label=t("确认改约", "Move it") pending=moving.pending() disabled=none_free/>
            </ActionForm>
        </article>
    }
}
