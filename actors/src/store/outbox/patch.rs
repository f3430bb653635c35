//! The smallest change that makes a record hold what is wanted: nothing that is so already, nothing that was not asked for.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde_json::{Value, json};
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, ManageStock, Product};
use storewire_woo::Patch;

use super::{fresh::Fresh, tracking};
use crate::store::record::Record;

/// The patch for an intent's record, or why there is none.
pub(super) fn patch(intent: &OpenIntent, fresh: &Fresh) -> Result<Patch, &'static str> {
    let missing = intent.edit.wanted().missing_in(&fresh.fields(intent));
    let is_missing = |name: &str| missing.get(name).is_some();
    let mut patch = Patch::new();
    match (&intent.edit, fresh) {
        (Edit::Stock { quantity }, Fresh::Record(Record::Product(item), _)) => {
            stock(&mut patch, *quantity, &item.value)?
        }
        (Edit::Price { regular, sale }, Fresh::Record(Record::Product(item), _)) => {
            if item.value.is_variable() || item.value.kind == "grouped" {
                return Err("wrong_record");
            }
            for (name, price) in [("regular_price", regular), ("sale_price", sale)] {
                if is_missing(name) {
                    // An empty text is how a price is taken away.
                    patch.insert(name.to_owned(), price.map_or_else(String::new, |price| price.to_string()).into());
                }
            }
        }
        (Edit::ProductStatus { status } | Edit::OrderStatus { status }, Fresh::Record(..)) => {
            patch.insert("status".to_owned(), status.as_str().into());
        }
        (Edit::Categories { ids }, Fresh::Record(..)) => {
            let numbers = ids.iter().map(|id| id.as_str().parse::<u64>()).collect::<Result<Vec<_>, _>>();
            let numbers = numbers.map_err(|_| "bad_category")?;
            let filed = numbers.into_iter().map(|id| json!({ "id": id })).collect();
            patch.insert("categories".to_owned(), Value::Array(filed));
        }
        (
            Edit::Text { fields },
            Fresh::Record(Record::Product(item), _) | Fresh::Typed { record: Record::Product(item), .. },
        ) => {
            let is_variation = item.value.parent_remote_id.is_some();
            if fields.keys().any(|field| is_variation && !field.is_of_variations()) {
                return Err("wrong_record");
            }
            for (field, text) in fields.iter().filter(|(field, _)| is_missing(field.as_str())) {
                patch.insert(field.as_str().to_owned(), text.as_str().into());
            }
        }
        (Edit::Tracking { .. }, Fresh::Record(Record::Order(item), _)) => {
            let meta = tracking::merged(&item.raw, intent.id, &intent.edit).ok_or("tracking_unreadable")?;
            patch.insert("meta_data".to_owned(), meta);
        }
        (Edit::Customer { fields }, Fresh::Record(..)) => {
            let missing = fields.iter().filter(|(field, _)| is_missing(field.as_str()));
            let mut addresses: BTreeMap<&str, Patch> = BTreeMap::new();
            for (field, value) in missing {
                let (address, name) = field.place();
                let place = address.map_or(&mut patch, |address| addresses.entry(address).or_default());
                place.insert(name.to_owned(), value.as_str().into());
            }
            patch.extend(addresses.into_iter().map(|(name, fields)| (name.to_owned(), Value::Object(fields))));
        }
        _ => return Err("wrong_record"),
    }
    Ok(patch)
}

/// A quantity is ignored, and what there was is cleared, unless the product counts its own stock.
fn stock(patch: &mut Patch, quantity: Decimal, product: &Product) -> Result<(), &'static str> {
    match product.manage_stock {
        _ if matches!(product.kind.as_str(), "grouped" | "external") => return Err("wrong_record"),
        ManageStock::Parent => return Err("counted_by_parent"),
        ManageStock::No => {
            patch.insert("manage_stock".to_owned(), true.into());
        }
        ManageStock::Yes => {}
    }
    let whole = Some(quantity).filter(|quantity| quantity.fract().is_zero()).and_then(|quantity| quantity.to_i64());
    // WooCommerce counts in whole numbers; shops that sell by weight have taught it to read text.
    patch.insert("stock_quantity".to_owned(), whole.map_or_else(|| quantity.to_string().into(), Value::from));
    Ok(())
}
