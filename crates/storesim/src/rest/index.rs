//! The public description of a shop's API.

use jiff::Timestamp;

use crate::clock;
use crate::http::Reply;
use crate::model::profile::Profile;
use crate::model::settings;
use crate::php_json::{Json, object};
use rust_decimal::Decimal;

/// `GET /wp-json/`: the name, the zone and what is installed, for anybody. `now` decides which offset the zone has.
#[must_use]
pub fn index(profile: &Profile, home: &str, now: i64, has_woocommerce: bool) -> Reply {
    let now: Timestamp = clock::at(now);
    let offset_minutes = i64::from(profile.zone.to_offset(now).seconds()) / 60;
    let offset = (Decimal::from(offset_minutes) / Decimal::from(60)).normalize().to_string();
    let mut namespaces = vec!["oembed/1.0"];
    if has_woocommerce {
        namespaces.extend([
            "wc/v1",
            "wc/v2",
            "wc/v3",
            "wc/store",
            "wc/store/v1",
            "wc-telemetry",
            "wc-analytics",
            "wc-admin",
        ]);
    }
    namespaces.extend(["wp/v2", "wp-site-health/v1", "wp-block-editor/v1"]);
    // A bare offset has no name.
    let zone_name = if settings::bare_offset(&profile.zone_name).is_some() { "" } else { &profile.zone_name };
    let shown = object! {
        "name" => profile.name.clone(),
        "description" => "",
        "url" => home.to_owned(),
        "home" => home.to_owned(),
        "gmt_offset" => offset,
        "timezone_string" => zone_name.to_owned(),
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
