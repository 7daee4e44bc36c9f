//! Sealed values: the golden vectors, secrecy, binding to a context, and key rotation.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeMap;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use proptest::prelude::*;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use scormbridge_core::keys::{Key, Keys};
use scormbridge_core::sealing::{MAX_CONTEXT_BYTES, MAX_PLAIN_BYTES, SealError, Vault, is_sealed};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    keys: BTreeMap<String, String>,
    current: String,
    accept: Vec<Case>,
    refuse: Vec<Case>,
    shape: Shape,
    stale: Vec<String>,
    fresh: Vec<String>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    sealed: String,
    context: Vec<String>,
    plain: Option<String>,
    reason: Option<String>,
}

impl Case {
    fn context(&self) -> Vec<&str> {
        self.context.iter().map(String::as_str).collect()
    }
}

#[derive(Deserialize)]
struct Shape {
    sealed: Vec<String>,
    plain: Vec<String>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/golden/sealed.json")).unwrap()
}

fn golden_vault(golden: &Golden) -> Vault {
    let keys: Keys = golden
        .keys
        .iter()
        .map(|(id, hex)| (id.clone(), Key::from_hex(hex).unwrap()))
        .collect();
    Vault::new(keys, &golden.current).unwrap()
}

fn vault(key: [u8; 32]) -> Vault {
    Vault::new([("k".into(), Key::from(key))].into(), "k").unwrap()
}

#[test]
fn every_accepted_vector_opens_to_its_value() {
    let golden = golden();
    let vault = golden_vault(&golden);
    for case in &golden.accept {
        let plain = case.plain.clone().unwrap();
        assert_eq!(
            vault.open(&case.sealed, &case.context()),
            Ok(plain),
            "{}",
            case.name
        );
    }
}

#[test]
fn every_refused_vector_gives_its_reason() {
    let golden = golden();
    let vault = golden_vault(&golden);
    for case in &golden.refuse {
        let refusal = vault.open(&case.sealed, &case.context()).unwrap_err();
        assert_eq!(
            refusal.reason(),
            case.reason.as_deref().unwrap(),
            "{}: {refusal}",
            case.name
        );
    }
}

/// Seals again with the nonce of each vector, by ring itself: the text must come out the same.
#[test]
fn every_accepted_vector_is_what_ring_makes_of_its_value() {
    let golden = golden();
    for case in &golden.accept {
        let [version, kid, data] = case.sealed.split(':').collect::<Vec<_>>()[..] else {
            panic!("{}: not three fields", case.name)
        };
        let nonce = BASE64URL_NOPAD.decode(data.as_bytes()).unwrap()[..NONCE_LEN].to_vec();
        let mut aad = Vec::new();
        for field in [version, kid].into_iter().chain(case.context()) {
            aad.extend_from_slice(&(field.len() as u32).to_be_bytes());
            aad.extend_from_slice(field.as_bytes());
        }
        let key = HEXLOWER.decode(golden.keys[kid].as_bytes()).unwrap();
        let mut value = case.plain.clone().unwrap().into_bytes();
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap())
            .seal_in_place_append_tag(
                Nonce::try_assume_unique_for_key(&nonce).unwrap(),
                Aad::from(aad),
                &mut value,
            )
            .unwrap();
        assert_eq!(
            BASE64URL_NOPAD.encode(&[nonce, value].concat()),
            data,
            "{}",
            case.name
        );
    }
}

#[test]
fn sealed_and_plain_text_are_told_apart_by_shape() {
    let shape = golden().shape;
    for value in shape.sealed {
        assert!(is_sealed(&value), "{value:?}");
    }
    for value in shape.plain {
        assert!(!is_sealed(&value), "{value:?}");
    }
}

#[test]
fn a_value_of_another_key_needs_sealing_again() {
    let golden = golden();
    let vault = golden_vault(&golden);
    for value in &golden.stale {
        assert!(vault.needs_reseal(value), "{value:?}");
    }
    for value in &golden.fresh {
        assert!(!vault.needs_reseal(value), "{value:?}");
    }
}

#[test]
fn a_rotated_key_opens_until_it_is_gone() {
    let key = |id: &str, byte| (id.to_owned(), Key::from([byte; 32]));
    let before = Vault::new([key("old", 1)].into(), "old").unwrap();
    let between = Vault::new([key("old", 1), key("new", 2)].into(), "new").unwrap();
    let after = Vault::new([key("new", 2)].into(), "new").unwrap();
    let sealed = before.seal("p3", &["1"]).unwrap();
    assert!(between.needs_reseal(&sealed));
    let plain = between.open(&sealed, &["1"]).unwrap();
    let sealed_again = between.seal(&plain, &["1"]).unwrap();
    assert_eq!(after.open(&sealed_again, &["1"]).as_deref(), Ok("p3"));
    assert_eq!(
        after.open(&sealed, &["1"]),
        Err(SealError::UnknownKey { id: "old".into() })
    );
}

#[test]
fn one_value_sealed_twice_gives_two_texts() {
    let vault = vault([7; 32]);
    assert_ne!(
        vault.seal("p3", &[]).unwrap(),
        vault.seal("p3", &[]).unwrap()
    );
}

#[test]
fn a_sealed_text_cannot_be_changed_anywhere_or_cut_anywhere() {
    let vault = vault([7; 32]);
    let sealed = vault.seal("bookmark=12", &["1", "2"]).unwrap();
    for at in 0..sealed.len() {
        assert!(
            vault.open(&sealed[..at], &["1", "2"]).is_err(),
            "cut at {at}"
        );
        for other in (0_u8..128)
            .map(char::from)
            .filter(|&other| !sealed[at..].starts_with(other))
        {
            let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
            assert!(
                vault.open(&changed, &["1", "2"]).is_err(),
                "{other:?} at {at}"
            );
        }
    }
}

