//! Telling a person, by the ways they chose.

use super::written;
use crate::{
    AccountId, MessageId, Result, SiteId,
    application::Locked,
    contact::{self, Contact},
    pass_kind,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Channel, News, Notice};
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

/// Tells the applicant what became of their application, where there is something to tell. The application is the cause.
pub(crate) async fn tell_applicant(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    news: Option<News>,
    now: Timestamp,
) -> Result<()> {
    let Some(news) = news else { return Ok(()) };
    let kind = pass_kind::get_in(connection, site, locked.kind).await?;
    let notice = Notice {
        application: locked.id.0,
        title: kind.map(|found| found.kind.title).unwrap_or_default(),
        news,
    };
    tell(connection, site, locked.applicant, &notice, locked.id.0, now).await
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
