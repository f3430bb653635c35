//! The panel's whole URL table.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{
    alerts, assets, control, customers, dead_letters, deliveries, error_pages, freshness, intents, orders, products,
    rehearsals, session, stores, theme, url,
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
            .route("/", web::get().to(home))
            .service(web::resource("/login").get(session::new::show).post(session::create::submit))
            .route("/logout", web::post().to(session::delete::submit))
            .route(url::FRESHNESS, web::get().to(freshness::show::show))
            .route("/theme", web::post().to(theme::update::submit))
            .route("/orders", web::get().to(orders::list::show))
            .route("/orders/{id}", web::get().to(orders::show::show))
            .route("/orders/{id}/status", web::post().to(orders::set_status::submit))
            .route("/orders/{id}/notes", web::post().to(orders::add_note::submit))
            .route("/orders/{id}/tracking", web::post().to(orders::add_tracking::submit))
            .route("/products", web::get().to(products::list::show))
            .route("/products/{id}", web::get().to(products::show::show))
            .route("/products/{id}/stock", web::post().to(products::set_stock::submit))
            .route("/products/{id}/price", web::post().to(products::set_price::submit))
            .route("/products/{id}/status", web::post().to(products::set_status::submit))
            .route("/products/{id}/categories", web::post().to(products::set_categories::submit))
            .route("/customers", web::get().to(customers::list::show))
            .service(web::resource("/customers/{id}").get(customers::show::show).post(customers::update::submit))
            .configure(for_staff)
            .default_service(web::to(nothing)),
    );
}

/// Pages that exist for staff only; each says so itself.
fn for_staff(cfg: &mut ServiceConfig) {
    cfg.route(url::ALERTS, web::get().to(alerts::show::show))
        .route(url::CONTROL, web::get().to(control::show::show))
        .service(web::resource("/stores").get(stores::list::show).post(stores::create::submit))
        .route("/stores/new", web::get().to(stores::new::show))
        .route("/stores/{id}", web::get().to(stores::show::show))
        .route("/stores/{id}/diary", web::get().to(stores::diary::show))
        .route("/stores/{id}/drift", web::get().to(stores::drift::show))
        .route("/stores/{id}/sync", web::post().to(stores::sync::submit))
        .route("/stores/{id}/reconcile", web::post().to(stores::reconcile::submit))
        .route("/stores/{id}/pause", web::post().to(stores::pause::submit))
        .route("/stores/{id}/resume", web::post().to(stores::resume::submit))
        .route("/stores/{id}/freshness", web::post().to(stores::set_goal::submit))
        .route("/stores/{id}/webhook-secret", web::post().to(stores::rotate_secret::submit))
        .route("/stores/{id}/sources", web::post().to(stores::accept_source::submit))
        .service(web::resource(url::REHEARSALS).get(rehearsals::list::show).post(rehearsals::begin::submit))
        .route("/rehearsals/leave", web::post().to(rehearsals::leave::submit))
        .route("/rehearsals/{id}", web::get().to(rehearsals::show::show))
        .route("/rehearsals/{id}/stop", web::post().to(rehearsals::stop::submit))
        .route("/rehearsals/{id}/clear", web::post().to(rehearsals::clear::submit))
        .route("/rehearsals/{id}/watch", web::post().to(rehearsals::watch::submit))
        .route("/changes", web::get().to(intents::list::show))
        .route("/changes/{id}", web::get().to(intents::show::show))
        .route("/changes/{id}/retry", web::post().to(intents::retry::submit))
        .route("/changes/{id}/cancel", web::post().to(intents::cancel::submit))
        .route("/deliveries", web::get().to(deliveries::list::show))
        .route("/deliveries/{id}", web::get().to(deliveries::show::show))
        .route("/deliveries/{id}/replay", web::post().to(deliveries::replay::submit))
        .route("/dead-letters", web::get().to(dead_letters::list::show))
        .route("/dead-letters/retry", web::post().to(dead_letters::retry::submit))
        .route("/dead-letters/discard", web::post().to(dead_letters::discard::submit))
        .route("/dead-letters/{id}", web::get().to(dead_letters::show::show));
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
