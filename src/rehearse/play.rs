//! One rehearsal from its first twin to its report.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use storesim::StoreInfo;
use storewire_actors::{ConnectStore, Opened};
use storewire_db::{rehearsals, stores};
use storewire_domain::{
    ReadScope, StoreState, TenantId,
    rehearsal::{Moment, Phase, Progress, Report},
};
use storewire_web::rehearsals::Wanted;
use tokio::sync::watch;

use super::{Parts, gauge::Gauge, settle, shops::Shops, troubles};

/// Twins that are connected at a time.
const AT_ONCE: usize = 4;
const READ_WITHIN: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks between two reports on the page, and between two turns of trouble.
const LOOKS_PER_SAVE: u32 = 2;
const LOOKS_PER_STRIKE: u32 = 5;

/// What a rehearsal works with.
pub(super) struct Scene<'a> {
    pub(super) parts: &'a Parts,
    pub(super) id: TenantId,
    pub(super) wanted: &'a Wanted,
    pub(super) shops: Shops,
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) progress: Progress,
}

/// Plays it. Whatever comes of it, the twins' places are open to the engine until it closes them.
pub async fn play(parts: &Parts, id: TenantId, wanted: &Wanted, stopped: watch::Receiver<bool>) -> Result<Report> {
    let shops = Shops::open(&wanted.originals, wanted.wish.factor).await?;
    parts.engine.open_twins(Opened {
        tenant: id,
        places: shops.places().to_vec(),
        ca_pem: shops.ca_pem(),
        deliver_to: format!("http://{}", parts.address).parse().context("our own address")?,
    })?;
    let mut scene = Scene { parts, id, wanted, shops, stopped, progress: Progress::default() };
    scene.connect().await?;
    scene.read_all().await?;
    let gauge = scene.live().await?;
    settle::settle(scene, gauge).await
}

impl Scene<'_> {
    async fn connect(&self) -> Result<()> {
        stream::iter(self.shops.all()).map(|info| self.connect_one(info)).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn connect_one(&self, info: StoreInfo) -> Result<()> {
        if self.is_stopped() {
            return Ok(());
        }
        let wanted = ConnectStore {
            tenant_id: self.id,
            url: info.home_url.clone(),
            consumer_key: info.consumer_key.into(),
            consumer_secret: info.consumer_secret.into(),
            allow_plain_http: false,
            name: Some(info.name),
            webhook_token: None,
            webhook_secret: None,
        };
        let connected = self.parts.engine.connect_store(wanted).await;
        connected.map(drop).with_context(|| format!("cannot connect the twin {}", info.home_url))
    }

    /// Waits for the end of every first import.
    async fn read_all(&mut self) -> Result<()> {
        let deadline = tokio::time::Instant::now() + READ_WITHIN;
        while !self.is_stopped() {
            let tx = self.parts.db.read(&ReadScope::Tenant(self.id)).await?;
            let twins = stores::list(&tx).await?;
            tx.commit().await?;
            let is_read = |twin: &&storewire_db::StoreRow| twin.state == StoreState::Live && twin.as_of.is_some();
            let ready = twins.iter().filter(is_read).count();
            self.progress.ready = u32::try_from(ready).unwrap_or(u32::MAX);
            self.save(Phase::Opening).await?;
            if ready >= self.wanted.wish.twins() {
                return Ok(());
            }
            if tokio::time::Instant::now() >= deadline {
                bail!("only {ready} twins were read for the first time within {} s", READ_WITHIN.as_secs());
            }
            self.wait(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// The shops live, trouble strikes, and each second is measured.
    async fn live(&mut self) -> Result<Gauge> {
        let Parts { db, clock, .. } = self.parts;
        let began_at = clock.now();
        let mut gauge = Gauge::new(self.id, began_at);
        self.progress.began_at = Some(began_at);
        let ends_at = tokio::time::Instant::now() + self.wanted.wish.duration();
        if !self.is_stopped() {
            self.shops.set_rate(self.wanted.wish.rate);
        }
        let mut looks = 0_u32;
        while !self.is_stopped() && tokio::time::Instant::now() < ends_at {
            if looks.is_multiple_of(LOOKS_PER_STRIKE) {
                let (twins, wish) = (self.wanted.wish.twins(), &self.wanted.wish);
                troubles::strike(&self.shops, twins, &wish.troubles, &mut self.progress.struck);
            }
            gauge.look(db, clock.now()).await?;
            if looks.is_multiple_of(LOOKS_PER_SAVE) {
                self.progress.slices = gauge.read(db).await?;
                self.save(Phase::Running).await?;
            }
            looks = looks.wrapping_add(1);
            let rest = ends_at.saturating_duration_since(tokio::time::Instant::now());
            self.wait(LOOK_EVERY.min(rest)).await;
        }
        Ok(gauge)
    }

    pub(super) async fn save(&self, phase: Phase) -> Result<()> {
        let tx = self.parts.db.tenant(self.id).await?;
        rehearsals::save(&tx, phase, &self.progress).await?;
        let now = self.parts.clock.now();
        let moment = Moment::of(&self.wanted.wish, phase, &self.progress, None, now);
        rehearsals::tell(&tx, &moment, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Sleeps, unless a person stops it.
    async fn wait(&mut self, duration: Duration) {
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            // An error would mean that nobody can stop it any more; then it takes its time.
            Ok(_) = self.stopped.wait_for(|is_stopped| *is_stopped) => {}
        }
    }
}
