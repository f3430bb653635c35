//! The lines of orders and refunds as REST v3 shows them.

use rust_decimal::Decimal;

use crate::model::coupon::Discount;
use crate::model::order::Order;
use crate::model::order_lines::Line;
use crate::php_json::{Json, Object, object};
use crate::view::{View, line_meta};

impl View<'_> {
    pub(super) fn lines(&self, order: &Order) -> Vec<Object> {
        order.lines.iter().map(|line| self.line(line)).collect()
    }

    /// Goods of an order or, negative, of a refund.
    pub(super) fn line(&self, line: &Line) -> Object {
        let price = if line.quantity == 0 { Decimal::ZERO } else { line.total / Decimal::from(line.quantity) };
        let image_id = if line.variation_id == 0 { Json::Static("") } else { Json::Int(0) };
        let mut shown = object! {
            "id" => line.id,
            "name" => &line.name,
            "product_id" => line.product_id,
            "variation_id" => line.variation_id,
            "quantity" => line.quantity,
            "tax_class" => "",
            "subtotal" => self.fixed(line.subtotal),
            "subtotal_tax" => self.fixed(line.subtotal_tax),
            "total" => self.fixed(line.total),
            "total_tax" => self.fixed(line.total_tax),
            "taxes" => self.taxes(line.is_taxed, line.total_tax, Some(line.subtotal_tax)),
            "meta_data" => line_metadata(line),
            "sku" => &line.sku,
        };
        if self.profile.is_recent() {
            shown.push("global_unique_id", "");
        }
        shown.push("price", price.round_dp(14));
        shown.push("image", object! { "id" => image_id, "src" => "" });
        shown.push("parent_name", line.parent_name.as_ref());
        shown
    }

    fn taxes(&self, is_taxed: bool, total: Decimal, subtotal: Option<Decimal>) -> Json {
        if !is_taxed {
            return Json::none();
        }
        let subtotal = subtotal.map(|amount| self.fixed(amount)).unwrap_or_default();
        Json::List(vec![object! { "id" => 1, "total" => self.fixed(total), "subtotal" => subtotal }.into()])
    }

    pub(super) fn shipping_lines(&self, order: &Order) -> Vec<Object> {
        let shown = order.shipping_lines.iter().map(|line| {
            let mut shown = object! {
                "id" => line.id,
                "method_title" => line.title,
                "method_id" => line.method,
                "instance_id" => "1",
                "total" => self.fixed(line.total),
                "total_tax" => self.fixed(line.total_tax),
                "taxes" => self.taxes(line.is_taxed, line.total_tax, None),
            };
            if self.profile.is_recent() {
                shown.push("tax_status", "taxable");
            }
            shown.push("meta_data", Json::none());
            shown
        });
        shown.collect()
    }

    pub(super) fn fee_lines(&self, order: &Order) -> Vec<Object> {
        let shown = order.fee_lines.iter().map(|fee| {
            object! {
                "id" => fee.id,
                "name" => fee.name,
                "tax_class" => "",
                "tax_status" => "taxable",
                "amount" => "",
                "total" => self.fixed(fee.total),
                "total_tax" => self.fixed(fee.total_tax),
                "taxes" => self.taxes(fee.is_taxed, fee.total_tax, None),
                "meta_data" => Json::none(),
            }
        });
        shown.collect()
    }

    pub(super) fn tax_lines(&self, order: &Order) -> Json {
        let (Some(id), Some(tax)) = (order.tax_line, &self.profile.place.tax) else { return Json::none() };
        let sums = order.totals(self.profile.decimals());
        Json::List(vec![
            object! {
                "id" => id,
                "rate_code" => tax.code,
                "rate_id" => 1,
                "label" => tax.label,
                "compound" => false,
                "tax_total" => self.fixed(sums.cart_tax),
                "shipping_tax_total" => self.fixed(sums.shipping_tax),
                "rate_percent" => tax.percent(),
                "meta_data" => Json::none(),
            }
            .into(),
        ])
    }

    pub(super) fn coupon_lines(&self, order: &Order) -> Vec<Object> {
        let shown = order.coupon_lines.iter().map(|coupon| {
            let nominal = coupon.nominal.normalize();
            let kind = if coupon.kind == Discount::FixedCart {
                "null".to_owned()
            } else {
                format!("\"{}\"", coupon.kind.as_str())
            };
            let info = format!("[{},\"{}\",{kind},{nominal}]", coupon.coupon_id, coupon.code);
            object! {
                "id" => coupon.id,
                "code" => coupon.code.clone(),
                "discount" => coupon.discount.normalize().to_string(),
                "discount_tax" => coupon.discount_tax.normalize().to_string(),
                "meta_data" => vec![line_meta(coupon.meta_id, "coupon_info", info.clone(), "coupon_info", info)],
                "discount_type" => coupon.kind.as_str(),
                "nominal_amount" => nominal,
                "free_shipping" => false,
            }
        });
        shown.collect()
    }
}

fn line_metadata(line: &Line) -> Vec<Object> {
    let mut shown: Vec<Object> = Vec::new();
    if let Some((meta_id, sold_line)) = line.refunded_line {
        let text = sold_line.to_string();
        shown.push(line_meta(meta_id, "_refunded_item_id", text.clone(), "_refunded_item_id", text));
        return shown;
    }
    for (meta_id, choice) in &line.choices {
        let (attribute, option) = (&choice.attribute, &choice.option);
        let (slug, name) = (option.slug.to_string(), option.name.to_string());
        shown.push(line_meta(*meta_id, &attribute.slug, slug, &attribute.name, name));
    }
    if let Some((meta_id, taken)) = line.reduced_stock {
        let text = taken.to_string();
        shown.push(line_meta(meta_id, "_reduced_stock", text.clone(), "_reduced_stock", text));
    }
    shown
}
