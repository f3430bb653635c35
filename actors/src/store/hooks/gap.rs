//! A time without webhooks: opened when they are found out of order, closed when reading has made up for it, and told in the diary.

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    changes,
    checkpoints::{self, Checkpoint},
    diary::{self, NewEntry},
    webhook_gaps::{self, Gap, Recovered},
};

use super::{
    super::{context::StoreContext, duty::Duty, judge::WorkError, news::store_changed},
    faults::{Cause, Diagnosis},
    standing::Standing,
};

/// Writes the gap down before anything is mended, so that an end in between forgets nothing. When a store is connected, nothing was
/// there to be missed.
pub(super) async fn open(context: &StoreContext, standing: &Standing, diagnosis: &Diagnosis) -> Result<(), WorkError> {
    let Some(since) = standing.reliable_until() else { return Ok(()) };
    let now = context.now();
    let tx = context.write().await?;
    webhook_gaps::open(&tx, context.store, since, &diagnosis.to_detail(), now).await?;
    changes::append_one(&tx, context.store, store_changed(context.store), now).await?;
    tx.commit().await?;
    context.shared.feed.send();
    Ok(())
}

/// Closes the open gap once everything that it could have hidden was read; false while that is still to be done.
pub(super) async fn heal(context: &StoreContext) -> Result<bool, WorkError> {
    let tx = context.write().await?;
    let Some(gap) = webhook_gaps::open_of(&tx, context.store).await? else {
        tx.commit().await?;
        return Ok(true);
    };
    let checkpoints = checkpoints::list(&tx, context.store).await?;
    if !is_read(context, &gap, &checkpoints) {
        tx.commit().await?;
        context.wake(Duty::Pull);
        return Ok(false);
    }
    let now = context.now();
    let recovered = webhook_gaps::recovered(&tx, context.store, gap.since).await?;
    webhook_gaps::close(&tx, context.store, gap.id, recovered, now).await?;
    diary::write(&tx, context.store, &NewEntry::of_engine("webhooks_healed", told(&gap, recovered, now)), now).await?;
    changes::append_one(&tx, context.store, store_changed(context.store), now).await?;
    tx.commit().await?;
    context.shared.feed.send();
    Ok(true)
}

/// Whether every listing was read to beyond the moment at which the webhooks were in order again. Checkpoints are times of the store's
/// clock.
fn is_read(context: &StoreContext, gap: &Gap, checkpoints: &[Checkpoint]) -> bool {
    let (Some(mended_at), Some(store_now)) = (gap.mended_at, context.store_now()) else { return false };
    let ahead = store_now.duration_since(context.now());
    let mended_at = mended_at.saturating_add(ahead).unwrap_or(mended_at);
    checkpoints.iter().all(|checkpoint| checkpoint.position >= mended_at)
}

/// The diary's words: what was wrong, for how long, and what was found.
fn told(gap: &Gap, recovered: Recovered, now: Timestamp) -> Value {
    let lasted = gap.mended_at.unwrap_or(now).duration_since(gap.since).unsigned_abs();
    let found: Vec<(&str, &Value)> =
        Cause::ALL.iter().filter_map(|cause| Some((cause.as_str(), gap.found.get(cause.as_str())?))).collect();
    let causes: Vec<&str> = found.iter().map(|(cause, _)| *cause).collect();
    let topics: Vec<&str> =
        found.iter().filter_map(|(_, topics)| topics.as_array()).flatten().filter_map(Value::as_str).collect();
    let mut detail = recovered.to_detail();
    if let Value::Object(fields) = &mut detail {
        fields.insert("cause".to_owned(), json!(causes.first()));
        fields.insert("causes".to_owned(), json!(causes));
        fields.insert("topics".to_owned(), json!(topics.len()));
        fields.insert("topic".to_owned(), json!(topics.first()));
        fields.insert("minutes".to_owned(), json!(lasted.as_secs().div_ceil(60)));
    }
    detail
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_diary_says_what_was_off_for_how_long_and_what_was_found() {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let gap = Gap {
            id: Uuid::nil(),
            since: at(0),
            found_at: at(2_390),
            mended_at: Some(at(2_395)),
            found: json!({"disabled": ["order.created", "order.updated"]}),
            closed_at: None,
            recovered: None,
        };
        let recovered = Recovered { orders: 17, products: 2, ..Recovered::default() };
        let wanted = json!({
            "cause": "disabled", "causes": ["disabled"], "topics": 2, "topic": "order.created", "minutes": 40,
            "orders": 17, "products": 2, "customers": 0, "coupons": 0,
        });
        assert_eq!(told(&gap, recovered, at(3_000)), wanted);
    }
}
