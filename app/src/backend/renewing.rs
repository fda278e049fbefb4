//! Renewing completed applications, each as an application of its own.

use super::applying::Applicant;
use super::secret;
use super::submitting::{self, Form};
use crate::applications::given;
use crate::applications::renew::{Renewal, Renewed, Renewing};
use crate::apply::facts::Whose;
use crate::error::{AppError, Fault};
use pass::field::{Field, Takes};
use pass::{Refusal, Text, ValueFault, renewal};
use std::collections::{HashMap, HashSet};
use store::application::Application;
use store::pass_kind::Published;
use uuid::Uuid;

impl Applicant {
    /// The person's own applications of these names, and the version of each one's kind that is in force.
    async fn renewed(&self, ids: &[Uuid]) -> Result<Vec<(Application, Option<Published>)>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        if ids.is_empty() {
            return Err(AppError::invalid("ids", Fault::Missing));
        }
        if ids.len() > usize::from(renewal::MOST_AT_ONCE) {
            let max = renewal::MOST_AT_ONCE;
            return Err(AppError::invalid("ids", Fault::TooManyChosen { max }));
        }
        let names: Vec<_> = ids.iter().map(|id| (*id).into()).collect();
        let found = store::application::these(pool, site, &names).await?;
        let mut own: HashMap<Uuid, Application> = found
            .into_iter()
            .filter(|one| one.applicant == self.viewer.id())
            .map(|one| (one.id.0, one))
            .collect();
        let offered = store::pass_kind::offered(pool, site).await?;
        let with_kind = |id: &Uuid| {
            let one = own.remove(id)?;
            let kind = offered.iter().find(|kind| kind.kind.key.as_str() == one.kind_key);
            Some((one, kind.cloned()))
        };
        Ok(ids.iter().filter_map(with_kind).collect())
    }

    /// The names of those applications that may be renewed now.
    ///
    /// # Errors
    /// The store's.
    pub async fn renewable(&self, rows: &[Application]) -> Result<Vec<Uuid>, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let offered = store::pass_kind::offered(pool, site).await?;
        let may = |one: &&Application| {
            let kind = offered.iter().find(|kind| kind.kind.key.as_str() == one.kind_key);
            one.applicant == self.viewer.id()
                && kind.is_some_and(|kind| renewal::check(one.state, &kind.kind).is_ok())
        };
        Ok(rows.iter().filter(may).map(|one| one.id.0).collect())
    }

    /// What the page shows that renews applications: each with a name for what it sends, and the days to begin with.
    ///
    /// # Errors
    /// `ids` missing or too many; [`AppError::NotFound`] when none is the person's own.
    pub async fn renewing(&self, ids: &[Uuid]) -> Result<Renewing, AppError> {
        let mut seen = HashSet::new();
        let ids: Vec<Uuid> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let chosen = self.renewed(&ids).await?;
        let mut days = None;
        let mut rows = Vec::new();
        for (one, kind) in &chosen {
            let checked = match kind {
                Some(kind) => renewal::check(one.state, &kind.kind),
                None => Err(Refusal::KindNotOffered),
            };
            if let (Ok(()), Some(Published { kind, .. })) = (&checked, kind) {
                let (first, last) = renewal::days(&kind.window, one.last_day, self.today());
                // One choice for all: none begins before another has ended, and none lasts longer than the shortest may.
                let (first, last) = match days {
                    Some((from, until)) if from >= first => (from, last.min(until).max(from)),
                    Some((_, until)) => (first, last.min(until).max(first)),
                    None => (first, last),
                };
                days = Some((first, last));
            }
            rows.push(Renewal {
                id: one.id.0,
                request_id: uuid::Builder::from_random_bytes(secret::random()).into_uuid(),
                kind: kind
                    .as_ref()
                    .map(|kind| kind.kind.title.clone())
                    .unwrap_or_default(),
                holder: one.holder.clone(),
                last_day: one.last_day,
                refused: checked.err(),
            });
        }
        if rows.is_empty() {
            return Err(AppError::NotFound);
        }
        let (first_day, last_day) = days.unwrap_or((self.today(), self.today()));
        Ok(Renewing {
            rows,
            first_day,
            last_day,
            today: self.today(),
        })
    }

    /// Renews each for these days, every one for itself: what is refused does not keep the others. `requests` are the names under which each is
    /// sent, in the same order; sent again, it is the same application.
    ///
    /// # Errors
    /// `ids` missing, too many, or not each with a name; a day at fault.
    pub async fn renew(
        &self,
        ids: &[Uuid],
        requests: &[Uuid],
        first_day: &str,
        last_day: &str,
    ) -> Result<Vec<Renewed>, AppError> {
        if ids.len() != requests.len() || ids.iter().collect::<HashSet<_>>().len() != ids.len() {
            return Err(AppError::invalid("ids", Fault::Malformed));
        }
        // A day that is none is none for every one of them.
        super::applying::day("first_day", first_day)?;
        super::applying::day("last_day", last_day)?;
        let names: HashMap<&Uuid, &Uuid> = ids.iter().zip(requests).collect();
        let mut renewed = Vec::new();
        for (one, kind) in self.renewed(ids).await? {
            let Some(request_id) = names.get(&one.id.0) else {
                continue;
            };
            let holder = one.holder.clone();
            let (id, fields) = (one.id.0, kind.as_ref().map(|kind| kind.kind.fields.clone()));
            let sent = self
                .renew_one(one, kind, **request_id, (first_day, last_day))
                .await;
            renewed.push(Renewed {
                id,
                holder,
                faults: sent
                    .as_ref()
                    .err()
                    .map(|error| faults(error, &fields.unwrap_or_default()))
                    .unwrap_or_default(),
                sent,
            });
        }
        Ok(renewed)
    }

    /// Hands one in again, through the same door as the form: by the version in force, with everything checked anew.
    async fn renew_one(
        &self,
        one: Application,
        kind: Option<Published>,
        request_id: Uuid,
        (first_day, last_day): (&str, &str),
    ) -> Result<Uuid, AppError> {
        let Published { no, kind, .. } = kind.ok_or(Refusal::KindNotOffered)?;
        renewal::check(one.state, &kind)?;
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let old = store::pass_kind::get(pool, site, one.kind).await?;
        let old = old.ok_or(AppError::Internal)?.kind;
        let mut carried =
            pass::draft::carry(&old.fields, &kind.fields, given::typed(&old.fields, &one.given)).kept;
        // A file belongs to the application that it was given with.
        let attached = |field: &&Field| matches!(field.takes, Takes::Attachment { .. });
        for field in kind.fields.iter().filter(attached) {
            carried.remove(field.key.as_str());
        }
        let host = match &one.host {
            Some(host) => store::person::of(pool, site, host.account).await?,
            None => None,
        };
        let (host_number, host_name) = host.map(|host| (host.number, host.name)).unwrap_or_default();
        let form = Form {
            kind: no,
            request_id,
            whose: Whose {
                holder: one.holder,
                phone: one.holder_phone.unwrap_or_default(),
                host_number,
                host_name,
                ..Whose::default()
            },
            first_day: first_day.to_owned(),
            last_day: last_day.to_owned(),
            // What is for a slot is not renewed: the day and the hour are chosen on the form.
            slot: String::new(),
            reason: one.reason,
            given: carried,
        };
        submitting::submit_as(self, form).await
    }
}

/// The fields of the kind that are at fault, by label: the form that would mark them is not there.
fn faults(error: &AppError, fields: &[Field]) -> Vec<(Text, ValueFault)> {
    let AppError::Refused(Refusal::Given { faults }) = error else {
        return Vec::new();
    };
    let labelled = |(key, fault): &(pass::FieldKey, ValueFault)| {
        let field = fields.iter().find(|field| field.key == *key)?;
        Some((field.label.clone(), *fault))
    };
    faults.iter().filter_map(labelled).collect()
}
