//! The REST API `wc/v3` of one shop.

pub mod auth;
pub mod batch;
pub mod body;
pub mod coupons;
pub mod customers;
pub mod error;
pub mod index;
pub mod notes;
pub mod oauth;
pub mod options;
pub mod orders;
pub mod orders_write;
pub mod page;
pub mod params;
pub mod products;
pub mod products_write;
pub mod refunds;
pub mod route;
pub mod settings;
pub mod variations;
pub mod webhooks;
pub mod write;

use std::sync::Arc;

use hyper::Method;
use serde_json::Value;

use crate::faults::strike;
use crate::http::{Ask, Reply};
use crate::model::profile::Profile;
use crate::php_json::{Json, Object};
use crate::rest::auth::Caller;
use crate::rest::error::ApiError;
use crate::rest::route::{Resource, Route};
use crate::store::Store;

/// What most handlers give back.
pub type Answer = Result<Reply, ApiError>;

/// A call that passed the door.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub store: &'a Arc<Store>,
    pub ask: &'a Ask,
    /// The shop's settings as they stood when the call came.
    pub profile: &'a Profile,
}

impl Call<'_> {
    /// The address of a collection, for page links.
    fn address(&self, path: &str) -> String {
        format!("{}/wp-json/wc/v3/{path}", self.profile.address(self.ask.is_tls))
    }

    /// The body as JSON; an empty one is an empty object.
    fn body(&self) -> Result<Value, ApiError> {
        body::parse(&self.ask.body)
    }

    /// What `_fields` asks for, if it is there.
    fn fields(&self) -> Option<Vec<String>> {
        self.ask.query.list("_fields").filter(|fields| !fields.is_empty())
    }

    /// One object, with `_fields` applied.
    fn one(&self, status: u16, mut shown: Object) -> Reply {
        if self.ask.faults.breaks(std::slice::from_ref(&shown)) {
            return strike::crash();
        }
        self.ask.faults.damage(&mut shown);
        let shown = match self.fields() {
            Some(fields) => shown.only(&fields),
            None => shown,
        };
        Reply::json(status, &Json::Object(shown))
    }

    /// 201 and where the new thing is.
    fn created(&self, path: &str, shown: Object) -> Reply {
        self.one(201, shown).with("location", self.address(path))
    }

    /// Whether a record is asked for as its editor is shown it.
    fn is_to_edit(&self) -> bool {
        self.ask.query.get("context") == Some("edit")
    }

    fn force(&self) -> bool {
        self.ask.query.flag("force")
    }
}

/// Answers everything below `/wp-json`.
pub async fn answer(store: &Arc<Store>, ask: &Ask) -> Reply {
    let profile = store.profile();
    let home = profile.address(ask.is_tls);
    let path = ask.path.strip_prefix("/wp-json").unwrap_or_default().trim_matches('/');
    let mut reply = match path.strip_prefix("wc/v3/") {
        _ if path.is_empty() => index::index(&profile, &home, store.now(), !ask.faults.no_route),
        Some(resource) if !ask.faults.no_route => guarded(Call { store, ask, profile: &profile }, resource).await,
        _ => ApiError::no_route().reply(),
    };
    // A page link replaces the link to the API's root.
    if !reply.headers.iter().any(|(name, _)| *name == "link") {
        reply = reply.with("link", format!("<{home}/wp-json/>; rel=\"https://api.w.org/\""));
    }
    reply
        .with("x-robots-tag", "noindex")
        .with("x-content-type-options", "nosniff")
        .with("access-control-expose-headers", "X-WP-Total, X-WP-TotalPages, Link")
        .with(
            "access-control-allow-headers",
            "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
        )
}

/// Door, route, permission, work: in WooCommerce's order, since a wrong secret is told before an unknown route.
async fn guarded(call: Call<'_>, resource: &str) -> Reply {
    let Call { store, ask, profile } = call;
    let caller = match auth::caller(ask, store, profile) {
        Ok(caller) => caller,
        Err(error) => return error.reply().with("vary", "Origin"),
    };
    let route = Route::parse(resource, profile).filter(|route| route.allows(&ask.method));
    let Some(route) = route else { return ApiError::no_route().reply() };
    let refused = match caller {
        _ if ask.method == Method::OPTIONS => None,
        Caller::Anonymous => Some(401),
        Caller::Keyed if ask.faults.forbidden => Some(403),
        Caller::Keyed => ask.faults.webhook_status.filter(|_| route.is_of(Resource::Webhooks)),
    };
    if let Some(status) = refused {
        let error = auth::not_allowed(status, &ask.method, !route.is_one(), route.is_batch());
        return if status < 500 { error.reply().with("vary", "Origin") } else { Reply { status, ..strike::crash() } };
    }
    let reply = dispatch(call, route).await.unwrap_or_else(|error| error.reply());
    reply
        .with("allow", route.allowed())
        .with("expires", "Wed, 11 Jan 1984 05:00:00 GMT")
        .with("cache-control", "no-cache, must-revalidate, max-age=0, no-store, private")
}

