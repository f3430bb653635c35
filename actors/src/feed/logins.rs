//! Sockets end with the logins behind them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use actix::{ActorFutureExt, AsyncContext, Context, WrapFuture};
use storewire_db::{DbError, identity};
use storewire_domain::SessionId;

use super::{Feed, Frame};

impl Feed {
    /// Closes the sockets whose logins ended or changed.
    pub(super) fn check_logins(&mut self, ctx: &mut Context<Self>) {
        let mut sessions: Vec<SessionId> = self.audience.iter().map(|(_, listener)| listener.session).collect();
        if sessions.is_empty() {
            return;
        }
        sessions.sort_unstable();
        sessions.dedup();
        let asked: HashSet<SessionId> = sessions.iter().copied().collect();
        let (db, clock) = (self.db.clone(), self.clock.clone());
        let job = self.engine.spawn(async move {
            let tx = db.auth().await?;
            let standings = identity::standings(&tx, &sessions, clock.now()).await?;
            tx.commit().await?;
            let standings = standings.into_iter().map(|(session, standing)| (session, standing.into()));
            Ok::<HashMap<SessionId, Arc<str>>, DbError>(standings.collect())
        });
        ctx.spawn(job.into_actor(self).map(move |outcome, this, _| match outcome {
            Ok(Ok(standings)) => this.keep_standing(&asked, &standings),
            // Nobody is cut off because the database is away; the next look decides.
            Ok(Err(error)) => tracing::warn!(%error, "logins behind sockets were not looked at"),
            Err(error) => tracing::error!(%error, "the look at logins ended"),
        }));
    }

    fn keep_standing(&mut self, asked: &HashSet<SessionId>, standings: &HashMap<SessionId, Arc<str>>) {
        self.audience.retain(|id, listener| {
            if !asked.contains(&listener.session) {
                return true;
            }
            let now = standings.get(&listener.session);
            let keeps = match (&listener.standing, now) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(before), Some(now)) => before == now,
            };
            listener.standing = now.cloned();
            if !keeps {
                // A socket that does not take even this is cut by the kernel.
                listener.outlet.send(id, Frame::Close(1008));
            }
            keeps
        });
    }
}
