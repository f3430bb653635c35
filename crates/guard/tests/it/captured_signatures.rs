//! Every delivery captured from a real WooCommerce verifies with its own secret and with no other.

use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;
use storewire_guard::signature;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/captures/woocommerce-11.0.1/webhooks");

#[derive(Deserialize)]
struct Entry {
    file: String,
    secret: Option<String>,
    signature_valid: bool,
}

struct Delivery {
    file: String,
    body: Vec<u8>,
    signature: String,
    secret: String,
}

fn entries() -> Vec<Entry> {
    serde_json::from_slice(&fs::read(Path::new(FOLDER).join("index.json")).unwrap()).unwrap()
}

fn signed_deliveries() -> Vec<Delivery> {
    let signed = entries().into_iter().filter(|entry| entry.signature_valid);
    signed
        .map(|entry| {
            let head = fs::read_to_string(Path::new(FOLDER).join(format!("{}.head", entry.file))).unwrap();
            let signature = head.lines().find_map(|line| line.strip_prefix("X-WC-Webhook-Signature: ")).unwrap();
            Delivery {
                body: fs::read(Path::new(FOLDER).join(format!("{}.body", entry.file))).unwrap(),
                signature: signature.trim().to_owned(),
                secret: entry.secret.unwrap(),
                file: entry.file,
            }
        })
        .collect()
}

#[test]
fn all_81_signed_deliveries_verify_over_their_raw_bytes() {
    let deliveries = signed_deliveries();
    assert_eq!((entries().len(), deliveries.len()), (83, 81));
    for delivery in &deliveries {
        assert!(signature::verify(&delivery.body, &delivery.signature, &[&delivery.secret]), "{}", delivery.file);
    }
}

#[test]
fn no_delivery_verifies_with_a_changed_body_or_with_another_hooks_secret() {
    let deliveries = signed_deliveries();
    let secrets: BTreeSet<&String> = deliveries.iter().map(|delivery| &delivery.secret).collect();
    for delivery in &deliveries {
        let mut longer = delivery.body.clone();
        longer.push(b'\n');
        assert!(!signature::verify(&longer, &delivery.signature, &[&delivery.secret]), "{}", delivery.file);
        let others: Vec<&String> = secrets.iter().copied().filter(|secret| **secret != delivery.secret).collect();
        assert!(!signature::verify(&delivery.body, &delivery.signature, &others), "{}", delivery.file);
    }
}
