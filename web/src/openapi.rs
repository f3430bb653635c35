//! The API's description, generated from the handlers.

mod common;

use actix_web::{HttpResponse, web};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use self::common::Common;
use crate::{api, extract::cookie, health, live};

/// The description as a document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Storewire", description = "Stores, orders, products and customers of every connected WooCommerce store, live."),
    paths(
        api::alerts::handler,
        api::attachments::upload::handler,
        api::attachments::show::handler,
        api::audit::handler,
        api::auth::login::handler,
        api::auth::logout::handler,
        api::auth::me::handler,
        api::customers::list::handler,
        api::customers::show::handler,
        api::customers::change::handler,
        api::customers::tags::add,
        api::customers::tags::remove,
        api::dead_letters::list::handler,
        api::dead_letters::show::handler,
        api::dead_letters::retry::handler,
        api::dead_letters::discard::handler,
        api::deliveries::list::handler,
        api::deliveries::show::handler,
        api::deliveries::replay::one,
        api::deliveries::replay::many,
        api::intents::list::handler,
        api::intents::show::handler,
        api::intents::retry::handler,
        api::intents::cancel::handler,
        api::inventory::list::handler,
        api::inventory::show::handler,
        api::inventory::change::handler,
        api::inventory::threshold::handler,
        api::inventory::moves::handler,
        api::inventory::imports::list::handler,
        api::inventory::imports::preview::handler,
        api::inventory::imports::show::handler,
        api::inventory::imports::lines::handler,
        api::inventory::imports::write::handler,
        api::inventory::imports::drop::handler,
        api::letters::list::handler,
        api::letters::send::handler,
        api::notices::list::handler,
        api::notices::read::handler,
        api::orders::list::handler,
        api::orders::show::handler,
        api::orders::pending::list,
        api::orders::pending::place,
        api::orders::stats::handler,
        api::orders::change::handler,
        api::orders::bulk::change,
        api::orders::bulk::show,
        api::orders::charges::list,
        api::orders::charges::add,
        api::orders::charges::end,
        api::orders::shares::list,
        api::orders::shares::make,
        api::orders::shares::revoke,
        api::products::list::handler,
        api::products::show::handler,
        api::products::stats::handler,
        api::products::change::handler,
        api::products::create::handler,
        api::products::duplicate::handler,
        api::products::add_variation::handler,
        api::products::trash::handler,
        api::rehearsals::list::handler,
        api::rehearsals::begin::handler,
        api::rehearsals::show::handler,
        api::rehearsals::stop::handler,
        api::rehearsals::clear::handler,
        api::requests::list::handler,
        api::requests::ask::handler,
        api::requests::show::handler,
        api::requests::decide::handler,
        api::requests::decide::put,
        api::requests::comment::handler,
        api::requests::withdraw::handler,
        api::returns::list::handler,
        api::returns::open::handler,
        api::returns::show::handler,
        api::returns::step::handler,
        api::returns::message::handler,
        api::returns::comment::handler,
        api::returns::photos::handler,
        api::returns::restock::handler,
        api::stores::list::handler,
        api::stores::connect::handler,
        api::stores::show::handler,
        api::stores::change::handler,
        api::stores::fields::show,
        api::stores::fields::set,
        api::stores::sync::handler,
        api::stores::pause::handler,
        api::stores::resume::handler,
        api::stores::reconcile::handler,
        api::stores::rotate_secret::handler,
        api::stores::accept_source::handler,
        api::stores::diary::handler,
        api::stores::walks::handler,
        api::stores::drift::handler,
        api::stores::budget::handler,
        api::stores::alerts::handler,
        api::stores::test_connection::handler,
        api::tickets::list::handler,
        api::tickets::open::handler,
        api::tickets::show::handler,
        api::tickets::change::handler,
        api::tickets::say::handler,
        api::tickets::note::handler,
        api::tickets::act::handler,
        api::tickets::read::handler,
        live::request::api,
        health::livez,
        health::readyz,
    ),
    components(schemas(api::dead_letters::list::Group)),
    modifiers(&Doors, &Common)
)]
pub struct ApiDescription;

/// The two ways to show who one is.
struct Doors;

impl Modify for Doors {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let plain = cookie::PLAIN_NAME;
        let words = format!("The panel's cookie; named {plain} over plain http. Changes need an Origin of this host.");
        let cookie = ApiKeyValue::with_description(cookie::SECURE_NAME, words.as_str());
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Mounts `/openapi.json`.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/openapi.json", web::get().to(show));
}

async fn show() -> HttpResponse {
    HttpResponse::Ok().json(ApiDescription::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_but_the_login_and_the_probes_names_its_doors() {
        let document = serde_json::to_value(ApiDescription::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.len() >= 49, "{}", paths.len());
        for (path, operations) in paths {
            let is_open = matches!(path.as_str(), "/api/v1/auth/login" | "/livez" | "/readyz");
            for (verb, operation) in operations.as_object().unwrap() {
                assert_eq!(operation.get("security").is_none(), is_open, "{verb} {path}");
            }
        }
        let schemes = document["components"]["securitySchemes"].as_object().unwrap();
        assert_eq!(schemes.keys().collect::<Vec<_>>(), ["bearer", "cookie"]);
    }

    #[test]
    fn every_schema_that_is_referred_to_is_there() {
        let document = serde_json::to_string(&ApiDescription::openapi()).unwrap();
        let known = serde_json::to_value(ApiDescription::openapi()).unwrap()["components"]["schemas"].clone();
        for reference in document.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(known.get(name).is_some(), "{name} is missing");
        }
    }
}