#[test]
fn limits_hold_on_both_sides() {
    let vault = vault([7; 32]);
    let longest = "x".repeat(MAX_PLAIN_BYTES);
    let sealed = vault.seal(&longest, &[]).unwrap();
    assert_eq!(vault.open(&sealed, &[]).unwrap(), longest);
    assert_eq!(
        vault
            .seal(&format!("{longest}x"), &[])
            .unwrap_err()
            .reason(),
        "seal_too_large"
    );
    assert_eq!(
        vault
            .open(&format!("{sealed}AAAA"), &[])
            .unwrap_err()
            .reason(),
        "seal_too_large"
    );
    let context = "c".repeat(MAX_CONTEXT_BYTES);
    assert!(vault.seal("p3", &[&context]).is_ok());
    assert_eq!(
        vault.seal("p3", &[&context, "c"]).unwrap_err().reason(),
        "seal_context_too_large"
    );
}

#[test]
fn keys_are_read_from_configuration_and_never_shown() {
    let key = Key::generate().unwrap();
    let hex = key.to_hex();
    assert_eq!(*Key::from_hex(&hex).unwrap().to_hex(), *hex);
    assert_eq!(*Key::from_hex(&hex.to_uppercase()).unwrap().to_hex(), *hex);
    assert_ne!(*Key::generate().unwrap().to_hex(), *hex);
    for wrong in [
        "",
        "00",
        &hex[1..],
        &format!("{}g", &hex[1..]),
        &format!("{}00", *hex),
    ] {
        assert_eq!(
            Key::from_hex(wrong).unwrap_err().reason(),
            "key_format",
            "{wrong:?}"
        );
    }
    assert!(
        !format!("{:?}", Vault::new([("k".into(), key)].into(), "k").unwrap()).contains(&hex[..8])
    );
}

/// Text with characters of every plane in any order, planes without assigned characters included.
fn text_of_every_plane() -> impl Strategy<Value = String> {
    let plane = |plane: u32| {
        (0_u32..0x10000)
            .prop_filter_map("a surrogate", move |low| char::from_u32(plane << 16 | low))
    };
    let planes: Vec<_> = (0..=16)
        .map(|p| prop::collection::vec(plane(p), 1..8))
        .collect();
    planes
        .prop_map(|characters| characters.concat())
        .prop_shuffle()
        .prop_map(|characters| characters.into_iter().collect())
}

fn context() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(any::<String>(), 0..6)
}

fn as_strs(fields: &[String]) -> Vec<&str> {
    fields.iter().map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Feature: external-scorm-bridge, Property 6: a suspend data value comes back exactly as it was.
    #[test]
    fn a_value_of_every_unicode_plane_comes_back(plain in text_of_every_plane(), context in context()) {
        let vault = vault([7; 32]);
        let sealed = vault.seal(&plain, &as_strs(&context)).unwrap();
        prop_assert!(is_sealed(&sealed));
        prop_assert!(!vault.needs_reseal(&sealed));
        prop_assert_eq!(vault.open(&sealed, &as_strs(&context)).unwrap(), plain);
    }

    /// Feature: external-scorm-bridge, Property 21: without the key a stored value cannot be read.
    #[test]
    fn a_value_does_not_open_with_another_key(
        plain in any::<String>(), key in any::<[u8; 32]>(), other in any::<[u8; 32]>(),
    ) {
        prop_assume!(key != other);
        let sealed = vault(key).seal(&plain, &["1"]).unwrap();
        prop_assert_eq!(vault(other).open(&sealed, &["1"]), Err(SealError::Forged));
    }

    /// Feature: external-scorm-bridge, Property 21: what is stored holds nothing of the value
    /// but its length.
    #[test]
    fn what_is_stored_does_not_show_the_value(plain in "[a-z]{8,40}") {
        let sealed = vault([7; 32]).seal(&plain, &[]).unwrap();
        let data = BASE64URL_NOPAD.decode(sealed.rsplit(':').next().unwrap().as_bytes()).unwrap();
        prop_assert_eq!(data.len(), 12 + plain.len() + 16);
        prop_assert!(!data.windows(8).any(|w| plain.as_bytes().windows(8).any(|p| p == w)));
        prop_assert!(!sealed.contains(&plain));
    }

    /// Feature: external-scorm-bridge, Property 21: a value opens in its own context and in no other.
    #[test]
    fn a_value_opens_in_its_own_context_only(
        plain in any::<String>(), own in context(), other in context(),
    ) {
        prop_assume!(own != other);
        let vault = vault([7; 32]);
        let sealed = vault.seal(&plain, &as_strs(&own)).unwrap();
        prop_assert_eq!(vault.open(&sealed, &as_strs(&other)), Err(SealError::Forged));
    }

    /// Moving a border between two context fields makes another context.
    #[test]
    fn context_fields_cannot_flow_into_each_other(
        text in "[0-9]{2,12}",
        a in any::<prop::sample::Index>(),
        b in any::<prop::sample::Index>(),
    ) {
        let a = a.index(text.len());
        let b = (a + 1 + b.index(text.len() - 1)) % text.len();
        let vault = vault([7; 32]);
        let sealed = vault.seal("p3", &[&text[..a], &text[a..]]).unwrap();
        prop_assert_eq!(vault.open(&sealed, &[&text[..b], &text[b..]]), Err(SealError::Forged));
    }

    /// Any text at all is answered, and nothing opens that was not sealed.
    #[test]
    fn any_text_is_refused(text in r"esb1:k:[A-Za-z0-9_-]{0,80}|esb1:.{0,20}|.{0,60}") {
        prop_assert!(vault([7; 32]).open(&text, &[]).is_err());
    }
}
