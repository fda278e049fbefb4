use super::*;
use crate::fixture::{claims, credential, holder, issuer, longest, now, phone_claims, rotating};
use alloc::{format, vec};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// The smallest QR version at level M that shows these bytes with a host of 15 characters.
fn qr_version(bytes: &[u8]) -> u8 {
    let link = link("pass.cu.example", bytes);
    assert_eq!(link.prefix.len(), "https://".len() + 15 + "/v#".len());
    let segments = [
        QrSegment::make_bytes(link.prefix.as_bytes()),
        QrSegment::make_numeric(&link.digits),
    ];
    let code = QrCode::encode_segments_advanced(
        &segments,
        QrCodeEcc::Medium,
        Version::MIN,
        Version::MAX,
        None,
        false,
    );
    code.unwrap().version().value()
}

#[test]
fn codes_stay_small() {
    #[track_caller]
    fn check(shown: &Presentation, bytes: usize, version: u8) {
        assert_eq!(
            (shown.to_bytes().len(), qr_version(&shown.to_bytes())),
            (bytes, version)
        );
    }
    check(&Presentation::Static(credential(&claims())), 119, 8);
    check(&rotating(&phone_claims(), now()), 238, 12);
    // The bounds hold for whatever the types admit: at most 10, and at most 13.
    check(&Presentation::Static(credential(&longest(false))), 150, 9);
    check(
        &rotating(&longest(true), Timestamp::from_second(u32::MAX.into()).unwrap()),
        269,
        13,
    );
}

#[test]
fn bytes_and_links_come_back() {
    for shown in [
        Presentation::Static(credential(&claims())),
        rotating(&phone_claims(), now()),
    ] {
        let bytes = shown.to_bytes();
        assert_eq!(Presentation::from_bytes(&bytes), Ok(shown.clone()));
        let link = link("pass.example:3000", &bytes);
        assert_eq!(
            Input::from_text(&format!("{link}")),
            Ok(Input::Presented(shown.clone()))
        );
        assert_eq!(Input::from_text(&link.digits), Ok(Input::Presented(shown)));
    }
}

#[test]
fn whatever_types_it() {
    let shown = Presentation::Static(credential(&claims()));
    let digits = digits::encode(&shown.to_bytes());
    let full_width: String = digits
        .chars()
        .map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap())
        .collect();
    let (one, two) = digits.split_at(50);
    for text in [
        format!("https://h/v#{digits}"),
        format!("HTTP://H/v#{digits}"),
        format!("  https://h/v#{digits}\r\n"),
        format!("https：／／h／v＃{full_width}"),
        format!("https://h/v#{one} {two}"),
        // The German and the British layout, and a link cut at its head.
        format!("httpsÖ--h-v§{digits}"),
        format!("https://h/v£{digits}"),
        format!("v#{digits}"),
        format!("\n{digits}\n"),
    ] {
        assert_eq!(
            Input::from_text(&text),
            Ok(Input::Presented(shown.clone())),
            "{text}"
        );
    }
}

#[test]
fn texts() {
    #[track_caller]
    fn check(text: &str, input: Result<Input, GateRefusal>) {
        assert_eq!(Input::from_text(text), input);
    }
    use GateRefusal::{BadDigits, Malformed, NotAPass, TooLong};
    let number = |number| Ok(Input::TypedNumber(PassNumber(number)));

    check("4711", number(4711));
    check(" ４７１１ ", number(4711));
    check("0000004711", number(4711));
    check("4294967295", number(u32::MAX));
    check("4294967296", Err(NotAPass));
    check("0", Err(NotAPass));
    check("00000004711", Err(NotAPass));
    check("-4711", Err(NotAPass));
    check("٤٧١١", Err(NotAPass));
    check("", Err(NotAPass));
    check("https://shop.example/item/12345", Err(NotAPass));
    check("https://shop.example/v?x#12345", Err(NotAPass));
    check("6901234567892", Err(NotAPass));
    check("BEGIN:VCARD\nFN:x", Err(NotAPass));
    check(&"长".repeat(9000), Err(NotAPass));
    check("https://h/v#", Err(Malformed));
    check("https://h/v#4711", Err(BadDigits));
    check("https://h/v#999", Err(BadDigits));
    check(
        "https://h/v#210",
        Ok(Input::Presented(Presentation::Static(Credential::from_bytes(
            vec![0xd2],
        )))),
    );
    check(&"0".repeat(101), Err(BadDigits));
    check(&"0".repeat(102), Err(Malformed));
    check(&format!("https://h/v#{}", "0".repeat(1300)), Err(TooLong));
}

