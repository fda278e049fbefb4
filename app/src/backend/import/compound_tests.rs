//! A file as office programs make it, and what somebody could make of it.

use super::*;

const GOOD: &[u8] = include_bytes!("register.xls");

/// The file with the bytes behind a mark replaced, wherever it stands `nth`.
fn altered(mark: &[u8], nth: usize, replace: &[u8]) -> Vec<u8> {
    let at = GOOD
        .windows(mark.len())
        .enumerate()
        .filter(|(_, window)| *window == mark)
        .map(|(at, _)| at + mark.len())
        .nth(nth)
        .unwrap();
    let mut bytes = GOOD.to_vec();
    bytes[at..at + replace.len()].copy_from_slice(replace);
    bytes
}

#[test]
fn a_register_may_be_read() {
    assert_eq!(check(GOOD), Ok(()));
    let book = book(GOOD).unwrap();
    assert_eq!(sheets(&book).len(), 2);
    assert_eq!(span(&book[sheets(&book)[0]..]), 12);
    let checked = crate::backend::import::check(pass::table::Register::Households, GOOD).unwrap();
    let pass::table::Rows::Households(rows) = checked.rows else {
        panic!("households");
    };
    let names: Vec<&str> = rows.iter().map(|row| row.householder.as_str()).collect();
    assert_eq!(names, ["陈书言", "林清和"]);
}

#[test]
fn cells_far_apart_are_refused() {
    // DIMENSIONS of all rows and columns there are.
    let mut all = vec![0, 0, 0, 0];
    all.extend(65_536_u32.to_le_bytes());
    all.extend([0, 0, 0, 1]);
    let announced = altered(&[0x00, 0x02, 0x0e, 0x00], 0, &all);
    assert_eq!(check(&announced), Err(Fault::TooMuchInside));
    let backwards = altered(&[0x00, 0x02, 0x0e, 0x00], 0, &[9, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(check(&backwards), Err(Fault::TooMuchInside));
    // A LABELSST in the last row and column that the record can name.
    let far = altered(&[0xfd, 0x00, 0x0a, 0x00], 3, &[0xff; 4]);
    assert_eq!(check(&far), Err(Fault::TooMuchInside));
}

#[test]
fn chains_that_do_not_end_are_refused() {
    let table = (u32_at(GOOD, 76).unwrap() as usize + 1) * 512;
    let directory = u32_at(GOOD, 48).unwrap();
    let mut checked = 0;
    for id in 0..(GOOD.len() / 512 - 1) as u32 {
        let at = table + id as usize * 4;
        let next = u32_at(GOOD, at).unwrap();
        if next < MARKS || next == END {
            // The sector follows itself.
            let mut bytes = GOOD.to_vec();
            bytes[at..at + 4].copy_from_slice(&id.to_le_bytes());
            assert_eq!(check(&bytes), Err(Fault::UnknownFile), "sector {id}");
            // The sector is followed by one that is not there.
            bytes[at..at + 4].copy_from_slice(&70_000_u32.to_le_bytes());
            assert_eq!(check(&bytes), Err(Fault::UnknownFile), "sector {id}");
            checked += 1;
        }
    }
    assert!(checked > 8 && directory < MARKS);
}

#[test]
fn whatever_is_cut_off_or_flipped_is_no_panic() {
    for length in 0..GOOD.len() {
        let _ = check(&GOOD[..length]);
    }
    for at in 0..GOOD.len() {
        let mut bytes = GOOD.to_vec();
        bytes[at] ^= 0xff;
        let _ = check(&bytes);
    }
}
