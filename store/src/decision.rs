//! What those who review decide about applications, and the history of every act on one.

mod bulk;
mod history;

pub use bulk::decide_all;
pub(crate) use history::{Deed, record};
pub use history::{Step, history};

use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Pool, Result, SiteId,
    application::{self, Leaving, Locked},
    claim,
    credential::{self, SignError, Signed, ToSign},
    message, pass_kind, site, task,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{
    Act, News, PassKind, PassNumber, Refusal, State,
    flow::{Next, Seat},
    task::{Barred, Way},
};
use sqlx::PgConnection;

/// What came of deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is so now.
    Done {
        /// The pass number, where there is a pass.
        number: Option<PassNumber>,
        /// Whether it waits for somebody else now.
        goes_on: bool,
    },
    /// It is not in a state to be decided so: somebody was first.
    Already {
        /// How it stands.
        state: State,
        /// Who brought it there; absent where the policy did.
        by: Option<AccountId>,
        /// When.
        at: Option<Timestamp>,
    },
    /// Nobody decides his own application.
    Own,
    /// The step at which it stands is not theirs to decide.
    NotHis,
    /// It may still be decided, but not so.
    Refused(Refusal),
}

/// Who decides, by which ways, and what they say.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Who.
    pub by: AccountId,
    /// The inboxes they decide in ([`task::ways`]).
    pub ways: &'a [Way<AccountId>],
    /// Optional, for the applicant to read.
    pub opinion: Option<&'a str>,
    /// When.
    pub at: Timestamp,
    /// The site-local day of that.
    pub today: Date,
}

/// What is decided at a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Agreed (同意): it goes on, or is agreed to.
    #[default]
    Agree,
    /// Agreed, and it goes on as chosen.
    AgreeTo {
        /// Where, of what the step offers (下一步); absent where there is one way.
        next: Option<Next>,
        /// Who is to decide there (下一步办理人).
        person: Option<AccountId>,
    },
    /// Refused (不同意).
    Refuse,
    /// Sent back to be corrected (退回修改).
    SendBack,
}

/// Decides the step at which an application stands, in one transaction: what that leads to is the flow's rule, and where it ends the credential
/// is issued. Somebody who sits in several seats of the step decides for all of them. `None` when the site has no such application.
///
/// # Errors
/// [`Error::Signing`] when `sign` fails.
pub async fn decide(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    verdict: &Verdict,
    decision: Decision<'_>,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Option<Decided>> {
    let mut transaction = pool.begin().await?;
    // Before the application, in the order in which releasing the binding locks the two.
    let bound = claim::lock_applicants(&mut transaction, site, &[id]).await?;
    let Some(locked) = application::lock(&mut transaction, site, id).await? else {
        return Ok(None);
    };
    let kinds = &mut pass_kind::Read::default();
    let about = About {
        kind: kinds.get(&mut transaction, site, locked.kind).await?,
        bound: bound.get(&id).copied(),
        locked,
    };
    let outcome = decide_in(&mut transaction, site, about, verdict, decision, sign).await?;
    if matches!(outcome, Decided::Done { .. }) {
        transaction.commit().await?;
    }
    Ok(Some(outcome))
}

/// What is decided about: a locked application.
struct About<'k> {
    locked: Locked,
    /// The household that is bound to its applicant, and stays so.
    bound: Option<HouseholdId>,
    kind: &'k PassKind,
}

