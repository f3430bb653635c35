//! When a store's actor writes down where its store stands and how it is treated.

use std::time::{Duration, Instant};

use actix::Context;

use super::{
    super::{pace::Mood, standing::Shown, state},
    StoreActor,
};

/// How long an unchanged state goes unwritten.
const SAY_AGAIN: Duration = Duration::from_secs(10);

/// What was last written down, and when; rewritten now and then so that "last read" stays true.
pub(super) struct Said {
    shown: Option<Shown>,
    mood: Mood,
    answers: u64,
    at: Instant,
}

impl StoreActor {
    /// Writes down where the store stands and how it is treated, if that is news.
    pub(super) fn say(&mut self, ctx: &mut Context<Self>) {
        let Some(context) = self.context.clone() else { return };
        if self.is_saying {
            return;
        }
        let weakness = if context.is_dirty() { Some("dirty") } else { context.hooks.reason() };
        let shown = self.standing.shown(context.is_imported(), weakness);
        let (mood, answers, at) = (self.pace.mood(), self.answers, Instant::now());
        let is_news = self
            .said
            .as_ref()
            .is_none_or(|said| said.shown != shown || said.mood != mood || at.duration_since(said.at) > SAY_AGAIN);
        if !is_news {
            return;
        }
        let is_fresh = self.said.as_ref().map_or(0, |said| said.answers) != answers;
        self.said = Some(Said { shown: shown.clone(), mood, answers, at });
        self.is_saying = true;
        let work = async move {
            let written = state::write(&context, shown.as_ref(), is_fresh).await;
            if let Err(error) = &written {
                tracing::warn!(store.id = %context.store, %error, "state of a store was not written");
            }
            written.is_ok()
        };
        self.run(ctx, work, |this, is_written, ctx| {
            this.is_saying = false;
            if is_written {
                // What became news meanwhile.
                this.say(ctx);
            } else {
                this.said = None;
            }
        });
    }
}
