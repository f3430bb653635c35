//! What a shop says about itself to its owner.

use crate::http::Reply;
use crate::php_json::{Json, Object, object};
use crate::rest::Call;

/// Versions, storage and currency.
pub(super) fn system_status(call: Call<'_>) -> Reply {
    let profile = call.profile;
    let place = profile.place;
    let datastore = if profile.is_hpos() {
        "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore"
    } else {
        "WC_Order_Data_Store_CPT"
    };
    let environment = object! {
        "home_url" => profile.home_url.clone(),
        "site_url" => profile.home_url.clone(),
        "version" => profile.version.clone(),
        "wp_version" => place.wordpress,
        "wp_multisite" => false,
        "wp_environment_type" => "production",
        "language" => "en_US",
        "server_info" => "nginx/1.22.1",
        "php_version" => "8.2.35",
        "php_max_execution_time" => 120,
        "default_timezone" => "UTC",
    };
    let settings = object! {
        "api_enabled" => false,
        "force_ssl" => false,
        "currency" => place.currency.code,
        "currency_symbol" => place.currency.entity,
        "currency_position" => "left",
        "thousand_separator" => ",",
        "decimal_separator" => ".",
        "number_of_decimals" => profile.decimals(),
        "order_datastore" => datastore,
        "HPOS_enabled" => profile.is_hpos(),
        "HPOS_sync_enabled" => false,
    };
    let shown = object! {
        "environment" => environment,
        "database" => object! { "wc_database_version" => profile.version.clone(), "database_prefix" => "wp_" },
        "active_plugins" => Json::List(vec![
            object! { "plugin" => "woocommerce/woocommerce.php", "name" => "WooCommerce", "version" => profile.version.clone() }.into(),
        ]),
        "inactive_plugins" => Json::none(),
        "settings" => settings,
        "security" => object! { "secure_connection" => true, "hide_errors" => true },
        "pages" => Json::none(),
    };
    call.one(200, shown)
}

/// The settings that money needs.
pub(super) fn general(call: Call<'_>) -> Reply {
    let profile = call.profile;
    let place = profile.place;
    let country =
        if place.state.is_empty() { place.country.to_owned() } else { format!("{}:{}", place.country, place.state) };
    let rows: Vec<Object> = [
        ("woocommerce_default_country", "Country / State", "select", country),
        ("woocommerce_currency", "Currency", "select", place.currency.code.to_owned()),
        ("woocommerce_currency_pos", "Currency position", "select", "left".to_owned()),
        ("woocommerce_price_thousand_sep", "Thousand separator", "text", ",".to_owned()),
        ("woocommerce_price_decimal_sep", "Decimal separator", "text", ".".to_owned()),
        ("woocommerce_price_num_decimals", "Number of decimals", "number", profile.decimals().to_string()),
    ]
    .into_iter()
    .map(|(id, label, kind, value)| {
        object! {
            "id" => id,
            "label" => label,
            "description" => "",
            "type" => kind,
            "default" => "",
            "value" => value,
        }
    })
    .collect();
    Reply::json(200, &rows.into())
}

/// The shop's currency.
pub(super) fn currency(call: Call<'_>) -> Reply {
    let currency = &call.profile.place.currency;
    let shown = object! {
        "code" => currency.code,
        "name" => currency.name,
        "symbol" => currency.entity,
        "_links" => object! {
            "self" => Json::List(vec![object! { "href" => call.address(&format!("data/currencies/{}", currency.code)) }.into()]),
            "collection" => Json::List(vec![object! { "href" => call.address("data/currencies") }.into()]),
        },
    };
    call.one(200, shown)
}
