use super::*;
use crate::{
    fixture::{claims, credential, gate, issuer, key},
    id::PassNumber,
    status::Status,
};

#[test]
fn signed_and_opened() {
    let mut bundle = gate();
    bundle.status = StatusList::build(PassNumber(1), [(PassNumber(9), Status::Revoked)]).unwrap();
    let bytes = bundle.sign(&issuer()).unwrap();
    assert_eq!(GateBundle::open(&bytes, &bundle.issuers), Ok(bundle));
}

#[test]
fn bundles_that_are_refused() {
    #[track_caller]
    fn check(bytes: &[u8], fault: SignedFault) {
        assert_eq!(GateBundle::open(bytes, &[issuer().public()]), Err(fault));
    }
    let good = gate().sign(&issuer()).unwrap();
    check(&gate().sign(&key(5)).unwrap(), SignedFault::UnknownKey);
    check(&good[..good.len() - 1], SignedFault::Malformed);
    check(&[&good[..], &[0]].concat(), SignedFault::TrailingBytes);
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    check(&altered, SignedFault::BadSignature);
    // A credential is no bundle, and a bundle is no credential, though one key signs both.
    check(credential(&claims()).as_bytes(), SignedFault::BadSignature);
    let issuers = [issuer().public()];
    assert!(crate::credential::open(&good, &issuers).is_err());

    let kid = issuer().public().kid.0;
    let sealed = |payload: &[u8]| {
        signed::encode(
            &kid,
            payload,
            &issuer().sign_bytes(&signed::to_be_signed(CONTEXT, &kid, payload)),
        )
    };
    check(&sealed(b""), SignedFault::UnexpectedContent);
    check(&sealed(&[0xa0]), SignedFault::UnexpectedContent);
}

#[test]
fn only_a_higher_version_of_the_same_site() {
    let bundle = gate();
    let with = |version, site: &str| GateBundle {
        version,
        site: site.parse().unwrap(),
        ..gate()
    };
    assert!(bundle.gives_way_to(&with(8, "demo")));
    assert!(!bundle.gives_way_to(&with(7, "demo")));
    assert!(!bundle.gives_way_to(&with(6, "demo")));
    assert!(!bundle.gives_way_to(&with(8, "north")));
}

#[test]
fn too_long() {
    let mut bundle = gate();
    bundle.site_name.zh = "长".repeat(MAX_BYTES / 3);
    assert_eq!(bundle.sign(&issuer()), Err(SignedFault::TooLong));
}
