//! What every page of a logged-in person has around it: navigation, theme, the socket's address.

use actix_web::{HttpRequest, web};
use jiff::Timestamp;
use storewire_domain::{PlatformRole, TenantRole};
use storewire_guard::access::{Action, Area, Standing, Viewer, allowed, may_rehearse};

use super::{
    assets, said, url,
    view::{Alerts, Listing, Notice},
    words::Words,
};
use crate::state::AppState;

/// The cookie that keeps the chosen theme; scripts write it too, so it is no secret.
pub const THEME_COOKIE: &str = "sw_theme";

/// One link of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub href: &'static str,
    pub label: String,
    pub icon: &'static str,
    /// The letter that jumps here after `g`.
    pub key: &'static str,
    pub is_current: bool,
    /// Left out of a phone's bar; the control room links to it.
    pub is_minor: bool,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    pub theme: &'static str,
    /// The server's time, by which scripts notice a wrong clock.
    pub now: String,
    /// Where a form that belongs to no page returns to.
    pub path: String,
    pub name: String,
    pub role: String,
    pub is_staff: bool,
    pub nav: Vec<NavItem>,
    /// Nothing can be changed now, whoever asks.
    pub is_read_only: bool,
    /// The page of the rehearsal that is watched; everything else on this page is of its twins.
    pub watching: Option<String>,
    /// What became of the deed that led here.
    pub said: Option<Notice>,
    /// What is wrong with stores now, for staff.
    pub alerts: Option<Alerts>,
    /// Where the page's socket connects; `None` for a page that has nothing to follow.
    pub live: Option<String>,
}

impl Frame {
    /// The frame around the page at `current`, one of the navigation's addresses.
    #[must_use]
    pub fn new(request: &HttpRequest, viewer: &Viewer, current: &str, now: Timestamp, t: &Words) -> Self {
        let item = |href, label, icon, key, is_minor| NavItem {
            href,
            label,
            icon,
            key,
            is_current: href == current,
            is_minor,
        };
        let mut nav = vec![
            item(url::ORDERS, t.get("nav-orders"), "shopping-bag", "o", false),
            item(url::PRODUCTS, t.get("nav-products"), "package", "p", false),
            item(url::CUSTOMERS, t.get("nav-customers"), "users", "c", false),
        ];
        let is_staff = allowed(viewer, Area::Stores, Action::View);
        if is_staff {
            nav.extend([
                item(url::CONTROL, t.get("nav-control"), "gauge", "r", false),
                item(url::STORES, t.get("nav-stores"), "store", "s", true),
                item(url::CHANGES, t.get("nav-changes"), "send", "h", true),
                item(url::DELIVERIES, t.get("nav-deliveries"), "webhook", "d", true),
                item(url::DEAD_LETTERS, t.get("nav-dead-letters"), "archive-x", "l", true),
            ]);
        }
        if may_rehearse(viewer) {
            nav.push(item(url::REHEARSALS, t.get("nav-rehearsals"), "play", "e", true));
        }
        let name = if viewer.name.is_empty() { &viewer.email } else { &viewer.name };
        Self {
            theme: theme(request),
            now: now.to_string(),
            path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            name: name.clone(),
            role: role(viewer, t),
            is_staff,
            nav,
            is_read_only: request.app_data::<web::Data<AppState>>().is_some_and(|state| state.db.is_read_only()),
            watching: watched(viewer),
            said: said::notice(request.query_string(), t),
            alerts: None,
            live: None,
        }
    }

    /// The same frame, following what `live` names.
    #[must_use]
    pub fn following(self, live: String) -> Self {
        Self { live: Some(live), ..self }
    }

    /// The same frame around a list.
    #[must_use]
    pub fn around(self, listing: &Listing) -> Self {
        Self { alerts: listing.alerts.clone(), live: listing.live.clone(), ..self }
    }

    /// The same frame under what is wrong with stores.
    #[must_use]
    pub fn under(self, alerts: Option<Alerts>) -> Self {
        Self { alerts, ..self }
    }

    /// The icons, once per page.
    #[must_use]
    pub fn sprite(&self) -> assets::Sprite {
        assets::sprite()
    }

    /// What the theme button asks for where no script knows the system's choice.
    #[must_use]
    pub fn other_theme(&self) -> &'static str {
        if self.theme == "dark" { "light" } else { "dark" }
    }
}

/// The chosen theme; empty follows the system.
#[must_use]
pub fn theme(request: &HttpRequest) -> &'static str {
    request.cookie(THEME_COOKIE).map_or("", |cookie| known_theme(cookie.value()))
}

/// One of our themes, or none.
#[must_use]
pub fn known_theme(name: &str) -> &'static str {
    match name {
        "dark" => "dark",
        "light" => "light",
        _ => "",
    }
}

/// The messages in the viewer's language.
#[must_use]
pub fn words(viewer: &Viewer) -> Words {
    viewer.locale.as_deref().map_or_else(Words::default, Words::for_locale)
}

fn watched(viewer: &Viewer) -> Option<String> {
    match viewer.standing {
        Standing::Rehearsal { tenant, .. } => Some(url::rehearsal(tenant)),
        Standing::Platform { .. } | Standing::Tenant { .. } => None,
    }
}

fn role(viewer: &Viewer, t: &Words) -> String {
    match &viewer.standing {
        Standing::Platform { role, .. } | Standing::Rehearsal { role, .. } => match role {
            PlatformRole::Admin => t.get("role-platform-admin"),
            PlatformRole::Staff => t.get("role-platform-staff"),
        },
        Standing::Tenant { role: TenantRole::Admin, .. } => t.get("role-merchant-admin"),
        Standing::Tenant { role: TenantRole::User, .. } => t.get("role-merchant-user"),
    }
}
