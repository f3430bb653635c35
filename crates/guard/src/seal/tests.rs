//! What a sealed secret withstands.

use std::{fs, os::unix::fs::PermissionsExt};

use secrecy::ExposeSecret;

use super::*;

const PLAIN: &[u8] = b"cs_0123456789abcdef";

fn context() -> SealContext {
    SealContext { tenant: Uuid::from_u128(1), store: Uuid::from_u128(2), column: "consumer_secret" }
}

#[test]
fn what_was_sealed_opens_in_its_own_place() {
    let keyring = Keyring::from_bytes([7; 32]);
    for plain in [b"".as_slice(), PLAIN, &[0; 10_000]] {
        assert_eq!(keyring.open(&context(), &keyring.seal(&context(), plain)).unwrap().as_slice(), plain);
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let keyring = Keyring::from_bytes([7; 32]);
    let sealed = keyring.seal(&context(), PLAIN);
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(keyring.open(&context(), &altered).is_err(), "bit {bit}");
    }
    for end in 0..sealed.len() {
        assert!(keyring.open(&context(), &sealed[..end]).is_err(), "cut at {end}");
    }
    let mut longer = sealed;
    longer.push(0);
    assert!(keyring.open(&context(), &longer).is_err());
}

#[test]
fn another_tenant_store_or_column_opens_nothing() {
    let keyring = Keyring::from_bytes([7; 32]);
    let sealed = keyring.seal(&context(), PLAIN);
    let elsewhere = [
        SealContext { tenant: Uuid::from_u128(9), ..context() },
        SealContext { store: Uuid::from_u128(9), ..context() },
        SealContext { tenant: context().store, store: context().tenant, ..context() },
        SealContext { column: "consumer_key", ..context() },
        SealContext { column: "consumer_secre", ..context() },
    ];
    for place in elsewhere {
        assert_eq!(keyring.open(&place, &sealed), Err(SealError::Refused));
    }
}

#[test]
fn another_installations_key_is_named_as_unknown() {
    let sealed = Keyring::from_bytes([7; 32]).seal(&context(), PLAIN);
    assert_eq!(Keyring::from_bytes([8; 32]).open(&context(), &sealed), Err(SealError::UnknownKey));
}

#[test]
fn the_same_text_is_never_sealed_alike() {
    let keyring = Keyring::from_bytes([7; 32]);
    let mut nonces = std::collections::HashSet::new();
    for _ in 0..10_000 {
        assert!(nonces.insert(keyring.seal(&context(), PLAIN)[5..17].to_vec()));
    }
}

#[test]
fn an_older_key_below_the_newest_still_opens() {
    let old = Keyring::from_bytes([7; 32]);
    let both = Keyring::from_keys(vec![Key::new([8; 32]), Key::new([7; 32])]);
    assert_eq!(both.open(&context(), &old.seal(&context(), PLAIN)).unwrap().as_slice(), PLAIN);
    assert_eq!(old.open(&context(), &both.seal(&context(), PLAIN)), Err(SealError::UnknownKey));
}

#[test]
fn a_key_file_is_private_never_overwritten_and_refused_when_others_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storewire.key");
    let made = Keyring::generate_file(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let sealed = made.seal(&context(), PLAIN);
    assert_eq!(Keyring::load(&path).unwrap().open(&context(), &sealed).unwrap().as_slice(), PLAIN);

    assert!(matches!(Keyring::generate_file(&path), Err(KeyFileError::Io { .. })));
    assert!(Keyring::load(&path).unwrap().open(&context(), &sealed).is_ok());

    for mode in [0o640, 0o604, 0o660, 0o644, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(Keyring::load(&path), Err(KeyFileError::OpenToOthers { .. })), "mode {mode:o}");
    }
}

#[test]
fn a_spoiled_key_file_is_refused_without_showing_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storewire.key");
    for text in ["", "# only a comment\n", "c2hvcnQ=\n", "not base64 at all\n"] {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = Keyring::load(&path).unwrap_err().to_string();
        assert!(!error.contains("c2hvcnQ") && !error.contains("not base64 at"), "{error}");
    }
}

#[test]
fn derived_keys_differ_by_purpose_and_by_installation_and_print_nothing() {
    let keyring = Keyring::from_bytes([7; 32]);
    let password = keyring.database_password();
    assert_eq!(password.expose_secret().len(), 64);
    assert_eq!(password.expose_secret(), keyring.clone().database_password().expose_secret());
    assert_ne!(password.expose_secret(), Keyring::from_bytes([8; 32]).database_password().expose_secret());
    assert_ne!(*keyring.derive("one")[0].1, *keyring.derive("other")[0].1);
    assert!(format!("{keyring:?}").len() < 20);
}
