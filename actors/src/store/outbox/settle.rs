//! Writes down where intents stand: with what their records were just found to hold, in one transaction, and for all who watch.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use storewire_db::{
    changes::NewChange,
    intents::{self, OpenIntent, Progress},
    rechecks::{NewRecheck, RecheckKind},
};
use storewire_domain::{
    ChangeKind, IntentState, Source,
    intent::{Cause, Fields},
};
use uuid::Uuid;

use super::fresh::Fresh;
use crate::{
    desk::outcome::{EndedIntent, follow},
    failpoint,
    store::{
        compare::{Incoming, compare},
        context::StoreContext,
        decide::Trust,
        follow::wish,
        judge::WorkError,
        keep::{Along, Keeping},
        record::{Key, Noun},
    },
};

/// Where one intent now stands, and the record that was read on the way.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) intent: &'a OpenIntent,
    pub(crate) progress: Progress,
    pub(crate) fresh: Option<Fresh>,
}

impl<'a> Step<'a> {
    fn new(intent: &'a OpenIntent, state: IntentState, reason: Option<&str>, due_at: Timestamp) -> Self {
        let progress = Progress {
            id: intent.id,
            state,
            reason: reason.map(str::to_owned),
            attempts: 0,
            due_at,
            before: None,
            result: None,
            echo_hash: None,
            remote_id: Some(&intent.remote_id).filter(|id| intent.edit.creates() && !id.as_str().is_empty()).cloned(),
        };
        Self { intent, progress, fresh: None }
    }

    /// About to be sent; the store holds this.
    pub(crate) fn sending(intent: &'a OpenIntent, before: &Fields, now: Timestamp) -> Self {
        let mut step = Self::new(intent, IntentState::Sending, None, now);
        (step.progress.attempts, step.progress.before) = (1, Some(value(before)));
        step
    }

    /// Sent, and nobody knows what came of it: to be looked at then.
    pub(crate) fn unknown(intent: &'a OpenIntent, look_at: Timestamp) -> Self {
        Self::new(intent, IntentState::Unknown, None, look_at)
    }

    /// What was counted as a send certainly changed nothing; it waits until then.
    pub(super) fn put_back(intent: &'a OpenIntent, reason: &str, until: Timestamp) -> Self {
        let mut step = Self::new(intent, IntentState::Waiting, Some(reason), until);
        step.progress.attempts = -1;
        step
    }

    /// Its record could not be read: one more of its tries is gone.
    pub(super) fn unread(intent: &'a OpenIntent, reason: &str, until: Timestamp) -> Self {
        let is_open = intent.state == IntentState::Sending;
        let state = if is_open { IntentState::Unknown } else { intent.state };
        let mut step = Self::new(intent, state, Some(reason), until);
        step.progress.attempts = 1;
        step
    }

    /// Read back as wanted.
    pub(super) fn done(intent: &'a OpenIntent, reason: Option<&str>, fresh: Fresh, now: Timestamp) -> Self {
        let mut step = Self::new(intent, IntentState::Done, reason, now);
        if let Some(record) = fresh.record() {
            step.progress.echo_hash = Some(record.content_hash());
            if intent.edit.creates() {
                step.progress.remote_id = Some(record.key().1);
            }
        }
        step.tell(fresh)
    }

    /// Given up on, with what the store holds if it was read.
    pub(super) fn failed(intent: &'a OpenIntent, reason: &str, fresh: Option<Fresh>, now: Timestamp) -> Self {
        let step = Self::new(intent, IntentState::Failed, Some(reason), now);
        match fresh {
            Some(fresh) => step.tell(fresh),
            None => step,
        }
    }

    fn tell(mut self, fresh: Fresh) -> Self {
        let holds_nothing = matches!(fresh, Fresh::Gone);
        self.progress.result = (!holds_nothing).then(|| value(&fresh.fields(self.intent)));
        self.fresh = Some(fresh);
        self
    }
}

