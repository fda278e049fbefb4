//! Who hands an application in, as the registers know them.

use super::Applying;
use crate::{AccountId, HouseholdId, Result, SiteId, UnitId, person};
use pass::{
    Address, PassKind, Refusal, Request,
    field::{Takes, Value},
    flow::Seat,
    household::same_name,
    kind::{Hosting, Standing, Subject},
    person::person_number,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What the registers say about an application.
pub(super) struct Entry {
    /// As what the applicant applies.
    pub standing: Standing,
    /// Who takes the quota's days.
    pub taker: Uuid,
    /// The applicant's staff or student number.
    pub number: Option<String>,
    /// The applicant's unit.
    pub unit: Option<UnitId>,
    /// The household.
    pub home: Option<Home>,
    /// Who hosts, and their unit.
    pub host: Option<(AccountId, UnitId)>,
}

/// The household that it is for.
pub(super) struct Home {
    pub household: HouseholdId,
    pub address: Address,
}

/// Looks an applicant up, and keeps what the registers say of him as it is until the caller's transaction ends.
pub(super) async fn enter(
    connection: &mut PgConnection,
    site: SiteId,
    applicant: AccountId,
    applying: Applying,
    kind: &PassKind,
    request: &Request,
) -> Result<Result<Entry, Refusal>> {
    let mut entry = Entry {
        standing: Standing::Anybody,
        taker: applicant.0,
        number: None,
        unit: None,
        home: None,
        host: None,
    };
    // Whose pass it is has a name in a register, where it is the applicant's own.
    let mut registered = None;
    match applying {
        Applying::Anybody => {}
        Applying::Person => {
            let row = sqlx::query!(
                "select p.number, p.kind, p.unit_id, a.display_name
                 from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
                 where p.site_id = $1 and p.account_id = $2 and p.left_at is null
                 for share of p",
                site.0,
                applicant.0,
            )
            .fetch_optional(&mut *connection)
            .await?;
            let Some(row) = row else {
                return Ok(Err(Refusal::NotForApplicant));
            };
            entry.standing = Standing::Person(person::kind(&row.kind)?);
            entry.number = Some(row.number);
            entry.unit = Some(UnitId(row.unit_id));
            registered = Some(row.display_name);
        }
        Applying::Household(household) => {
            // The claim stays as it is until the application is in.
            let row = sqlx::query!(
                "select h.community, h.building, h.door, h.householder
                 from household_claim c
                 join household h on h.site_id = c.site_id and h.household_id = c.household_id
                 where c.site_id = $1 and c.account_id = $2 and c.household_id = $3 and c.state = 'confirmed'
                 for share of c",
                site.0,
                applicant.0,
                household.0,
            )
            .fetch_optional(&mut *connection)
            .await?;
            let Some(row) = row else {
                return Ok(Err(Refusal::HouseholdNotConfirmed));
            };
            entry.standing = Standing::Household;
            entry.taker = household.0;
            entry.home = Some(Home {
                household,
                address: Address {
                    community: row.community,
                    building: row.building,
                    door: row.door,
                },
            });
            registered = Some(row.householder);
        }
    }
    if !kind.applicant.admits(entry.standing) {
        return Ok(Err(Refusal::NotForApplicant));
    }
    if let Some(name) = registered.filter(|_| kind.subject == Subject::Oneself)
        // No name at all differs from none: the policy's rules say that it is missing.
        && !request.holder.trim().is_empty()
        && !same_name(&name, &request.holder)
    {
        return Ok(Err(Refusal::HouseholderDiffers));
    }
    entry.host = match (kind.host, &request.host) {
        (Hosting::None, _) => None,
        (Hosting::Applicant, _) => entry.unit.map(|unit| (applicant, unit)),
        (Hosting::Named, None) => return Ok(Err(Refusal::HostMissing)),
        (Hosting::Named, Some(host)) => {
            let found = match person_number(&host.number) {
                Some(number) => person::by_number_in(connection, site, &number).await?,
                None => None,
            };
            match found.filter(|person| same_name(&person.name, &host.name)) {
                None => return Ok(Err(Refusal::HostUnknown)),
                Some(person) if person.account == applicant => return Ok(Err(Refusal::HostOwn)),
                Some(person) => Some((person.account, person.unit)),
            }
        }
    };
    for field in kind.fields.iter().filter(|field| field.takes == Takes::Person) {
        let Some(Value::Text(number)) = request.given.get(&field.key) else {
            continue;
        };
        let decides = kind
            .steps
            .seats()
            .any(|(_, seat)| *seat == Seat::Person(field.key.clone()));
        let found = person::by_number_in(connection, site, number).await?;
        if found.is_none_or(|person| decides && person.account == applicant) {
            let field = field.key.clone();
            return Ok(Err(Refusal::PersonUnknown { field }));
        }
    }
    Ok(Ok(entry))
}
