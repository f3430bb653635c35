//! Every delivery captured from a real WooCommerce verifies with its own secret and with no other.

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::Index};
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
fn fault_06_all_81_signed_deliveries_verify_over_their_raw_bytes() {
    let deliveries = signed_deliveries();
    assert_eq!((entries().len(), deliveries.len()), (83, 81));
    for delivery in &deliveries {
        assert!(signature::verify(&delivery.body, &delivery.signature, &[&delivery.secret]), "{}", delivery.file);
    }
}

#[test]
fn a3_no_delivery_verifies_with_a_changed_body_or_with_another_hooks_secret() {
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

static DELIVERIES: LazyLock<Vec<Delivery>> = LazyLock::new(signed_deliveries);

/// What a forger may do to a genuine delivery.
#[derive(Clone, Debug)]
enum Forgery {
    Flip { in_header: bool, at: Index, bit: u8 },
    Cut { in_header: bool, at: Index },
    Add { in_header: bool, at: Index, byte: u8 },
    Swap { one: Index, other: Index },
    Header(String),
    BodyOf(Index),
    Secret(Vec<u8>),
}

fn forgeries() -> impl Strategy<Value = Vec<Forgery>> {
    let one = prop_oneof![
        (any::<bool>(), any::<Index>(), 0..8_u8).prop_map(|(in_header, at, bit)| Forgery::Flip { in_header, at, bit }),
        (any::<bool>(), any::<Index>()).prop_map(|(in_header, at)| Forgery::Cut { in_header, at }),
        (any::<bool>(), any::<Index>(), any::<u8>()).prop_map(|(in_header, at, byte)| Forgery::Add {
            in_header,
            at,
            byte
        }),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Forgery::Swap { one, other }),
        any::<String>().prop_map(Forgery::Header),
        any::<Index>().prop_map(Forgery::BodyOf),
        any::<Vec<u8>>().prop_map(Forgery::Secret),
    ];
    prop::collection::vec(one, 1..5)
}

/// The body and the header that a forger sends.
fn forge(genuine: &Delivery, forgeries: Vec<Forgery>) -> (Vec<u8>, Vec<u8>) {
    let (mut body, mut header) = (genuine.body.clone(), genuine.signature.clone().into_bytes());
    for forgery in forgeries {
        let target = |in_header| if in_header { 1 } else { 0 };
        let mut parts = [&mut body, &mut header];
        match forgery {
            Forgery::Flip { in_header, at, bit } => {
                let bytes = &mut parts[target(in_header)];
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                }
            }
            Forgery::Cut { in_header, at } => {
                let bytes = &mut parts[target(in_header)];
                bytes.truncate(at.index(bytes.len() + 1));
            }
            Forgery::Add { in_header, at, byte } => {
                let bytes = &mut parts[target(in_header)];
                bytes.insert(at.index(bytes.len() + 1), byte);
            }
            Forgery::Swap { one, other } if !body.is_empty() => {
                let (one, other) = (one.index(body.len()), other.index(body.len()));
                body.swap(one, other);
            }
            Forgery::Swap { .. } => {}
            Forgery::Header(text) => header = text.into_bytes(),
            Forgery::BodyOf(which) => body = which.get(&DELIVERIES).body.clone(),
            Forgery::Secret(secret) => header = signature::sign(&body, &secret).into_bytes(),
        }
    }
    (body, header)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a3_of_ten_thousand_forgeries_of_captured_deliveries_none_is_accepted(which: Index, forgeries in forgeries()) {
        let genuine = which.get(&DELIVERIES);
        let (body, header) = forge(genuine, forgeries);
        let header = String::from_utf8_lossy(&header);
        // Some undo each other, or put one of two equal bytes into the place of the other.
        prop_assume!(body != genuine.body || *header != genuine.signature);
        prop_assert!(!signature::verify(&body, &header, &[&genuine.secret]), "{header:?} over {} bytes", body.len());
    }
}
