//! Keeping drafts, listing them, and opening one in its kind as it is now.

use super::applying::Applicant;
use super::calendar;
use crate::applications::drafts::DraftRow;
use crate::apply::draft::{Content, Resumed, Writer};
use crate::apply::facts::FormFacts;
use crate::error::{AppError, Fault};
use jiff::civil::Date;
use pass::field::{Field, Takes, sort_key};
use pass::{KindNo, Refusal, State, draft};
use std::collections::HashMap;
use store::draft::{NewDraft, Saved};
use uuid::Uuid;

impl Applicant {
    /// Keeps a draft of the person's; answers its revision.
    ///
    /// # Errors
    /// [`AppError::Changed`] when there is a newer one, [`AppError::SentBefore`] when the form was sent, or the refusal.
    pub async fn keep_draft(
        &self,
        no: KindNo,
        request_id: Uuid,
        content: Content,
        by: &Writer,
    ) -> Result<i32, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let kind = store::pass_kind::get(pool, site, no)
            .await?
            .ok_or(Refusal::KindNotOffered)?
            .kind;
        self.applying(&kind)?;
        let content = tidied(content, &kind.fields)?;
        let new = NewDraft {
            id: request_id,
            account: self.viewer.id(),
            kind_key: &kind.key,
            kind: no,
            files: &files(&content, &kind.fields),
            content: &content,
            writer: by.tab,
            base: by.base,
            over: by.over,
        };
        match store::draft::save(pool, site, new, self.now).await? {
            Saved::Kept(revision) => Ok(revision),
            Saved::Changed => Err(AppError::Changed),
            Saved::Sent(id) => Err(AppError::SentBefore { id: id.0 }),
            Saved::NotTheirs => Err(AppError::NotFound),
            Saved::Full => Err(Refusal::DraftsFull {
                most: draft::MOST_OF_KIND,
            }
            .into()),
        }
    }

    /// Throws a draft of the person's away. Thrown away before, it is gone all the same.
    ///
    /// # Errors
    /// The store's.
    pub async fn discard_draft(&self, id: Uuid) -> Result<(), AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        store::draft::discard(pool, site, self.viewer.id(), id).await?;
        Ok(())
    }

    /// The person's drafts as their list shows them; none in a list of another state.
    ///
    /// # Errors
    /// The store's.
    pub async fn drafts(
        &self,
        state: Option<State>,
        span: Option<(Date, Date)>,
    ) -> Result<Vec<DraftRow>, AppError> {
        if state.is_some_and(|state| state != State::Draft) {
            return Ok(Vec::new());
        }
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let (from, until) = span.map(|(first, last)| self.zone.days(first, last)).unzip();
        let drafts = store::draft::mine(pool, site, self.viewer.id(), from, until).await?;
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        let offered = store::pass_kind::offered(pool, site).await?;
        let open: HashMap<&str, bool> = offered
            .iter()
            .map(|one| (one.kind.key.as_str(), self.applying(&one.kind).is_ok()))
            .collect();
        let kinds = super::applying::kinds(&self.backend, site).await?;
        let row = |one: store::draft::Draft| {
            let content = read(one.content);
            DraftRow {
                id: one.id,
                title: kinds
                    .get(&one.kind.0)
                    .map(|kind| kind.title.clone())
                    .unwrap_or_default(),
                holder: content.whose.holder,
                first_day: content.first_day.parse().ok(),
                last_day: content.last_day.parse().ok(),
                reason: content.reason,
                saved_at: calendar::local(&self.zone, one.saved_at),
                open: open.get(one.kind_key.as_str()).copied().unwrap_or(false),
                kind: one.kind_key,
            }
        };
        Ok(drafts.into_iter().map(row).collect())
    }

    /// What the form of a kind shows; with a draft, as it was left.
    ///
    /// # Errors
    /// Those of [`Applicant::form`]; [`AppError::NotFound`] when the draft is not there: sent, thrown away, or another person's.
    pub async fn form_of(&self, key: &str, draft: Option<Uuid>) -> Result<FormFacts, AppError> {
        let mut facts = self.form(key).await?;
        let Some(id) = draft else { return Ok(facts) };
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let found = store::draft::get(pool, site, self.viewer.id(), id).await?;
        let found = found
            .filter(|one| one.kind_key == key)
            .ok_or(AppError::NotFound)?;
        let newer_version = found.kind != facts.no;
        let mut content = read(found.content);
        let mut lost = Vec::new();
        if newer_version {
            let old = store::pass_kind::get(pool, site, found.kind).await?;
            let old = old.ok_or(AppError::Internal)?.kind;
            let carried = draft::carry(&old.fields, &facts.kind.fields, content.given);
            content.given = carried.kept;
            let label = |field: &Field| carried.dropped.contains(&field.key).then(|| field.label.clone());
            lost = old.fields.iter().filter_map(label).collect();
        }
        facts.request_id = id;
        facts.draft = Some(Resumed {
            id,
            tab: found.writer,
            revision: found.revision,
            content,
            newer_version,
            lost,
        });
        Ok(facts)
    }
}

