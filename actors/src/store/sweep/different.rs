//! In what a glance differs from what we hold. Pure.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use storewire_db::sweeps::HeldRow;
use storewire_domain::Resource;
use storewire_woo::Glance;

/// Field to `[ours, the store's]`.
pub(super) type Detail = BTreeMap<&'static str, (Value, Value)>;

/// What differs. What the store does not tell in a glance is not compared, except where nothing is a value: a price, a stock.
pub(super) fn difference(resource: Resource, held: &HeldRow, seen: &Glance) -> Detail {
    let mut detail = Detail::new();
    let mut compare = |field, ours: Value, theirs: Value| {
        if ours != theirs {
            detail.insert(field, (ours, theirs));
        }
    };
    if !seen.status.is_empty() {
        compare("status", json!(held.status), json!(seen.status));
    }
    match resource {
        Resource::Orders => {
            if seen.total.is_some() {
                compare("total", number(held.total), number(seen.total));
            }
            let mut refunds: Vec<&str> = seen.refunds.iter().map(|id| id.as_str()).collect();
            refunds.sort_unstable();
            compare("refunds", json!(held.refunds), json!(refunds));
        }
        Resource::Products => {
            if !seen.kind.is_empty() {
                compare("type", json!(held.kind), json!(seen.kind));
            }
            compare("price", number(held.price), number(seen.price));
            compare("stock_quantity", number(held.stock_quantity), number(seen.stock_quantity));
            if !seen.stock_status.is_empty() {
                compare("stock_status", json!(held.stock_status), json!(seen.stock_status));
            }
            if let Some(manage_stock) = seen.manage_stock {
                let ours = held.manage_stock.map_or("", |ours| ours.as_str());
                compare("manage_stock", json!(ours), json!(manage_stock.as_str()));
            }
        }
        Resource::Variations | Resource::Coupons | Resource::Customers => {}
    }
    if seen.modified_at.is_some() {
        compare("modified_at", time(held.modified_at), time(seen.modified_at));
    }
    detail
}

/// Whether only the modification time moved: our copy is to be touched, but it is not wrong.
pub(super) fn is_time_only(detail: &Detail) -> bool {
    detail.keys().eq(["modified_at"].iter())
}

fn number(value: Option<Decimal>) -> Value {
    value.map_or(Value::Null, |value| Value::from(value.normalize().to_string()))
}

fn time(value: Option<Timestamp>) -> Value {
    value.map_or(Value::Null, |value| Value::from(value.to_string()))
}

#[cfg(test)]
mod tests {
    use storewire_domain::{ManageStock, RemoteId};

    use super::*;

    fn held() -> HeldRow {
        HeldRow {
            remote_id: RemoteId::from(7_u64),
            number: 7,
            modified_at: Timestamp::from_second(100).ok(),
            saved_at: Timestamp::UNIX_EPOCH,
            status: "publish".to_owned(),
            kind: "simple".to_owned(),
            total: None,
            refunds: Vec::new(),
            price: Some(Decimal::new(1250, 2)),
            manage_stock: Some(ManageStock::Yes),
            stock_quantity: Some(Decimal::from(4)),
            stock_status: "instock".to_owned(),
        }
    }

    fn seen() -> Glance {
        Glance {
            remote_id: RemoteId::from(7_u64),
            modified_at: Timestamp::from_second(100).ok(),
            status: "publish".to_owned(),
            total: None,
            refunds: Vec::new(),
            kind: "simple".to_owned(),
            price: Some(Decimal::new(12_500, 3)),
            stock_quantity: Some(Decimal::new(40, 1)),
            stock_status: "instock".to_owned(),
            manage_stock: Some(ManageStock::Yes),
        }
    }

    #[test]
    fn the_same_values_written_otherwise_are_no_difference() {
        assert_eq!(difference(Resource::Products, &held(), &seen()), Detail::new());
    }

    #[test]
    fn a_silent_change_of_stock_is_seen() {
        let sold_out = Glance { stock_quantity: Some(Decimal::ZERO), stock_status: "outofstock".to_owned(), ..seen() };
        let detail = difference(Resource::Products, &held(), &sold_out);
        assert_eq!(detail["stock_quantity"], (json!("4"), json!("0")));
        assert_eq!(detail["stock_status"], (json!("instock"), json!("outofstock")));
        assert!(!is_time_only(&detail));
    }

    #[test]
    fn a_save_without_a_change_is_told_apart_from_a_change() {
        let saved = Glance { modified_at: Timestamp::from_second(160).ok(), ..seen() };
        assert!(is_time_only(&difference(Resource::Products, &held(), &saved)));
    }

    #[test]
    fn a_refund_that_was_deleted_without_a_word_is_seen() {
        let order = HeldRow { refunds: vec!["12".to_owned(), "9".to_owned()], ..held() };
        let with = Glance { refunds: vec![RemoteId::from(9_u64), RemoteId::from(12_u64)], ..seen() };
        assert_eq!(difference(Resource::Orders, &order, &with), Detail::new());
        let without = Glance { refunds: vec![RemoteId::from(9_u64)], ..seen() };
        assert_eq!(difference(Resource::Orders, &order, &without)["refunds"], (json!(["12", "9"]), json!(["9"])));
    }
}
