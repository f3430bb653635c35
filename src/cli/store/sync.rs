//! `storewire store sync`

use std::time::Duration;

use anyhow::Context;
use clap::Args;
use storewire_db::{Db, identity};
use storewire_domain::{Clock, SessionId, StoreId};
use storewire_guard::session_token::{SessionClaims, SessionKeys};

use super::super::Installation;
use crate::failure::{Exit, Failure, Outcome};
use crate::loopback;
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// Long enough for one request.
const LOGIN_LASTS: Duration = Duration::from_secs(60);

/// Have the running server read a store now, without waiting for its turn
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    storewire store sync 01a1fd7b-6062-7751-b7cd-a6c8a57a6bcd --as admin@example.com\n\n\
    The server does it as the person named by --as, without their password: whoever holds the key file may.")]
pub struct Sync {
    #[command(flatten)]
    installation: Installation,
    /// The store's id, as `store list` shows it
    id: StoreId,
    /// The e-mail of the platform admin or staff member in whose name it is done
    #[arg(long = "as", value_name = "EMAIL", env = "STOREWIRE_AS")]
    person: String,
}

impl Sync {
    pub fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let address = loopback::reachable(config.server.listen);
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let asked = runtime.block_on(async {
            let keys = SessionKeys::from_keyring(&storage.keyring);
            let (session, token) = log_in(&storage.db, &keys, &self.person).await?;
            let path = format!("/api/v1/stores/{}/sync", self.id);
            let answer = loopback::request(address, "POST", &path, Some(&token)).map_err(|error| {
                Failure::new(
                    Exit::Unavailable,
                    format!("no server answers on {address} ({error}): start it, it reads every store at its start"),
                )
            });
            let tx = storage.db.auth().await?;
            identity::revoke_session(&tx, session, Clock::system().now()).await?;
            tx.commit().await?;
            answer
        });
        let answer = storage.close_after(asked)?;
        match answer.status {
            200..=299 => {
                output::say("asked the server to read the store now");
                Ok(())
            }
            404 => Err(Failure::new(Exit::Failed, format!("there is no store {}", self.id))),
            403 => Err(Failure::new(Exit::Failed, format!("{} may not do this", self.person))),
            status => Err(Failure::new(Exit::Failed, format!("the server answered {status}: {}", answer.body))),
        }
    }
}

async fn log_in(db: &Db, keys: &SessionKeys, email: &str) -> Outcome<(SessionId, String)> {
    let now = Clock::system().now();
    let tx = db.auth().await?;
    let login = identity::find_login(&tx, email).await?;
    let login = login.filter(|login| !login.is_disabled).with_context(|| format!("nobody logs in as {email}"))?;
    let session = SessionId::fresh();
    let until = now.saturating_add(jiff::SignedDuration::try_from(LOGIN_LASTS)?)?;
    identity::insert_session(&tx, session, login.user_id, now, until, "storewire command line").await?;
    tx.commit().await?;
    let claims = SessionClaims { sub: login.user_id, sid: session };
    Ok((session, keys.issue(claims, now, LOGIN_LASTS)))
}
