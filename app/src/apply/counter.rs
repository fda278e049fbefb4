//! Counting what is typed into a text field, as the policy counts it.

/// How full a text field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Characters typed (Unicode scalar values), the white space around left out.
    pub used: usize,
    /// The most there may be.
    pub most: u16,
}

impl Count {
    /// Counts a text. A line's end is one character, whether the browser writes one or two.
    pub fn of(text: &str, most: u16) -> Count {
        let used = text.trim().chars().filter(|c| *c != '\r').count();
        Count { used, most }
    }

    /// Whether there are too many.
    pub fn over(self) -> bool {
        self.used > usize::from(self.most)
    }
}

/// A text as it is submitted: one character a line's end.
pub fn one_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(Count::of("上班", 150).used, 2);
        assert_eq!(Count::of("👨‍👩‍👧", 150).used, 5);
        assert_eq!(Count::of(" a\r\nb ", 150).used, 3);
        assert!(!Count::of(&"证".repeat(150), 150).over());
        assert!(Count::of(&"证".repeat(151), 150).over());
        assert_eq!(one_line_end("a\r\nb\rc\n"), "a\nb\nc\n");
    }
}
