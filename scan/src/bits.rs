//! A black-and-white picture, one bit a pixel.

/// Rows of bits packed into words, the leftmost pixel in the lowest bit. A set bit is black.
#[derive(Default)]
pub(crate) struct Bits {
    width: usize,
    height: usize,
    stride: usize,
    words: Vec<u64>,
}

impl Bits {
    /// Makes it an all-white picture of this size, keeping the memory.
    pub(crate) fn reset(&mut self, width: usize, height: usize) {
        self.width = width;
        self.height = height;
        self.stride = width.div_ceil(64);
        self.words.clear();
        self.words.resize(self.stride * height, 0);
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// White outside the picture.
    #[inline]
    pub(crate) fn get(&self, x: i32, y: i32) -> bool {
        if x < 0 || y < 0 || x as usize >= self.width || y as usize >= self.height {
            return false;
        }
        let (x, y) = (x as usize, y as usize);
        self.words[y * self.stride + x / 64] >> (x % 64) & 1 != 0
    }

    #[inline]
    pub(crate) fn contains(&self, x: i32, y: i32) -> bool {
        x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < self.height
    }

    pub(crate) fn row(&self, y: usize) -> &[u64] {
        &self.words[y * self.stride..(y + 1) * self.stride]
    }

    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [u64] {
        &mut self.words[y * self.stride..(y + 1) * self.stride]
    }

    /// Swaps black and white.
    pub(crate) fn invert(&mut self) {
        let used = self.width % 64;
        let last = if used == 0 { u64::MAX } else { (1 << used) - 1 };
        for row in self.words.chunks_exact_mut(self.stride.max(1)) {
            for word in row.iter_mut() {
                *word = !*word;
            }
            if let Some(word) = row.last_mut() {
                *word &= last;
            }
        }
    }

    /// Writes where row `y` changes colour: first the start of its first black run, then that run's end, and so on.
    /// Even entries start black runs, odd entries end them.
    pub(crate) fn edges(&self, y: usize, edges: &mut Vec<u32>) {
        edges.clear();
        let mut carry = 0;
        for (index, &word) in self.row(y).iter().enumerate() {
            let mut changes = word ^ (word << 1 | carry);
            carry = word >> 63;
            while changes != 0 {
                edges.push((index * 64) as u32 + changes.trailing_zeros());
                changes &= changes - 1;
            }
        }
        if edges.len() % 2 == 1 {
            edges.push(self.width as u32);
        }
    }
}
