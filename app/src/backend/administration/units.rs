//! The tree of units, their heads and deputies.

use super::people::choice;
use super::{Administrator, one_line};
use crate::admin::units::api::{Detail, Found, Holder, Unit};
use crate::error::{AppError, Fault};
use pass::person::person_number;
use pass::unit::{unit_code, would_circle};
use pass::{Role, Text};
use std::collections::{BTreeMap, HashMap};
use store::unit::Changed;
use store::{Conflict, UnitId};
use uuid::Uuid;

/// The longest name of a unit, in characters: as in an import.
const MAX_NAME: u16 = 40;
/// The longest name in English.
const MAX_NAME_EN: u16 = 80;

/// The tree as it is.
struct Tree {
    units: Vec<store::unit::Unit>,
    below: HashMap<Option<UnitId>, Vec<usize>>,
    people: HashMap<UnitId, u64>,
    holders: Vec<store::unit::Holder>,
}

impl Tree {
    fn find(&self, id: UnitId) -> Option<&store::unit::Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    fn right_below(&self, id: Option<UnitId>) -> impl Iterator<Item = &store::unit::Unit> {
        let places = self.below.get(&id).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&at| self.units.get(at))
    }

    /// Everybody who belongs to a unit or below.
    fn people(&self, id: UnitId) -> u64 {
        let own = self.people.get(&id).copied().unwrap_or(0);
        let below: u64 = self.right_below(Some(id)).map(|unit| self.people(unit.id)).sum();
        own + below
    }

    fn names(&self, id: UnitId, role: Role) -> Vec<String> {
        self.holders
            .iter()
            .filter(|holder| holder.unit == id && holder.role == role)
            .map(|holder| holder.name.clone())
            .collect()
    }

    fn shown(&self, unit: &store::unit::Unit, depth: u16) -> Unit {
        Unit {
            id: unit.id.to_string(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            depth,
            people: self.people(unit.id),
            heads: self.names(unit.id, Role::UnitHead),
            deputies: self.names(unit.id, Role::UnitDeputy),
            closed: unit.closed,
        }
    }

    /// Puts what stands below a unit into the list, each unit before those below it.
    fn walk(&self, from: Option<UnitId>, depth: u16, into: &mut Vec<Unit>) {
        for unit in self.right_below(from) {
            into.push(self.shown(unit, depth));
            self.walk(Some(unit.id), depth.saturating_add(1), into);
        }
    }
}

