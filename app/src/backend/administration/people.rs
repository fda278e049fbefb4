//! The register of staff and students, the accounts beside it, and what they may do.

use super::{Administrator, one_line};
use crate::admin::people::api::{Entry, Granted, People, PeopleQuery, Person, Profile, Secret, UnitChoice};
use crate::backend::{password, secret, session};
use crate::error::{AppError, Fault};
use pass::person::{PersonKind, contact_mail, contact_phone, person_number};
use pass::role::Reach;
use pass::{Role, Text};
use std::collections::HashMap;
use store::account::{Grant, NewAccount, Place};
use store::page::LONGEST;
use store::person::{After, Edit, Filter, Listed, NewPerson, Who};
use store::unit::Unit;
use store::{AccountId, Conflict, UnitId};
use uuid::Uuid;

/// People on a page.
const PAGE: u16 = 50;

/// What rows and roles name by id.
struct Names {
    zones: Vec<store::checkpoint::Zone>,
    units: Vec<Unit>,
    by_unit: HashMap<UnitId, Text>,
}

impl Names {
    fn unit(&self, id: UnitId) -> Text {
        self.by_unit.get(&id).cloned().unwrap_or_default()
    }

    fn place(&self, at: Place) -> Option<Text> {
        match at {
            Place::Site => None,
            Place::Zone(no) => self
                .zones
                .iter()
                .find(|zone| zone.no == no)
                .map(|zone| zone.name.clone()),
            Place::Unit(id) => Some(self.unit(id)),
        }
    }

    fn granted(&self, grants: Vec<Grant>) -> Vec<Granted> {
        let granted = |grant: Grant| Granted {
            role: grant.role,
            at: grant.at.to_string(),
            place: self.place(grant.at),
        };
        grants.into_iter().map(granted).collect()
    }

    fn choices(&self) -> Vec<UnitChoice> {
        let open = self.units.iter().filter(|unit| !unit.closed);
        open.map(choice).collect()
    }
}

/// A unit to choose.
pub(super) fn choice(unit: &Unit) -> UnitChoice {
    UnitChoice {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        name: unit.name.clone(),
    }
}

/// What is asked for; what nobody can read narrows nothing.
fn filter(query: &PeopleQuery) -> Filter<'_> {
    let role = query.role.as_deref().and_then(|role| Role::parse(role).ok());
    let who = match query.who.as_deref() {
        _ if role.is_some() => Who::Roles(role),
        Some("roles") => Who::Roles(None),
        Some("local") => Who::Local,
        Some("left") => Who::Left,
        _ => Who::Here,
    };
    Filter {
        who,
        text: query.text.as_deref().unwrap_or_default(),
        kind: query.kind.as_deref().and_then(|kind| kind.parse().ok()),
        unit: query.unit.as_deref().and_then(|unit| unit.parse().ok()),
    }
}

impl Administrator {
    async fn known(&self) -> Result<Names, AppError> {
        let units = store::unit::list(self.pool(), self.site()).await?;
        Ok(Names {
            zones: store::checkpoint::zones(self.pool(), self.site()).await?,
            by_unit: units.iter().map(|unit| (unit.id, unit.name.clone())).collect(),
            units,
        })
    }

    /// A page of people.
    ///
    /// # Errors
    /// The store's.
    pub async fn people(&self, query: &PeopleQuery) -> Result<People, AppError> {
        let after: Option<After> = query.after.as_ref().and_then(|after| after.parse().ok());
        let (rows, next) =
            store::person::list(self.pool(), self.site(), &filter(query), after.as_ref(), PAGE).await?;
        let names = self.known().await?;
        let person = |row: Listed| Person {
            own: row.account == self.viewer.id(),
            id: row.account.0,
            name: row.name,
            entry: row
                .entry
                .map(|(number, kind, unit)| (number, kind, names.unit(unit))),
            login: row.login,
            grants: names.granted(row.grants),
            disabled: row.disabled,
            left: row.left,
        };
        Ok(People {
            rows: rows.into_iter().map(person).collect(),
            next: next.map(|after| after.to_string()),
            count: store::person::count(self.pool(), self.site()).await?,
            units: names.choices(),
        })
    }

    /// Hands over everybody whom the query asks for, wherever its page begins.
    ///
    /// # Errors
    /// The store's, and what `take` answers.
    pub(super) async fn every_person(
        &self,
        query: &PeopleQuery,
        mut take: impl FnMut(Listed) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let mut after = None;
        loop {
            let (rows, next) =
                store::person::list(self.pool(), self.site(), &filter(query), after.as_ref(), LONGEST)
                    .await?;
            for row in rows {
                take(row)?;
            }
            if next.is_none() {
                return Ok(());
            }
            after = next;
        }
    }

