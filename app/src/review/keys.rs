//! Moving through a table's rows by the arrow keys: each row has one check box, and the focus goes from one to the next.

/// Which row the focus goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the row of this number.
    To(usize),
    /// To open the row that the focus is in.
    Open,
    /// The key means nothing here.
    None,
}

/// What a key does in the row of number `at` of `rows`.
pub fn pressed(key: &str, at: usize, rows: usize) -> Move {
    let last = rows.saturating_sub(1);
    match key {
        "ArrowDown" | "j" if at < last => Move::To(at + 1),
        "ArrowUp" | "k" if at > 0 => Move::To(at - 1),
        "Home" => Move::To(0),
        "End" => Move::To(last),
        "Enter" => Move::Open,
        _ => Move::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_hold() {
        assert_eq!(pressed("ArrowDown", 0, 3), Move::To(1));
        assert_eq!(pressed("ArrowDown", 2, 3), Move::None);
        assert_eq!(pressed("ArrowUp", 0, 3), Move::None);
        assert_eq!(pressed("k", 2, 3), Move::To(1));
        assert_eq!(pressed("End", 0, 3), Move::To(2));
        assert_eq!(pressed("Enter", 1, 3), Move::Open);
        assert_eq!(pressed(" ", 1, 3), Move::None);
    }
}
