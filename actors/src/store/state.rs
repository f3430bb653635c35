//! A store's state and budget, written down for its people.

use storewire_db::{budgets, changes, standing, stores::NewState};

use super::{context::StoreContext, judge::WorkError, news, standing::Shown};

/// Writes how the store is treated and, if given, where it stands; an entry of the change log if that is new. What a person paused
/// meanwhile stays paused.
pub(crate) async fn write(context: &StoreContext, shown: Option<&Shown>, is_fresh: bool) -> Result<(), WorkError> {
    let now = context.now();
    let tx = context.write().await?;
    budgets::save(&tx, context.store, &context.pace.budget(now)).await?;
    let mut has_changed = false;
    if let Some(Shown { state, reason, error }) = shown {
        let ok_at = is_fresh.then_some(now);
        let new = NewState { state: *state, reason: *reason, ok_at, error: error.as_deref() };
        if let Some(before) = standing::report(&tx, context.store, &new, now).await? {
            has_changed = before.state != *state || before.reason.as_deref() != *reason;
            if has_changed {
                news::tell_state(&tx, context.store, &before, *state, *reason, now).await?;
                changes::append_one(&tx, context.store, news::store_changed(context.store), now).await?;
            }
        }
    }
    tx.commit().await?;
    if has_changed {
        context.shared.feed.send();
    }
    Ok(())
}
