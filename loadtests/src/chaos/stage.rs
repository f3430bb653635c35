//! Where the plan is played: the shops, the door, the API, and what is remembered for the verdict.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use hyper::StatusCode;
use storewire_domain::Clock;
use storewire_oracle::Clocks;
use storewire_testkit::FaultProxy;
use storewire_testkit::fault_proxy::Faults as LineFaults;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::api::Api;
use super::database::Database;
use super::deeds::pick;
use super::faults::{Fault, Line, Road};
use super::plan::{Event, Plan, Strike};
use super::poison::Poison;
use super::shops::{Shop, Shops};
use super::wishes::{Reply, Targets, Want, Wish};

const AGAIN_AFTER: Duration = Duration::from_millis(150);
/// Then whoever asks for a change goes away, and what became of it is for the verdict.
const PATIENCE: Duration = Duration::from_secs(20);

/// See the module.
pub struct Stage {
    pub shops: Shops,
    pub connected: Vec<Shop>,
    pub targets: Vec<Targets>,
    /// The network before the binary's own address.
    pub door: FaultProxy,
    /// The network between the binary and its database.
    pub wire: FaultProxy,
    pub api: Api,
    pub database: Arc<Database>,
    pub memory: Mutex<Memory>,
}

/// What happened, as far as the verdict needs it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Bodies of poison that were answered with success.
    pub poison: Vec<Vec<u8>>,
    /// Intents that the API promised.
    pub promised: Vec<Uuid>,
    /// When shops' clocks were set.
    pub clocks: Clocks,
    pub clocks_set: usize,
    pub copies: usize,
    /// Records that could not be shown or read for a while.
    pub broken: HashSet<(Uuid, String)>,
    pub blows: usize,
    pub deeds: usize,
    pub refused_wishes: usize,
    /// Wishes whose callers lost patience.
    pub given_up: usize,
    /// What must not have happened.
    pub scandals: Vec<String>,
}

impl Stage {
    /// What happened so far.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.notes().clone()
    }

    fn notes(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has everything happen in its time, and never comes back. What waits for somebody's answer has a task of its own; trouble begins and
    /// ends right here, so that its end, and the end of all, never overtakes its beginning on a busy machine.
    pub async fn play(self: &Arc<Self>, plan: &Plan, began: Instant, tasks: &mut JoinSet<()>) -> Infallible {
        for (number, (at, event)) in plan.events.iter().enumerate() {
            tokio::time::sleep_until((began + *at).into()).await;
            let is_strike = matches!(event, Event::Strike(_));
            let (stage, event) = (Arc::clone(self), event.clone());
            let happening = async move {
                if let Err(error) = stage.happen(number, event).await {
                    stage.notes().scandals.push(format!("{error:#}"));
                }
            };
            if is_strike {
                happening.await
            } else {
                drop(tasks.spawn(happening))
            }
            while tasks.try_join_next().is_some() {}
        }
        std::future::pending().await
    }

    /// Ends all trouble. Clocks stay as they are: a wrong one hinders nobody.
    pub fn mend(&self) {
        for shop in &self.connected {
            self.shops.trouble(shop.index, None);
        }
        let mut host = 0;
        while self.shops.line(host, None) {
            host += 1;
        }
        self.door.set(LineFaults::default());
        self.wire.set(LineFaults::default());
    }

    fn strike(&self, number: usize, strike: Strike) {
        match strike {
            Strike::Fault { shop, fault } => self.trouble(shop, fault, number as u64),
            Strike::Mend { shop } => self.shops.trouble(shop + 1, None),
            Strike::Line { road, line } => self.line(road, Some(line)),
            Strike::MendLine { road } => self.line(road, None),
            Strike::Clock { shop, ahead } => self.set_clock(shop, ahead),
        }
    }

    async fn happen(&self, number: usize, event: Event) -> Result<()> {
        match event {
            Event::Copy { shop } => {
                let is_copied = self.shops.fleet.copy_store(shop + 1).is_some();
                self.notes().copies += usize::from(is_copied);
            }
            // A shop may refuse, as when the record is where it shall go already.
            Event::Deed { shop, deed, lot } => {
                let is_done = deed.happen(&self.shops, shop + 1, lot).await.is_ok();
                self.notes().deeds += usize::from(is_done);
            }
            Event::Poison { shop, poison } => self.poison(shop, poison, number).await,
            Event::Wish { shop, want, lot } => self.wish(shop, want, lot, number).await,
            Event::Database(blow) => {
                let is_hurt = self.database.suffer(blow).await?;
                self.notes().blows += usize::from(is_hurt);
            }
            Event::Strike(strike) => self.strike(number, strike),
        }
        Ok(())
    }

    fn line(&self, road: Road, line: Option<Line>) {
        let switches = line.map(|line| line.switches(road)).unwrap_or_default();
        match road {
            Road::Host(host) => drop(self.shops.line(host, line)),
            Road::Door => self.door.set(switches),
            Road::Database => {
                self.database.note_blow();
                self.wire.set(switches);
            }
        }
    }

    fn set_clock(&self, shop: usize, ahead: i64) {
        let Some(connected) = self.connected.get(shop) else { return };
        let mut memory = self.notes();
        self.shops.set_clock(connected.index, ahead);
        memory.clocks.set(connected.store, Clock::system().now().as_second(), ahead);
        memory.clocks_set += 1;
    }

    fn trouble(&self, shop: usize, fault: Fault, lot: u64) {
        let Some(connected) = self.connected.get(shop) else { return };
        let record = pick(&self.shops.ids(connected.index, "orders"), lot).unwrap_or_default();
        if matches!(fault, Fault::BrokenRecord | Fault::UndecodableRecord) {
            self.notes().broken.insert((connected.store, record.to_string()));
        }
        self.shops.trouble(connected.index, Some((fault, record)));
    }

    async fn poison(&self, shop: usize, poison: Poison, number: usize) {
        let Some(shop) = self.connected.get(shop) else { return };
        loop {
            match poison.deliver(&self.api, shop, number).await {
                Ok(StatusCode::OK) => return self.notes().poison.push(poison.body(number)),
                Ok(status) if status.is_client_error() => {
                    return self.notes().scandals.push(format!("signed poison was answered with {status}"));
                }
                // Not up, or no database: a shop would have given up here, which would leave nothing to count.
                Ok(_) | Err(_) => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
    }

    async fn wish(&self, shop: usize, want: Want, lot: u64, number: usize) {
        let Some(wish) = self.targets.get(shop).and_then(|targets| Wish::new(number, want, targets, lot)) else {
            return;
        };
        let reply = tokio::time::timeout(PATIENCE, wish.ask(&self.api)).await;
        let mut memory = self.notes();
        let Ok(reply) = reply else { return memory.given_up += 1 };
        match reply {
            Reply::Accepted(intents) => memory.promised.extend(intents),
            Reply::Refused(_) => memory.refused_wishes += 1,
            Reply::Doubled(intents) => {
                memory.scandals.push(format!("one Idempotency-Key made other intents the second time: {intents:?}"));
            }
        }
    }
}
