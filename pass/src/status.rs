//! The status list: what a tablet carries of every pass number, two bits each.
//!
//! Packed as the IETF Token Status List packs two-bit statuses: the lowest bits of the first byte belong to
//! the first number. A million passes take 250,000 bytes.

use alloc::{vec, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{bytes, id::PassNumber};

/// What is known of a pass number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing against it (00).
    Valid,
    /// Revoked or withdrawn (01).
    Revoked,
    /// Used up, of those for one entry or a pair (10); of a pair both halves.
    Used,
    /// No meaning yet (11); a verifier refuses it.
    Reserved,
}

const STATUSES: [Status; 4] = [Status::Valid, Status::Revoked, Status::Used, Status::Reserved];

/// The statuses of the pass numbers from a first one on.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    first: u32,
    bits: Vec<u8>,
}

/// Bytes that are no status list, or statuses that don't fit into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusListError;

impl StatusList {
    /// The most bytes of a list: about four million numbers.
    pub const MAX_BYTES: usize = 1 << 20;

    /// A list that begins at `first`, which must not lie above the number of any pass still to be
    /// admitted; statuses below `first` are left out.
    ///
    /// # Errors
    ///
    /// When a number lies too far above `first` for [`StatusList::MAX_BYTES`]: it is time to raise `first`.
    pub fn build(
        first: PassNumber,
        statuses: impl IntoIterator<Item = (PassNumber, Status)>,
    ) -> Result<StatusList, StatusListError> {
        let mut list = StatusList {
            first: first.0,
            bits: vec![],
        };
        for (number, status) in statuses {
            let Some((at, shift)) = list.place(number) else {
                continue;
            };
            if at + 4 >= StatusList::MAX_BYTES {
                return Err(StatusListError);
            }
            if at >= list.bits.len() {
                list.bits.resize(at + 1, 0);
            }
            let value = match status {
                Status::Valid => 0,
                Status::Revoked => 1,
                Status::Used => 2,
                Status::Reserved => 3,
            };
            list.bits[at] = list.bits[at] & !(3 << shift) | value << shift;
        }
        let used = list
            .bits
            .iter()
            .rposition(|&byte| byte != 0)
            .map_or(0, |last| last + 1);
        list.bits.truncate(used);
        Ok(list)
    }

    /// The byte and the bit of a number, unless it lies below the first.
    fn place(&self, number: PassNumber) -> Option<(usize, u32)> {
        let offset = number.0.checked_sub(self.first)?;
        Some((usize::try_from(offset / 4).ok()?, offset % 4 * 2))
    }

    /// The first number of the list.
    pub fn first(&self) -> PassNumber {
        PassNumber(self.first)
    }

    /// The status of a number: none below the list's first, whose passes had all ended; valid above its
    /// end, whose passes may be newer than the list.
    pub fn get(&self, number: PassNumber) -> Option<Status> {
        let (at, shift) = self.place(number)?;
        let byte = self.bits.get(at).copied().unwrap_or(0);
        Some(STATUSES[usize::from(byte >> shift & 3)])
    }

    /// The list as bytes: the first number in 4 bytes, big-endian, then the statuses without the zero bytes
    /// at their end.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.first.to_be_bytes()[..], &self.bits].concat()
    }

    /// Reads such bytes.
    ///
    /// # Errors
    ///
    /// When they are fewer than 4, more than [`StatusList::MAX_BYTES`], or end with a zero byte after the 4.
    pub fn from_bytes(bytes: &[u8]) -> Result<StatusList, StatusListError> {
        let (first, bits) = bytes.split_first_chunk().ok_or(StatusListError)?;
        if bytes.len() > StatusList::MAX_BYTES || bits.last() == Some(&0) {
            return Err(StatusListError);
        }
        Ok(StatusList {
            first: u32::from_be_bytes(*first),
            bits: bits.into(),
        })
    }
}

impl Default for StatusList {
    fn default() -> StatusList {
        StatusList {
            first: 1,
            bits: vec![],
        }
    }
}

impl core::fmt::Debug for StatusList {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "StatusList({}.., {} bytes)", self.first, self.bits.len())
    }
}

impl Serialize for StatusList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        bytes::write(&self.to_bytes(), serializer)
    }
}

impl<'de> Deserialize<'de> for StatusList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StatusList, D::Error> {
        let read = bytes::read(deserializer)?;
        StatusList::from_bytes(&read).map_err(|_| de::Error::custom("not a status list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    use Status::{Reserved, Revoked, Used, Valid};

    #[track_caller]
    fn check(first: u32, statuses: &[(u32, Status)], bytes: &[u8]) {
        let statuses = statuses.iter().map(|&(n, status)| (PassNumber(n), status));
        let list = StatusList::build(PassNumber(first), statuses).unwrap();
        assert_eq!(list.to_bytes(), bytes);
        assert_eq!(StatusList::from_bytes(bytes), Ok(list));
    }

    #[test]
    fn to_the_bit() {
        check(1, &[], &[0, 0, 0, 1]);
        check(1, &[(1, Revoked)], &[0, 0, 0, 1, 0b01]);
        check(1, &[(4, Used)], &[0, 0, 0, 1, 0b1000_0000]);
        check(
            1,
            &[(2, Used), (5, Revoked), (3, Reserved), (4, Valid)],
            &[0, 0, 0, 1, 0b0011_1000, 0b01],
        );
        check(1000, &[(999, Revoked), (1008, Revoked)], &[0, 0, 3, 232, 0, 0, 1]);
        check(1, &[(1, Revoked), (1, Valid)], &[0, 0, 0, 1]);
        let too_far = [(PassNumber(u32::MAX), Revoked)];
        assert_eq!(StatusList::build(PassNumber(1), too_far), Err(StatusListError));
    }

    #[test]
    fn what_is_no_list() {
        for bad in [&[][..], &[0, 0, 1], &[0, 0, 0, 1, 0], &[0, 0, 0, 1, 1, 0]] {
            assert_eq!(StatusList::from_bytes(bad), Err(StatusListError));
        }
        assert!(StatusList::from_bytes(&vec![1; StatusList::MAX_BYTES]).is_ok());
        assert!(StatusList::from_bytes(&vec![1; StatusList::MAX_BYTES + 1]).is_err());
    }

    #[test]
    fn a_million_passes() {
        let list = StatusList::build(PassNumber(1), (1..=1_000_000).map(|n| (PassNumber(n), Used))).unwrap();
        assert_eq!(list.to_bytes().len(), 250_004);
        assert_eq!(list.get(PassNumber(1_000_000)), Some(Used));
        assert_eq!(list.get(PassNumber(1_000_001)), Some(Valid));
    }

    proptest! {
        #[test]
        fn a_map_says_the_same(first in 0u32..50, statuses in prop::collection::vec((0u32..300, 0usize..4), 0..60)) {
            let pairs = || statuses.iter().map(|&(number, status)| (PassNumber(number), STATUSES[status]));
            let list = StatusList::build(PassNumber(first), pairs()).unwrap();
            let map: BTreeMap<_, _> = pairs().collect();
            for number in (0..310).map(PassNumber) {
                let expected = map.get(&number).copied().unwrap_or(Valid);
                prop_assert_eq!(list.get(number), (number.0 >= first).then_some(expected));
            }
            prop_assert_eq!(StatusList::from_bytes(&list.to_bytes()), Ok(list));
        }
    }
}
