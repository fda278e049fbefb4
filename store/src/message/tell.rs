//! Telling a person, by the ways they chose.

use super::written;
use crate::{
    AccountId, ApplicationId, MessageId, Result, SiteId,
    application::Locked,
    contact::{self, Contact},
    task,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Channel, News, Notice, PassKind, Text};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Writes, in the caller's transaction, one message for each way of telling the person. The same `cause` (an application, a task)
/// never tells a person the same kind of news twice: telling again writes nothing. Nobody is told whose account is disabled.
pub async fn tell(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    notice: &Notice,
    cause: Uuid,
    now: Timestamp,
) -> Result<()> {
    let Some(contact) = contact::get_in(connection, site, account).await? else {
        return Ok(());
    };
    for (channel, recipient) in ways(&contact) {
        sqlx::query!(
            "insert into message (site_id, message_id, channel, recipient, account_id, kind, notice, language, cause,
                 created_at, due_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
             on conflict on constraint message_cause_key do nothing",
            site.0,
            MessageId::new().0,
            channel.as_str(),
            recipient,
            account.0,
            notice.news.kind(),
            Json(notice) as _,
            written(contact.language),
            cause,
            now.to_sqlx(),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Tells the applicant what became of their application for a kind of this title. The cause is the application as it was handed in:
/// corrected and handed in again, it may be refused again.
pub(crate) async fn tell_applicant(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    title: Text,
    news: News,
    now: Timestamp,
) -> Result<()> {
    let notice = Notice {
        application: locked.id.0,
        title,
        news,
    };
    let cause = one_of(locked.id, locked.round);
    tell(connection, site, locked.applicant, &notice, cause, now).await
}

/// The name of one round, or of one visit to a step, of an application. It is no other application's name: those are random.
fn one_of(id: ApplicationId, which: i16) -> Uuid {
    Uuid::from_u128(id.0.as_u128() ^ u128::from(which.unsigned_abs()))
}

/// Tells those who decide that something waits in their inbox: whose inbox it is, or who holds its role there, and who stands in for
/// them just now. The visit to the step is the cause: who sits in several of its seats is told once.
pub(crate) async fn tell_deciders(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    visit: i16,
    inbox: &str,
    news: impl Fn(String) -> News,
    now: Timestamp,
) -> Result<()> {
    let people = task::people(connection, site, id, inbox, now).await?;
    if people.is_empty() {
        return Ok(());
    }
    let row = sqlx::query!(
        r#"select a.holder, k.definition as "definition: Json<PassKind>"
           from application a join pass_kind k on k.site_id = a.site_id and k.kind_no = a.kind_no
           where a.site_id = $1 and a.application_id = $2"#,
        site.0,
        id.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let notice = Notice {
        application: id.0,
        title: row.definition.0.title,
        news: news(pass::mask(&row.holder)),
    };
    for account in people {
        tell(connection, site, account, &notice, one_of(id, visit), now).await?;
    }
    Ok(())
}

/// Where a person is told. Ways that were chosen and lead nowhere any more (the browser is gone) are no reason to tell nothing: then it
/// is as if nothing had been chosen. Who chose to be told nothing is told nothing.
fn ways(contact: &Contact) -> Vec<(Channel, String)> {
    let chosen = contact.chosen();
    let ways = leading(contact, &chosen);
    if ways.is_empty() && !chosen.is_empty() {
        leading(contact, &contact.otherwise())
    } else {
        ways
    }
}

fn leading(contact: &Contact, channels: &[Channel]) -> Vec<(Channel, String)> {
    let mut ways = Vec::new();
    for &channel in channels {
        match channel {
            Channel::Sms => ways.extend(contact.phone.iter().map(|phone| (channel, phone.clone()))),
            Channel::Mail => ways.extend(contact.mail.iter().map(|mail| (channel, mail.clone()))),
            Channel::Push => {
                ways.extend(
                    contact
                        .subscriptions
                        .iter()
                        .map(|subscription| (channel, subscription.to_string())),
                );
            }
        }
    }
    ways
}
