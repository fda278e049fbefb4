//! The sizes of symbols: ISO/IEC 18004:2015, tables 1, 9 and E.1.

/// How much of a symbol may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Low,
    Medium,
    Quartile,
    High,
}

/// 1 to 40.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(u8);

/// Check bytes in each block, by level and version.
const CHECK_BYTES: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks, by level and version.
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
        17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35,
        38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
        45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

impl Version {
    pub(crate) fn new(number: u8) -> Option<Self> {
        (1..=40).contains(&number).then_some(Self(number))
    }

    pub(crate) fn number(self) -> u8 {
        self.0
    }

    /// Modules across.
    pub(crate) fn side(self) -> usize {
        17 + 4 * usize::from(self.0)
    }

    /// The rows, and columns, in which alignment patterns have their centres; none in version 1.
    pub(crate) fn alignment(self) -> Vec<usize> {
        if self.0 == 1 {
            return Vec::new();
        }
        let count = usize::from(self.0) / 7 + 2;
        // Evenly spaced from the last, in even steps; version 32 is an exception of the standard's.
        let step = if self.0 == 32 {
            26
        } else {
            (4 * usize::from(self.0) + 2 * count + 1) / (2 * count - 2) * 2
        };
        let last = self.side() - 7;
        (0..count)
            .map(|index| {
                if index == 0 {
                    6
                } else {
                    last - (count - 1 - index) * step
                }
            })
            .collect()
    }

    pub(crate) fn blocks(self, level: Level) -> usize {
        usize::from(BLOCKS[level as usize][usize::from(self.0) - 1])
    }

    /// How many of the check bytes only detect errors: without them noise would too often be corrected to something. Table 9.
    pub(crate) fn detecting_bytes(self, level: Level) -> usize {
        match (self.0, level) {
            (1, Level::Low) => 3,
            (1, Level::Medium) | (2, Level::Low) => 2,
            (1, _) | (3, Level::Low) => 1,
            _ => 0,
        }
    }

    pub(crate) fn check_bytes(self, level: Level) -> usize {
        usize::from(CHECK_BYTES[level as usize][usize::from(self.0) - 1])
    }
}
