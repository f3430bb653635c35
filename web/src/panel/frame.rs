//! What every page of a logged-in person has around it: navigation, theme, the socket's address.

use actix_web::{HttpRequest, web};
use jiff::Timestamp;
use storewire_domain::{PlatformRole, TenantRole};
use storewire_guard::access::{Action, Area, Standing, Viewer, allowed, may_rehearse};
use uuid::Uuid;

use super::{
    assets, said, url,
    view::{Alerts, Bell, Listing, Notice},
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
    /// Where to ask how many wait there, as a fragment.
    pub count: Option<&'static str>,
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
    /// As it is before anybody has counted.
    pub bell: Bell,
    /// What became of the deed that led here.
    pub said: Option<Notice>,
    /// What is wrong with stores now, for staff.
    pub alerts: Option<Alerts>,
    /// The record that the page is of, where people are told who else is there.
    pub here: Option<String>,
    /// Where a ticket about that record is opened.
    pub ticket_href: Option<String>,
    /// Where the page's socket connects; `None` for a page that has nothing to follow.
    pub live: Option<String>,
}

impl Frame {
    /// The frame around the page at `current`, one of the navigation's addresses.
    #[must_use]
    pub fn new(request: &HttpRequest, viewer: &Viewer, current: &str, now: Timestamp, t: &Words) -> Self {
        let item =
            |href, label, icon, key| NavItem { href, label, icon, key, is_current: href == current, count: None };
        let mut nav = vec![
            item(url::ORDERS, t.get("nav-orders"), "shopping-bag", "o"),
            item(url::PRODUCTS, t.get("nav-products"), "package", "p"),
            item(url::INVENTORY, t.get("nav-inventory"), "boxes", "i"),
            item(url::CUSTOMERS, t.get("nav-customers"), "users", "c"),
        ];
        if allowed(viewer, Area::Requests, Action::View) {
            let requests = item(url::REQUESTS, t.get("nav-requests"), "list-checks", "q");
            nav.push(NavItem { count: Some(url::REQUESTS_COUNT), ..requests });
        }
        if allowed(viewer, Area::Returns, Action::View) {
            nav.push(item(url::RETURNS, t.get("nav-returns"), "undo-2", "u"));
        }
        if allowed(viewer, Area::Support, Action::View) {
            let support = item(url::SUPPORT, t.get("nav-support"), "message-square", "t");
            nav.push(NavItem { count: Some(url::SUPPORT_COUNT), ..support });
        }
        let is_staff = allowed(viewer, Area::Stores, Action::View);
        if is_staff {
            nav.extend([
                item(url::CONTROL, t.get("nav-control"), "gauge", "r"),
                item(url::STORES, t.get("nav-stores"), "store", "s"),
                item(url::CHANGES, t.get("nav-changes"), "send", "h"),
                item(url::DELIVERIES, t.get("nav-deliveries"), "webhook", "d"),
                item(url::DEAD_LETTERS, t.get("nav-dead-letters"), "archive-x", "l"),
            ]);
        }
        if may_rehearse(viewer) {
            nav.push(item(url::REHEARSALS, t.get("nav-rehearsals"), "play", "e"));
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
            bell: Bell::silent(t),
            said: said::notice(request.query_string(), t),
            alerts: None,
            here: None,
            ticket_href: None,
            live: None,
        }
    }

    /// The same frame, following what `live` names.
    #[must_use]
    pub fn following(self, live: String) -> Self {
        Self { live: Some(live), ..self }
    }

    /// The same frame on a record's page, such as `order:<id>`: a ticket can be opened about it, and staff are told who else looks at it.
    /// On a ticket's own page both sides are.
    #[must_use]
    pub fn at(self, noun: &str, id: Uuid) -> Self {
        let place = format!("{noun}:{id}");
        let is_ticket = noun == "ticket";
        let is_watched = matches!(noun, "order" | "product" | "customer" | "request" | "return");
        Self {
            ticket_href: (!is_ticket).then(|| url::new_ticket(&place, "")),
            here: (is_ticket || (self.is_staff && is_watched)).then_some(place),
            ..self
        }
    }

    /// The same frame on the page of an error: a ticket can be opened about the record that it befell, and says so.
    #[must_use]
    pub fn telling(self, place: &str, error: &str) -> Self {
        Self { ticket_href: Some(url::new_ticket(place, error)), ..self }
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
