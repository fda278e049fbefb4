//! What the pages of those who review load and decide.

use super::flowing::{self, Eyes};
mod claims;
mod matching;

use super::issuing::Signer;
use super::{Backend, Viewer, applying, attaching, calendar};
use crate::applications::given;
use crate::apply::counter::one_line_end;
use crate::apply::place;
use crate::error::{AppError, Fault};
use crate::review::facts::{
    Board, COUNTED, Choice, Decided, Deciding, Detail, Narrow, Outcome, Row, Shelf, Stands, Verb,
};
use jiff::Timestamp;
use pass::SiteZone;
use pass::application::{Act, State};
use pass::flow::Next;
use pass::kind::{KindKey, PassKind, Standing, Subject};
use pass::role::Role;
use pass::task::Way;
use std::collections::HashMap;
use store::application::{Application, Overview};
use store::decision::{Decision, Verdict};
use store::task::{Filter, Task};
use store::{AccountId, ApplicationId};
use uuid::Uuid;

/// How many rows a page shows.
const PAGE: u16 = 30;
/// How many other applications of the household stand beside one.
const OTHERS: u16 = 10;
/// The most that are decided at once.
const MOST_AT_ONCE: u16 = 1000;
/// The longest opinion, in characters.
pub const MAX_OPINION: u16 = 150;

/// Somebody who reviews.
pub struct Reviewer {
    backend: Backend,
    viewer: Viewer,
    zone: SiteZone,
    now: Timestamp,
    ways: Vec<Way<AccountId>>,
    oversees: Vec<Standing>,
}

impl Reviewer {
    /// The person who asks, for whom there must be something to review: by a role, by somebody away, or because they were named.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
    pub async fn asking() -> Result<Reviewer, AppError> {
        let viewer = super::viewer().await?;
        let zone = calendar::zone_of(&viewer.site)?;
        let (backend, now) = (super::backend()?, super::now());
        let ways = store::task::ways(&backend.pool, viewer.site_id(), viewer.id(), now).await?;
        let oversees = Standing::ALL
            .into_iter()
            .filter(|standing| {
                Role::ALL
                    .into_iter()
                    .any(|role| role.oversees(*standing) && viewer.person.has(role))
            })
            .collect();
        let reviewer = Reviewer {
            backend,
            viewer,
            zone,
            now,
            ways,
            oversees,
        };
        if reviewer.ways.len() > 1 || reviewer.named().await? {
            Ok(reviewer)
        } else {
            Err(AppError::NotAllowed)
        }
    }

