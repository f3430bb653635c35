//! What every handler shares. Cloneable, no globals.

use std::{sync::Arc, time::Duration};

use ipnet::IpNet;
use storewire_actors::Engine;
use storewire_db::Db;
use storewire_domain::Clock;
use storewire_guard::session_token::SessionKeys;
use url::Url;

use crate::{extract::LoginGate, panel::Listings, rehearsals::Stage};

/// See the module.
#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub engine: Engine,
    pub clock: Clock,
    pub sessions: Arc<SessionKeys>,
    pub settings: Arc<WebSettings>,
    /// Who carries rehearsals out.
    pub rehearsals: Arc<dyn Stage>,
    /// Slows down guessing; shared by the panel's form and the API.
    pub logins: Arc<LoginGate>,
    /// Lists that are being read for several people.
    pub listings: Listings,
}

/// How this installation presents itself.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Where stores reach us.
    pub public_url: Url,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long a login lasts.
    pub session_ttl: Duration,
    /// A webhook's body must have arrived by then: a store's sender needs milliseconds, and what trickles is an attack or a dead line.
    pub delivery_deadline: Duration,
    /// Identities offered on the login page of a demo.
    pub demo: Option<DemoLogin>,
}

/// One-click identities; only ever set by `storewire demo`.
#[derive(Clone, Debug)]
pub struct DemoLogin {
    pub users: Vec<DemoUser>,
    pub password: String,
}

/// One identity of a demo.
#[derive(Clone, Debug)]
pub struct DemoUser {
    pub email: String,
    pub label: String,
    pub role_label: String,
}
