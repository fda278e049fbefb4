//! Why signing in at the site's own sign-in came to nothing, and the page that says so.

use crate::language::t;
use crate::sentences;
use crate::ui::{Notice, PageTitle, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page's path; the server gives it the status that fits.
pub const PATH: &str = "/sign-in/problem";

/// What went wrong, as the page's address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nobody in the register has this number.
    UnknownNumber,
    /// Whoever has it belongs to the site no more.
    Left,
    /// Their account may not sign in.
    Disabled,
    /// The site's sign-in did not say which number they have.
    NoNumber,
    /// It took too long, was done before, or began in another browser.
    Over,
    /// The site's sign-in did not vouch for them, or what it said does not hold.
    Refused,
    /// The site's sign-in does not answer.
    Unreachable,
    /// The site has no such sign-in.
    NotSet,
    /// Begun too often from one network address.
    TooMany,
    /// Something is broken on the server.
    Internal,
}

impl Problem {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::UnknownNumber,
        Self::Left,
        Self::Disabled,
        Self::NoNumber,
        Self::Over,
        Self::Refused,
        Self::Unreachable,
        Self::NotSet,
        Self::TooMany,
        Self::Internal,
    ];

    /// The name in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownNumber => "unknown-number",
            Self::Left => "left",
            Self::Disabled => "disabled",
            Self::NoNumber => "no-number",
            Self::Over => "over",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NotSet => "not-set",
            Self::TooMany => "too-many",
            Self::Internal => "internal",
        }
    }

    /// The one with this name; [`Self::Internal`] where nobody knows it.
    pub fn parse(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|problem| problem.as_str() == name)
            .unwrap_or(Self::Internal)
    }

    /// The HTTP status of the page that says it.
    pub fn status(self) -> u16 {
        match self {
            Self::Over => 400,
            Self::UnknownNumber | Self::Left | Self::Disabled | Self::NoNumber | Self::Refused => 403,
            Self::NotSet => 404,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unreachable => 502,
        }
    }

    /// The page's address. `number` is shown where the problem is about one; `next` is where the person wanted to go.
    pub fn address(self, number: &str, next: &str) -> String {
        format!(
            "{PATH}?what={}&number={}&next={}",
            self.as_str(),
            sentences::url_part(number),
            sentences::url_part(next)
        )
    }
}

/// What happened, and the way to try again.
#[component]
pub fn ProblemPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let problem = Problem::parse(query.get_str("what").unwrap_or_default());
    // Only what is a number of a person is shown: whoever makes such a link can say nothing through it.
    let number = pass::person::person_number(query.get_str("number").unwrap_or_default());
    let next = query.get("next").unwrap_or_default();
    view! {
        <PageTitle title=t("没有登录成功", "You are not signed in")/>
        <Notice tone=Tone::Bad>
            <p>{sentences::sign_in_problem(problem, number.as_deref().unwrap_or_default())}</p>
        </Notice>
        <p class="buttons">
            <A href=format!("/sign-in?next={}", sentences::url_part(&next)) attr:class="button" attr:data-rank="first">
                {t("返回登录页", "Back to signing in")}
            </A>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_name_of_its_own() {
        for problem in Problem::ALL {
            assert_eq!(Problem::parse(problem.as_str()), problem);
            assert!((400..=502).contains(&problem.status()));
        }
        assert_eq!(Problem::parse("nonsense"), Problem::Internal);
        assert_eq!(
            Problem::UnknownNumber.address("S1", "/a?b=c"),
            "/sign-in/problem?what=unknown-number&number=S1&next=/a%3Fb%3Dc"
        );
    }
}