/// [`decide`] inside the caller's transaction, which must be given up unless the outcome is [`Decided::Done`].
async fn decide_in(
    connection: &mut PgConnection,
    site: SiteId,
    About { locked, bound, kind }: About<'_>,
    verdict: &Verdict,
    decision: Decision<'_>,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Decided> {
    if pass::application::next(locked.state, Act::PassOn).is_err() {
        return Ok(already(&locked));
    }
    let his = match seats(connection, site, &locked, decision).await? {
        Ok(his) => his,
        Err(Barred::Own) => return Ok(Decided::Own),
        Err(Barred::NotHis) => return Ok(Decided::NotHis),
    };
    if locked.household != bound && !matches!(verdict, Verdict::Refuse | Verdict::SendBack) {
        return Ok(Decided::Refused(Refusal::HouseholdNotConfirmed));
    }
    let (next, person) = match verdict {
        Verdict::Refuse => return send_away(connection, site, &locked, &his, Act::Refuse, decision).await,
        Verdict::SendBack => {
            return send_away(connection, site, &locked, &his, Act::SendBack, decision).await;
        }
        Verdict::Agree => (None, None),
        Verdict::AgreeTo { next, person } => (next.as_ref(), *person),
    };
    let at = his
        .step
        .parse()
        .map_err(|_| Error::unreadable("step", &his.step))?;
    let Ok(next) = kind.steps.after(&at, next, &locked.facts()) else {
        return Ok(Decided::Refused(Refusal::NextNotOffered));
    };
    let act = match pass::application::agree(locked.state, &next, locked.last_day, decision.today) {
        Ok(act) => act,
        Err(refusal) => return Ok(Decided::Refused(refusal)),
    };
    // Where others of the step have not agreed yet, this one is a step on the way, whatever comes after.
    let act = if his.others_open { Act::PassOn } else { act };
    if let Some(refusal) = wrong_pick(connection, site, &locked, kind, &next, person, his.others_open).await?
    {
        return Ok(Decided::Refused(refusal));
    }
    close(connection, site, &locked, &his, act, decision).await?;
    let number = match &next {
        _ if his.others_open => None,
        Next::Step(key) => {
            let step = kind
                .steps
                .step(key)
                .ok_or_else(|| Error::unreadable("step", key))?;
            task::open_step(connection, site, &locked.about(), step, person, decision.at).await?;
            None
        }
        Next::End => {
            let granted = granted(&locked, kind);
            let by = Some(decision.by);
            let number = match credential::issue(connection, site, granted, by, decision.at, sign).await? {
                Ok(number) => number,
                Err(refusal) => return Ok(Decided::Refused(refusal)),
            };
            message::tell_guest(
                connection,
                site,
                locked.id,
                number,
                message::has_pass,
                decision.at,
            )
            .await?;
            Some(number)
        }
    };
    let deed = Deed {
        act,
        by: Some(decision.by),
        of: his.of.filter(|of| *of != decision.by),
        step: Some(&his.step),
        opinion: decision.opinion,
        moved: None,
        at: decision.at,
    };
    record(connection, site, locked.id, &deed).await?;
    if let Some(news) = News::of(act, decision.opinion, number) {
        message::tell_applicant(connection, site, &locked, kind.title.clone(), news, decision.at).await?;
    }
    Ok(Decided::Done {
        number,
        goes_on: number.is_none(),
    })
}

/// What a locked application is agreed to for.
pub(crate) fn granted<'a>(locked: &'a Locked, kind: &'a PassKind) -> credential::Granted<'a> {
    credential::Granted {
        application: locked.id,
        kind_no: locked.kind,
        kind,
        first_day: locked.first_day,
        last_day: locked.last_day,
        slot: locked.slot,
        holder: &locked.holder,
    }
}

fn already(locked: &Locked) -> Decided {
    Decided::Already {
        state: locked.state,
        by: locked.decided_by,
        at: locked.decided_at,
    }
}

/// The open seats of the step at which an application stands that somebody decides.
struct His {
    visit: i16,
    step: String,
    seats: Vec<i16>,
    /// The task he decides in, as seat and rank, of each seat.
    tasks: Vec<(i16, i16)>,
    /// Whose inbox the first of them is.
    of: Option<AccountId>,
    /// Whether others of the step have to agree as well.
    others_open: bool,
}

/// Which of the open seats are his; the application is locked.
async fn seats(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    decision: Decision<'_>,
) -> Result<Result<His, Barred>> {
    let open = sqlx::query!(
        "select visit, seat, rank, step, inbox from task
         where site_id = $1 and application_id = $2 and closed_at is null
         order by visit, seat, rank",
        site.0,
        locked.id.0,
    )
    .fetch_all(connection)
    .await?;
    let mut barred = Barred::NotHis;
    let mut his: Option<His> = None;
    for task in &open {
        match pass::task::way(&task.inbox, &locked.applicant, &decision.by, decision.ways) {
            Ok(way) => {
                let his = his.get_or_insert_with(|| His {
                    visit: task.visit,
                    step: task.step.clone(),
                    seats: Vec::new(),
                    tasks: Vec::new(),
                    of: Some(way.of),
                    others_open: false,
                });
                if !his.seats.contains(&task.seat) {
                    his.seats.push(task.seat);
                    his.tasks.push((task.seat, task.rank));
                }
            }
            Err(Barred::Own) => barred = Barred::Own,
            Err(Barred::NotHis) => {}
        }
    }
    if locked.applicant == decision.by {
        barred = Barred::Own;
    }
    Ok(match his {
        Some(mut his) => {
            his.others_open = open.iter().any(|task| !his.seats.contains(&task.seat));
            Ok(his)
        }
        None => Err(barred),
    })
}