    /// Somebody, with everything that can be changed.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn person(&self, id: Uuid) -> Result<Profile, AppError> {
        let found = store::person::profile(self.pool(), self.site(), AccountId(id)).await?;
        let found = found.ok_or(AppError::NotFound)?;
        let names = self.known().await?;
        let mut units = names.choices();
        let entry = found.entry.as_ref();
        // Somebody who left may belong to a unit that is closed by now.
        let own = entry.and_then(|entry| names.units.iter().find(|unit| unit.id == entry.unit));
        units.extend(own.filter(|unit| unit.closed).map(choice));
        let zones = names
            .zones
            .iter()
            .map(|zone| (Place::Zone(zone.no).to_string(), zone.name.clone()));
        let open = names.units.iter().filter(|unit| !unit.closed);
        let places = zones.chain(open.map(|unit| (Place::Unit(unit.id).to_string(), unit.name.clone())));
        Ok(Profile {
            unit: entry.map(|entry| entry.unit.to_string()).unwrap_or_default(),
            phone: entry.and_then(|entry| entry.phone.clone()).unwrap_or_default(),
            mail: entry.and_then(|entry| entry.mail.clone()).unwrap_or_default(),
            left_at: entry.and_then(|entry| entry.left_at).map(|at| self.local(at)),
            units,
            places: places.collect(),
            person: Person {
                own: found.account.id == self.viewer.id(),
                id,
                name: found.account.display_name,
                entry: entry.map(|entry| (entry.number.clone(), entry.kind, names.unit(entry.unit))),
                login: found.account.login,
                grants: names.granted(found.grants),
                disabled: found.account.disabled_at.is_some(),
                left: entry.is_some_and(|entry| entry.left_at.is_some()),
            },
        })
    }

    /// Enters somebody in the register.
    ///
    /// # Errors
    /// A field invalid, `number` taken.
    pub async fn enter_person(&self, number: &str, entry: &Entry) -> Result<Uuid, AppError> {
        let number = person_number(number).ok_or_else(|| {
            let missing = number.trim().is_empty();
            AppError::invalid("number", if missing { Fault::Missing } else { Fault::Malformed })
        })?;
        let typed = Typed::read(entry)?;
        let new = NewPerson {
            number: &number,
            name: &typed.name,
            kind: typed.kind,
            unit: typed.unit,
            phone: typed.phone.as_deref(),
            mail: typed.mail.as_deref(),
        };
        let made = store::person::create(self.pool(), self.site(), new, self.now).await;
        Ok(made.map_err(about_entry)?.0)
    }

    /// Changes somebody's entry.
    ///
    /// # Errors
    /// A field invalid; [`AppError::NotFound`] when they have none.
    pub async fn edit_person(&self, id: Uuid, entry: &Entry) -> Result<(), AppError> {
        let typed = Typed::read(entry)?;
        let edit = Edit {
            name: &typed.name,
            kind: typed.kind,
            unit: typed.unit,
            phone: typed.phone.as_deref(),
            mail: typed.mail.as_deref(),
        };
        let done = store::person::edit(self.pool(), self.site(), AccountId(id), edit).await;
        done.map_err(about_entry)?.then_some(()).ok_or(AppError::NotFound)
    }

    /// Somebody belongs to the site no more.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for oneself; [`AppError::NotFound`].
    pub async fn leave_person(&self, id: Uuid) -> Result<(), AppError> {
        if AccountId(id) == self.viewer.id() {
            return Err(AppError::NotAllowed);
        }
        let done = store::person::leave(self.pool(), self.site(), AccountId(id), self.now).await?;
        done.then_some(()).ok_or(AppError::NotFound)
    }

    /// Somebody who left is back.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Changed`] when their unit was closed meanwhile.
    pub async fn return_person(&self, id: Uuid) -> Result<(), AppError> {
        let done = store::person::come_back(self.pool(), self.site(), AccountId(id)).await;
        done.map_err(about_entry)?.then_some(()).ok_or(AppError::NotFound)
    }

    /// Makes an account with a role and a fresh password.
    ///
    /// # Errors
    /// `name`, `login` or `role` invalid, `login` taken.
    pub async fn add_person(&self, name: &str, login: &str, role: Role) -> Result<Secret, AppError> {
        let name = one_line("name", name, 40)?;
        let login = session::login_of(login)?;
        if !role.reaches_to(Reach::Site) {
            return Err(AppError::invalid("role", Fault::Malformed));
        }
        let (word, hash) = fresh().await?;
        let new = NewAccount {
            display_name: &name,
            login: Some(&login),
            password_hash: Some(&hash),
            phone: None,
        };
        let id = store::account::create_with(self.pool(), self.site(), new, Grant::whole(role), self.now)
            .await
            .map_err(about_login)?;
        Ok(Secret {
            id: id.0,
            login,
            password: word,
        })
    }

    /// Gives somebody a login and a fresh password, and ends their sessions.
    ///
    /// # Errors
    /// `login` invalid or taken; [`AppError::NotFound`].
    pub async fn give_login(&self, id: Uuid, login: &str) -> Result<Secret, AppError> {
        let login = session::login_of(login)?;
        let (word, hash) = fresh().await?;
        store::account::set_login(self.pool(), self.site(), AccountId(id), &login, &hash)
            .await
            .map_err(about_login)?
            .then_some(Secret {
                id,
                login,
                password: word,
            })
            .ok_or(AppError::NotFound)
    }

    /// Gives somebody a fresh password and ends their sessions.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn fresh_password(&self, id: Uuid) -> Result<Secret, AppError> {
        let account = store::account::get(self.pool(), self.site(), AccountId(id)).await?;
        let login = account
            .and_then(|account| account.login)
            .ok_or(AppError::NotFound)?;
        let (word, hash) = fresh().await?;
        store::account::set_password(self.pool(), self.site(), AccountId(id), &hash).await?;
        Ok(Secret {
            id,
            login,
            password: word,
        })
    }

    /// Grants a role. Whoever had none signs in again.
    ///
    /// # Errors
    /// `at` malformed, or a place where this role is not granted; [`AppError::NotFound`]; [`AppError::Changed`] when the place is not there.
    pub async fn grant_role(&self, id: Uuid, role: Role, at: &str) -> Result<(), AppError> {
        let at = place(at)?;
        if !role.reaches_to(at.reach()) {
            return Err(AppError::invalid("at", Fault::Malformed));
        }
        let account = store::account::get(self.pool(), self.site(), AccountId(id)).await?;
        let account = account.ok_or(AppError::NotFound)?;
        let first = store::account::roles(self.pool(), self.site(), account.id)
            .await?
            .is_empty();
        let grant = Grant { role, at };
        store::account::grant(self.pool(), self.site(), account.id, grant, self.now).await?;
        if first {
            // Begun as a resident's, they would last a quarter.
            store::session::end_all(self.pool(), self.site(), account.id).await?;
        }
        Ok(())
    }

    /// Takes a role back.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for one's own administration.
    pub async fn revoke_role(&self, id: Uuid, role: Role, at: &str) -> Result<(), AppError> {
        if role == Role::Administrator && AccountId(id) == self.viewer.id() {
            return Err(AppError::NotAllowed);
        }
        let at = place(at)?;
        store::account::ungrant(self.pool(), self.site(), AccountId(id), Grant { role, at }).await?;
        Ok(())
    }

    /// Ends an account.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for one's own; [`AppError::NotFound`].
    pub async fn disable_person(&self, id: Uuid) -> Result<(), AppError> {
        if AccountId(id) == self.viewer.id() {
            return Err(AppError::NotAllowed);
        }
        let done = store::account::disable(self.pool(), self.site(), AccountId(id), self.now).await?;
        done.then_some(()).ok_or(AppError::NotFound)
    }

    /// Lets a disabled account sign in again. Its roles are as they were; its sessions ended.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when none such is disabled.
    pub async fn enable_person(&self, id: Uuid) -> Result<(), AppError> {
        let done = store::account::enable(self.pool(), self.site(), AccountId(id)).await?;
        done.then_some(()).ok_or(AppError::NotFound)
    }
}

