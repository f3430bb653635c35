//! Every change of a count is entered in the ledger with what caused it, and says whether the product is low now.

use jiff::Timestamp;
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    stock::{self, Levelled, NewLow, NewMove, Write},
};
use storewire_domain::{ProductId, StoreId, stock::is_low};

use crate::{
    desk::stock::low::{ended, raised},
    store::{
        compare::{Plan, Planned},
        record::{Record, count},
    },
};

/// Nothing is asked of the database unless the plan moves the count of a product that we held already.
pub(super) async fn of(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<Vec<NewChange>, DbError> {
    let mut moves: Vec<NewMove> = plan.store.iter().filter_map(moved).collect();
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let products: Vec<ProductId> = moves.iter().map(|moved| moved.product).collect();
    let (writes, levels) =
        tokio::try_join!(biased; stock::writes_under_way(tx, &products), stock::levels_of(tx, &products))?;
    for moved in &mut moves {
        moved.write = writes.iter().find(|write| is_by(write, moved)).cloned();
    }
    let (low, enough) = sort(&moves, &levels);
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

/// Whether it was this write of ours, wherever word of it came from: a webhook may be faster than the answer. What was found to hold some
/// other count was moved in the shop.
fn is_by(write: &Write, moved: &NewMove) -> bool {
    write.product == moved.product && Some(write.quantity) == moved.after
}

/// What is low by now and was not, and what was and is no longer.
fn sort(moves: &[NewMove], levels: &[Levelled]) -> (Vec<NewLow>, Vec<ProductId>) {
    let (mut low, mut enough) = (Vec::new(), Vec::new());
    for levelled in levels {
        let Some(moved) = moves.iter().find(|moved| moved.product == levelled.product) else { continue };
        match (is_low(levelled.level, moved.after), levelled.is_low, levelled.level.zip(moved.after)) {
            (true, false, Some((level, quantity))) => low.push(NewLow { product: moved.product, level, quantity }),
            (false, true, _) => enough.push(moved.product),
            _ => {}
        }
    }
    (low, enough)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use storewire_domain::Source;

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
            let moved = NewMove { product, before: number(9), after, source: Source::Webhook, write: None };
            let (low, enough) = sort(&[moved], &[Levelled { product, level, is_low: was_low }]);
            assert_eq!((low.len() == 1, enough.len() == 1), (begins, ends), "{level:?} {was_low} {after:?}");
        }
    }
}
