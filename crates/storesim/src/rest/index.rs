//! The public description of a shop's API.

use jiff::Timestamp;

use crate::clock;
use crate::http::Reply;
use crate::model::profile::Profile;
use crate::php_json::{Json, object};
use crate::rest::route::Route;
use rust_decimal::Decimal;

/// `GET /wp-json/`: the name, the zone and what is installed, for anybody.
#[must_use]
pub fn index(profile: &Profile, home: &str) -> Reply {
    let now: Timestamp = clock::at(clock::now());
    let offset_minutes = i64::from(profile.zone.to_offset(now).seconds()) / 60;
    let offset = (Decimal::from(offset_minutes) / Decimal::from(60)).normalize().to_string();
    let mut namespaces =
        vec!["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wc/store", "wc/store/v1", "wc-telemetry", "wc-analytics"];
    namespaces.extend(["wc-admin", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"]);
    let shown = object! {
        "name" => profile.name.clone(),
        "description" => "",
        "url" => home.to_owned(),
        "home" => home.to_owned(),
        "gmt_offset" => offset,
        "timezone_string" => profile.place.zone,
        "namespaces" => namespaces,
        "authentication" => Json::none(),
        "routes" => object! {
            "/" => object! { "namespace" => "", "methods" => vec!["GET"] },
            "/wc/v3/orders" => object! { "namespace" => "wc/v3", "methods" => vec!["GET", "POST"] },
            "/wc/v3/products" => object! { "namespace" => "wc/v3", "methods" => vec!["GET", "POST"] },
            "/wc/v3/webhooks" => object! { "namespace" => "wc/v3", "methods" => vec!["GET", "POST"] },
        },
    };
    Reply::json(200, &Json::Object(shown))
}

/// `OPTIONS`: what may be done at a route.
#[must_use]
pub fn options(route: Route) -> Reply {
    let methods: Vec<&'static str> = route.allowed().split(", ").collect();
    Reply::json(200, &object! { "namespace" => "wc/v3", "methods" => methods }.into())
}
