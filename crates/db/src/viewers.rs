//! Who sessions stand for, looked up together: each request asks anew, and those that ask while a look-up is under way share the next one.
//!
//! Nothing is remembered. A look-up begins after everybody whom it serves has asked, so a session that ended before a request came is
//! never found alive by it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use storewire_domain::SessionId;
use tokio::sync::oneshot;

use crate::{
    Db, DbError,
    identity::{self, ViewerRow},
};

type Told = Result<Option<ViewerRow>, Arc<DbError>>;

/// Those who wait for the next look-up.
#[derive(Default)]
pub(crate) struct Line(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    askers: Vec<(SessionId, oneshot::Sender<Told>)>,
    /// Somebody looks, and will look again for those who wait then.
    is_served: bool,
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Db {
    /// Who the session stands for, if it is alive at `now`.
    ///
    /// # Errors
    /// As every statement; `Inconsistent` for an unknown role.
    pub async fn find_viewer(&self, session: SessionId, now: Timestamp) -> Result<Option<ViewerRow>, DbError> {
        let (teller, told) = oneshot::channel();
        let begins = {
            let mut waiting = self.main.viewers.lock();
            waiting.askers.push((session, teller));
            !std::mem::replace(&mut waiting.is_served, true)
        };
        if begins {
            self.main.drivers.spawn(serve(Service { db: self.clone(), is_done: false }));
        }
        let told = told.await.map_err(|end| DbError::Unavailable(Box::new(end)))?;
        let row = told.map_err(|error| DbError::Unavailable(Box::new(error)))?;
        Ok(row.filter(|row| row.expires_at > now))
    }
}

/// The right to look. Should it end early, the next who asks finds the line unserved, and nobody waits for ever.
struct Service {
    db: Db,
    is_done: bool,
}

impl Drop for Service {
    fn drop(&mut self) {
        if !self.is_done {
            *self.db.main.viewers.lock() = Waiting::default();
        }
    }
}

async fn serve(mut service: Service) {
    loop {
        let askers = {
            let mut waiting = service.db.main.viewers.lock();
            if waiting.askers.is_empty() {
                waiting.is_served = false;
                service.is_done = true;
                return;
            }
            std::mem::take(&mut waiting.askers)
        };
        let found = look(&service.db, askers.iter().map(|(session, _)| *session).collect()).await.map_err(Arc::new);
        for (session, teller) in askers {
            let row = found.as_ref().map(|found| found.get(&session).cloned()).map_err(Arc::clone);
            // Who went away meanwhile needs no answer.
            let _ = teller.send(row);
        }
    }
}

async fn look(db: &Db, mut sessions: Vec<SessionId>) -> Result<HashMap<SessionId, ViewerRow>, DbError> {
    sessions.sort_unstable();
    sessions.dedup();
    let tx = db.auth().await?;
    let (found, ended) = tokio::join!(biased; identity::find_viewers(&tx, &sessions), tx.end());
    ended?;
    found
}
