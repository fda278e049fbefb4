//! Staff accounts and what they may do.

use super::{Administrator, one_line};
use crate::admin::people::api::{People, Person, Secret};
use crate::backend::{password, secret, session};
use crate::error::{AppError, Fault};
use pass::Role;
use pass::role::Reach;
use store::account::{Grant, NewAccount, Place};
use store::{AccountId, Conflict};
use uuid::Uuid;

impl Administrator {
    /// Everybody with a role.
    ///
    /// # Errors
    /// The store's.
    pub async fn people(&self) -> Result<People, AppError> {
        let staff = store::account::staff(self.pool(), self.site()).await?;
        let zones = store::checkpoint::zones(self.pool(), self.site()).await?;
        let units = store::unit::list(self.pool(), self.site()).await?;
        let person = |(account, grants): (store::account::Account, Vec<Grant>)| Person {
            own: account.id == self.viewer.id(),
            id: account.id.0,
            name: account.display_name,
            login: account.login,
            grants: grants
                .into_iter()
                .map(|grant| (grant.role, grant.at.to_string()))
                .collect(),
            disabled: account.disabled_at.is_some(),
        };
        Ok(People {
            staff: staff.into_iter().map(person).collect(),
            places: zones
                .into_iter()
                .map(|zone| (Place::Zone(zone.no).to_string(), zone.name))
                .chain(
                    units
                        .into_iter()
                        .map(|unit| (Place::Unit(unit.id).to_string(), unit.name)),
                )
                .collect(),
        })
    }

    /// Makes an account with a role and a fresh password.
    ///
    /// # Errors
    /// `name` or `login` invalid, `login` taken.
    pub async fn add_person(&self, name: &str, login: &str, role: Role) -> Result<Secret, AppError> {
        let name = one_line("name", name, 40)?;
        let login = session::login_of(login)?;
        let (word, hash) = fresh().await?;
        let new = NewAccount {
            display_name: &name,
            login: Some(&login),
            password_hash: Some(&hash),
            phone: None,
        };
        let whole = Grant::whole(role);
        if !role.reaches_to(Reach::Site) {
            return Err(AppError::invalid("role", Fault::Malformed));
        }
        store::account::create_with(self.pool(), self.site(), new, whole, self.now)
            .await
            .map_err(|error| match error.conflict() {
                Some(Conflict::LoginTaken) => AppError::invalid("login", Fault::Taken),
                _ => error.into(),
            })?;
        Ok(Secret {
            login,
            password: word,
        })
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
