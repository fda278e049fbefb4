//! `/apply/{kind}`: the form of the notice.

use super::api::{self, Submit};
use super::counter::Count;
use super::days::{Days, NextFree};
use super::draft::{Content, Draft};
use super::facts::{ApplyingAs, FormFacts, Whose, field_of};
use super::fields::{self, Given, OwnFields};
use super::keep::{FromOlder, Keeper, SaveDraft, keep_draft};
use super::slots::SlotPicker;
use super::strip;
use super::who::{Holder, WhoApplies};
use crate::browser::typed;
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Field, Notice, PageTitle, SubmitButton, Tone, Wrong};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};
use pass::kind::{KindKey, PassKind, Subject};
use pass::site::Text;
use pass::{DayOffer, Hours, Offer, Refusal};

/// The form of the kind in the address.
#[component]
pub fn FormPage() -> impl IntoView {
    let params = use_params_map();
    let kind = Memo::new(move |_| params.with(|params| params.get("kind")).unwrap_or_default());
    let query = use_query_map();
    let draft = Memo::new(move |_| query.with(|query| query.get_str("draft").and_then(|id| id.parse().ok())));
    let facts = Resource::new_blocking(
        move || (kind.get(), draft.get()),
        |(kind, draft)| api::load_form(kind, draft),
    );
    view! {
        <PageTitle title=t("填写申请", "Application")/>
        <Suspense>
            {move || Suspend::new(async move {
                match facts.await {
                    Ok(facts) => view! { <Form facts/> }.into_any(),
                    Err(AppError::Refused(Refusal::HouseholdNotConfirmed)) => view! { <NotYet/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// `/applications/{id}/correct`: the form again, with what was handed in, for an application that came back.
#[component]
pub fn CorrectionPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get_str("id").and_then(|id| id.parse::<uuid::Uuid>().ok()))
    });
    let facts = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::load_correction(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <PageTitle title=t("修改申请", "Correct the application")/>
        <Suspense>
            {move || Suspend::new(async move {
                match facts.await {
                    Ok(facts) => view! { <Form facts/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// In place of the form, as long as no household is bound.
#[component]
fn NotYet() -> impl IntoView {
    view! {
        <Notice tone=Tone::Care>
            <p>{sentences::refusal(&Refusal::HouseholdNotConfirmed)}</p>
            <p><A href="/apply">{t("查看住户确认进度", "See where it stands")}</A></p>
        </Notice>
    }
}

/// What is typed and chosen.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) holder: RwSignal<String>,
    pub(super) guest: RwSignal<String>,
    pub(super) host_number: RwSignal<String>,
    pub(super) host_name: RwSignal<String>,
    first_day: RwSignal<Option<Date>>,
    last_day: RwSignal<Option<Date>>,
    slot: RwSignal<Option<Hours>>,
    reason: RwSignal<String>,
    given: RwSignal<Given>,
    request_id: RwSignal<uuid::Uuid>,
}

impl Fields {
    /// As the form begins: what is known or was handed in is filled in, the first free day chosen, and last time's reason where the
    /// applicant wants the same again.
    fn new(facts: &FormFacts, repeat: bool) -> Fields {
        let before = facts.before();
        let before = before.as_ref();
        let asked = before.and_then(Content::days).filter(|(first, _)| {
            facts
                .days
                .iter()
                .any(|offer| offer.day == *first && offer.offer == Offer::Free)
        });
        let first = asked
            .map(|(first, _)| first)
            .or_else(|| pass::booking::first_free(&facts.days));
        let slot = before.filter(|_| asked.is_some()).and_then(Content::slot);
        let last = asked.map(|(_, last)| last).or(first);
        let text = |id: &str, known: String| RwSignal::new(typed::text(id).unwrap_or(known));
        let whose = before.map(|before| before.whose.clone()).unwrap_or_default();
        let last_reason = facts.last_reason.clone().filter(|_| repeat);
        let day = |typed: Option<String>| typed.and_then(|day| day.parse().ok());
        Fields {
            holder: text("holder", known_holder(facts)),
            guest: text("phone", whose.phone),
            host_number: text("host_number", whose.host_number),
            host_name: text("host_name", whose.host_name),
            first_day: RwSignal::new(day(typed::choice("first_day")).or(first)),
            last_day: RwSignal::new(day(typed::text("last_day")).or(last)),
            slot: RwSignal::new(typed::choice("slot").and_then(|slot| slot.parse().ok()).or(slot)),
            reason: RwSignal::new(
                typed::text("reason")
                    .filter(|reason| !reason.is_empty())
                    .or_else(|| before.map(|before| before.reason.clone()))
                    .or(last_reason)
                    .unwrap_or_default(),
            ),
            given: RwSignal::new(fields::begin(
                &facts.kind.fields,
                before.map(|before| before.given.clone()).unwrap_or_default(),
            )),
            request_id: RwSignal::new(facts.request_id),
        }
    }

    /// Takes up what was typed before a reload, where nothing has been typed since: `home` and the first free day are what the
    /// form begins with.
    pub(super) fn take_up(self, draft: Draft, home: &str, days: &[DayOffer], repeat: bool) {
        let free = |day: &Date| {
            days.iter()
                .any(|offer| offer.day == *day && offer.offer == Offer::Free)
        };
        self.request_id.set(draft.request_id);
        let Content {
            whose,
            reason,
            given: typed,
            ..
        } = &draft.content;
        if !whose.holder.is_empty() && self.holder.with_untracked(|name| name == home) {
            self.holder.set(whose.holder.clone());
        }
        for (field, text) in [
            (self.guest, &whose.phone),
            (self.host_number, &whose.host_number),
            (self.host_name, &whose.host_name),
        ] {
            if !text.is_empty() && field.with_untracked(String::is_empty) {
                field.set(text.clone());
            }
        }
        if !reason.is_empty() && !repeat && self.reason.with_untracked(String::is_empty) {
            self.reason.set(reason.clone());
        }
        self.given.update(|given| {
            for (key, text) in typed {
                given.entry(key.clone()).or_insert_with(|| text.clone());
            }
        });
        let untouched = self.first_day.get_untracked() == pass::booking::first_free(days);
        if let Some((first, last)) = draft.content.days().filter(|(first, _)| free(first) && untouched) {
            self.first_day.set(Some(first));
            self.last_day.set(Some(last));
            self.slot.set(draft.content.slot());
        }
    }

    /// Takes up a newer copy of the draft that the form began with: all of it, but for a day that is gone.
    pub(super) fn put(self, draft: Draft, days: &[DayOffer]) {
        let (chosen, slot) = (draft.content.days(), draft.content.slot());
        let Content {
            whose, reason, given, ..
        } = draft.content;
        self.holder.set(whose.holder);
        self.guest.set(whose.phone);
        self.host_number.set(whose.host_number);
        self.host_name.set(whose.host_name);
        self.reason.set(reason);
        self.given.set(given);
        let free = |first: Date| {
            days.iter()
                .any(|offer| offer.day == first && offer.offer == Offer::Free)
        };
        if let Some((first, last)) = chosen.filter(|(first, _)| free(*first)) {
            self.first_day.set(Some(first));
            self.last_day.set(Some(last));
            self.slot.set(slot);
        }
    }

    /// Under which name the form sends; tracked.
    pub(super) fn request_id(self) -> uuid::Uuid {
        self.request_id.get()
    }

    /// What is typed and chosen; tracked.
    pub(super) fn content(self) -> Content {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Content {
            whose: Whose {
                holder: self.holder.get(),
                phone: self.guest.get(),
                host_number: self.host_number.get(),
                host_name: self.host_name.get(),
                ..Whose::default()
            },
            first_day: day(self.first_day.get()),
            last_day: day(self.last_day.get()),
            slot: self.slot.get().map(|slot| slot.to_string()).unwrap_or_default(),
            reason: self.reason.get(),
            given: self.given.get(),
        }
    }
}

#[component]
fn Form(facts: FormFacts) -> impl IntoView {
    let query = use_query_map();
    let repeat = query.with_untracked(|query| query.get_str("repeat").is_some());
    let fields = Fields::new(&facts, repeat);
    let keeper = keep_draft(fields, &facts, repeat);
    // Heard on the way down: what the field's own listener sets is looked at before the event comes up to the form.
    let touch = move || keeper.into_iter().for_each(Keeper::touch);
    let submit = ServerAction::<Submit>::new();
    let answer = submit.value();
    let error = Signal::derive(move || {
        answer
            .read()
            .as_ref()
            .and_then(|answer| answer.as_ref().err().cloned())
    });
    // What was changed since is another application, should the applicant want it: under a name of its own.
    Effect::new(move || {
        if matches!(error.get(), Some(AppError::SentBefore { .. })) {
            fields
                .request_id
                .update(|id| *id = uuid::Uuid::from_u128(id.as_u128().wrapping_add(1)));
        }
    });
    let refused = move |name: &'static str| Signal::derive(move || sentence_at(&error.get()?, name));
    let FormFacts {
        no,
        kind,
        kinds,
        phone,
        applying,
        correcting,
        draft,
        days,
        odd,
        today,
        opened_at,
        last_reason,
        ..
    } = facts;
    let (unfinished, held) = (RwSignal::new(0_usize), RwSignal::new(false));
    let waits_for_files = move || held.get() && unfinished.get() > 0;
    let none_free = pass::booking::first_free(&days).is_none();
    let several = kind.window.longest_days > 1;
    let first_label = if several {
        t("开始日期", "First day")
    } else {
        t("通行日期", "Day")
    };
    let most = kind.reason.max_chars;
    let counted = Signal::derive(move || Count::of(&fields.reason.get(), most));
    view! {
        {match &correcting {
            None => view! { <Kinds kinds current=kind.key.clone()/> }.into_any(),
            Some(before) => view! { <CameBack title=say(&kind.title) opinion=before.opinion.clone()/> }.into_any(),
        }}
        <FromOlder resumed=draft/>
        <Rules kind=kind.clone()/>
        <NextFree kind=kind.clone() days=days.clone()/>
        <ActionForm action=submit attr:class="form" attr:novalidate="" on:input:capture=move |_| touch()
            on:change:capture=move |_| touch() on:click:capture=move |_| touch() on:submit:capture=move |event| {
            // Too long is told here, without the way to the server; nothing else is decided twice.
            if counted.get_untracked().over() {
                event.prevent_default();
                crate::browser::focus("reason");
            }
            // What is not with the server yet would be missing.
            held.set(unfinished.get_untracked() > 0);
            if held.get_untracked() {
                event.prevent_default();
            }
        }>
            <input type="hidden" name="kind" value=no.0/>
            <input type="hidden" name="request_id" value=fields.request_id.get_untracked().to_string()
                prop:value=move || fields.request_id.get().to_string()/>
            {correcting.map(|before| view! {
                <input type="hidden" name="whose[correcting]" value=before.id.to_string()/>
                <input type="hidden" name="whose[round]" value=before.round/>
            })}
            <WhoApplies applying=applying.clone() phone/>
            <Holder kind=kind.clone() applying fields error/>
            <Days days=days.clone() today chosen=fields.first_day fault=refused("first_day")
                label=first_label/>
            {kind.slots.map(|slots| view! { <SlotPicker slots odd day=fields.first_day chosen=fields.slot fault=refused("slot")/> })}
            {several.then(|| view! { <LastDay kind=kind.clone() days fields refused=refused("last_day")/> })}
            <OwnFields kind=no fields=kind.fields.clone() given=fields.given unfinished error/>
            <Reason kind=kind.clone() reason=fields.reason counted last_reason refused=refused("reason")/>
            <p class="quiet created">{t("创建时间 ", "Created ")} {sentences::instant_with_seconds(opened_at)}</p>
            {move || error.get().filter(of_no_field).map(|error| view! { <Wrong error/> })}
            {move || waits_for_files().then(|| view! {
                <Notice tone=Tone::Bad>{t("还有文件没有传上：请等它们传完，没有传成的请重试或移除，然后再提交。", "Some files have not arrived: wait for them, try those again that failed or remove them, then submit.")}</Notice>
            })}
            <SubmitButton label=t("提交", "Submit") pending=submit.pending() disabled=none_free/>
            <SaveDraft keeper/>
        </ActionForm>
    }
}

/// Whose name is known without asking: what was handed in or left in a draft, or the householder's where the pass is for them.
pub(super) fn known_holder(facts: &FormFacts) -> String {
    match (facts.before(), &facts.applying, facts.kind.subject) {
        (Some(before), ..) => before.whose.holder,
        (None, ApplyingAs::Household(home), Subject::Oneself) => home.householder.clone(),
        _ => String::new(),
    }
}

/// Why the form is here again.
#[component]
fn CameBack(title: String, opinion: Option<String>) -> impl IntoView {
    view! {
        <Notice tone=Tone::Care>
            <p>{title} " · " {t("请修改后重新提交，审核从头开始。", "Correct it and send it again; it is looked at from the beginning.")}</p>
            {opinion.map(|opinion| view! { <p>{t("审核意见：", "What was said: ")} <q class="opinion">{opinion}</q></p> })}
        </Notice>
    }
}

/// The kinds to switch between (通行证类型).
#[component]
fn Kinds(kinds: Vec<(KindKey, Text)>, current: KindKey) -> impl IntoView {
    view! {
        <nav class="kind-tabs" aria-label=t("通行证类型", "Pass type")>
            <span class="kind-tabs-label">{t("通行证类型", "Pass type")}</span>
            {kinds
                .into_iter()
                .map(|(key, title)| {
                    let here = (key == current).then_some("page");
                    view! { <A href=format!("/apply/{key}") attr:aria-current=here>{say(&title)}</A> }
                })
                .collect_view()}
        </nav>
    }
}

/// The rules, to be opened.
#[component]
fn Rules(kind: PassKind) -> impl IntoView {
    view! {
        <details class="rules">
            <summary>{say(&kind.summary)} " " <span class="rules-more">{t("规定详情", "All rules")}</span></summary>
            <dl class="facts">
                {sentences::rules(&kind).into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}
            </dl>
        </details>
    }
}

/// The last day of a pass for several days. Before the page lives every day stands here; then those that fit the first.
#[component]
fn LastDay(
    kind: PassKind,
    days: Vec<DayOffer>,
    fields: Fields,
    refused: Signal<Option<String>>,
) -> impl IntoView {
    let live = RwSignal::new(false);
    Effect::new(move || live.set(true));
    let window = kind.window.clone();
    let every = days.last().map_or_else(Vec::new, |last| {
        let mut every: Vec<Date> = days.iter().map(|offer| offer.day).collect();
        every.extend(strip::last_days(&window, last.day).into_iter().skip(1));
        every
    });
    let fitting = Signal::derive(move || match fields.first_day.get() {
        Some(first) if live.get() => strip::last_days(&window, first),
        _ => every.clone(),
    });
    // A first day chosen later than the last moves the last along.
    Effect::new(move || {
        let fitting = fitting.get();
        if live.get()
            && fields
                .last_day
                .get_untracked()
                .is_none_or(|last| !fitting.contains(&last))
        {
            fields.last_day.set(fitting.first().copied());
        }
    });
    let longest = kind.window.longest_days;
    view! {
        <Field name="last_day" label=t("截止日期", "Last day") required=true refused
            hint=sentences::refusal(&Refusal::TooLong { longest })>
            <select id="last_day" name="last_day" required aria-describedby="last_day-hint last_day-fault"
                on:change=move |event| fields.last_day.set(event_target_value(&event).parse().ok())
                prop:value=move || { let _ = fitting.get(); fields.last_day.get().map(|day| day.to_string()).unwrap_or_default() }>
                {move || {
                    let first = fields.first_day.get();
                    let chosen = fields.last_day.get_untracked();
                    fitting.get().into_iter().map(|day| {
                        let long = first.filter(|first| live.get() && *first <= day).map(|first| sentences::length(first, day));
                        view! { <option value=day.to_string() selected=chosen == Some(day)>{sentences::day(day)} {long}</option> }
                    }).collect_view()
                }}
            </select>
        </Field>
    }
}

/// The reason, counted as it is typed.
#[component]
fn Reason(
    kind: PassKind,
    reason: RwSignal<String>,
    counted: Signal<Count>,
    last_reason: Option<String>,
    refused: Signal<Option<String>>,
) -> impl IntoView {
    let rule = kind.reason;
    let said = Signal::derive(move || {
        let over = counted
            .get()
            .over()
            .then(|| sentences::refusal(&Refusal::ReasonTooLong { max: rule.max_chars }));
        over.or_else(|| refused.get())
    });
    let label = if rule.required {
        t("申请原因", "Reason")
    } else {
        t("申请原因（选填）", "Reason (optional)")
    };
    view! {
        <Field name="reason" label required=rule.required refused=said>
            <textarea id="reason" name="reason" rows="3" aria-describedby="reason-count reason-fault" required=rule.required
                placeholder=t("请输入申请原因", "For instance: to work")
                on:input=move |event| reason.set(event_target_value(&event)) prop:value=reason></textarea>
            <p class="count" id="reason-count" data-over=move || counted.get().over().then_some("true")>
                {move || format!("{}/{}", counted.get().used, counted.get().most)}
            </p>
            {last_reason.filter(|text| !text.is_empty()).map(|text| {
                let shown = text.clone();
                view! {
                    <button type="button" class="button" data-rank="quiet" on:click=move |_| reason.set(text.clone())>
                        {t("用上次的原因：", "As last time: ")} <span class="cut">{shown}</span>
                    </button>
                }
            })}
        </Field>
    }
}

/// What an error says at a field.
pub(super) fn sentence_at(error: &AppError, name: &str) -> Option<String> {
    match error {
        AppError::Refused(refusal) if field_of(refusal) == Some(name) => Some(sentences::refusal(refusal)),
        error => error.fault_of(name).map(sentences::fault),
    }
}

/// Whether an error is about no field of the form.
fn of_no_field(error: &AppError) -> bool {
    match error {
        AppError::Invalid { .. } => false,
        AppError::Refused(refusal) => field_of(refusal).is_none(),
        _ => true,
    }
}
