//! What a guard checks by eye, in words.

use crate::language::t;
use crate::sentences::pick;
use pass::{Check, Document};

/// The document the guard sees; none when none is asked for.
pub fn document(document: Document) -> Option<&'static str> {
    Some(match document {
        Document::None => return None,
        Document::AnyListed => t("任一有效证件", "any valid document"),
        Document::IdentityCard => t("身份证", "identity card"),
        Document::WorkCard => t("工作证", "work card"),
        Document::ResidencePermit => t("居住证", "residence permit"),
        Document::RetirementCertificate => t("退休证", "retirement certificate"),
        Document::StudentCard => t("学生证", "student card"),
        Document::HouseholdRegister => t("户口簿", "household register"),
    })
}

/// What the guard makes sure of, a line to tick off with the eye. `document` is the one that the pass names.
pub fn to_check(check: Check, asked: Document) -> String {
    match (check, document(asked)) {
        (Check::Document, Some(document)) => {
            pick(format!("查验证件：{document}"), format!("Document: {document}"))
        }
        (Check::Document, None) => t("查验证件", "Document").to_owned(),
        (Check::Temperature, _) => t("测温正常", "Temperature is normal").to_owned(),
        (Check::Registration, _) => t("已登记", "Written down in the register").to_owned(),
        (Check::HostCalled, _) => t("已与接待人确认", "The host was called and expects them").to_owned(),
    }
}

/// What a guard confirmed, short, for lists: `证件、测温`.
pub fn checks(checks: &[Check]) -> String {
    let names: Vec<_> = checks.iter().map(|check| name(*check)).collect();
    names.join(t("、", ", "))
}

/// A check's name.
pub fn name(check: Check) -> &'static str {
    match check {
        Check::Document => t("证件", "document"),
        Check::Temperature => t("测温", "temperature"),
        Check::Registration => t("登记", "registration"),
        Check::HostCalled => t("接待人确认", "host called"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::{Owner, provide_context};
    use pass::site::Language;

    #[test]
    fn checks_are_said_in_both_languages() {
        let lines = || Check::ALL.map(|check| to_check(check, Document::WorkCard));
        assert_eq!(
            lines(),
            ["查验证件：工作证", "测温正常", "已登记", "已与接待人确认"]
        );
        assert_eq!(checks(&[Check::Document, Check::Temperature]), "证件、测温");
        Owner::new().with(|| {
            provide_context(Language::En);
            assert_eq!(lines()[0], "Document: work card");
            assert_eq!(lines()[3], "The host was called and expects them");
            assert_eq!(
                checks(&Check::ALL),
                "document, temperature, registration, host called"
            );
        });
    }
}