impl Administrator {
    async fn tree(&self) -> Result<Tree, AppError> {
        let units = store::unit::list(self.pool(), self.site()).await?;
        let mut below: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, unit) in units.iter().enumerate() {
            below.entry(unit.parent).or_default().push(at);
        }
        Ok(Tree {
            units,
            below,
            people: store::unit::counts(self.pool(), self.site()).await?,
            holders: store::unit::holders(self.pool(), self.site(), None).await?,
        })
    }

    /// The tree, each unit after the one above it.
    ///
    /// # Errors
    /// The store's.
    pub async fn units(&self) -> Result<Vec<Unit>, AppError> {
        let tree = self.tree().await?;
        let mut units = Vec::with_capacity(tree.units.len());
        tree.walk(None, 0, &mut units);
        Ok(units)
    }

    /// One unit, and whoever has the number.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn unit(&self, id: Uuid, number: &str) -> Result<Detail, AppError> {
        let (id, tree) = (UnitId(id), self.tree().await?);
        let unit = tree.find(id).ok_or(AppError::NotFound)?;
        let above: BTreeMap<UnitId, Option<UnitId>> =
            tree.units.iter().map(|unit| (unit.id, unit.parent)).collect();
        let holder = |holder: &store::unit::Holder| Holder {
            id: holder.account.0,
            name: holder.name.clone(),
            number: holder.number.clone(),
            role: holder.role,
        };
        let mut holders: Vec<Holder> = tree
            .holders
            .iter()
            .filter(|holder| holder.unit == id)
            .map(holder)
            .collect();
        holders.sort_by_key(|holder| holder.role);
        let movable = tree
            .units
            .iter()
            .filter(|other| !other.closed && !would_circle(&above, id, other.id));
        Ok(Detail {
            unit: tree.shown(unit, 0),
            parent: unit.parent.and_then(|parent| tree.find(parent)).map(choice),
            below: tree.right_below(Some(id)).map(choice).collect(),
            holders,
            choices: movable.map(choice).collect(),
            found: if number.trim().is_empty() {
                None
            } else {
                Some(self.somebody(&tree, number).await?)
            },
        })
    }

    async fn somebody(&self, tree: &Tree, typed: &str) -> Result<Found, AppError> {
        let nobody = || Found::Nobody(typed.trim().chars().take(40).collect());
        let Some(number) = person_number(typed) else {
            return Ok(nobody());
        };
        let found = store::person::by_number(self.pool(), self.site(), &number).await?;
        Ok(found.map_or_else(nobody, |person| Found::Somebody {
            id: person.account.0,
            number: person.number,
            name: person.name,
            kind: person.kind,
            unit: tree
                .find(person.unit)
                .map(|unit| unit.name.clone())
                .unwrap_or_default(),
        }))
    }

    /// Makes a unit.
    ///
    /// # Errors
    /// `code` or a name invalid, `code` taken; [`AppError::Changed`] when the unit above is not there any more.
    pub async fn add_unit(&self, code: &str, zh: &str, en: &str, parent: &str) -> Result<(), AppError> {
        let code = unit_code(code).ok_or_else(|| {
            let missing = code.trim().is_empty();
            AppError::invalid("code", if missing { Fault::Missing } else { Fault::Malformed })
        })?;
        let (name, parent) = (unit_name(zh, en)?, above(parent)?);
        store::unit::create(self.pool(), self.site(), &code, &name, parent)
            .await
            .map_err(|error| match error.conflict() {
                Some(Conflict::UnitTaken) => AppError::invalid("code", Fault::Taken),
                _ => error.into(),
            })?;
        Ok(())
    }

    /// Gives a unit another name.
    ///
    /// # Errors
    /// A name invalid; [`AppError::NotFound`].
    pub async fn rename_unit(&self, id: Uuid, zh: &str, en: &str) -> Result<(), AppError> {
        let name = unit_name(zh, en)?;
        let renamed = store::unit::rename(self.pool(), self.site(), UnitId(id), &name).await?;
        renamed.then_some(()).ok_or(AppError::NotFound)
    }

    /// Puts a unit below another.
    ///
    /// # Errors
    /// `parent` when it would stand below itself; [`AppError::Changed`] when either is not there any more.
    pub async fn move_unit(&self, id: Uuid, parent: &str) -> Result<(), AppError> {
        let parent = above(parent)?;
        done(store::unit::move_to(self.pool(), self.site(), UnitId(id), parent).await?)
    }

    /// Gives a unit up.
    ///
    /// # Errors
    /// `people` or `below` while there are any; [`AppError::Changed`] when there is no such unit.
    pub async fn close_unit(&self, id: Uuid) -> Result<(), AppError> {
        done(store::unit::close(self.pool(), self.site(), UnitId(id), self.now).await?)
    }

    /// Opens a closed unit again.
    ///
    /// # Errors
    /// `above` while the unit above is closed, or when there is no such unit.
    pub async fn reopen_unit(&self, id: Uuid) -> Result<(), AppError> {
        match store::unit::reopen(self.pool(), self.site(), UnitId(id)).await? {
            Changed::Unknown => Err(AppError::invalid("above", Fault::Expired)),
            other => done(other),
        }
    }
}

fn done(changed: Changed) -> Result<(), AppError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Unknown => Err(AppError::Changed),
        Changed::Circle => Err(AppError::invalid("parent", Fault::Malformed)),
        Changed::HasPeople => Err(AppError::invalid("people", Fault::Taken)),
        Changed::HasUnits => Err(AppError::invalid("below", Fault::Taken)),
    }
}

/// The unit above, as a form sends it: empty at the top.
fn above(parent: &str) -> Result<Option<UnitId>, AppError> {
    if parent.is_empty() {
        return Ok(None);
    }
    let id = parent.parse().map_err(|_| AppError::NotFound)?;
    Ok(Some(id))
}

/// A unit's name as it was typed; the English one may be left out.
fn unit_name(zh: &str, en: &str) -> Result<Text, AppError> {
    let zh = one_line("name_zh", zh, MAX_NAME)?;
    let en = if en.trim().is_empty() {
        zh.clone()
    } else {
        one_line("name_en", en, MAX_NAME_EN)?
    };
    Ok(Text { zh, en })
}
