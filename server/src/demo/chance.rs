//! Chance that is the same every time: a demonstration looks alike on every machine.

/// A stream of numbers that follows from its seed (SplitMix64). Not for secrets.
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `from` to below `until`.
    pub fn between(&mut self, from: i64, until: i64) -> i64 {
        let width = until.saturating_sub(from).max(1).unsigned_abs();
        from + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: i64) -> bool {
        self.between(0, 100) < times
    }

    /// One of some, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, some: &[T]) -> T {
        let most = i64::try_from(some.len()).unwrap_or(1);
        let at = usize::try_from(self.between(0, most)).unwrap_or(0);
        some[at]
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn follows_from_the_seed_and_stays_in_bounds() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..50).map(|_| chance.between(-3, 4)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).iter().all(|n| (-3..4).contains(n)));
        assert_eq!(Chance::new(1).between(5, 5), 5);
    }
}
