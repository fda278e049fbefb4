//! What administrators may see and do. Every act begins with [`Administrator::asking`].

mod admissions;
mod households;
mod imports;
mod kind_words;
mod kinds;
mod messages;
mod people;
mod places;
mod tables;
mod tablets;
mod units;

pub use tables::{MOST_ADMISSIONS, import_report, template};

use super::{Backend, Viewer, calendar};
use crate::error::{AppError, Fault};
use jiff::Timestamp;
use jiff::civil::DateTime;
use pass::{Role, SiteZone, Text};
use store::{Pool, SiteId};

/// The administrator who asks, at their site.
pub struct Administrator {
    backend: Backend,
    viewer: Viewer,
    zone: SiteZone,
    now: Timestamp,
}

impl Administrator {
    /// The administrator who asks.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
    pub async fn asking() -> Result<Administrator, AppError> {
        let viewer = super::viewer::viewer_with(&[Role::Administrator]).await?;
        let zone = calendar::zone_of(&viewer.site)?;
        Ok(Administrator {
            backend: super::backend()?,
            viewer,
            zone,
            now: super::now(),
        })
    }

    fn pool(&self) -> &Pool {
        &self.backend.pool
    }

    fn site(&self) -> SiteId {
        self.viewer.site_id()
    }

    fn local(&self, at: Timestamp) -> DateTime {
        calendar::local(&self.zone, at)
    }
}

/// A name in both languages as it was typed; the English one may be left out.
fn name(zh: &str, en: &str) -> Result<Text, AppError> {
    let zh = one_line("name_zh", zh, 24)?;
    let en = if en.trim().is_empty() {
        zh.clone()
    } else {
        one_line("name_en", en, 24)?
    };
    Ok(Text { zh, en })
}

/// A line of text as it was typed.
fn one_line(field: &str, given: &str, max_chars: u16) -> Result<String, AppError> {
    let text = pass::household::normalise(given);
    if text.is_empty() {
        Err(AppError::invalid(field, Fault::Missing))
    } else if text.chars().count() > usize::from(max_chars) {
        Err(AppError::invalid(field, Fault::TooLong { max_chars }))
    } else if text.chars().any(char::is_control) {
        Err(AppError::invalid(field, Fault::Malformed))
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_its_chinese_half_only() {
        assert_eq!(name(" 南门 ", ""), Ok(Text::new("南门", "南门")));
        assert_eq!(name("南门", "South Gate"), Ok(Text::new("南门", "South Gate")));
        assert_eq!(name(" ", "x"), Err(AppError::invalid("name_zh", Fault::Missing)));
        let long = "x".repeat(25);
        assert_eq!(
            name("南门", &long),
            Err(AppError::invalid("name_en", Fault::TooLong { max_chars: 24 }))
        );
    }
}