    /// Whether anything was ever theirs to decide.
    async fn named(&self) -> Result<bool, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        Ok(store::task::any(pool, site, &self.inboxes()).await?)
    }

    /// The person who asks, who must be of the community office.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
    pub async fn office() -> Result<Reviewer, AppError> {
        super::viewer::viewer_with(&[Role::Office]).await?;
        Self::asking().await
    }

    fn inboxes(&self) -> Vec<String> {
        let mut inboxes: Vec<String> = self.ways.iter().map(|way| way.inbox.clone()).collect();
        inboxes.sort_unstable();
        inboxes.dedup();
        inboxes
    }

    /// A page of a list.
    ///
    /// # Errors
    /// The store's.
    pub async fn board(&self, narrow: &Narrow) -> Result<Board, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let kind: Option<KindKey> = given(&narrow.kind).and_then(|key| key.parse().ok());
        let filter = Filter {
            kind: kind.as_ref(),
            community: given(&narrow.community),
            text: given(&narrow.text),
        };
        let after = narrow.after.parse().ok();
        let inboxes = self.inboxes();
        let page = match narrow.shelf {
            Shelf::Pending => store::task::open(pool, site, &inboxes, &filter, after, PAGE).await?,
            Shelf::Done => store::task::done(pool, site, &inboxes, &filter, after, PAGE).await?,
            Shelf::All => {
                let which = Overview {
                    standings: &self.oversees,
                    state: given(&narrow.state).and_then(|state| state.parse().ok()),
                    filter,
                };
                store::application::overview(pool, site, &which, after, PAGE).await?
            }
        };
        let kinds = applying::kinds(&self.backend, site).await?;
        let offered = store::pass_kind::offered(pool, site).await?;
        let office = self.viewer.person.has(Role::Office);
        let (claims_waiting, communities) = if office {
            let claims = store::claim::pending(pool, site).await?;
            (Some(claims), store::household::communities(pool, site).await?)
        } else {
            (None, Vec::new())
        };
        Ok(Board {
            rows: page.rows.iter().map(|one| self.row(one, &kinds)).collect(),
            next: page.next.map(|next| next.to_string()),
            waiting: store::task::count(pool, site, &inboxes, COUNTED).await?,
            claims_waiting,
            oversees: !self.oversees.is_empty(),
            kinds: offered
                .into_iter()
                .map(|one| (one.kind.key, one.kind.title))
                .collect(),
            communities,
        })
    }

    /// An application that this person may read, with its tasks.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn reviewed(&self, id: Uuid) -> Result<(Application, Vec<Task>), AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let tasks = store::task::of_application(pool, site, id.into()).await?;
        let one = store::application::get(pool, site, id.into())
            .await?
            .filter(|one| self.reads(one, &tasks))
            .ok_or(AppError::NotFound)?;
        Ok((one, tasks))
    }

    /// Whether somebody may read an application: it came, or comes, by one of their inboxes, or they oversee such ones.
    fn reads(&self, one: &Application, tasks: &[Task]) -> bool {
        self.oversees.contains(&one.standing) || tasks.iter().any(|task| self.has(task))
    }

    /// Whether a task lies, or lay, in one of their inboxes.
    fn has(&self, task: &Task) -> bool {
        self.ways.iter().any(|way| way.inbox == task.inbox)
    }

    /// One application with its history and its household's others.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn detail(&self, id: Uuid) -> Result<Detail, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let (one, tasks) = self.reviewed(id).await?;
        let files = attaching::files_of(&self.backend, site, one.id, &one.given).await?;
        let mut kinds = applying::kinds(&self.backend, site).await?;
        let others = match &one.household {
            Some((household, _)) if self.oversees.contains(&Standing::Household) => {
                store::application::of_household(pool, site, *household, OTHERS + 1).await?
            }
            _ => Vec::new(),
        };
        let others = others
            .iter()
            .filter(|other| other.id != one.id)
            .map(|other| self.row(other, &kinds))
            .collect();
        // Who oversees without deciding needs no more than the end of a document's number.
        let decides = tasks.iter().any(|task| self.has(task));
        let row = self.row(&one, &kinds);
        let policy = kinds.remove(&one.kind.0).ok_or(AppError::Internal)?;
        let history = store::decision::history(pool, site, id.into()).await?;
        let own = one.applicant == self.viewer.id();
        let ends = pass::application::next(one.state, Act::Terminate).is_ok();
        Ok(Detail {
            deciding: self.deciding(&one, &policy, &tasks).await?,
            own: own && one.state == State::InReview,
            may_terminate: ends && !own && self.oversees.contains(&one.standing),
            stages: flowing::stages(&self.zone, &policy, &one, &tasks, Eyes::Reviewer),
            history: flowing::history(&self.zone, &policy, &one, history, Eyes::Reviewer),
            row,
            phone: one.phone.clone().unwrap_or_default(),
            given: given::shown(&policy.fields, &one.given, &files, decides),
            document: policy.document,
            policy,
            number: one.pass_number.map(|number| number.0),
            used_at: one.redeemed_at.map(|at| calendar::local(&self.zone, at)),
            others,
        })
    }

    /// What the person may decide about an application now.
    async fn deciding(
        &self,
        one: &Application,
        policy: &PassKind,
        tasks: &[Task],
    ) -> Result<Option<Deciding>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let open = tasks.iter().filter(|task| task.closed_at.is_none());
        let found = open
            .filter_map(|task| {
                let way = pass::task::way(&task.inbox, &one.applicant, &self.viewer.id(), &self.ways).ok()?;
                Some((task, way))
            })
            .next();
        let Some((task, way)) = found else {
            return Ok(None);
        };
        let at = task.step.parse().map_err(|_| AppError::Internal)?;
        let step = policy.steps.step(&at).ok_or(AppError::Internal)?;
        let mut choices = Vec::new();
        for next in flowing::choices(policy, one, &at) {
            let to = match &next {
                Next::Step(key) => policy.steps.step(key),
                Next::End => None,
            };
            let people = match to.filter(|to| to.pick).and_then(|to| to.seats.first()) {
                Some(seat) => store::task::candidates(pool, site, one, seat).await?,
                None => Vec::new(),
            };
            choices.push(Choice {
                title: to.map(|to| to.title.clone()),
                people: people
                    .into_iter()
                    .map(|(account, name)| (account.0, name))
                    .collect(),
                next,
            });
        }
        Ok(Some(Deciding {
            step: step.title.clone(),
            of: if way.of == self.viewer.id() {
                None
            } else {
                self.name(Some(way.of)).await?
            },
            choices,
        }))
    }

    /// Decides about each for itself: what cannot be decided does not keep the others. `next` and `person` say where those agreed to go
    /// on; empty where there is one way.
    ///
    /// # Errors
    /// `ids`, `opinion`, `next` or `person` at fault.
    pub async fn decide(
        &self,
        ids: &[Uuid],
        verb: Verb,
        opinion: &str,
        (next, person): (&str, &str),
    ) -> Result<Vec<Decided>, AppError> {
        let (pool, site) = (&self.backend.pool, &self.viewer.site);
        let opinion = opinion_of(opinion, matches!(verb, Verb::Terminate | Verb::SendBack))?;
        if ids.is_empty() {
            return Err(AppError::invalid("ids", Fault::Missing));
        }
        if ids.len() > usize::from(MOST_AT_ONCE) {
            return Err(AppError::invalid(
                "ids",
                Fault::TooManyChosen { max: MOST_AT_ONCE },
            ));
        }
        let ids: Vec<ApplicationId> = ids.iter().copied().map(ApplicationId).collect();
        let decision = Decision {
            by: self.viewer.id(),
            ways: &self.ways,
            opinion: opinion.as_deref(),
            at: self.now,
            today: self.zone.day_of(self.now),
        };
        let verdict = match verb {
            Verb::Agree => Some(agreeing(next, person)?),
            Verb::Refuse => Some(Verdict::Refuse),
            Verb::SendBack => Some(Verdict::SendBack),
            Verb::Terminate => None,
        };
        let outcomes = match verdict {
            Some(verdict) => {
                let signer = Signer::of(&self.backend, site).await?;
                let sign = |to_sign: &store::credential::ToSign<'_>| signer.sign(to_sign);
                store::decision::decide_all(pool, site.id, &ids, &verdict, decision, sign).await?
            }
            None => self.terminate(&ids, decision).await?,
        };
        let about: HashMap<ApplicationId, String> = store::application::these(pool, site.id, &ids)
            .await?
            .into_iter()
            .map(|one| (one.id, self.called(&one)))
            .collect();
        let mut decided = Vec::new();
        for (id, outcome) in outcomes {
            decided.push(Decided {
                id: id.0,
                name: about.get(&id).cloned().unwrap_or_default(),
                outcome: self.outcome(outcome).await?,
            });
        }
        Ok(decided)
    }

    /// Ends those that the person oversees.
    async fn terminate(
        &self,
        ids: &[ApplicationId],
        decision: Decision<'_>,
    ) -> Result<Vec<(ApplicationId, Option<store::decision::Decided>)>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let mut outcomes = Vec::new();
        for &id in ids {
            let found = store::application::get(pool, site, id).await?;
            let outcome = match found {
                Some(one) if self.oversees.contains(&one.standing) => {
                    store::decision::terminate(pool, site, id, decision).await?
                }
                Some(_) => Some(store::decision::Decided::NotHis),
                None => None,
            };
            outcomes.push((id, outcome));
        }
        Ok(outcomes)
    }

    /// What an application is called where only its outcome is told.
    fn called(&self, one: &Application) -> String {
        let belongs = match (&one.household, &one.number) {
            (Some((_, address)), _) => place(address),
            (None, Some(number)) => number.clone(),
            (None, None) => String::new(),
        };
        format!("{} {belongs}", one.holder)
    }

    async fn outcome(&self, decided: Option<store::decision::Decided>) -> Result<Outcome, AppError> {
        use store::decision::Decided;
        Ok(match decided {
            None => Outcome::Gone,
            Some(Decided::Done { goes_on: true, .. }) => Outcome::PassedOn,
            Some(Decided::Done { .. }) => Outcome::Done,
            Some(Decided::Own) => Outcome::Own,
            Some(Decided::NotHis) => Outcome::NotHis,
            Some(Decided::Refused(why)) => Outcome::Refused(why),
            Some(Decided::Already { state, by, at }) => Outcome::Already {
                state: Stands::Application(state),
                by: self.name(by).await?,
                at: at.map(|at| calendar::local(&self.zone, at)),
            },
        })
    }

    /// A person's name, or the end of their telephone number.
    async fn name(&self, account: Option<AccountId>) -> Result<Option<String>, AppError> {
        let Some(account) = account else { return Ok(None) };
        let found = store::account::get(&self.backend.pool, self.viewer.site_id(), account).await?;
        Ok(found.map(|account| {
            let phone = account.phone.unwrap_or_default();
            let end = phone.get(phone.len().saturating_sub(4)..).unwrap_or_default();
            if account.display_name.is_empty() {
                format!("**** {end}")
            } else {
                account.display_name
            }
        }))
    }

    fn row(&self, one: &Application, kinds: &HashMap<u16, PassKind>) -> Row {
        Row {
            id: one.id.0,
            kind: kinds
                .get(&one.kind.0)
                .map(|kind| kind.title.clone())
                .unwrap_or_default(),
            about: match kinds.get(&one.kind.0) {
                Some(kind) => flowing::about(one, kind.subject),
                None => flowing::about(one, Subject::default()),
            },
            first_day: one.first_day,
            last_day: one.last_day,
            reason: one.reason.clone(),
            state: one.state,
            created_at: calendar::local(&self.zone, one.created_at),
            decided_at: one.decided_at.map(|at| calendar::local(&self.zone, at)),
            own: one.applicant == self.viewer.id(),
        }
    }
}