/// Closes the seats that he decided, and what a deadline opened beside them.
async fn close(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    his: &His,
    act: Act,
    decision: Decision<'_>,
) -> Result<()> {
    let (seats, ranks): (Vec<i16>, Vec<i16>) = his.tasks.iter().copied().unzip();
    sqlx::query!(
        "update task t set closed_at = $4,
             act = case when t.rank = his.rank then $7 end,
             closed_by = case when t.rank = his.rank then $8::uuid end,
             closed_for = case when t.rank = his.rank then $9::uuid end
         from unnest($5::smallint[], $6::smallint[]) as his (seat, rank)
         where t.site_id = $1 and t.application_id = $2 and t.visit = $3
             and t.seat = his.seat and t.closed_at is null",
        site.0,
        locked.id.0,
        his.visit,
        decision.at.to_sqlx(),
        &seats,
        &ranks,
        act.as_str(),
        decision.by.0,
        his.of.map(|of| of.0),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses, or sends back to be corrected: one of a step's seats is enough.
async fn send_away(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    his: &His,
    act: Act,
    decision: Decision<'_>,
) -> Result<Decided> {
    let Ok(to) = pass::application::next(locked.state, act) else {
        return Ok(already(locked));
    };
    close(connection, site, locked, his, act, decision).await?;
    let leaving = Leaving {
        to,
        used: false,
        deed: Deed {
            act,
            by: Some(decision.by),
            of: his.of.filter(|of| *of != decision.by),
            step: Some(&his.step),
            opinion: decision.opinion,
            moved: None,
            at: decision.at,
        },
    };
    application::leave(connection, site, locked, leaving).await?;
    Ok(Decided::Done {
        number: None,
        goes_on: false,
    })
}

/// Why the person picked for the next step cannot be.
async fn wrong_pick(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    kind: &PassKind,
    next: &Next,
    person: Option<AccountId>,
    others_open: bool,
) -> Result<Option<Refusal>> {
    let Some(person) = person else { return Ok(None) };
    let step = match next {
        Next::Step(key) => kind.steps.step(key),
        Next::End => None,
    };
    let seat = step
        .filter(|step| step.pick && !others_open)
        .and_then(|step| step.seats.first());
    let fits = match seat {
        Some(seat @ Seat::Role { .. }) => {
            task::holds(connection, site, &locked.about(), seat, person).await?
        }
        _ => false,
    };
    Ok((!fits).then_some(Refusal::NextNotOffered))
}

/// Ends an application, also one that was agreed to (终止): its credential is revoked and, unless it was used, its quota given back. Whether
/// somebody may do so is the caller's to know; nobody ends his own. `None` when the site has no such application.
pub async fn terminate(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    decision: Decision<'_>,
) -> Result<Option<Decided>> {
    let mut transaction = pool.begin().await?;
    let Some(locked) = application::lock(&mut transaction, site, id).await? else {
        return Ok(None);
    };
    if locked.applicant == decision.by {
        return Ok(Some(Decided::Own));
    }
    let Ok(to) = pass::application::next(locked.state, Act::Terminate) else {
        return Ok(Some(already(&locked)));
    };
    let used = match locked.number {
        Some(number) => credential::lock_used(&mut transaction, site, number).await?,
        None => false,
    };
    let leaving = Leaving {
        to,
        used,
        deed: Deed {
            opinion: decision.opinion,
            ..Deed::of(Act::Terminate, Some(decision.by), decision.at)
        },
    };
    application::leave(&mut transaction, site, &locked, leaving).await?;
    if locked.number.is_some() {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    Ok(Some(Decided::Done {
        number: locked.number,
        goes_on: false,
    }))
}
