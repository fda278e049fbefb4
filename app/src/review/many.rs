//! Deciding about all that fit the filters, beyond the page that is shown: in groups, with what came of each.

use super::api;
use super::decide::word;
use super::facts::{Board, Decided, Matching, Narrow, Verb};
use super::outcome::{Outcomes, fault};
use crate::error::AppError;
use crate::language::t;
use crate::sentences::pick;
use crate::ui::Wrong;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

/// How many are sent at a time: few enough that each answer comes within moments, and the progress is seen.
const TOGETHER: usize = 50;

/// What is being decided in groups, and what came of it so far.
#[derive(Clone, Copy)]
pub(super) struct Many {
    /// How many of how many are through, while it goes on.
    going: RwSignal<Option<(usize, usize)>>,
    decided: RwSignal<Vec<Decided>>,
    error: RwSignal<Option<AppError>>,
}

impl Many {
    /// Nothing so far.
    pub(super) fn new() -> Many {
        Many {
            going: RwSignal::new(None),
            decided: RwSignal::new(Vec::new()),
            error: RwSignal::new(None),
        }
    }

    /// Whether it goes on.
    pub(super) fn pending(self) -> bool {
        self.going.with(Option::is_some)
    }

    /// Decides about what is ticked, group by group, and shows the list anew. What failed to be sent stays ticked, to be pressed again: what
    /// of it was decided all the same says so then.
    fn begin(
        self,
        verb: Verb,
        opinion: String,
        ticked: RwSignal<HashSet<Uuid>>,
        order: &[Uuid],
        board: Resource<Result<Board, AppError>>,
    ) {
        if self.going.with_untracked(Option::is_some) {
            return;
        }
        let ids: Vec<Uuid> = ticked.with_untracked(|ticked| {
            let known = order.iter().copied().filter(|id| ticked.contains(id));
            known.collect()
        });
        let all = ids.len();
        self.going.set(Some((0, all)));
        self.decided.set(Vec::new());
        self.error.set(None);
        leptos::task::spawn_local(async move {
            let mut through = 0;
            for group in ids.chunks(TOGETHER) {
                let answer = api::decide(
                    group.to_vec(),
                    verb,
                    opinion.clone(),
                    String::new(),
                    String::new(),
                )
                .await;
                // Whoever left the page has stopped it there.
                if self.going.try_get_untracked().is_none() {
                    return;
                }
                match answer {
                    Ok(decided) => {
                        through += group.len();
                        self.decided.update(|all| all.extend(decided));
                        let _ = ticked.try_update(|ticked| ticked.retain(|id| !group.contains(id)));
                        self.going.set(Some((through, all)));
                    }
                    Err(error) => {
                        self.error.set(Some(error));
                        break;
                    }
                }
            }
            self.going.set(None);
            board.refetch();
        });
    }
}

/// How far it is, and what came of it.
#[component]
pub(super) fn Progress(many: Many) -> impl IntoView {
    view! {
        <div role="status">
            {move || many.going.get().map(|(through, all)| view! {
                <p class="bulk-progress">
                    <progress max=all value=through aria-hidden="true"></progress> " "
                    {pick(format!("正在处理 {through}/{all}，请不要离开本页。"), format!("{through} of {all} decided. Stay on this page."))}
                </p>
            })}
        </div>
        {move || (!many.pending()).then(|| {
            let (decided, error) = (many.decided.get(), many.error.get());
            view! {
                {(!decided.is_empty()).then(|| view! { <Outcomes decided/> })}
                {error.map(|error| view! { <Wrong words=fault(&error) error/> })}
            }
        })}
    }
}

/// What is ticked, and all of which it is a part.
#[derive(Clone, Copy)]
pub(super) struct Ticking {
    /// What is ticked.
    pub(super) ticked: RwSignal<HashSet<Uuid>>,
    /// What may be ticked on this page.
    page: StoredValue<Vec<Uuid>>,
    /// What fits the filters, once it was asked for.
    matching: RwSignal<Option<Result<Matching, AppError>>>,
}