async fn dispatch(call: Call<'_>, route: Route) -> Answer {
    let reads = matches!(call.ask.method, Method::GET | Method::HEAD);
    let deletes = call.ask.method == Method::DELETE;
    match route {
        _ if call.ask.method == Method::OPTIONS => Ok(options::describe(call, route)),
        Route::List(Resource::Orders) if reads => orders::list(call),
        Route::List(Resource::Orders) => orders_write::create(call),
        Route::One(Resource::Orders, id) if reads => orders::one(call, id),
        Route::One(Resource::Orders, id) if deletes => orders_write::delete(call, id),
        Route::One(Resource::Orders, id) => orders_write::update(call, id),
        Route::List(Resource::Products) if reads => products::list(call),
        Route::List(Resource::Products) => products_write::create(call),
        Route::One(Resource::Products, id) if reads => products::one(call, id),
        Route::One(Resource::Products, id) if deletes => products_write::delete(call, id),
        Route::One(Resource::Products, id) => products_write::update(call, id),
        Route::List(Resource::Customers) if reads => customers::list(call),
        Route::List(Resource::Customers) => customers::create(call),
        Route::One(Resource::Customers, id) if reads => customers::one(call, id),
        Route::One(Resource::Customers, id) if deletes => customers::delete(call, id),
        Route::One(Resource::Customers, id) => customers::update(call, id),
        Route::List(Resource::Coupons) if reads => coupons::list(call),
        Route::List(Resource::Coupons) => coupons::create(call),
        Route::One(Resource::Coupons, id) if reads => coupons::one(call, id),
        Route::One(Resource::Coupons, id) if deletes => coupons::delete(call, id),
        Route::One(Resource::Coupons, id) => coupons::update(call, id),
        Route::List(Resource::Webhooks) if reads => webhooks::list(call),
        Route::List(Resource::Webhooks) => webhooks::create(call).await,
        Route::One(Resource::Webhooks, id) if reads => webhooks::one(call, id),
        Route::One(Resource::Webhooks, id) if deletes => webhooks::delete(call, id),
        Route::One(Resource::Webhooks, id) => webhooks::update(call, id).await,
        Route::Batch(Resource::Orders) => batch::orders(call),
        Route::Batch(Resource::Products) => batch::products(call),
        Route::Batch(Resource::Customers) => batch::customers(call),
        Route::Batch(Resource::Coupons) => batch::coupons(call),
        Route::Batch(Resource::Webhooks) => webhooks::batch(call).await,
        Route::BatchVariations(parent) => batch::variations(call, parent),
        Route::NotesOf(order) if reads => notes::list(call, order),
        Route::NotesOf(order) => notes::create(call, order),
        Route::NoteOf(order, id) if reads => notes::one(call, order, id),
        Route::NoteOf(order, id) => notes::delete(call, order, id),
        Route::RefundsOf(order) if reads => refunds::of_order(call, order),
        Route::RefundsOf(order) => refunds::create(call, order),
        Route::RefundOf(order, id) if reads => refunds::one(call, order, id),
        Route::RefundOf(order, id) => refunds::delete(call, order, id),
        Route::AllRefunds => refunds::all(call),
        Route::VariationsOf(parent) if reads => variations::of_product(call, parent),
        Route::VariationsOf(parent) => variations::create(call, parent),
        Route::VariationOf(parent, id) if reads => variations::one(call, parent, id),
        Route::VariationOf(parent, id) if deletes => variations::delete(call, parent, id),
        Route::VariationOf(parent, id) => variations::update(call, parent, id),
        Route::AllVariations => variations::all(call),
        Route::Categories => products::categories(call),
        Route::SystemStatus => Ok(settings::system_status(call)),
        Route::GeneralSettings => Ok(settings::general(call)),
        Route::Currency => Ok(settings::currency(call)),
        Route::OrderTotals => Ok(orders::totals(call)),
    }
}