#[test]
fn bytes_that_are_none() {
    #[track_caller]
    fn check(bytes: &[u8], refusal: GateRefusal) {
        assert_eq!(Presentation::from_bytes(bytes), Err(refusal));
    }
    use GateRefusal::{Malformed, NotCanonical, TooLong, TrailingBytes};

    let good = rotating(&phone_claims(), now()).to_bytes();
    let credential = credential(&phone_claims());
    let array = |items: &[Value]| {
        let mut bytes = vec![];
        ciborium::into_writer(&Value::Array(items.to_vec()), &mut bytes).unwrap();
        bytes
    };
    let shown = || Value::Bytes(credential.as_bytes().to_vec());
    let (at, signature) = (|| Value::from(now().as_second()), || Value::Bytes(vec![1; 64]));

    check(&[], Malformed);
    check(&[0xd1], Malformed);
    check(&[0xd2; 513], TooLong);
    check(&good[..good.len() - 1], Malformed);
    check(&[&good[..], &[0]].concat(), TrailingBytes);
    check(&array(&[shown(), at()]), Malformed);
    check(&array(&[shown(), shown(), signature()]), Malformed);
    check(&array(&[shown(), (-1).into(), signature()]), Malformed);
    check(&array(&[shown(), (1u64 << 32).into(), signature()]), Malformed);
    check(&array(&[shown(), at(), Value::Bytes(vec![1; 63])]), Malformed);
    // The time in 8 bytes instead of 4.
    let at_byte = good.len() - 66 - 5;
    assert_eq!(good[at_byte], 0x1a);
    let longer = [&good[..at_byte], &[0x1b, 0, 0, 0, 0], &good[at_byte + 1..]].concat();
    check(&longer, NotCanonical);
}

#[test]
fn the_holders_proof() {
    #[track_caller]
    fn check(shown: &Presentation, holder: Option<&HolderKey>, seconds: i64, to: Result<(), GateRefusal>) {
        let at = Timestamp::from_second(now().as_second() + seconds).unwrap();
        assert_eq!(shown.check_holder(holder, at), to);
    }
    let key = holder().public().key;
    let fixed = Presentation::Static(credential(&claims()));
    let fresh = rotating(&phone_claims(), now());

    check(&fixed, None, 0, Ok(()));
    check(&fixed, Some(&key), 0, Err(GateRefusal::HolderSignatureMissing));
    check(&fresh, None, 0, Err(GateRefusal::HolderSignatureUnexpected));
    check(
        &fresh,
        Some(&issuer().public().key),
        0,
        Err(GateRefusal::HolderSignatureBad),
    );
    for seconds in [-60, -1, 0, 60] {
        check(&fresh, Some(&key), seconds, Ok(()));
    }
    for seconds in [-3600, -61, 61, 86400] {
        let tablet = Timestamp::from_second(now().as_second() + seconds).unwrap();
        check(
            &fresh,
            Some(&key),
            seconds,
            Err(GateRefusal::Stale {
                at: now(),
                now: tablet,
            }),
        );
    }
    // The signature of one moment doesn't serve another, nor another credential.
    let Presentation::Rotating {
        credential: shown,
        at,
        signature,
    } = fresh
    else {
        panic!()
    };
    let later = Timestamp::from_second(at.as_second() + 30).unwrap();
    let moved = Presentation::Rotating {
        credential: shown,
        at: later,
        signature,
    };
    check(&moved, Some(&key), 0, Err(GateRefusal::HolderSignatureBad));
    let other = credential(&crate::credential::Claims {
        number: PassNumber(1),
        ..phone_claims()
    });
    let lent = Presentation::Rotating {
        credential: other,
        at,
        signature,
    };
    check(&lent, Some(&key), 0, Err(GateRefusal::HolderSignatureBad));
}
