//! An order read a second time, by other code, to compare with what the decoder made of it.

use rust_decimal::Decimal;
use serde_json::Value;
use storewire_domain::{Address, LineKind, Order, OrderLine, Product, RemoteId};

pub fn money(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

fn id(value: &Value) -> Option<RemoteId> {
    value.as_u64().filter(|id| *id != 0).map(RemoteId::from)
}

fn time(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    Some(format!("{text}Z").parse::<jiff::Timestamp>().unwrap().as_second())
}

/// Asserts that the order holds what the JSON says, to the last line, refund and minor unit.
pub fn assert_order(order: &Order, json: &Value) {
    assert_eq!(Some(&order.remote_id), id(&json["id"]).as_ref());
    assert_eq!(order.parent_remote_id, id(&json["parent_id"]));
    assert_eq!(order.number, json["number"].as_str().unwrap());
    assert_eq!(order.status, json["status"].as_str().unwrap());
    assert_eq!(order.currency, json["currency"].as_str().unwrap());
    assert_eq!(order.total, money(&json["total"]));
    assert_eq!(order.total.to_string(), json["total"].as_str().unwrap());
    assert_eq!(order.total_tax, money(&json["total_tax"]));
    assert_eq!(order.shipping_total, money(&json["shipping_total"]));
    assert_eq!(order.discount_total, money(&json["discount_total"]));
    assert_eq!(order.customer_remote_id, id(&json["customer_id"]));
    assert_eq!(order.billing.full_name(), full_name(&json["billing"]));
    assert_eq!(order.billing.email, json["billing"]["email"].as_str().unwrap_or_default());
    assert_eq!(order.shipping.city, json["shipping"]["city"].as_str().unwrap());
    for (address, json) in [(&order.billing, &json["billing"]), (&order.shipping, &json["shipping"])] {
        assert_address(address, json);
    }
    let texts = [
        (&order.customer_note, "customer_note"),
        (&order.payment_method, "payment_method"),
        (&order.payment_method_title, "payment_method_title"),
        (&order.transaction_id, "transaction_id"),
        (&order.created_via, "created_via"),
    ];
    for (read, name) in texts {
        assert_eq!(read, json[name].as_str().unwrap(), "{name}");
    }
    let times = [order.created_at, order.modified_at, order.paid_at, order.completed_at];
    for (time_read, name) in
        times.iter().zip(["date_created_gmt", "date_modified_gmt", "date_paid_gmt", "date_completed_gmt"])
    {
        assert_eq!(time_read.map(|at| at.as_second()), time(&json[name]), "{name}");
    }
    assert_lines(&order.lines, json);
    let refunds = json["refunds"].as_array().unwrap();
    assert_eq!(order.refunds.len(), refunds.len());
    for (refund, json) in order.refunds.iter().zip(refunds) {
        assert_eq!(Some(&refund.remote_id), id(&json["id"]).as_ref());
        assert_eq!(refund.amount, -money(&json["total"]));
        assert_eq!(refund.reason, json["reason"].as_str().unwrap());
    }
}

/// Asserts that the lines of all kinds are those of the JSON of an order or refund.
pub fn assert_lines(lines: &[OrderLine], json: &Value) {
    let kinds = [
        ("line_items", LineKind::Item, "total", "total_tax", "name"),
        ("tax_lines", LineKind::Tax, "tax_total", "shipping_tax_total", "label"),
        ("shipping_lines", LineKind::Shipping, "total", "total_tax", "method_title"),
        ("fee_lines", LineKind::Fee, "total", "total_tax", "name"),
        ("coupon_lines", LineKind::Coupon, "discount", "discount_tax", "code"),
    ];
    for (list, kind, total, total_tax, name) in kinds {
        let sent = json[list].as_array().map(Vec::as_slice).unwrap_or_default();
        let read: Vec<&OrderLine> = lines.iter().filter(|line| line.kind == kind).collect();
        assert_eq!(read.len(), sent.len(), "{list}");
        for (line, json) in read.into_iter().zip(sent) {
            assert_eq!(Some(&line.remote_id), id(&json["id"]).as_ref());
            assert_eq!(line.name, json[name].as_str().unwrap());
            assert_eq!(line.total, money(&json[total]));
            assert_eq!(line.total_tax, money(&json[total_tax]));
            assert!(line.detail.keys().all(|key| !key.starts_with('_')), "{:?}", line.detail);
            if kind == LineKind::Item {
                assert_eq!(line.sku, json["sku"].as_str().unwrap_or_default());
                assert_eq!(line.product_remote_id, id(&json["product_id"]));
                assert_eq!(line.variation_remote_id, id(&json["variation_id"]));
                assert_eq!(line.quantity, json["quantity"].as_i64().map(Decimal::from));
                assert_eq!(line.subtotal, money(&json["subtotal"]));
                assert_eq!(line.subtotal_tax, money(&json["subtotal_tax"]));
            }
        }
    }
}

fn assert_address(address: &Address, json: &Value) {
    let parts = [
        (&address.first_name, "first_name"),
        (&address.last_name, "last_name"),
        (&address.company, "company"),
        (&address.address_1, "address_1"),
        (&address.address_2, "address_2"),
        (&address.city, "city"),
        (&address.state, "state"),
        (&address.postcode, "postcode"),
        (&address.country, "country"),
        (&address.email, "email"),
        (&address.phone, "phone"),
    ];
    for (read, name) in parts {
        assert_eq!(read, json[name].as_str().unwrap_or_default(), "{name}");
    }
}

/// Asserts that the product, or variation, holds what the JSON says.
pub fn assert_product(product: &Product, json: &Value) {
    assert_eq!(Some(&product.remote_id), id(&json["id"]).as_ref());
    assert_eq!(product.parent_remote_id, id(&json["parent_id"]));
    for (read, name) in [
        (&product.kind, "type"),
        (&product.sku, "sku"),
        (&product.status, "status"),
        (&product.stock_status, "stock_status"),
        (&product.backorders, "backorders"),
        (&product.permalink, "permalink"),
    ] {
        assert_eq!(read, json[name].as_str().unwrap(), "{name}");
    }
    let prices =
        [(product.price, "price"), (product.regular_price, "regular_price"), (product.sale_price, "sale_price")];
    for (read, name) in prices {
        let shown = json[name].as_str().filter(|text| !text.is_empty()).map(|text| text.parse().unwrap());
        assert_eq!(read, shown, "{name}");
    }
    assert_eq!(product.stock_quantity, json["stock_quantity"].as_i64().map(Decimal::from));
    let counted = match &json["manage_stock"] {
        Value::String(text) => text.as_str(),
        value => {
            if value.as_bool().unwrap() {
                "yes"
            } else {
                "no"
            }
        }
    };
    assert_eq!(product.manage_stock.as_str(), counted);
    assert_eq!(product.modified_at.map(|at| at.as_second()), time(&json["date_modified_gmt"]));
    let variations: Vec<RemoteId> = json["variations"].as_array().into_iter().flatten().filter_map(id).collect();
    assert_eq!(product.variation_ids, variations);
}

fn full_name(json: &Value) -> String {
    format!("{} {}", json["first_name"].as_str().unwrap(), json["last_name"].as_str().unwrap()).trim().to_owned()
}
