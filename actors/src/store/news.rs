//! What people are told when a store stands elsewhere than before.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    diary::{self, NewEntry},
    stores::Standing,
};
use storewire_domain::{ChangeKind, Source, StoreId, StoreState};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Tells every open page to look at the store's row.
pub(crate) fn store_changed(store: StoreId) -> NewChange {
    NewChange {
        kind: ChangeKind::StoreChanged,
        entity_id: store.uuid(),
        source: Source::Engine,
        store_time: None,
        received_at: None,
        detail: std::collections::BTreeMap::new(),
    }
}

/// Writes into the diary that a store stands elsewhere than before, where that is worth a line: failures that time heals are not.
pub(crate) async fn tell_state(
    tx: &TenantTx,
    store: StoreId,
    before: &Standing,
    state: StoreState,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    let once = |kind, since| {
        let entry = NewEntry::of_engine(kind, json!({}));
        async move { diary::write_once(tx, store, &entry, &json!({}), since, now).await }
    };
    match line(before, state, reason) {
        Line::None => Ok(()),
        Line::Always(kind, detail) => diary::write(tx, store, &NewEntry::of_engine(kind, detail), now).await,
        Line::OnceADay(kind) => once(kind, now.saturating_sub(DAY).unwrap_or(now)).await.map(drop),
        Line::Once(kind) => once(kind, Timestamp::UNIX_EPOCH).await.map(drop),
        Line::OnceOr(kind, again) => {
            if !once(kind, Timestamp::UNIX_EPOCH).await? {
                diary::write(tx, store, &NewEntry::of_engine(again, json!({})), now).await?;
            }
            Ok(())
        }
    }
}

/// What is worth a line of the diary.
#[derive(Debug, PartialEq)]
enum Line {
    None,
    Always(&'static str, Value),
    /// A weakness that comes and goes.
    OnceADay(&'static str),
    /// Once in a store's life.
    Once(&'static str),
    /// The first, or, if that was told before, the second.
    OnceOr(&'static str, &'static str),
}

fn line(before: &Standing, state: StoreState, reason: Option<&str>) -> Line {
    use StoreState::{Importing, Live, NeedsAttention, New, Parked};
    match (before.state, state) {
        (_, NeedsAttention) => Line::Always("needs_attention", json!({ "reason": reason })),
        (_, Parked) => Line::Always("parked", json!({ "reason": reason })),
        (New, Importing) => Line::Once("connected"),
        (New | Importing, Live) => Line::OnceOr("imported", "live_again"),
        (NeedsAttention | Parked, Live | Importing) => Line::Always("live_again", json!({ "reason": before.reason })),
        (_, Live) => match reason {
            Some("dirty") => Line::OnceADay("dirty"),
            Some("hooks_refused") => Line::OnceADay("hooks_refused"),
            Some("webhook_owner") => Line::OnceADay("webhook_owner"),
            _ => Line::None,
        },
        _ => Line::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(was: (StoreState, Option<&str>), state: StoreState, reason: Option<&str>) -> Line {
        line(&Standing { state: was.0, reason: was.1.map(str::to_owned) }, state, reason)
    }

    #[test]
    fn what_people_must_know_is_told_and_weather_is_not() {
        use StoreState::{Degraded, Importing, Live, NeedsAttention, New};
        assert_eq!(told((New, None), Importing, None), Line::Once("connected"));
        assert_eq!(told((Importing, None), Live, None), Line::OnceOr("imported", "live_again"));
        assert_eq!(told((Live, None), Degraded, Some("timeout")), Line::None);
        assert_eq!(told((Degraded, Some("timeout")), Live, None), Line::None);
        let asked = Line::Always("needs_attention", json!({ "reason": "auth_rejected" }));
        assert_eq!(told((Live, None), NeedsAttention, Some("auth_rejected")), asked);
        let healed = Line::Always("live_again", json!({ "reason": "auth_rejected" }));
        assert_eq!(told((NeedsAttention, Some("auth_rejected")), Live, None), healed);
        assert_eq!(told((Live, None), Live, Some("webhook_owner")), Line::OnceADay("webhook_owner"));
        assert_eq!(told((Live, Some("dirty")), Live, None), Line::None);
    }
}
