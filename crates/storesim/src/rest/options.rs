//! What may be done at a route (`OPTIONS`), and for orders the states they can have.

use crate::http::Reply;
use crate::model::profile::Profile;
use crate::php_json::{Json, Object, object};
use crate::rest::Call;
use crate::rest::route::{Resource, Route};

/// Describes a route. Only orders tell their arguments: those that clients look up.
pub(super) fn describe(call: Call<'_>, route: Route) -> Reply {
    let methods: Vec<&'static str> = route.allowed().split(", ").collect();
    let mut shown = object! { "namespace" => "wc/v3", "methods" => methods };
    if route == Route::List(Resource::Orders) {
        shown.push("endpoints", vec![reading(call.profile), writing(call.profile)]);
        shown.push("schema", schema(call.profile));
        let link = object! { "href" => call.address("orders") };
        shown.push("_links", object! { "self" => vec![link] });
    }
    Reply::json(200, &Json::Object(shown))
}

/// The states by name, `extra` first.
fn states(profile: &Profile, extra: &[&'static str]) -> Vec<&'static str> {
    extra.iter().copied().chain(profile.order_states().map(|status| status.as_str())).collect()
}

fn reading(profile: &Profile) -> Object {
    let status = object! {
        "default" => "any",
        "description" => "Limit result set to orders which have specific statuses.",
        "type" => "array",
        "items" => object! { "type" => "string", "enum" => states(profile, &["any", "trash"]) },
        "required" => false,
    };
    let date = |what: &str| {
        object! { "description" => format!("Only what was {what} this date."), "type" => "string", "format" => "date-time", "required" => false }
    };
    let args = object! {
        "page" => object! { "type" => "integer", "default" => 1, "minimum" => 1, "required" => false },
        "per_page" => object! { "type" => "integer", "default" => 10, "minimum" => 1, "maximum" => 100, "required" => false },
        "offset" => object! { "type" => "integer", "required" => false },
        "after" => date("created after"),
        "before" => date("created before"),
        "modified_after" => date("modified after"),
        "modified_before" => date("modified before"),
        "dates_are_gmt" => object! { "type" => "boolean", "default" => false, "required" => false },
        "status" => status,
    };
    object! { "methods" => vec!["GET"], "args" => args }
}

fn writing(profile: &Profile) -> Object {
    let status = object! {
        "default" => "pending",
        "description" => "Order status.",
        "type" => "string",
        "enum" => states(profile, &[]),
        "required" => false,
    };
    object! { "methods" => vec!["POST"], "args" => object! { "status" => status } }
}

fn schema(profile: &Profile) -> Object {
    let status = object! {
        "description" => "Order status.",
        "type" => "string",
        "default" => "pending",
        "enum" => states(profile, &[]),
        "context" => vec!["view", "edit"],
    };
    object! {
        "$schema" => "http://json-schema.org/draft-04/schema#",
        "title" => "shop_order",
        "type" => "object",
        "properties" => object! {
            "id" => object! { "type" => "integer", "readonly" => true },
            "status" => status,
            "date_modified_gmt" => object! { "type" => "date-time", "readonly" => true },
        },
    }
}
