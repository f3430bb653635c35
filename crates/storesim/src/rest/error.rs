//! REST's error envelope: `{code, message, data: {status, …}}`.

use crate::http::Reply;
use crate::php_json::{Json, Object, object};

/// An error answer.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// More of `data`.
    pub more: Object,
}

impl ApiError {
    #[must_use]
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), more: Object::default() }
    }

    /// No such route.
    #[must_use]
    pub fn no_route() -> Self {
        Self::new(404, "rest_no_route", "No route was found matching the URL and request method.")
    }

    /// A resource (`order`, `product` …) that is not there when read or deleted.
    #[must_use]
    pub fn gone(resource: &str) -> Self {
        match resource {
            "customer" => Self::new(404, "woocommerce_rest_invalid_id", "Invalid resource ID."),
            _ => Self::new(404, invalid_id_code(resource), "Invalid ID."),
        }
    }

    /// The same when written: 400, and other words.
    #[must_use]
    pub fn gone_on_write(resource: &str) -> Self {
        match resource {
            "customer" => Self::new(400, "woocommerce_rest_invalid_id", "Invalid resource ID."),
            _ => Self::new(400, invalid_id_code(resource), "ID is invalid."),
        }
    }

    /// Deleting without `force` what has no trash.
    #[must_use]
    pub fn no_trash(plural: &str) -> Self {
        Self::new(501, "woocommerce_rest_trash_not_supported", format!("{plural} do not support trashing."))
    }

    /// Trashing what is trashed.
    #[must_use]
    pub fn already_trashed(post_type: &str) -> Self {
        Self::new(410, "woocommerce_rest_already_trashed", format!("The {post_type} has already been deleted."))
    }

    /// Parameters without which nothing goes.
    #[must_use]
    pub fn missing(names: &[&'static str]) -> Self {
        let message = format!("Missing parameter(s): {}", names.join(", "));
        let mut error = Self::new(400, "rest_missing_callback_param", message);
        error.more.push("params", names.to_vec());
        error
    }

    /// A body that is not JSON.
    #[must_use]
    pub fn invalid_json() -> Self {
        let mut error = Self::new(400, "rest_invalid_json", "Invalid JSON body passed.");
        error.more.push("json_error_code", 4);
        error.more.push("json_error_message", "Syntax error");
        error
    }

    /// The envelope.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.to_object().into()
    }

    /// The envelope, to be put into another object.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut data = object! { "status" => u32::from(self.status) };
        data.extend(self.more.clone());
        object! { "code" => self.code.clone(), "message" => self.message.clone(), "data" => data }
    }

    #[must_use]
    pub fn reply(&self) -> Reply {
        Reply::json(self.status, &self.to_json())
    }
}

fn invalid_id_code(resource: &str) -> String {
    let kind = match resource {
        "order" => "shop_order",
        "coupon" => "shop_coupon",
        "webhook" => "shop_webhook",
        "refund" => "shop_order_refund",
        other => other,
    };
    format!("woocommerce_rest_{kind}_invalid_id")
}
