//! The panel's whole URL table.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{assets, error_pages, freshness, orders, products, session, stores, theme, url};
use crate::error::WebError;

/// Mounts the panel. It answers every path that nothing before it took, so it comes last.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/assets/{version}/{file:.+}", web::get().to(assets::show)).service(
        web::scope("")
            .wrap(from_fn(error_pages::show))
            .app_data(web::PathConfig::default().error_handler(|_, _| WebError::NotFound.into()))
            .app_data(web::QueryConfig::default().error_handler(|_, _| unreadable()))
            .app_data(web::FormConfig::default().limit(16 * 1024).error_handler(|_, _| unreadable()))
            .route("/", web::get().to(home))
            .service(web::resource("/login").get(session::new::show).post(session::create::submit))
            .route("/logout", web::post().to(session::delete::submit))
            .route(url::FRESHNESS, web::get().to(freshness::show::show))
            .route("/theme", web::post().to(theme::update::submit))
            .route("/orders", web::get().to(orders::list::show))
            .route("/orders/{id}", web::get().to(orders::show::show))
            .route("/products", web::get().to(products::list::show))
            .route("/products/{id}", web::get().to(products::show::show))
            .service(web::resource("/stores").get(stores::list::show).post(stores::create::submit))
            .route("/stores/new", web::get().to(stores::new::show))
            .route("/stores/{id}", web::get().to(stores::show::show))
            .route("/stores/{id}/sync", web::post().to(stores::sync::submit))
            .default_service(web::to(nothing)),
    );
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
