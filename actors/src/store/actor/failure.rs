//! What a store's actor does about a failure, and about the first answer after it.

use std::time::Instant;

use actix::{ActorContext, Context};
use storewire_domain::StoreState;

use super::{
    super::{
        duty::Duty,
        hooks,
        judge::{Case, Judgement, Lost, WorkError, judge, text},
        standing::Trouble,
    },
    StoreActor,
};

/// Something that was lost, and when it was looked for.
pub(super) struct LookedFor {
    lost: Lost,
    at: Instant,
    has_answered_since: bool,
}

impl StoreActor {
    /// An answer proves that the store is there; that a duty ended well proves nothing, it may have found nothing to ask.
    pub(super) fn count_answers(&mut self) {
        let answers = self.context.as_ref().map_or(0, |context| context.answers());
        if std::mem::replace(&mut self.answers, answers) != answers {
            self.standing.store_answered();
            for looked in &mut self.looked_for {
                looked.has_answered_since = true;
            }
        }
    }

    /// A step of a duty failed.
    pub(super) fn failed(&mut self, duty: Duty, error: &WorkError, ctx: &mut Context<Self>) {
        let now = Instant::now();
        let of_duty = self.agenda.failed(duty, now);
        let (of_store, since) = self.standing.with_one_more(now);
        let case = Case {
            error,
            duty,
            failures: of_store.max(of_duty),
            failing_for: now.duration_since(since),
            is_store_failing: self.standing.is_store_failing(),
            random: rand::random(),
        };
        let judgement = judge(&case, &self.shared.config);
        let is_looked_for =
            matches!(&judgement, Judgement::Store { lost: Some(lost), .. } if self.may_look_for(*lost, duty));
        if is_looked_for {
            tracing::info!(store.id = %self.store, %error, "another way to a store is looked for");
            return self.agenda.nudge(Duty::Mend, now);
        }
        let closed_until = self.pace.rests_until();
        self.agenda.obey(duty, &judgement, now, closed_until);
        match judgement {
            Judgement::End => {
                tracing::warn!(store.id = %self.store, %error, "store actor ends to start again from its rows");
                ctx.stop();
            }
            Judgement::Wait(wait) => {
                tracing::warn!(store.id = %self.store, %error, wait_ms = wait.as_millis(), "work for a store waits");
            }
            Judgement::Stuck(wait) => {
                let name = duty.name();
                tracing::error!(store.id = %self.store, %error, duty = name, wait_ms = wait.as_millis(), "a duty for a store cannot go on");
            }
            Judgement::HeldBack(_) => {}
            Judgement::Duty { state, reason, wait } => {
                let name = duty.name();
                tracing::warn!(store.id = %self.store, %error, duty = name, reason, wait_ms = wait.as_millis(), "a duty for a store fails");
                self.duty_failed(duty, Trouble { state, reason, error: text(error) }, error);
            }
            Judgement::Store { state, reason, wait, .. } => {
                let name = duty.name();
                tracing::warn!(store.id = %self.store, %error, duty = name, reason, wait_ms = wait.as_millis(), "store does not answer as hoped");
                if state == StoreState::NeedsAttention {
                    // What a person mends (keys, address) is in the rows: the next try reads them.
                    self.reload_at = Some((now + wait).max(closed_until.unwrap_or(now)));
                }
                self.standing.store_failed(Trouble { state: Some(state), reason, error: text(error) }, now);
            }
        }
    }

    fn duty_failed(&mut self, duty: Duty, trouble: Trouble, error: &WorkError) {
        if duty != Duty::Hooks {
            return self.standing.duty_failed(duty, trouble);
        }
        // Its webhooks keep a memory of their own.
        let is_refused = matches!(error, WorkError::Woo(error) if error.needs_attention());
        if let Some(context) = self.context.as_ref().filter(|_| is_refused) {
            context.hooks.set(Some(hooks::Trouble::Refused));
        }
    }

    /// What is lost is looked for once, and again at most once an interval for a store that answers in between.
    fn may_look_for(&mut self, lost: Lost, duty: Duty) -> bool {
        let (now, interval) = (Instant::now(), self.shared.config.attention_interval);
        let is_over = |looked: &LookedFor| looked.has_answered_since && now.duration_since(looked.at) > interval;
        self.looked_for.retain(|looked| !is_over(looked));
        let Some(context) = &self.context else { return false };
        if duty == Duty::Mend || self.looked_for.iter().any(|looked| looked.lost == lost) {
            return false;
        }
        self.looked_for.push(LookedFor { lost, at: now, has_answered_since: false });
        context.lost.lock().map(|mut wanted| *wanted = Some(lost)).is_ok()
    }
}
