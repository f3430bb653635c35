use jiff::Timestamp;

use super::*;

const URL: &str = "https://panel.example/hooks/woo/0123456789abcdef";
const SECRET: Uuid = Uuid::from_u128(1);
const WANTED: Wanted<'_> = Wanted { token: "0123456789abcdef", url: URL, secret: SECRET };

/// A store with all webhooks in order.
fn sound() -> (Vec<RemoteWebhook>, Vec<KnownWebhook>) {
    let found = TOPICS.iter().zip(1_u64..).map(|(topic, id)| hook(id, topic)).collect();
    let known = TOPICS.iter().zip(1_u64..).map(|(topic, id)| known(id, topic)).collect();
    (found, known)
}

fn hook(id: u64, topic: &str) -> RemoteWebhook {
    RemoteWebhook {
        id: RemoteId::from(id),
        topic: topic.to_owned(),
        status: "active".to_owned(),
        delivery_url: URL.to_owned(),
        name: String::new(),
    }
}

fn known(id: u64, topic: &str) -> KnownWebhook {
    KnownWebhook {
        topic: topic.to_owned(),
        remote_id: RemoteId::from(id),
        secret_id: Some(SECRET),
        registered_at: Timestamp::UNIX_EPOCH,
    }
}

fn look(found: &[RemoteWebhook], known: &[KnownWebhook]) -> Diagnosis {
    diagnose(found, known, &BTreeSet::new(), &WANTED)
}

/// Spoils the second webhook (`order.updated`) and asserts that it alone is made anew, for this cause.
fn assert_remade(spoil: impl FnOnce(&mut RemoteWebhook), cause: Cause) {
    let (mut found, known) = sound();
    spoil(&mut found[1]);
    let diagnosis = look(&found, &known);
    assert_eq!(diagnosis.create, ["order.updated"]);
    assert_eq!(diagnosis.delete, [RemoteId::from(2_u64)]);
    assert_eq!(diagnosis.missed, BTreeMap::from([(cause, BTreeSet::from(["order.updated"]))]));
    assert_eq!(diagnosis.to_detail(), serde_json::json!({ cause.as_str(): ["order.updated"] }));
}

#[test]
fn webhooks_in_order_are_left_alone_and_so_are_those_of_others() {
    let (mut found, known) = sound();
    found.push(RemoteWebhook { delivery_url: "https://other.example/hook".to_owned(), ..hook(90, "order.updated") });
    found.push(RemoteWebhook {
        delivery_url: format!("{URL}9"),
        status: "disabled".to_owned(),
        ..hook(91, "order.created")
    });
    assert!(look(&found, &known).is_sound());
}

#[test]
fn a_faulty_webhook_is_made_anew_and_its_topic_was_missed() {
    assert_remade(|hook| hook.status = "disabled".to_owned(), Cause::Disabled);
    assert_remade(|hook| hook.status = "paused".to_owned(), Cause::Paused);
    let moved = "https://old.example/hooks/woo/0123456789abcdef";
    assert_remade(|hook| hook.delivery_url = moved.to_owned(), Cause::Moved);
}

#[test]
fn a_webhook_that_is_gone_is_made_anew() {
    let (mut found, known) = sound();
    found.remove(1);
    let diagnosis = look(&found, &known);
    assert_eq!((diagnosis.create, diagnosis.delete), (vec!["order.updated"], Vec::new()));
    assert_eq!(diagnosis.missed.into_keys().collect::<Vec<_>>(), [Cause::Deleted]);
}

#[test]
fn a_doubled_webhook_is_deleted_and_nothing_was_missed() {
    let (mut found, known) = sound();
    found.push(hook(50, "order.updated"));
    let diagnosis = look(&found, &known);
    assert_eq!((diagnosis.create, diagnosis.delete), (Vec::new(), vec![RemoteId::from(50_u64)]));
    assert!(diagnosis.missed.is_empty());
}

#[test]
fn after_a_restored_backup_webhooks_that_we_do_not_remember_are_replaced() {
    let (mut found, known) = sound();
    for hook in &mut found {
        hook.id = RemoteId(format!("9{}", hook.id));
    }
    let diagnosis = look(&found, &known);
    assert_eq!((diagnosis.create.len(), diagnosis.delete.len()), (TOPICS.len(), TOPICS.len()));
    assert_eq!(diagnosis.missed.keys().collect::<Vec<_>>(), [&Cause::Unknown]);
}

#[test]
fn at_first_nothing_is_there_and_nothing_was_missed() {
    let diagnosis = look(&[], &[]);
    assert_eq!(diagnosis.create, TOPICS);
    assert!(diagnosis.missed.is_empty());
    // Left behind by a former installation under the same token.
    let left = look(&[hook(7, "order.updated")], &[]);
    assert_eq!((left.create.len(), left.delete.len(), left.missed.len()), (TOPICS.len(), 1, 0));
}

#[test]
fn a_secret_of_before_is_exchanged_without_making_the_webhook_anew() {
    let (found, mut known) = sound();
    known[1].secret_id = None;
    let diagnosis = look(&found, &known);
    assert_eq!(diagnosis.rekey, [(RemoteId::from(2_u64), "order.updated")]);
    assert!(diagnosis.create.is_empty() && diagnosis.delete.is_empty() && diagnosis.missed.is_empty());
}

#[test]
fn a_webhook_whose_owner_lost_access_is_made_anew_with_our_keys() {
    let (found, known) = sound();
    let diagnosis = diagnose(&found, &known, &BTreeSet::from([RemoteId::from(2_u64)]), &WANTED);
    assert_eq!(diagnosis.create, ["order.updated"]);
    assert_eq!(diagnosis.missed.keys().collect::<Vec<_>>(), [&Cause::Owner]);
}

#[test]
fn a_topic_that_we_no_longer_want_is_deleted() {
    let (mut found, known) = sound();
    found.push(hook(60, "product.published"));
    assert_eq!(look(&found, &known).delete, [RemoteId::from(60_u64)]);
}
