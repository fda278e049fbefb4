//! Who may decide a step of an application.
//!
//! A step that an application has reached is open in an *inbox* for each of its seats: that of a role at a place, or one
//! person's own. Whoever has that inbox, or stands in for somebody who has, may decide; but nobody his own application.

use alloc::string::String;

/// One way in which somebody may decide: an inbox, which is his own or that of somebody away who named him (代理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way<Id> {
    /// The inbox.
    pub inbox: String,
    /// Whose it is.
    pub of: Id,
}

/// Why somebody may not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// It is his own application, or that of the one he stands in for.
    Own,
    /// It is open in none of his inboxes.
    NotHis,
}

/// The way in which `by` may decide what is open in `inbox` for the application of `applicant`; of several, his own before others'.
///
/// # Errors
///
/// Why he may not.
pub fn way<'a, Id: PartialEq>(
    inbox: &str,
    applicant: &Id,
    by: &Id,
    ways: &'a [Way<Id>],
) -> Result<&'a Way<Id>, Barred> {
    let mut own = by == applicant;
    let mut found = None;
    for way in ways.iter().filter(|way| way.inbox == inbox) {
        if way.of == *applicant {
            own = true;
        } else if found.is_none() || way.of == *by {
            found = Some(way);
        }
    }
    match found {
        Some(way) if by != applicant => Ok(way),
        _ if own => Err(Barred::Own),
        _ => Err(Barred::NotHis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn nobody_decides_his_own_and_nobody_what_is_not_his() {
        // People are letters: a(pplicant), h(ead), d(eputy), s(tranger).
        let ways = |list: &[(&str, char)]| -> Vec<Way<char>> {
            list.iter()
                .map(|(inbox, of)| Way {
                    inbox: String::from(*inbox),
                    of: *of,
                })
                .collect()
        };
        #[track_caller]
        fn check(by: char, ways: &[Way<char>], expected: Result<char, Barred>) {
            assert_eq!(way("head", &'a', &by, ways).map(|way| way.of), expected);
        }
        check('h', &ways(&[("head", 'h')]), Ok('h'));
        check('h', &ways(&[("office", 'h'), ("head", 'h')]), Ok('h'));
        check('s', &ways(&[("office", 's')]), Err(Barred::NotHis));
        check('s', &ways(&[]), Err(Barred::NotHis));
        // The applicant heads the unit himself.
        check('a', &ways(&[("head", 'a')]), Err(Barred::Own));
        check('a', &ways(&[]), Err(Barred::Own));
        // Standing in for another head does not help with one's own.
        check('a', &ways(&[("head", 'h')]), Err(Barred::Own));
        // Nor does standing in for the applicant help anybody else.
        check('s', &ways(&[("head", 'a')]), Err(Barred::Own));
        check('s', &ways(&[("head", 'a'), ("head", 'h')]), Ok('h'));
        check('s', &ways(&[("head", 'h')]), Ok('h'));
        // One's own inbox goes before somebody else's.
        check('d', &ways(&[("head", 'h'), ("head", 'd')]), Ok('d'));
        assert_eq!(
            way("office", &'a', &'h', &ways(&[("head", 'h')])),
            Err(Barred::NotHis)
        );
    }
}
