//! The running server, asked in the name of a person and without their password: whoever holds the key file may.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use serde_json::Value;
use storewire_db::{Db, identity};
use storewire_domain::{Clock, SessionId};
use storewire_guard::session_token::{SessionClaims, SessionKeys};
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::failure::{Exit, Failure, Outcome};
use crate::loopback::{self, Question};
use crate::storage::Storage;

/// Longer than any command asks.
const LOGIN_LASTS: Duration = Duration::from_secs(900);

/// In whose name the server is asked.
#[derive(Debug, Args)]
pub struct Person {
    /// The e-mail of the platform admin or staff member in whose name it is done
    #[arg(long = "as", value_name = "EMAIL", env = "STOREWIRE_AS")]
    email: String,
}

/// The running server with a login that lasts as long as the command.
pub struct Server<'a> {
    address: SocketAddr,
    token: String,
    email: &'a str,
}

impl Person {
    /// Logs in, does the work, and logs out again, whatever became of it.
    pub fn ask<T>(
        &self,
        config: &Config,
        (storage, runtime): (&Storage, &Runtime),
        work: impl FnOnce(&Server<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let keys = SessionKeys::from_keyring(&storage.keyring);
        let (session, token) = runtime.block_on(log_in(&storage.db, &keys, &self.email))?;
        let address = loopback::reachable(config.server.listen);
        let worked = work(&Server { address, token, email: &self.email });
        let logged_out = runtime.block_on(async {
            let tx = storage.db.auth().await?;
            identity::revoke_session(&tx, session, Clock::system().now()).await?;
            tx.commit().await
        });
        worked.and_then(|value| Ok(logged_out.map(|()| value)?))
    }
}

impl Server<'_> {
    /// Posts and answers what it said; null if it said nothing.
    pub fn post(&self, path: &str, body: Option<&Value>) -> Outcome<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let question = Question { method: "POST", path, bearer: Some(&self.token), body: &body };
        let answer = loopback::request(self.address, question).map_err(|error| {
            Failure::new(Exit::Unavailable, format!("no server answers on {} ({error}): start it first", self.address))
        })?;
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let detail = || said["detail"].as_str().unwrap_or(&answer.body);
        match answer.status {
            200..=299 => Ok(said),
            404 => Err(Failure::new(
                Exit::Failed,
                format!("{} sees no such store; `store list` shows them all", self.email),
            )),
            403 => Err(Failure::new(Exit::Failed, format!("{} may not do this; a platform admin may", self.email))),
            409 | 503 => Err(Failure::new(Exit::TryLater, detail())),
            status => Err(Failure::new(Exit::Failed, format!("the server answered {status}: {}", detail()))),
        }
    }
}

async fn log_in(db: &Db, keys: &SessionKeys, email: &str) -> Outcome<(SessionId, String)> {
    let now = Clock::system().now();
    let tx = db.auth().await?;
    let login = identity::find_login(&tx, email).await?;
    let login = login
        .filter(|login| !login.is_disabled)
        .with_context(|| format!("nobody logs in as {email}; `user create` makes a login"))?;
    let session = SessionId::fresh();
    let until = now.saturating_add(jiff::SignedDuration::try_from(LOGIN_LASTS)?)?;
    identity::insert_session(&tx, session, login.user_id, now, until, "storewire command line").await?;
    tx.commit().await?;
    let claims = SessionClaims { sub: login.user_id, sid: session };
    Ok((session, keys.issue(claims, now, LOGIN_LASTS)))
}
