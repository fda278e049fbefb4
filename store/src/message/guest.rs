//! Telling a guest, who has a telephone and most often no account.

use super::written;
use crate::{AccountId, ApplicationId, MessageId, Result, SiteId, contact};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Channel, Language, News, Notice, PassKind, PassNumber};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Writes, in the caller's transaction, one text message to the guest of an application, where it is for one. The cause is the pass: of each
/// pass each kind of news is told once. A guest who has an account is told in its language; whoever applied with the same telephone is told
/// as the applicant.
pub(crate) async fn tell_guest(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    number: PassNumber,
    news: impl FnOnce(PassNumber, Date, Date) -> News,
    now: Timestamp,
) -> Result<()> {
    let row = sqlx::query!(
        r#"select a.holder_phone as "phone!", a.first_day, a.last_day, k.definition as "definition: Json<PassKind>",
               g.account_id as "guest?", g.account_id is not distinct from a.applicant_id as "oneself!"
           from application a
           join pass_kind k on k.site_id = a.site_id and k.kind_no = a.kind_no
           left join account g on g.site_id = a.site_id and g.phone = a.holder_phone
           where a.site_id = $1 and a.application_id = $2 and a.holder_phone is not null"#,
        site.0,
        id.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row.filter(|row| !row.oneself) else {
        return Ok(());
    };
    let language = match row.guest {
        None => Language::Zh,
        Some(guest) => match contact::get_in(connection, site, AccountId(guest)).await? {
            Some(contact) => contact.language,
            // Their account is disabled: the code would not open.
            None => return Ok(()),
        },
    };
    let notice = Notice {
        application: id.0,
        title: row.definition.0.title,
        news: news(number, row.first_day.to_jiff(), row.last_day.to_jiff()),
    };
    // An account that comes later is no other person: the message is the telephone's.
    sqlx::query!(
        "insert into message (site_id, message_id, channel, recipient, kind, notice, language, cause, created_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict on constraint message_cause_key do nothing",
        site.0,
        MessageId::new().0,
        Channel::Sms.as_str(),
        row.phone,
        notice.news.kind(),
        Json(&notice) as _,
        written(language),
        Uuid::from_u128(id.0.as_u128() ^ u128::from(number.0)),
        now.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// There is a pass for them.
pub(crate) fn has_pass(number: PassNumber, first_day: Date, last_day: Date) -> News {
    News::GuestPass {
        number,
        first_day,
        last_day,
    }
}

/// It was moved, and has a number of its own for that.
pub(crate) fn has_moved(number: PassNumber, first_day: Date, last_day: Date) -> News {
    News::GuestMoved {
        number,
        first_day,
        last_day,
    }
}

/// It opens no gate any more.
pub(crate) fn is_over(number: PassNumber, first_day: Date, last_day: Date) -> News {
    News::GuestOver {
        number,
        first_day,
        last_day,
    }
}
