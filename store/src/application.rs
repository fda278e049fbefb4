//! Applications: submitting, taking back, and the lists that applicants and the office read. What the office decides is in
//! [`decision`].

mod lapse;
mod lists;
mod moving;
mod submit;

pub use lapse::lapse;
pub use lists::{Overview, Own, get, mine, of_household, overview, these};
pub use moving::{Move, MoveOutcome, move_to};
pub use submit::{Applying, Submission, Submitted, Withdrawn, resubmit, submit, withdraw};

use crate::{
    AccountId, ApplicationId, Error, HouseholdId, Result, SiteId, UnitId, credential,
    decision::{self, Deed},
    message, pass_kind, quota, slot, task,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Address, Booked, Hours, KindNo, News, PassNumber, State, Text, Values, kind::Standing};
use sqlx::{PgConnection, types::Json};

/// An application as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its name.
    pub id: ApplicationId,
    /// Who applied.
    pub applicant: AccountId,
    /// The applicant's telephone.
    pub phone: Option<String>,
    /// As what they applied.
    pub standing: Standing,
    /// Their staff or student number, if they applied with one.
    pub number: Option<String>,
    /// The unit in which steps are decided that speak of the applicant's, and its name.
    pub unit: Option<(UnitId, Text)>,
    /// Who hosts, with their name, and their unit.
    pub host: Option<Host>,
    /// The household it is for, with its address when it was made.
    pub household: Option<(HouseholdId, Address)>,
    /// The version of the pass kind it began with.
    pub kind: KindNo,
    /// The kind's key.
    pub kind_key: String,
    /// Whose name the pass bears, as it was given; a vehicle's plate.
    pub holder: String,
    /// A guest's telephone.
    pub holder_phone: Option<String>,
    /// The first site-local day of the pass.
    pub first_day: Date,
    /// The last one.
    pub last_day: Date,
    /// The slot of that day, where the kind has slots.
    pub slot: Option<Hours>,
    /// How often it was moved to another one.
    pub moves: i16,
    /// Why.
    pub reason: String,
    /// What was given for the kind's own fields.
    pub given: Values,
    /// How often it was handed in.
    pub round: i16,
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it left review.
    pub decided_at: Option<Timestamp>,
    /// Who decided; absent where the policy agreed by itself or nobody decided in time.
    pub decided_by: Option<AccountId>,
    /// The pass number, once there is a credential.
    pub pass_number: Option<PassNumber>,
    /// When the pass was first used.
    pub redeemed_at: Option<Timestamp>,
    /// Whether nothing is left of it.
    pub spent: bool,
    /// When the credential was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Who hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their unit when the application was made.
    pub unit: UnitId,
}

impl Application {
    /// Its slot and day, where the kind has slots.
    pub fn booked(&self) -> Option<Booked> {
        let day = self.first_day;
        self.slot.map(|slot| Booked { day, slot })
    }

    /// What finding its deciders needs.
    pub(crate) fn about(&self) -> task::About<'_> {
        task::About {
            id: self.id,
            applicant: self.applicant,
            kind_key: &self.kind_key,
            community: self
                .household
                .as_ref()
                .map(|(_, address)| address.community.as_str()),
            unit: self.unit.as_ref().map(|(unit, _)| *unit),
            host: self.host.as_ref().map(|host| host.account),
            host_unit: self.host.as_ref().map(|host| host.unit),
            given: &self.given,
        }
    }
}

/// What deciding about an application needs to know, read under its lock.
pub(crate) struct Locked {
    pub id: ApplicationId,
    pub applicant: AccountId,
    pub standing: Standing,
    pub household: Option<HouseholdId>,
    pub community: Option<String>,
    pub unit: Option<UnitId>,
    pub host: Option<AccountId>,
    pub host_unit: Option<UnitId>,
    pub kind: KindNo,
    pub kind_key: String,
    pub holder: String,
    pub first_day: Date,
    pub last_day: Date,
    pub slot: Option<Hours>,
    pub moves: i16,
    pub given: Values,
    pub round: i16,
    pub state: State,
    pub number: Option<PassNumber>,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Timestamp>,
}

impl Locked {
    /// Who takes the quota's days: the household, or where none applied the applicant.
    pub(crate) fn taker(&self) -> uuid::Uuid {
        self.household.map_or(self.applicant.0, |household| household.0)
    }

    /// Its slot and day, where the kind has slots.
    pub(crate) fn booked(&self) -> Option<Booked> {
        let day = self.first_day;
        self.slot.map(|slot| Booked { day, slot })
    }

    /// What the conditions of its flow are asked of.
    pub(crate) fn facts(&self) -> Values {
        pass::flow::facts(
            &self.given,
            self.standing,
            pass::booking::length(self.first_day, self.last_day),
        )
    }

