//! A coupon as REST v3 shows it.

use rust_decimal::Decimal;

use crate::dates;
use crate::model::coupon::Coupon;
use crate::php_json::{Json, Object, object};
use crate::view::{ALL_METHODS, View};

impl View<'_> {
    #[must_use]
    pub fn coupon(&self, coupon: &Coupon) -> Object {
        let path = format!("coupons/{}", coupon.id);
        object! {
            "id" => coupon.id,
            "code" => coupon.code.clone(),
            "amount" => self.fixed(coupon.amount),
            "status" => coupon.status,
            "date_created" => self.local(coupon.created),
            "date_created_gmt" => dates::gmt(coupon.created),
            "date_modified" => self.local(coupon.modified),
            "date_modified_gmt" => dates::gmt(coupon.modified),
            "discount_type" => coupon.discount.as_str(),
            "description" => coupon.description.clone(),
            "date_expires" => Json::Null,
            "date_expires_gmt" => Json::Null,
            "usage_count" => coupon.usage_count,
            "individual_use" => false,
            "product_ids" => Json::none(),
            "excluded_product_ids" => Json::none(),
            "usage_limit" => coupon.usage_limit,
            "usage_limit_per_user" => Json::Null,
            "limit_usage_to_x_items" => Json::Null,
            "free_shipping" => false,
            "product_categories" => Json::none(),
            "excluded_product_categories" => Json::none(),
            "exclude_sale_items" => false,
            "minimum_amount" => self.fixed(Decimal::ZERO),
            "maximum_amount" => self.fixed(Decimal::ZERO),
            "email_restrictions" => Json::none(),
            "used_by" => Json::none(),
            "meta_data" => Json::none(),
            "_links" => object! {
                "self" => self.self_link(&path, ALL_METHODS),
                "collection" => self.link("coupons"),
            },
        }
    }
}
