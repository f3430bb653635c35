//! Word of a delete can overtake the record itself. What was gone before we ever held it is not believed when it comes late:
//! no pull would ever correct it, because nothing lists what is not there.

use storewire_db::{TenantTx, inbox};
use storewire_domain::Source;
use storewire_guard::digest;

use super::{
    compare::Plan,
    context::StoreContext,
    judge::WorkError,
    record::{Key, Noun},
};

/// Moves to what is asked what would be stored for the first time although the store has announced its end; only the store
/// can tell about it.
pub(crate) async fn doubt_ended(tx: &TenantTx, context: &StoreContext, plan: &mut Plan) -> Result<(), WorkError> {
    let announced = announcements(plan);
    if announced.is_empty() {
        return Ok(());
    }
    let bodies: Vec<[u8; 32]> = announced.iter().map(|(.., body)| *body).collect();
    let early = inbox::early_deletes(tx, context.store, &bodies).await?;
    doubt(plan, announced, |topic, body| early.iter().any(|(of, hash)| of == topic && hash == body));
    Ok(())
}

/// How the end of each record that is new to us would have been announced: its topic, and the digest of its body.
pub(crate) fn announcements(plan: &Plan) -> Vec<(Key, String, [u8; 32])> {
    let new = plan.store.iter().filter(|planned| planned.held.is_none()).map(|planned| planned.incoming.record.key());
    new.map(announcement).collect()
}

/// Moves those whose end `is_early`, by its announcement. Pure.
pub(crate) fn doubt(
    plan: &mut Plan,
    announced: Vec<(Key, String, [u8; 32])>,
    is_early: impl Fn(&str, &[u8; 32]) -> bool,
) {
    let ended: Vec<Key> =
        announced.into_iter().filter(|(_, topic, body)| is_early(topic, body)).map(|(key, ..)| key).collect();
    plan.store.retain(|planned| !ended.contains(&planned.incoming.record.key()));
    plan.ask.extend(ended.into_iter().map(|key| (key, Source::Webhook)));
}

/// How WooCommerce says that a record is gone: the topic, and the digest of the body.
fn announcement(key: Key) -> (Key, String, [u8; 32]) {
    let (noun, id) = &key;
    let resource = match noun {
        Noun::Order => "order",
        Noun::Product => "product",
        Noun::Customer => "customer",
        Noun::Coupon => "coupon",
    };
    let body = digest::sha256(format!("{{\"id\":{id}}}").as_bytes());
    let topic = format!("{resource}.deleted");
    (key, topic, body)
}