/// Agreeing, and where that is to lead.
fn agreeing(next: &str, person: &str) -> Result<Verdict, AppError> {
    if next.is_empty() && person.is_empty() {
        return Ok(Verdict::Agree);
    }
    let malformed = |field: &str| AppError::invalid(field, Fault::Malformed);
    let next = match next {
        "" => None,
        next => Some(Next::try_from(next.to_owned()).map_err(|_| malformed("next"))?),
    };
    let person = match person {
        "" => None,
        person => Some(person.parse().map_err(|_| malformed("person"))?),
    };
    Ok(Verdict::AgreeTo { next, person })
}

/// A filter's value, where one is given.
fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// What somebody of the office says; nothing typed is nothing said.
fn opinion_of(text: &str, needed: bool) -> Result<Option<String>, AppError> {
    let text = one_line_end(text.trim());
    if text.chars().count() > usize::from(MAX_OPINION) {
        return Err(AppError::invalid(
            "opinion",
            Fault::TooLong {
                max_chars: MAX_OPINION,
            },
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(AppError::invalid("opinion", Fault::Malformed));
    }
    if needed && text.is_empty() {
        return Err(AppError::invalid("opinion", Fault::Missing));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opinion_is_optional_but_for_ending_a_pass() {
        assert_eq!(opinion_of("  ", false), Ok(None));
        assert_eq!(
            opinion_of("  ", true),
            Err(AppError::invalid("opinion", Fault::Missing))
        );
        assert_eq!(opinion_of(" 同意\r\n ", true), Ok(Some("同意".into())));
        let long = "证".repeat(151);
        assert_eq!(
            opinion_of(&long, false),
            Err(AppError::invalid("opinion", Fault::TooLong { max_chars: 150 }))
        );
        assert!(opinion_of(&"证".repeat(150), false).is_ok());
    }
}
