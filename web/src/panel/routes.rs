//! The panel's whole URL table.

use actix_web::{
    App, HttpResponse,
    http::header::LOCATION,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{
    alerts, assets, control, customers, dead_letters, deliveries, error_pages, freshness, here, intents, inventory,
    letters, notices, orders, products, rehearsals, requests, returns, session, share, stores, support,
    table::{Row, Table},
    theme, url,
};
use crate::error::WebError;

/// The largest form: a note of ten thousand characters, percent-encoded.
const FORM_BYTES: usize = 128 * 1024;

/// Mounts the panel. It answers every path that nothing before it took, so it comes last.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/assets/{version}/{file:.+}", web::get().to(assets::show)).service(
        web::scope("")
            .wrap(from_fn(error_pages::show))
            .app_data(web::PathConfig::default().error_handler(|_, _| WebError::NotFound.into()))
            .app_data(web::QueryConfig::default().error_handler(|_, _| unreadable()))
            .app_data(web::FormConfig::default().limit(FORM_BYTES).error_handler(|_, _| unreadable()))
            .configure(|cfg| every(&mut Table::new(cfg)))
            .default_service(web::to(nothing)),
    );
}

/// Every route, as a row.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    // An application that is never started: only it can give a table something to mount on.
    let _ = App::new().configure(|cfg| {
        let mut table = Table::new(cfg);
        every(&mut table);
        rows = table.into_rows();
    });
    rows
}

/// All that people and their pages ask for.
fn every(table: &mut Table<'_>) {
    table
        .get("/", home)
        .get("/login", session::new::show)
        .post("/login", session::create::submit)
        .post("/logout", session::delete::submit)
        .get(url::FRESHNESS, freshness::show::show)
        .post("/theme", theme::update::submit)
        .get("/s/{token}", share::show)
        .mount(orders::configure)
        .get("/orders", orders::list::show)
        .get("/orders/{id}", orders::show::show)
        .post("/orders/{id}/status", orders::set_status::submit)
        .post("/orders/{id}/notes", orders::add_note::submit)
        .post("/orders/{id}/tracking", orders::add_tracking::submit)
        .mount(products::configure)
        .get("/products/{id}", products::show::show)
        .post("/products/{id}/stock", products::set_stock::submit)
        .post("/products/{id}/price", products::set_price::submit)
        .post("/products/{id}/status", products::set_status::submit)
        .post("/products/{id}/categories", products::set_categories::submit)
        .mount(customers::configure)
        // Before the inventory, which takes any word after its own name for a product.
        .mount(requests::configure)
        .mount(inventory::configure)
        .mount(letters::configure)
        .mount(notices::configure)
        .mount(returns::configure)
        .mount(here::configure)
        .mount(support::configure)
        .mount(for_staff);
}

/// Pages that exist for staff only; each says so itself.
fn for_staff(table: &mut Table<'_>) {
    table
        .get(url::ALERTS, alerts::show::show)
        .get(url::CONTROL, control::show::show)
        .get("/stores", stores::list::show)
        .post("/stores", stores::create::submit)
        .get("/stores/new", stores::new::show)
        .get("/stores/{id}", stores::show::show)
        .get("/stores/{id}/diary", stores::diary::show)
        .get("/stores/{id}/drift", stores::drift::show)
        .post("/stores/{id}/sync", stores::sync::submit)
        .post("/stores/{id}/reconcile", stores::reconcile::submit)
        .post("/stores/{id}/pause", stores::pause::submit)
        .post("/stores/{id}/resume", stores::resume::submit)
        .post("/stores/{id}/freshness", stores::set_goal::submit)
        .post("/stores/{id}/fields", stores::set_owners::submit)
        .post("/stores/{id}/webhook-secret", stores::rotate_secret::submit)
        .post("/stores/{id}/sources", stores::accept_source::submit)
        .get(url::REHEARSALS, rehearsals::list::show)
        .post(url::REHEARSALS, rehearsals::begin::submit)
        .post("/rehearsals/leave", rehearsals::leave::submit)
        .get("/rehearsals/{id}", rehearsals::show::show)
        .post("/rehearsals/{id}/stop", rehearsals::stop::submit)
        .post("/rehearsals/{id}/clear", rehearsals::clear::submit)
        .post("/rehearsals/{id}/watch", rehearsals::watch::submit)
        .get("/changes", intents::list::show)
        .get("/changes/{id}", intents::show::show)
        .post("/changes/{id}/retry", intents::retry::submit)
        .post("/changes/{id}/cancel", intents::cancel::submit)
        .get("/deliveries", deliveries::list::show)
        .get("/deliveries/{id}", deliveries::show::show)
        .post("/deliveries/{id}/replay", deliveries::replay::submit)
        .get("/dead-letters", dead_letters::list::show)
        .post("/dead-letters/retry", dead_letters::retry::submit)
        .post("/dead-letters/discard", dead_letters::discard::submit)
        .get("/dead-letters/{id}", dead_letters::show::show);
}

async fn home() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, url::ORDERS)).finish()
}

async fn nothing() -> Result<HttpResponse, WebError> {
    Err(WebError::NotFound)
}

fn unreadable() -> actix_web::Error {
    WebError::BadRequest("the form or address could not be read".to_owned()).into()
}
