//! Every change of a count is entered in the ledger with what caused it, and says whether the product is low now.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    stock::{self, Levelled, NewLow, NewMove, Write},
};
use storewire_domain::{ProductId, Source, StoreId, stock::is_low};

use crate::{
    desk::stock::low::{ended, raised},
    store::{
        compare::{Plan, Planned},
        record::{Held, Key, Noun, Record, count},
    },
};

/// Nothing is asked of the database unless the plan moves the count of a product that we held already, or such a product goes or comes back.
pub(super) async fn of(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<Vec<NewChange>, DbError> {
    let mut moves: Vec<NewMove> = plan.store.iter().filter_map(moved).collect();
    let stands: Vec<Stands> = plan.store.iter().filter_map(stands).chain(plan.delete.iter().filter_map(gone)).collect();
    if moves.is_empty() && stands.is_empty() {
        return Ok(Vec::new());
    }
    let moved: Vec<ProductId> = moves.iter().map(|moved| moved.product).collect();
    let standing: Vec<ProductId> = stands.iter().map(|(product, _)| *product).collect();
    let (writes, levels) =
        tokio::try_join!(biased; stock::writes_under_way(tx, &moved), stock::levels_of(tx, &standing))?;
    for moved in &mut moves {
        moved.write = writes.iter().find(|write| is_by(write, moved)).cloned();
    }
    let (low, enough) = sort(&stands, &levels);
    let ((), mut log, over) = tokio::try_join!(
        biased;
        stock::append(tx, store, &moves, now),
        raised(tx, store, &low, None, now),
        ended(tx, &enough, now),
    )?;
    log.extend(over);
    Ok(log)
}

/// A count that is not what we held. A product seen for the first time has moved nowhere, and one that comes back from being gone begins anew.
fn moved(planned: &Planned) -> Option<NewMove> {
    let held = planned.held.as_ref().filter(|held| !held.is_deleted)?;
    let Record::Product(item) = &planned.incoming.record else { return None };
    let (before, after) = (held.count, count(item.value.manage_stock, item.value.stock_quantity));
    let source = planned.incoming.source;
    (before != after).then_some(NewMove { product: ProductId(held.id), before, after, source, write: None })
}

/// A product, and the count that it can be low by: none for one that is in the trash or gone.
type Stands = (ProductId, Option<Decimal>);

/// Where a product now stands, if that is not where it stood.
fn stands(planned: &Planned) -> Option<Stands> {
    let held = planned.held.as_ref()?;
    let record = &planned.incoming.record;
    let Record::Product(item) = record else { return None };
    let before = held.count.filter(|_| !held.is_deleted && !held.is_trashed);
    let after = count(item.value.manage_stock, item.value.stock_quantity).filter(|_| !record.is_trashed());
    (before != after).then_some((ProductId(held.id), after))
}

fn gone((key, held, ..): &(Key, Held, Source, Timestamp)) -> Option<Stands> {
    (key.0 == Noun::Product && held.count.is_some()).then_some((ProductId(held.id), None))
}

/// Whether it was this write of ours, wherever word of it came from: a webhook may be faster than the answer. What was found to hold some
/// other count was moved in the shop.
fn is_by(write: &Write, moved: &NewMove) -> bool {
    write.product == moved.product && Some(write.quantity) == moved.after
}

/// What is low by now and was not, and what was and is no longer.
fn sort(stands: &[Stands], levels: &[Levelled]) -> (Vec<NewLow>, Vec<ProductId>) {
    let (mut low, mut enough) = (Vec::new(), Vec::new());
    for levelled in levels {
        let Some((product, after)) = stands.iter().find(|(product, _)| *product == levelled.product) else { continue };
        match (is_low(levelled.level, *after), levelled.is_low, levelled.level.zip(*after)) {
            (true, false, Some((level, quantity))) => low.push(NewLow { product: *product, level, quantity }),
            (false, true, _) => enough.push(*product),
            _ => {}
        }
    }
    (low, enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(count: i64) -> Option<Decimal> {
        Some(count.into())
    }

    #[test]
    fn low_begins_at_the_level_and_ends_above_it_and_is_said_once() {
        let product = ProductId::fresh();
        for (level, was_low, after, begins, ends) in [
            (number(5), false, number(5), true, false),
            (number(5), true, number(3), false, false),
            (number(5), true, number(6), false, true),
            (number(5), false, number(6), false, false),
            (number(5), true, None, false, true),
            (None, true, number(1), false, true),
            (None, false, number(1), false, false),
        ] {
            let (low, enough) = sort(&[(product, after)], &[Levelled { product, level, is_low: was_low }]);
            assert_eq!((low.len() == 1, enough.len() == 1), (begins, ends), "{level:?} {was_low} {after:?}");
        }
    }
}
