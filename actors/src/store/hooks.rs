//! Keeps our webhooks registered in the store: one active hook per topic, with our own secret, at our URL, in our keys' name.
//!
//! WooCommerce switches a hook off in silence after repeated failures and keeps its count when it is switched on again, so a hook that
//! is not as it should be is deleted and made anew. What was delivered nowhere meanwhile is read, counted and told: see [`gap`].

pub(super) mod faults;
mod gap;
mod health;
mod repair;
mod silence;
mod standing;

use std::time::Duration;

use self::{
    faults::{Wanted, diagnose},
    standing::Standing,
};
pub(crate) use self::{health::Health, health::Trouble};
use super::{
    context::StoreContext,
    duty::{Duty, Next},
    judge::WorkError,
    pull::jittered,
};

/// While a gap is open its end is looked for this often.
const UNTIL_HEALED: Duration = Duration::from_secs(20);

/// Looks at the store's webhooks when it is time, and puts them in order; what was delivered nowhere meanwhile is read.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let config = &context.shared.config;
    let standing = Standing::read(context).await?;
    let missed = silence::missed_orders(context, &standing).await?;
    let falls_silent = missed.is_some() && context.hooks.trouble() != Some(Trouble::Silent);
    if standing.is_look_due(context) || falls_silent {
        look(context, &standing).await?;
    }
    context.hooks.set(trouble(context, &standing, missed.is_some()));
    if let Some(orders) = missed {
        silence::tell(context, &standing, orders).await?;
    }
    let is_healed = gap::heal(context).await?;
    let wait = config.hooks_interval.min(config.pull_interval);
    Ok(Next::In(jittered(if is_healed { wait } else { wait.min(UNTIL_HEALED) })))
}

/// Looks at what the store lists and mends what is wrong.
async fn look(context: &StoreContext, standing: &Standing) -> Result<(), WorkError> {
    let url = crate::config::delivery_url(&context.deliver_to, &context.webhook_token);
    let wanted = Wanted { token: &context.webhook_token, url: &url, secret: standing.secret_id };
    let found = context.call(context.client.list_webhooks()).await?;
    let diagnosis = diagnose(&found, &standing.known, &standing.orphans(), &wanted);
    if !diagnosis.missed.is_empty() {
        gap::open(context, standing, &diagnosis).await?;
    }
    let has_made = repair::repair(context, &diagnosis, &url, standing).await?;
    repair::seal(context).await?;
    if has_made {
        context.wake(Duty::Pull);
    }
    // Nothing stands against subscribing any more.
    context.hooks.set(None);
    Ok(())
}

/// What is left that we cannot mend.
fn trouble(context: &StoreContext, standing: &Standing, is_silent: bool) -> Option<Trouble> {
    match context.hooks.trouble() {
        Some(Trouble::Refused) => Some(Trouble::Refused),
        _ if standing.is_owner_lost() => Some(Trouble::Owner),
        _ => is_silent.then_some(Trouble::Silent),
    }
}