impl Ticking {
    /// Nothing is ticked.
    pub(super) fn new(page: Vec<Uuid>) -> Ticking {
        Ticking {
            ticked: RwSignal::new(HashSet::new()),
            page: StoredValue::new(page),
            matching: RwSignal::new(None),
        }
    }

    /// Whether everything on the page is ticked.
    pub(super) fn whole_page(self) -> bool {
        self.page.with_value(|page| {
            !page.is_empty()
                && self
                    .ticked
                    .with(|ticked| page.iter().all(|id| ticked.contains(id)))
        })
    }

    /// Ticks the page, or nothing.
    pub(super) fn tick_page(self, on: bool) {
        let page = self.page.get_value();
        self.ticked.set(if on {
            page.into_iter().collect()
        } else {
            HashSet::new()
        });
    }

    /// Whether something is ticked that is not on the page.
    fn beyond(self) -> bool {
        let page = self.page.get_value();
        self.ticked
            .with_untracked(|ticked| ticked.iter().any(|id| !page.contains(id)))
    }

    /// Takes a pressed button's verb over where more is ticked than the form holds; the form sends the page's own ticks itself.
    pub(super) fn submitted(
        self,
        event: &SubmitEvent,
        many: Many,
        opinion: RwSignal<String>,
        board: Resource<Result<Board, AppError>>,
    ) {
        if !self.beyond() {
            return;
        }
        event.prevent_default();
        let pressed = event.submitter().and_then(|button| button.get_attribute("value"));
        let verbs = [Verb::Agree, Verb::SendBack, Verb::Refuse];
        let verb = verbs
            .into_iter()
            .find(|verb| pressed.as_deref() == Some(word(*verb)));
        let matching = self.matching.get_untracked().and_then(Result::ok);
        if let (Some(verb), Some(matching)) = (verb, matching) {
            many.begin(verb, opinion.get_untracked(), self.ticked, &matching.ids, board);
        }
    }
}

/// 选择全部符合条件的 N 条: offered once the page is ticked and there is more than it.
#[component]
pub(super) fn AllMatching(ticking: Ticking, narrow: Narrow) -> impl IntoView {
    let Ticking { ticked, matching, .. } = ticking;
    let asked = StoredValue::new(false);
    Effect::new(move || {
        if ticking.whole_page() && !asked.get_value() {
            asked.set_value(true);
            let narrow = narrow.clone();
            leptos::task::spawn_local(async move {
                let found = api::load_matching(narrow).await;
                let failed = found.is_err();
                if matching.try_set(Some(found)).is_none() && failed {
                    let _ = asked.try_set_value(false);
                }
            });
        }
    });
    let offer = move |found: Matching| {
        let (count, all) = (found.ids.len(), found.all);
        let every = ticked.with(|ticked| ticked.len() >= count);
        let ids = StoredValue::new(found.ids);
        view! {
            {if every {
                view! {
                    <button type="button" class="button" data-rank="quiet" on:click=move |_| ticking.tick_page(true)>
                        {t("只选本页", "This page only")}
                    </button>
                }.into_any()
            } else {
                view! {
                    <button type="button" class="button" on:click=move |_| ticked.set(ids.get_value().into_iter().collect())>
                        {pick(format!("选择全部符合条件的 {count} 条"), format!("Select all {count} matching"))}
                    </button>
                }.into_any()
            }}
            {(all > count as u64).then(|| view! {
                <p class="quiet">{pick(
                    format!("符合条件的共 {all} 条，一次最多处理 {count} 条，最早的在先。"),
                    format!("{all} fit; at most {count} are decided at once, the oldest first."),
                )}</p>
            })}
        }
    };
    view! {
        <div class="bulk-all">
            {move || ticking.whole_page().then(|| matching.get()).flatten().map(|found| match found {
                Ok(found) => offer(found).into_any(),
                Err(error) => view! { <Wrong words=fault(&error) error/> }.into_any(),
            })}
        </div>
    }
}
