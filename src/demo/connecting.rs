//! Connects the demo's shops the way a person would: by address and keys.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use storesim::{Fleet, StoreInfo};
use storewire_actors::{ConnectStore, Engine};
use storewire_db::{Db, stores};
use storewire_domain::{StoreId, StoreState, TenantId};

use crate::failure::{Exit, Failure, Outcome};
use crate::lifecycle::Lifecycle;
use crate::output::say;

const AT_ONCE: usize = 4;
const READ_WITHIN: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The shops are shared out among the tenants in turn; answers how many they are.
pub async fn connect_all(engine: &Engine, fleet: &Fleet, tenants: &[TenantId]) -> Outcome<usize> {
    let wanted = fleet.stores().into_iter().zip(tenants.iter().copied().cycle());
    let connected: Vec<StoreId> = stream::iter(wanted)
        .map(|(info, tenant)| connect(engine, info, tenant))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    say(&format!("{} shops are connected", connected.len()));
    Ok(connected.len())
}

async fn connect(engine: &Engine, info: StoreInfo, tenant_id: TenantId) -> Outcome<StoreId> {
    let wanted = ConnectStore {
        tenant_id,
        url: info.home_url.clone(),
        consumer_key: info.consumer_key.into(),
        consumer_secret: info.consumer_secret.into(),
        allow_plain_http: false,
        name: None,
        webhook_token: None,
        webhook_secret: None,
    };
    engine
        .connect_store(wanted)
        .await
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot connect {}: {error}", info.home_url)))
}

/// Waits for the end of every first import.
pub async fn wait_until_read(db: &Db, count: usize, lifecycle: &Lifecycle) -> Outcome {
    let all_read = async {
        loop {
            let tx = db.platform().await?;
            let rows = stores::list(&tx).await?;
            tx.commit().await?;
            let read = rows.iter().filter(|row| row.state == StoreState::Live && row.as_of.is_some()).count();
            if read >= count {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::select! {
        read = all_read => read,
        () = tokio::time::sleep(READ_WITHIN) => Err(Failure::new(Exit::Failed, "the first imports did not end")),
        () = lifecycle.stopping() => Err(Failure::new(Exit::TryLater, "stopped before the first imports ended")),
    }
}
