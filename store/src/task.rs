//! Tasks: the steps that applications have reached, and in whose inbox they lie.
//!
//! An inbox is a word: `unit_head@unit-…` is everybody's who holds the role there, `account:…` one person's own. Whose inboxes somebody
//! has is asked once ([`ways`]); who may decide what is [`pass::task`]'s rule.

mod delegation;
mod lists;
mod matching;
mod overdue;
mod people;

pub use delegation::{Delegation, delegate, delegations, end_delegation};
pub use lists::{Filter, Task, any, count, done, of_application, open, waiting_for_nobody};
pub use matching::matching;
pub use overdue::{Overdue, overdue};
pub(crate) use people::{is_a_desks, people};

use crate::{
    AccountId, ApplicationId, Pool, Result, SiteId, UnitId,
    account::{self, Grant, Place},
    error::Error,
    message,
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::{
    News, Role, Values,
    field::Value,
    flow::{Of, Seat, Step},
    task::Way,
};
use sqlx::PgConnection;

/// One person's own inbox.
pub(crate) fn own_inbox(account: AccountId) -> String {
    format!("account:{account}")
}

/// The inboxes of a grant: of each seat that its role sits in.
fn inboxes(grant: &Grant) -> impl Iterator<Item = String> {
    let Grant { role, at } = *grant;
    let there = !matches!(at, Place::Zone(_));
    Role::ALL
        .into_iter()
        .filter(move |seat| there && seat.decides() && seat.holders().contains(&role))
        .map(move |seat| format!("{}@{at}", seat.as_str()))
}

/// Every way in which somebody may decide at this moment: by his own inboxes, and by those of the people he stands in for.
pub async fn ways(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Way<AccountId>>> {
    let rows = sqlx::query!(
        r#"
        select of.account_id as "of!", g.role as "role?", g.zone_no, g.unit_id
        from (
            select $2::uuid as account_id
            union
            select d.from_id from delegation d
            join account a on a.site_id = d.site_id and a.account_id = d.from_id and a.disabled_at is null
            where d.site_id = $1 and d.to_id = $2 and d.starts_at <= $3 and d.ends_at > $3 and d.ended_at is null
        ) of
        left join role_grant g on g.site_id = $1 and g.account_id = of.account_id
            -- Whoever left keeps what they were granted, and may do none of it until they are back.
            and not exists (
                select from person p where p.site_id = $1 and p.account_id = g.account_id and p.left_at is not null)
        order by of.account_id <> $2, of.account_id
        "#,
        site.0,
        account.0,
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    let mut ways: Vec<Way<AccountId>> = Vec::new();
    for row in rows {
        let of = AccountId(row.of);
        let mut inbox = |inbox: String| {
            if !ways.iter().any(|way| way.of == of && way.inbox == inbox) {
                ways.push(Way { inbox, of });
            }
        };
        inbox(own_inbox(of));
        if let Some(role) = row.role {
            let grants = account::grants([(role, row.zone_no, row.unit_id)].into_iter())?;
            grants.iter().flat_map(inboxes).for_each(&mut inbox);
        }
    }
    Ok(ways)
}

/// What a step needs to know of its application to find who decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub id: ApplicationId,
    pub applicant: AccountId,
    pub kind_key: &'a str,
    pub community: Option<&'a str>,
    pub unit: Option<UnitId>,
    pub host: Option<AccountId>,
    pub host_unit: Option<UnitId>,
    pub given: &'a Values,
}

/// Opens a step of an application that the caller has locked or just made: a task for each seat. With a `picked` person only they decide.
pub(crate) async fn open_step(
    connection: &mut PgConnection,
    site: SiteId,
    about: &About<'_>,
    step: &Step,
    picked: Option<AccountId>,
    now: Timestamp,
) -> Result<()> {
    let visit = sqlx::query_scalar!(
        r#"select coalesce(max(visit), 0) + 1 as "visit!" from task where site_id = $1 and application_id = $2"#,
        site.0,
        about.id.0,
    )
    .fetch_one(&mut *connection)
    .await?;
    let visit = i16::try_from(visit).map_err(|_| Error::unreadable("visits of steps", &visit))?;
    let due_at = step
        .deadline
        .as_ref()
        .map(|deadline| now + SignedDuration::from_hours(deadline.hours.into()));
    for (at, seat) in step.seats.iter().enumerate() {
        let place = At {
            visit,
            seat: i16::try_from(at).unwrap_or(i16::MAX),
            rank: 0,
        };
        let lies = match picked {
            Some(person) => Lies::own(person),
            None => find(connection, site, about, seat).await?,
        };
        insert(connection, site, about, place, &step.key, &lies, due_at, now).await?;
        if !is_a_desks(&lies.inbox) {
            let asks_host = matches!(seat, Seat::Host) && picked.is_none();
            let news = |applicant| match asks_host {
                true => News::HostAsked { applicant },
                false => News::TaskWaiting { applicant },
            };
            message::tell_deciders(connection, site, about.id, visit, &lies.inbox, news, now).await?;
        }
    }
    Ok(())
}

/// Which of an application's tasks.
#[derive(Clone, Copy, Debug)]
struct At {
    visit: i16,
    seat: i16,
    rank: i16,
}

/// Where a task lies, and how that was found.
struct Lies {
    inbox: String,
    role: Option<Role>,
    unit: Option<UnitId>,
}

impl Lies {
    fn own(person: AccountId) -> Lies {
        Lies {
            inbox: own_inbox(person),
            role: None,
            unit: None,
        }
    }
}

/// Where the task of a seat lies.
async fn find(connection: &mut PgConnection, site: SiteId, about: &About<'_>, seat: &Seat) -> Result<Lies> {
    let (role, unit) = match seat {
        Seat::Role { role, of } => {
            let unit = match of {
                Of::Site => None,
                Of::ApplicantUnit => about.unit,
                Of::HostUnit => about.host_unit,
            };
            (*role, unit)
        }
        Seat::Host => {
            let host = about
                .host
                .ok_or_else(|| Error::unreadable("host of an application", &about.id))?;
            return Ok(Lies::own(host));
        }
        Seat::Person(field) => {
            let Some(Value::Text(number)) = about.given.get(field) else {
                return Err(Error::unreadable("person named in an application", &about.id));
            };
            let person = sqlx::query_scalar!(
                "select account_id from person where site_id = $1 and number = $2",
                site.0,
                number,
            )
            .fetch_optional(connection)
            .await?;
            let person = person.ok_or_else(|| Error::unreadable("person named in an application", number))?;
            return Ok(Lies::own(AccountId(person)));
        }
    };
    let inbox = sqlx::query_scalar!(
        r#"select seat_inbox($1, $2, $3, $4, $5) as "inbox!""#,
        site.0,
        role.as_str(),
        &holders(role),
        unit.map(|unit| unit.0),
        about.applicant.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(Lies {
        inbox,
        role: Some(role),
        unit,
    })
}

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
async fn insert(
    connection: &mut PgConnection,
    site: SiteId,
    about: &About<'_>,
    at: At,
    step: &pass::flow::StepKey,
    lies: &Lies,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "insert into task (site_id, application_id, visit, seat, rank, step, inbox, role, unit_id,
             applicant_id, kind_key, community, opened_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict do nothing",
        site.0,
        about.id.0,
        at.visit,
        at.seat,
        at.rank,
        step.as_str(),
        lies.inbox,
        lies.role.map(Role::as_str),
        lies.unit.map(|unit| unit.0),
        about.applicant.0,
        about.kind_key,
        about.community,
        now.to_sqlx(),
        due_at.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Closes whatever is open of an application that the caller has locked: it left review, or went on.
pub(crate) async fn close_all(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "update task set closed_at = $3 where site_id = $1 and application_id = $2 and closed_at is null",
        site.0,
        id.0,
        now.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds the inboxes of the open tasks anew whose seats those of a role sit in: somebody was granted it, or holds it no more. In the transaction
/// that changed it.
pub(crate) async fn reseat(connection: &mut PgConnection, site: SiteId, role: Role) -> Result<()> {
    for seat in Role::ALL
        .into_iter()
        .filter(|seat| seat.holders().contains(&role))
    {
        sqlx::query!(
            "update task t set inbox = seat_inbox(t.site_id, t.role, $3, t.unit_id, t.applicant_id)
             where t.site_id = $1 and t.role = $2 and t.closed_at is null
                 and t.inbox <> seat_inbox(t.site_id, t.role, $3, t.unit_id, t.applicant_id)",
            site.0,
            seat.as_str(),
            &holders(seat),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// [`reseat`] for every role: the tree of units is another one, or people left and came back.
pub(crate) async fn reseat_all(connection: &mut PgConnection, site: SiteId) -> Result<()> {
    for role in Role::ALL {
        reseat(connection, site, role).await?;
    }
    Ok(())
}

/// The people who may be picked to decide a seat: who hold its role where it would lie, but not the applicant.
pub async fn candidates(
    pool: &Pool,
    site: SiteId,
    application: &crate::application::Application,
    seat: &Seat,
) -> Result<Vec<(AccountId, String)>> {
    let mut connection = pool.acquire().await?;
    sitting(&mut connection, site, &application.about(), seat).await
}

/// Whether somebody may be picked to decide a seat.
pub(crate) async fn holds(
    connection: &mut PgConnection,
    site: SiteId,
    about: &About<'_>,
    seat: &Seat,
    person: AccountId,
) -> Result<bool> {
    let sitting = sitting(connection, site, about, seat).await?;
    Ok(sitting.iter().any(|(account, _)| *account == person))
}

async fn sitting(
    connection: &mut PgConnection,
    site: SiteId,
    about: &About<'_>,
    seat: &Seat,
) -> Result<Vec<(AccountId, String)>> {
    let Seat::Role { role, .. } = seat else {
        return Ok(Vec::new());
    };
    let lies = find(connection, site, about, seat).await?;
    let place = lies.inbox.split_once('@').map(|(_, place)| place.parse());
    let unit = match place {
        Some(Ok(Place::Unit(unit))) => Some(unit.0),
        _ => None,
    };
    let rows = sqlx::query!(
        "select distinct a.account_id, a.display_name
         from role_grant g join account a on a.site_id = g.site_id and a.account_id = g.account_id
         where g.site_id = $1 and g.role = any ($2) and g.unit_id is not distinct from $3 and g.zone_no is null
             and a.disabled_at is null and a.account_id <> $4
             and not exists (
                 select from person p
                 where p.site_id = a.site_id and p.account_id = a.account_id and p.left_at is not null)
         order by a.display_name, a.account_id",
        site.0,
        &holders(*role),
        unit,
        about.applicant.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (AccountId(row.account_id), row.display_name))
        .collect())
}

/// The roles that sit in a seat, as the database has them.
fn holders(seat: Role) -> Vec<String> {
    seat.holders()
        .iter()
        .map(|role| role.as_str().to_owned())
        .collect()
}
