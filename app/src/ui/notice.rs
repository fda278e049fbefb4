//! Something said to the reader in passing.

use leptos::prelude::*;

/// How a notice is meant; shown by colour, sign and words together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Something worked.
    Good,
    /// Something needs care.
    Care,
    /// Something failed.
    Bad,
}

impl Tone {
    fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Care => "care",
            Self::Bad => "bad",
        }
    }
}

/// A box with a message. `Bad` is announced at once, the others politely.
#[component]
pub fn Notice(
    /// How it is meant.
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! { <div class="notice" data-tone=tone.as_str() role=role>{children()}</div> }
}

/// What stands in a list's place when it has nothing to show: why, and what to do next.
#[component]
pub fn Empty(
    /// Why there is nothing, in a few words.
    title: &'static str,
    /// What to do next.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <div>{children()}</div>
        </div>
    }
}