/// Commits these steps with what was read, and answers which of them were taken: an intent that a person took back meanwhile stays so.
pub(super) async fn settle(context: &StoreContext, steps: Vec<Step<'_>>) -> Result<Vec<Uuid>, WorkError> {
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let (mut versions, mut rechecks) = (Vec::new(), Vec::new());
    let mut progress = Vec::with_capacity(steps.len());
    let mut moved = Vec::with_capacity(steps.len());
    // Those for whose end somebody at the desk waits.
    let awaited: HashMap<Uuid, Cause> = steps
        .iter()
        .map(|step| step.intent)
        .filter(|intent| intent.cause.is_decided_again())
        .map(|intent| (intent.id, intent.cause.clone()))
        .collect();
    for step in steps {
        if matches!(step.fresh, Some(Fresh::Gone)) {
            rechecks.push(recheck(context, step.intent));
        }
        if let Some((record, asked_at)) = step.fresh.and_then(Fresh::into_record) {
            let received_at = context.now();
            versions.push(Incoming { record, trust: Trust::Fresh(asked_at), source: Source::Push, received_at });
        }
        moved.push((step.intent.id, step.intent.state, step.progress.state));
        progress.push(step.progress);
    }
    let keys: Vec<Key> = versions.iter().map(|version| version.record.key()).collect();
    match commit(context, versions, rechecks.clone(), &progress, moved.clone(), &awaited).await {
        // What was read cannot be kept; what became of the intents is written down all the same.
        Err(WorkError::Db(error)) if error.is_refusal() && !keys.is_empty() => {
            tracing::error!(store.id = %context.store, %error, "a record that was written to is refused by the database");
            rechecks.extend(keys.iter().map(|key| wish(context, key, key.0.into(), "unreadable", Source::Push)));
            commit(context, Vec::new(), rechecks, &progress, moved, &awaited).await
        }
        taken => taken,
    }
}

async fn commit(
    context: &StoreContext,
    versions: Vec<Incoming>,
    rechecks: Vec<NewRecheck>,
    progress: &[Progress],
    mut moved: Vec<(Uuid, IntentState, IntentState)>,
    awaited: &HashMap<Uuid, Cause>,
) -> Result<Vec<Uuid>, WorkError> {
    let desk = context.desk().await;
    let plan = compare(context, &desk, versions).await?;
    let mut keeping = Keeping::open(context, &desk).await?;
    keeping.write(&plan, Along { rechecks, ..Along::default() }).await?;
    let taken = intents::advance(keeping.tx(), progress, keeping.now()).await?;
    moved.retain(|(id, ..)| taken.contains(id));
    for (id, from, to) in moved.iter().filter(|(_, from, to)| from != to) {
        keeping.log(transition(*id, Some(*from), *to, Source::Push));
        if to.is_final() {
            metrics::counter!("storewire_intents_total", "state" => to.as_str()).increment(1);
        }
    }
    let ended: Vec<EndedIntent<'_>> = progress
        .iter()
        .filter(|one| taken.contains(&one.id))
        .filter_map(|one| end(one, awaited.get(&one.id)?))
        .collect();
    let has_ended = !ended.is_empty();
    for change in follow(keeping.tx(), &ended, Source::Push, keeping.now()).await? {
        keeping.log(change);
    }
    intents::belong(keeping.tx(), &made(progress)).await?;
    failpoint!("outbox.before_mark", context.store);
    keeping.commit().await?;
    failpoint!("outbox.after_mark", context.store);
    if has_ended {
        // Who asked is told by letter.
        context.shared.letters.send();
    }
    Ok(moved.into_iter().map(|(id, ..)| id).collect())
}

/// Which of them made something.
fn made(progress: &[Progress]) -> Vec<Uuid> {
    let is_made = |one: &&Progress| one.state == IntentState::Done && one.remote_id.is_some();
    progress.iter().filter(is_made).map(|one| one.id).collect()
}

/// How an intent of this cause ended, if it did.
fn end<'a>(progress: &'a Progress, cause: &'a Cause) -> Option<EndedIntent<'a>> {
    let Progress { id, state, reason, result, .. } = progress;
    let ended = EndedIntent { id: *id, cause, state: *state, reason: reason.as_deref(), result: result.as_ref() };
    state.is_final().then_some(ended)
}

/// An entry of the change log that tells an intent's way.
pub(crate) fn transition(intent: Uuid, from: Option<IntentState>, to: IntentState, source: Source) -> NewChange {
    let before = from.map_or(Value::Null, |state| state.as_str().into());
    NewChange {
        kind: ChangeKind::IntentChanged,
        entity_id: intent,
        source,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([("state", (before, to.as_str().into()))]),
    }
}

/// When something that is put off for so long is due.
pub(super) fn after(now: Timestamp, wait: std::time::Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now)
}

/// A record that is gone in the store is gone in our copy once the store has said so by itself.
fn recheck(context: &StoreContext, intent: &OpenIntent) -> NewRecheck {
    let noun = match intent.edit.noun() {
        "product" => Noun::Product,
        "order" => Noun::Order,
        _ => Noun::Customer,
    };
    // Where there is nothing to make a variation of, its parent is what is gone.
    let parent = intent.parent_remote_id.clone().filter(|_| intent.edit.creates());
    let id = parent.unwrap_or_else(|| intent.remote_id.clone());
    wish(context, &(noun, id), RecheckKind::from(noun), "deleted", Source::Push)
}

fn value(fields: &Fields) -> Value {
    // Texts and lists of texts are always JSON.
    serde_json::to_value(fields).unwrap_or_default()
}
