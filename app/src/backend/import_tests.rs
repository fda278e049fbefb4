//! Files as offices make them, and files as nobody should.

use super::*;
use pass::household::HouseholdRow;
use pass::table::{CellFault, Column};

const PLAIN: &str = "小区,楼栋,门牌号,户主\n云麓苑,1栋,101,陈书言\n云麓苑,1栋,102,林清和\n";

fn check(bytes: &[u8]) -> Result<Checked, Fault> {
    super::check(Register::Households, bytes)
}

fn rows(checked: Checked) -> Vec<HouseholdRow> {
    match checked.rows {
        Rows::Households(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn names(bytes: &[u8]) -> Vec<String> {
    let checked = check(bytes).unwrap();
    assert_eq!((&checked.header, &checked.faults), (&vec![], &vec![]));
    rows(checked).into_iter().map(|row| row.householder).collect()
}

#[track_caller]
fn reads(bytes: &[u8]) {
    assert_eq!(names(bytes), ["陈书言", "林清和"]);
}

#[track_caller]
fn refused(bytes: &[u8], fault: Fault) {
    assert_eq!(check(bytes), Err(fault));
}

fn fault(line: u32, column: Column, fault: CellFault) -> LineFault {
    LineFault::new(line, column, fault)
}

fn workbook(cells: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (row as u32, column as u16);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn every_usual_encoding() {
    reads(PLAIN.as_bytes());
    reads(&[b"\xef\xbb\xbf", PLAIN.as_bytes()].concat());
    let (gbk, _, broken) = encoding_rs::GBK.encode(PLAIN);
    assert!(!broken);
    reads(&gbk);
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads(&[b"\xff\xfe", utf16.as_slice()].concat());
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_be_bytes).collect();
    reads(&[b"\xfe\xff", utf16.as_slice()].concat());
}

#[test]
fn every_usual_delimiter_line_end_and_quote() {
    reads(PLAIN.replace(',', ";").as_bytes());
    reads(PLAIN.replace(',', "\t").as_bytes());
    reads(PLAIN.replace('\n', "\r\n").as_bytes());
    reads(PLAIN.replace("陈书言", "\"陈书言\"").as_bytes());
    reads(PLAIN.trim_end().as_bytes());
    reads(format!("\n\n{PLAIN}\n\n").as_bytes());
    reads(
        "户主,备注,door,Building,community\n陈书言,\"a,b\n;c\",101,1,云麓苑\n林清和,,102,1,云麓苑".as_bytes(),
    );
}

#[test]
fn a_number_in_a_spreadsheet_is_a_door() {
    let book = workbook(&[
        &["小区名称", "楼栋号", "门牌号", "户主姓名"],
        &["云麓苑", "1", "101", "陈书言"],
        &["", "", "", ""],
        &["云麓苑", "1", "102", "林清和"],
    ]);
    reads(&book);
    assert_eq!(rows(check(&book).unwrap())[0].address.door, "101");
}

#[test]
fn line_numbers_are_the_files_own() {
    let checked = check("小区,楼栋,门牌,户主\n\n云麓苑,1,101,\n\r\n云麓苑,,102,林清和\n云麓苑,1,103,何川\n云麓苑,1,103,何川\n".as_bytes());
    assert_eq!(
        checked.unwrap().faults,
        [
            fault(3, Column::Householder, CellFault::Empty),
            fault(5, Column::Building, CellFault::Empty),
            fault(7, Column::Door, CellFault::Duplicate { first_line: 6 }),
        ]
    );
    let book = workbook(&[
        &["小区", "楼栋", "门牌", "户主"],
        &["云麓苑", "1", "101", "陈书言"],
        &[],
        &["云麓苑", "1"],
    ]);
    assert_eq!(
        check(&book).unwrap().faults,
        [
            fault(4, Column::Door, CellFault::Empty),
            fault(4, Column::Householder, CellFault::Empty)
        ]
    );
}

#[test]
fn a_date_where_a_door_should_be_is_unreadable() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in ["小区", "楼栋", "门牌", "户主"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, head).unwrap();
        sheet.write_string(1, column as u16, head).unwrap();
    }
    let format = rust_xlsxwriter::Format::new().set_num_format("m-d");
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
    sheet.write_datetime_with_format(1, 2, &date, &format).unwrap();
    let checked = check(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(checked.faults, [fault(2, Column::Door, CellFault::Unreadable)]);
}

#[test]
fn missing_columns_are_named() {
    let checked = check("小区,门牌,户主\n云麓苑,101,陈书言\n".as_bytes()).unwrap();
    assert_eq!(
        checked.header,
        [HeaderFault::Missing {
            column: Column::Building
        }]
    );
    assert!(checked.rows.is_empty());
    let checked = check(b"hello\n").unwrap();
    assert_eq!(checked.header.len(), 4);
}

#[test]
fn what_is_no_table_is_said_to_be_none() {
    refused(b"", Fault::EmptyFile);
    refused(b"\xef\xbb\xbf  \r\n ", Fault::EmptyFile);
    refused("小区,楼栋,门牌,户主\n".as_bytes(), Fault::EmptyFile);
    refused(&workbook(&[]), Fault::EmptyFile);
    refused(b"%PDF-1.7 ...", Fault::UnknownFile);
    refused(b"<html><table>", Fault::UnknownFile);
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\x0d", Fault::UnknownFile);
    refused(b"PK\x03\x04 another archive", Fault::UnknownFile);
    refused(b"\xd0\xcf\x11\xe0 broken", Fault::UnknownFile);
    refused(b"\x81\xff\xff,1\n", Fault::UnreadableText);
    refused(
        &vec![b'a'; MAX_BYTES + 1],
        Fault::TooLarge {
            max_bytes: MAX_BYTES as u64,
        },
    );
    refused(
        "a,b\n".repeat(100_001).as_bytes(),
        Fault::TooManyLines { max: MAX_LINES },
    );
}

/// One long text that every cell shares takes little room in the file, and would take much once read.
#[test]
fn a_text_shared_by_very_many_cells_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let long = "楼".repeat(20_000);
    for row in 0..1000 {
        for column in 0..12 {
            sheet.write_string(row, column, &long).unwrap();
        }
    }
    refused(&book.save_to_buffer().unwrap(), Fault::TooMuchInside);
}

/// People and units come in the same sorts of files.
#[test]
fn the_register_says_which_columns_a_file_has() {
    let people =
        "学工号,姓名,人员类别,所在单位\n0701,陈书言,教职工,计算机学院\n0702,林清和,校友,计算机学院\n";
    let (gbk, ..) = encoding_rs::GBK.encode(people);
    let checked = super::check(Register::People, &gbk).unwrap();
    assert_eq!(checked.rows.len(), 1);
    assert_eq!(checked.faults, [fault(3, Column::Kind, CellFault::UnknownWord)]);
    let units = workbook(&[&["单位代码", "单位名称"], &["107", "计算机学院"]]);
    let checked = super::check(Register::Units, &units).unwrap();
    assert_eq!((checked.rows.len(), checked.faults.len()), (1, 0));
    let checked = super::check(Register::Units, people.as_bytes()).unwrap();
    let missing = |column| HeaderFault::Missing { column };
    assert_eq!(checked.header, [missing(Column::Code), missing(Column::UnitName)]);
}
