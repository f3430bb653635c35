//! What is wrong with a store's webhooks, and what is to be done about it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use storewire_db::stores::KnownWebhook;
use storewire_domain::{RemoteId, delivery::TOPICS};
use storewire_woo::RemoteWebhook;
use uuid::Uuid;

/// Why a topic was not delivered, or not to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// WooCommerce switched it off after repeated failures.
    Disabled,
    /// Somebody switched it off.
    Paused,
    /// It is gone.
    Deleted,
    /// It delivers to an address that was ours before.
    Moved,
    /// It is ours by its address, but we did not make it: of a former installation, or made after the backup we came from.
    Unknown,
    /// The user in whose name it is delivered may not see what it delivers.
    Owner,
}

/// How a webhook must be.
pub(crate) struct Wanted<'a> {
    pub(crate) token: &'a str,
    pub(crate) url: &'a str,
    /// Which of our secrets it must sign with.
    pub(crate) secret: Uuid,
}

/// What is to be done, nothing of it done yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    /// Topics that need a webhook.
    pub(crate) create: Vec<&'static str>,
    /// Webhooks that must go: faulty, doubled, or of no topic of ours.
    pub(crate) delete: Vec<RemoteId>,
    /// Sound webhooks that sign with a secret of before.
    pub(crate) rekey: Vec<(RemoteId, &'static str)>,
    /// Topics of which deliveries may be missing, by cause.
    pub(crate) missed: BTreeMap<Cause, BTreeSet<&'static str>>,
}

impl Cause {
    /// By what they tell, that which tells most first.
    pub(super) const ALL: [Self; 6] =
        [Self::Disabled, Self::Owner, Self::Deleted, Self::Paused, Self::Moved, Self::Unknown];

    /// A machine word, a key of the panel's texts.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Paused => "paused",
            Self::Deleted => "deleted",
            Self::Moved => "moved",
            Self::Unknown => "unknown",
            Self::Owner => "owner",
        }
    }
}

impl Diagnosis {
    /// Whether everything is as it should be.
    pub(super) fn is_sound(&self) -> bool {
        *self == Self::default()
    }

    /// The missed topics as they are kept: `{"disabled": ["order.updated"]}`.
    pub(super) fn to_detail(&self) -> Value {
        let of = |topics: &BTreeSet<&'static str>| topics.iter().copied().collect::<Value>();
        self.missed.iter().map(|(cause, topics)| (cause.as_str().to_owned(), of(topics))).collect()
    }
}

/// Compares the webhooks that the store lists with those that we made; `orphans` are those whose owner lost access.
pub(crate) fn diagnose(
    found: &[RemoteWebhook],
    known: &[KnownWebhook],
    orphans: &BTreeSet<RemoteId>,
    wanted: &Wanted<'_>,
) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    let ours: Vec<&RemoteWebhook> = found.iter().filter(|hook| delivers_to(hook, wanted.token)).collect();
    for hook in ours.iter().filter(|hook| !TOPICS.contains(&hook.topic.as_str())) {
        diagnosis.delete.push(hook.id.clone());
    }
    for topic in TOPICS.iter().copied() {
        let made = known.iter().find(|one| one.topic == topic);
        let mut sound = None;
        let mut causes = BTreeSet::new();
        for hook in ours.iter().filter(|hook| hook.topic == topic) {
            match fault(hook, made, orphans, wanted) {
                None => sound = Some(&hook.id),
                Some(cause) => {
                    diagnosis.delete.push(hook.id.clone());
                    causes.insert((made.is_none_or(|made| made.remote_id != hook.id), cause));
                }
            }
        }
        match (sound, made) {
            (Some(id), Some(made)) if made.secret_id != Some(wanted.secret) => {
                diagnosis.rekey.push((id.clone(), topic))
            }
            // What else there is delivers the same once more.
            (Some(_), _) => {}
            (None, made) => {
                diagnosis.create.push(topic);
                // What became of the one that we made tells most; a topic that was never registered has missed nothing.
                let cause = causes.first().map_or(Cause::Deleted, |(_, cause)| *cause);
                if made.is_some() {
                    diagnosis.missed.entry(cause).or_default().insert(topic);
                }
            }
        }
    }
    diagnosis
}

/// Whether a webhook carries this store's token, wherever our public address was when it was made.
fn delivers_to(hook: &RemoteWebhook, token: &str) -> bool {
    hook.delivery_url.trim_end_matches('/').rsplit('/').next() == Some(token)
}

fn fault(
    hook: &RemoteWebhook,
    made: Option<&KnownWebhook>,
    orphans: &BTreeSet<RemoteId>,
    wanted: &Wanted<'_>,
) -> Option<Cause> {
    if hook.status == "disabled" {
        Some(Cause::Disabled)
    } else if hook.status != "active" {
        Some(Cause::Paused)
    } else if hook.delivery_url != wanted.url {
        Some(Cause::Moved)
    } else if made.is_none_or(|made| made.remote_id != hook.id) {
        Some(Cause::Unknown)
    } else if orphans.contains(&hook.id) {
        Some(Cause::Owner)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
