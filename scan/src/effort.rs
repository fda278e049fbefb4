//! How much work a frame may still cost.

/// A count of grey samples. Work is bounded by counting it, since the crate has no clock; whoever samples the picture in a
/// loop takes from here first, and gives up when there is nothing left.
pub(crate) struct Effort {
    left: u32,
}

impl Effort {
    pub(crate) fn new(samples: u32) -> Self {
        Self { left: samples }
    }

    /// Takes this many samples; false if so many are not left.
    pub(crate) fn take(&mut self, samples: usize) -> bool {
        match u32::try_from(samples)
            .ok()
            .and_then(|samples| self.left.checked_sub(samples))
        {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.left = 0;
                false
            }
        }
    }
}
