//! What is left of a pass for one entry or a pair, and what is not.

use super::Advice;
use crate::language::{say, t};
use crate::sentences::pick;
use pass::{Direction, Text, Uses};

fn apply_anew() -> &'static str {
    t(
        "再次进入需要重新申请。",
        "They need to apply anew to enter again.",
    )
}

/// Used up here.
pub fn already(uses: Uses, at: &str, checkpoint: &Text) -> Advice {
    let place = say(checkpoint);
    let reason = if uses == Uses::Pair {
        pick(
            format!("出入各一次，入校和出校均已使用，最近一次于 {at} 在{place}。"),
            format!("One entry and one exit, both used: the last at {at} at {place}."),
        )
    } else {
        pick(
            format!("单次通行证，已于 {at} 在{place}使用。"),
            format!("For one entry, used at {at} at {place}."),
        )
    };
    Advice::new(reason, apply_anew())
}

/// Used up, as the server told.
pub fn elsewhere(uses: Uses) -> Advice {
    let reason = if uses == Uses::Pair {
        t(
            "出入各一次，入校和出校均已在其他门岗使用。",
            "One entry and one exit, both used at other gates.",
        )
    } else {
        t(
            "单次通行证，已在其他门岗使用。",
            "For one entry, used at another gate.",
        )
    };
    Advice::new(reason, apply_anew())
}

/// One half of a pair is used, and it is the one that this checkpoint takes.
pub fn half(way: Direction, at: &str, checkpoint: &Text) -> Advice {
    let place = say(checkpoint);
    if way == Direction::Out {
        Advice::new(
            pick(
                format!("出入各一次：出校已于 {at} 在{place}使用，入校还可用一次。"),
                format!(
                    "One entry and one exit: the exit was used at {at} at {place}; the entry is still there."
                ),
            ),
            t(
                "入校请走入口；再次出校需要重新申请。",
                "To come in they take the way in. To leave again they need to apply anew.",
            ),
        )
    } else {
        Advice::new(
            pick(
                format!("出入各一次：入校已于 {at} 在{place}使用，出校还可用一次。"),
                format!(
                    "One entry and one exit: the entry was used at {at} at {place}; the exit is still there."
                ),
            ),
            t(
                "出校请走出口；再次入校需要重新申请。",
                "To leave they take the way out. To enter again they need to apply anew.",
            ),
        )
    }
}

/// Which half of a pair was taken now.
pub fn half_taken(way: Direction) -> &'static str {
    match way {
        Direction::In => t(
            "出入各一次：本次记为入校。",
            "One entry and one exit: this is the entry.",
        ),
        Direction::Out => t(
            "出入各一次：本次记为出校。",
            "One entry and one exit: this is the exit.",
        ),
        Direction::Both => t(
            "出入各一次：本次记为其中一次。",
            "One entry and one exit: this is one of the two.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::{Owner, provide_context};
    use pass::site::Language;

    #[test]
    fn a_half_that_is_used_is_told_with_the_one_that_is_left() {
        let gate = Text::new("北门", "North Gate");
        let told = |way| half(way, "2026-11-27 08:10", &gate).reason;
        assert_eq!(
            told(Direction::In),
            "出入各一次：入校已于 2026-11-27 08:10 在北门使用，出校还可用一次。"
        );
        assert_eq!(
            told(Direction::Out),
            "出入各一次：出校已于 2026-11-27 08:10 在北门使用，入校还可用一次。"
        );
        Owner::new().with(|| {
            provide_context(Language::En);
            assert_eq!(
                told(Direction::In),
                "One entry and one exit: the entry was used at 2026-11-27 08:10 at North Gate; the exit is still there."
            );
        });
    }

    #[test]
    fn what_is_used_up_is_said_of_one_entry_and_of_a_pair() {
        let gate = Text::new("北门", "North Gate");
        for (uses, here, there) in [
            (Uses::Once, "单次通行证，已于 8 点 在北门使用。", "单次"),
            (
                Uses::Pair,
                "出入各一次，入校和出校均已使用，最近一次于 8 点 在北门。",
                "出入各一次",
            ),
        ] {
            assert_eq!(already(uses, "8 点", &gate).reason, here);
            assert!(elsewhere(uses).reason.starts_with(there));
        }
    }
}
