//! What we know of a store's webhooks before we look at them.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use storewire_db::{
    DbError,
    stores::{self, HookStanding, KnownWebhook, secret},
    webhook_gaps::{self, Gap},
};
use storewire_domain::RemoteId;
use uuid::Uuid;

use super::{
    super::{context::StoreContext, judge::WorkError},
    faults::Cause,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// See the module.
pub(super) struct Standing {
    pub(super) signs: HookStanding,
    pub(super) known: Vec<KnownWebhook>,
    pub(super) secret_id: Uuid,
    /// What webhooks must sign with from now on. Read with each step: a person may have it exchanged at any time.
    pub(super) secret: SecretString,
    pub(super) gap: Option<Gap>,
    /// Webhooks that told of lost rights, since when.
    lost: Vec<(RemoteId, Timestamp)>,
    /// Webhooks were made anew for that within a day.
    is_remade: bool,
}

impl Standing {
    pub(super) async fn read(context: &StoreContext) -> Result<Self, WorkError> {
        let tx = context.shared.db.tenant(context.tenant).await?;
        let signs = stores::hook_standing(&tx, context.store).await?;
        let known = stores::remembered_webhooks(&tx, context.store).await?;
        let (secret_id, sealed) = stores::current_secret(&tx, context.store, secret::WEBHOOK_SECRET).await?;
        let gap = webhook_gaps::open_of(&tx, context.store).await?;
        let lost = stores::lost_owners(&tx, context.store).await?;
        let yesterday = context.now().saturating_sub(DAY).unwrap_or(Timestamp::UNIX_EPOCH);
        let is_remade = webhook_gaps::was_found(&tx, context.store, Cause::Owner.as_str(), yesterday).await?;
        tx.commit().await?;
        let secret = open_secret(context, &sealed)?;
        Ok(Self { signs, known, secret_id, secret, gap, lost, is_remade })
    }

    /// Whether it is time to look: for the first time, as always, because a secret was exchanged, or because rights were lost.
    pub(super) fn is_look_due(&self, context: &StoreContext) -> bool {
        let interval = SignedDuration::try_from(context.shared.config.hooks_interval).unwrap_or(SignedDuration::MAX);
        // The steps are jittered by a tenth; one that comes a little early is this interval's.
        let is_time = self.signs.checked_at.is_none_or(|at| context.now().duration_since(at) >= interval / 10 * 8);
        let has_new_secret = self.known.iter().any(|hook| hook.secret_id != Some(self.secret_id));
        is_time || has_new_secret || !self.orphans().is_empty()
    }

    /// From when on nothing can be relied on: the last look that found all in order or the last delivery, whichever is earlier. A
    /// webhook may have failed before a look, which does not tell how often it failed; nothing is missed by reaching back too far,
    /// because what is read is decided by the checkpoints, and only what is told by this. `None` before webhooks ever were in order.
    pub(super) fn reliable_until(&self) -> Option<Timestamp> {
        let checked_at = self.signs.checked_at?;
        [self.signs.last_webhook_at, self.lost_at()].into_iter().flatten().chain([checked_at]).min()
    }

    /// Webhooks to be made anew in our keys' name: all of them, because all have one owner. Not twice a day: then our own keys lack the
    /// right.
    pub(super) fn orphans(&self) -> BTreeSet<RemoteId> {
        if self.lost_at().is_none() || self.is_remade {
            return BTreeSet::new();
        }
        self.known.iter().map(|hook| hook.remote_id.clone()).collect()
    }

    /// Whether rights are lost that nothing but a person can give back.
    pub(super) fn is_owner_lost(&self) -> bool {
        self.lost_at().is_some() && self.is_remade
    }

    /// When a webhook of ours first told of lost rights after it was made.
    fn lost_at(&self) -> Option<Timestamp> {
        let made_before = |id: &RemoteId, at: Timestamp| {
            self.known.iter().any(|hook| hook.remote_id == *id && hook.registered_at <= at)
        };
        self.lost.iter().filter(|(id, at)| made_before(id, *at)).map(|(_, at)| *at).min()
    }
}

fn open_secret(context: &StoreContext, sealed: &[u8]) -> Result<SecretString, DbError> {
    let inconsistent = || DbError::Inconsistent { table: "store_secret", column: "sealed" };
    let place = storewire_guard::seal::SealContext {
        tenant: context.tenant.uuid(),
        store: context.store.uuid(),
        column: secret::WEBHOOK_SECRET,
    };
    let plain = context.shared.keyring.open(&place, sealed).map_err(|_| inconsistent())?;
    let text = std::str::from_utf8(&plain).map_err(|_| inconsistent())?;
    Ok(SecretString::from(text.to_owned()))
}
