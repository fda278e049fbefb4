//! Identity documents in words.

use crate::language::say;
use pass::Text;
use pass::field::{IdentitySort, document, masked};

/// A sort's name, in both languages.
fn name(sort: IdentitySort) -> Text {
    match sort {
        IdentitySort::IdentityCard => Text::new("居民身份证", "Identity card"),
        IdentitySort::Passport => Text::new("护照", "Passport"),
        IdentitySort::HkMacaoPermit => Text::new(
            "港澳居民来往内地通行证",
            "Mainland travel permit, Hong Kong and Macao",
        ),
        IdentitySort::TaiwanPermit => Text::new("台湾居民来往大陆通行证", "Mainland travel permit, Taiwan"),
        IdentitySort::ForeignerCard => {
            Text::new("外国人永久居留身份证", "Foreigner's permanent residence card")
        }
    }
}

/// A sort's name.
pub fn identity_sort(sort: IdentitySort) -> String {
    say(&name(sort))
}

/// A document as it is shown: whole, or all but the end of its number hidden. What is no document is not shown at all.
pub fn identity_document(value: &str, whole: bool) -> Text {
    let Some((sort, number)) = document(value) else {
        return Text::new("—", "—");
    };
    let number = if whole { number.to_owned() } else { masked(number) };
    let Text { zh, en } = name(sort);
    Text::new(&format!("{zh} {number}"), &format!("{en} {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_number_shows_its_end_alone() {
        let value = "identity_card 11010519491231002X";
        assert_eq!(identity_document(value, true).zh, "居民身份证 11010519491231002X");
        assert_eq!(
            identity_document(value, false).zh,
            "居民身份证 **************002X"
        );
        assert_eq!(identity_document("11010519491231002X", true).zh, "—");
    }
}