    /// What finding its deciders needs.
    pub(crate) fn about(&self) -> task::About<'_> {
        task::About {
            id: self.id,
            applicant: self.applicant,
            kind_key: &self.kind_key,
            community: self.community.as_deref(),
            unit: self.unit,
            host: self.host,
            host_unit: self.host_unit,
            given: &self.given,
        }
    }
}

/// Reads an application and keeps everybody else from deciding about it until the caller's transaction ends.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
) -> Result<Option<Locked>> {
    Ok(lock_all(connection, site, &[id]).await?.pop())
}

/// Locks several, in one order; those that the site has.
pub(crate) async fn lock_all(
    connection: &mut PgConnection,
    site: SiteId,
    ids: &[ApplicationId],
) -> Result<Vec<Locked>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select application_id, applicant_id, standing, household_id, community, unit_id, host_id, host_unit_id, kind_no, kind_key,
             holder, first_day, last_day, slot, moves, given as "given: Json<Values>", round, state, pass_number, decided_by, decided_at
           from application where site_id = $1 and application_id = any ($2) order by application_id for update"#,
        site.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let locked = rows.into_iter().map(|row| {
        Ok(Locked {
            id: ApplicationId(row.application_id),
            applicant: AccountId(row.applicant_id),
            standing: standing(&row.standing)?,
            household: row.household_id.map(HouseholdId),
            community: row.community,
            unit: row.unit_id.map(UnitId),
            host: row.host_id.map(AccountId),
            host_unit: row.host_unit_id.map(UnitId),
            kind: pass_kind::kind_no(row.kind_no)?,
            kind_key: row.kind_key,
            holder: row.holder,
            first_day: row.first_day.to_jiff(),
            last_day: row.last_day.to_jiff(),
            slot: row.slot.as_deref().map(slot::hours).transpose()?,
            moves: row.moves,
            given: row.given.0,
            round: row.round,
            state: state(&row.state)?,
            number: row.pass_number.map(credential::number).transpose()?,
            decided_by: row.decided_by.map(AccountId),
            decided_at: row.decided_at.map(|at| at.to_jiff()),
        })
    });
    locked.collect()
}

/// How an application leaves review, or a pass it led to ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaving<'a> {
    /// The state it goes to.
    pub to: State,
    /// Whether its pass has been used.
    pub used: bool,
    /// Whose act it is, and what they say.
    pub deed: Deed<'a>,
}

/// Moves a locked application to a state without a pass: closes what is open, revokes its credential and, unless that was used, gives its
/// quota back. Whoever ends one with a credential raises the bundle's version as the last thing before the commit.
pub(crate) async fn leave(
    connection: &mut PgConnection,
    site: SiteId,
    locked: &Locked,
    leaving: Leaving<'_>,
) -> Result<()> {
    let Leaving { to, used, deed } = leaving;
    sqlx::query!(
        "update application set state = $4, decided_at = $5, decided_by = $6
         where site_id = $1 and application_id = $2 and state = $3",
        site.0,
        locked.id.0,
        locked.state.as_str(),
        to.as_str(),
        deed.at.to_sqlx(),
        deed.by.map(|by| by.0),
    )
    .execute(&mut *connection)
    .await?;
    task::close_all(connection, site, locked.id, deed.at).await?;
    decision::record(connection, site, locked.id, &deed).await?;
    let news = News::of(deed.act, deed.opinion, None);
    if let Some(news) = news {
        let title = pass_kind::title_in(connection, site, locked.kind).await?;
        message::tell_applicant(connection, site, locked, title, news, deed.at).await?;
    }
    if locked.state.gives_quota_back(to, used) && took_quota(connection, site, locked.kind).await? {
        quota::give_back(
            connection,
            site,
            locked.taker(),
            &locked.kind_key,
            locked.first_day,
        )
        .await?;
    }
    if let Some(number) = locked.number {
        credential::revoke_in(connection, site, number, deed.by, deed.at).await?;
        message::tell_guest(connection, site, locked.id, number, message::is_over, deed.at).await?;
    }
    Ok(())
}

/// Whether an application of this version of its kind took a day. Another version of the kind may have a quota where this one has
/// none: its day is somebody else's.
async fn took_quota(connection: &mut PgConnection, site: SiteId, kind: KindNo) -> Result<bool> {
    let kind = pass_kind::get_in(connection, site, kind).await?;
    Ok(kind.is_some_and(|one| one.kind.quota.is_some()))
}

/// A standing as the database has it.
pub(crate) fn standing(name: &str) -> Result<Standing> {
    name.parse()
        .map_err(|_| Error::unreadable("applicant's standing", name))
}

/// A state as the database has it.
pub(crate) fn state(name: &str) -> Result<State> {
    name.parse()
        .map_err(|_| Error::unreadable("application state", name))
}
