//! What the forms of administration share.

use crate::error::{AppError, Fault};
use crate::ui::Wrong;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The error a form met last.
pub fn error<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || {
        value.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
    })
}

/// Whether a form's last answer was good.
pub fn is_done<S>(action: ServerAction<S>) -> Signal<bool>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|answer| matches!(answer, Some(Ok(_)))))
}

/// How often a form has done its deed. What is loaded anew by it stays as it is, with everything typed, where the deed was refused.
pub fn times_done<S>(action: ServerAction<S>) -> RwSignal<usize>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let (done, times) = (is_done(action), RwSignal::new(0));
    Effect::new(move || {
        if done.get() {
            times.update(|times| *times += 1);
        }
    });
    times
}

/// The fault of one field.
pub fn fault(error: Signal<Option<AppError>>, name: &'static str) -> Signal<Option<Fault>> {
    Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.fault_of(name).cloned())))
}

/// The sentence for an error that is about no field of the form.
#[component]
pub fn Trouble(
    /// What the form met.
    error: Signal<Option<AppError>>,
    /// The fields that show their own faults.
    #[prop(optional)]
    fields: &'static [&'static str],
) -> impl IntoView {
    move || {
        error
            .get()
            .filter(
                |error| !matches!(error, AppError::Invalid { field, .. } if fields.contains(&field.as_str())),
            )
            .map(|error| view! { <Wrong error/> })
    }
}

/// A deed that asks again before it is done. It opens in place, by mouse, finger or keyboard, and without scripts too.
#[component]
pub fn Confirm(
    /// The deed, as on its button.
    deed: &'static str,
    /// What it brings about.
    what: &'static str,
    /// The form that does it.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="confirm">
            <summary class="button" data-rank="danger">{deed}</summary>
            <div class="confirm-body">
                <p>{what}</p>
                {children()}
            </div>
        </details>
    }
}