/// What was typed, as it was kept. What a version of the program wrote that is not known here any more is left out, not refused.
fn read(content: serde_json::Value) -> Content {
    serde_json::from_value(content).unwrap_or_default()
}

/// What may be kept of a draft: of the kind's own fields, without what the database cannot hold, and no more than a long form has.
fn tidied(mut content: Content, fields: &[Field]) -> Result<Content, AppError> {
    content.given.retain(|key, _| {
        fields
            .iter()
            .any(|field| field.key.as_str() == *key || sort_key(&field.key) == *key)
    });
    let whose = &mut content.whose;
    whose.correcting = None;
    whose.round = 0;
    let texts = [
        &mut whose.holder,
        &mut whose.phone,
        &mut whose.host_number,
        &mut whose.host_name,
        &mut content.first_day,
        &mut content.last_day,
        &mut content.reason,
    ];
    let mut bytes = 0;
    for text in texts.into_iter().chain(content.given.values_mut()) {
        text.retain(|c| c != '\0');
        bytes += text.len();
    }
    if bytes > draft::MOST_BYTES {
        let max_chars = u16::try_from(draft::MOST_BYTES / 4).unwrap_or(u16::MAX);
        return Err(AppError::invalid("reason", Fault::TooLong { max_chars }));
    }
    Ok(content)
}

/// The files that a draft names.
fn files(content: &Content, fields: &[Field]) -> Vec<Uuid> {
    let attached = fields
        .iter()
        .filter(|field| matches!(field.takes, Takes::Attachment { .. }));
    attached
        .filter_map(|field| content.given.get(field.key.as_str()))
        .flat_map(|ids| ids.split_ascii_whitespace())
        .filter_map(|id| id.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::facts::Whose;

    fn fields() -> Vec<Field> {
        let label = serde_json::json!({ "zh": "项", "en": "Item" });
        serde_json::from_value(serde_json::json!([
            { "key": "note", "kind": "text", "label": label, "max_chars": 20 },
            { "key": "proof", "kind": "attachment", "label": label },
            { "key": "paper", "kind": "identity_document", "label": label, "documents": ["passport", "identity_card"] },
        ]))
        .unwrap()
    }

    #[test]
    fn what_is_kept_is_the_forms_own() {
        let id = Uuid::from_u128(7);
        let given = [
            ("note", "a\0b"),
            ("proof", &format!("{id} nothing")),
            ("paper.sort", "passport"),
            ("other", "x"),
        ];
        let content = Content {
            whose: Whose {
                correcting: Some(id),
                ..Whose::default()
            },
            given: given.map(|(key, text)| (key.to_owned(), text.to_owned())).into(),
            ..Content::default()
        };
        let tidied = tidied(content, &fields()).unwrap();
        let keys: Vec<&str> = tidied.given.keys().map(String::as_str).collect();
        assert_eq!(keys, ["note", "paper.sort", "proof"]);
        assert_eq!(
            (tidied.given["note"].as_str(), tidied.whose.correcting),
            ("ab", None)
        );
        assert_eq!(files(&tidied, &fields()), [id]);
    }

    #[test]
    fn no_more_than_a_long_form_is_kept() {
        let content = |bytes| Content {
            reason: "a".repeat(bytes),
            ..Content::default()
        };
        assert!(tidied(content(draft::MOST_BYTES), &[]).is_ok());
        assert!(tidied(content(draft::MOST_BYTES + 1), &[]).is_err());
    }
}
