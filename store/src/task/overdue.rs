//! Deadlines that went by.

use super::{At, find, insert};
use crate::{AccountId, ApplicationId, Pool, Result, SiteId, application, message, pass_kind};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::News;

/// A task whose deadline went by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The application.
    pub application: ApplicationId,
    /// Who applied.
    pub applicant: AccountId,
    /// The step's key.
    pub step: String,
    /// Where it lies, or since now lies too.
    pub inbox: String,
    /// Whether others were called in.
    pub escalated: bool,
}

/// Does what the deadlines that went by say: calls in others where the step names any. Each task once, whatever number of servers look.
/// Who is to be reminded is told.
pub async fn overdue(pool: &Pool, site: SiteId, now: Timestamp) -> Result<Vec<Overdue>> {
    let due = sqlx::query!(
        "select application_id, visit, seat from task
         where site_id = $1 and closed_at is null and overdue_at is null and due_at <= $2
         order by due_at, application_id limit 1000",
        site.0,
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    let mut overdue = Vec::new();
    for row in due {
        let id = ApplicationId(row.application_id);
        let mut transaction = pool.begin().await?;
        // The application's lock puts this in order with whoever decides.
        let Some(locked) = application::lock(&mut transaction, site, id).await? else {
            continue;
        };
        let task = sqlx::query!(
            "update task set overdue_at = $5
             where site_id = $1 and application_id = $2 and visit = $3 and seat = $4 and rank = 0
                 and closed_at is null and overdue_at is null
             returning step, inbox",
            site.0,
            id.0,
            row.visit,
            row.seat,
            now.to_sqlx(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(task) = task else { continue };
        let kind = pass_kind::get_in(&mut transaction, site, locked.kind).await?;
        let step = kind.and_then(|kind| {
            let steps = kind.kind.steps.0;
            steps.into_iter().find(|step| step.key.as_str() == task.step)
        });
        let called = step.as_ref().and_then(|step| {
            let seat = step.deadline.as_ref()?.escalate.as_ref()?;
            Some((step, seat))
        });
        let waited = task.inbox.clone();
        let mut found = Overdue {
            application: id,
            applicant: locked.applicant,
            step: task.step,
            inbox: task.inbox,
            escalated: called.is_some(),
        };
        if let Some((step, seat)) = called {
            let about = locked.about();
            let lies = find(&mut transaction, site, &about, seat).await?;
            let at = At {
                visit: row.visit,
                seat: row.seat,
                rank: 1,
            };
            insert(&mut transaction, site, &about, at, &step.key, &lies, None, now).await?;
            found.inbox = lies.inbox;
        }
        // Who had it in time is told once more, and so is whoever was called in.
        for inbox in [&waited, &found.inbox] {
            let news = |applicant| News::TaskDue { applicant };
            message::tell_deciders(&mut transaction, site, id, row.visit, inbox, news, now).await?;
        }
        transaction.commit().await?;
        overdue.push(found);
    }
    Ok(overdue)
}
