//! An engine for the app under test: real, but with nothing to do and nobody to render for.

use std::{sync::Arc, time::Duration};

use storewire_actors::{
    Engine, EngineConfig, EngineParts,
    feed::{FeedEvent, Rendered, Renderer, View},
};
use storewire_domain::Clock;
use storewire_files::Files;
use storewire_guard::seal::Keyring;
use storewire_post::Post;
use storewire_testkit::TestDb;
use storewire_woo::{Outbound, OutboundConfig};
use uuid::Uuid;

struct Blank;

impl Renderer for Blank {
    fn render(&self, _: &View, _: &FeedEvent) -> Option<Rendered> {
        None
    }
}

/// Starts one that looks for stores only when it is told to, and at none of them for alerts.
pub fn start(db: &TestDb, clock: &Clock) -> Engine {
    let public_url = "https://public.example".parse().unwrap();
    let hour = Duration::from_secs(3600);
    let config =
        EngineConfig { arbiters: 1, supervise_interval: hour, watch_interval: hour, ..EngineConfig::new(public_url) };
    Engine::start(EngineParts {
        db: db.db().clone(),
        outbound: Outbound::new(OutboundConfig::default()).unwrap(),
        keyring: Keyring::from_bytes([7; 32]),
        clock: clock.clone(),
        config,
        renderer: Arc::new(Blank),
        post: Post::none(),
        node: Uuid::now_v7(),
        files: Files::in_memory(),
        runtime: db.drivers(),
    })
}