/// An entry as it was typed, once it can be kept.
struct Typed {
    name: String,
    kind: PersonKind,
    unit: UnitId,
    phone: Option<String>,
    mail: Option<String>,
}

impl Typed {
    fn read(entry: &Entry) -> Result<Typed, AppError> {
        let contact = |field: &str, typed: &str, read: fn(&str) -> Option<String>| {
            if typed.trim().is_empty() {
                return Ok(None);
            }
            let read = read(typed);
            read.map(Some)
                .ok_or_else(|| AppError::invalid(field, Fault::Malformed))
        };
        Ok(Typed {
            name: one_line("name", &entry.name, 40)?,
            kind: entry.kind,
            unit: entry
                .unit
                .parse()
                .map_err(|_| AppError::invalid("unit", Fault::Missing))?,
            phone: contact("phone", &entry.phone, contact_phone)?,
            mail: contact("mail", &entry.mail, contact_mail)?,
        })
    }
}

/// What the store did not take of an entry, by the field it is about.
fn about_entry(error: store::Error) -> AppError {
    match error.conflict() {
        Some(Conflict::NumberTaken) => AppError::invalid("number", Fault::Taken),
        _ => error.into(),
    }
}

fn about_login(error: store::Error) -> AppError {
    match error.conflict() {
        Some(Conflict::LoginTaken) => AppError::invalid("login", Fault::Taken),
        _ => error.into(),
    }
}

/// A place as a form sends it.
fn place(at: &str) -> Result<Place, AppError> {
    at.parse().map_err(|_| AppError::invalid("at", Fault::Malformed))
}

/// A fresh password and its hash.
async fn fresh() -> Result<(String, String), AppError> {
    let word = secret::password();
    let hash = password::hash_apart(word.clone()).await?;
    Ok((word, hash))
}
