//! The pass kinds of the demonstration sites: policy as data, in `server/kinds`.

use pass::PassKind;

/// Resident, one entry: the notice's 单次通行, decided by the office.
const ONCE: &str = include_str!("../../kinds/resident-once.json");
/// Resident, many entries within a week: 多次通行.
const MANY: &str = include_str!("../../kinds/resident-many.json");
/// Resident, urgent: agreed to at once, today only.
const URGENT: &str = include_str!("../../kinds/resident-urgent.json");
/// The second site's only kind.
const SECOND: &str = include_str!("../../kinds/second-once.json");

/// The first site's kinds, in the order of [`super::plan::Kind`].
///
/// # Errors
/// When a document is no pass kind, which a test rules out.
pub fn first() -> Result<[PassKind; 3], serde_json::Error> {
    Ok([
        serde_json::from_str(ONCE)?,
        serde_json::from_str(MANY)?,
        serde_json::from_str(URGENT)?,
    ])
}

/// The second site's kind.
///
/// # Errors
/// As [`first`].
pub fn second() -> Result<PassKind, serde_json::Error> {
    serde_json::from_str(SECOND)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_document_may_be_published() {
        for kind in super::first()
            .unwrap()
            .into_iter()
            .chain([super::second().unwrap()])
        {
            assert_eq!(kind.check(), [], "{}", kind.key);
        }
    }
}
