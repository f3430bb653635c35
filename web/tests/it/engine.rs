//! An engine for the app under test: real, but with nothing to do and nobody to render for.

use std::{sync::Arc, time::Duration};

use storewire_actors::{
    Engine, EngineConfig, EngineParts,
    feed::{FeedEvent, Rendered, Renderer, View},
};
use storewire_domain::Clock;
use storewire_guard::seal::Keyring;
use storewire_testkit::TestDb;
use storewire_woo::{Outbound, OutboundConfig};
use uuid::Uuid;

struct Blank;

impl Renderer for Blank {
    fn render(&self, _: &View, _: &FeedEvent) -> Option<Rendered> {
        None
    }
}

/// Starts one that looks for stores only when it is told to.
pub fn start(db: &TestDb, clock: &Clock) -> Engine {
    let public_url = "https://public.example".parse().unwrap();
    let config =
        EngineConfig { arbiters: 1, supervise_interval: Duration::from_secs(3600), ..EngineConfig::new(public_url) };
    Engine::start(EngineParts {
        db: db.db().clone(),
        outbound: Outbound::new(OutboundConfig::default()).unwrap(),
        keyring: Keyring::from_bytes([7; 32]),
        clock: clock.clone(),
        config,
        renderer: Arc::new(Blank),
        node: Uuid::now_v7(),
        runtime: db.drivers(),
    })
}
