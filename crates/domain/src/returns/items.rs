//! What a step says of a return's items: how many came, what becomes of them, and whether it did.

use rust_decimal::Decimal;

use super::{ItemDecision, ReturnEvent, ReturnRefusal};
use crate::IntentState;

/// One item of a return, as it shall be once a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// How many are to come.
    pub quantity: Decimal,
    /// How many came; `None` until they are counted.
    pub received: Option<Decimal>,
    pub decision: Option<ItemDecision>,
    /// How the write that puts it back on the shelf stands; `None` until there is one.
    pub restock: Option<IntentState>,
}

impl Item {
    /// Whether there is something to decide about.
    fn has_come(&self) -> bool {
        self.received.is_some_and(|received| received > Decimal::ZERO)
    }

    /// Whether it is on its way back to the shelf or there: one that failed may be decided anew.
    #[must_use]
    pub fn is_restock_begun(&self) -> bool {
        self.restock.is_some_and(|state| state != IntentState::Failed)
    }

    /// Whether it is to go back on the shelf and the store does not say yet that it did.
    fn is_restock_open(&self) -> bool {
        self.has_come() && self.decision == Some(ItemDecision::Restock) && self.restock != Some(IntentState::Done)
    }
}

/// Whether so many of a line may be returned, where the line held `ordered` and other returns, declined and cancelled ones aside, already
/// hold `returned` of them.
///
/// # Errors
/// It is no number of things, or more than are left.
pub fn check_quantity(wanted: Decimal, ordered: Decimal, returned: Decimal) -> Result<(), ReturnRefusal> {
    refuse_if(wanted <= Decimal::ZERO, ReturnRefusal::BadQuantity)?;
    let left = ordered.checked_sub(returned).unwrap_or_default();
    refuse_if(wanted > left, ReturnRefusal::TooMany)
}

/// Whether an event may be taken with these items.
///
/// # Errors
/// The first item's fault.
pub fn check_items(event: ReturnEvent, items: &[Item]) -> Result<(), ReturnRefusal> {
    items.iter().try_for_each(|item| match event {
        ReturnEvent::Receive => {
            let received = item.received.ok_or(ReturnRefusal::NotReceived)?;
            refuse_if(received < Decimal::ZERO, ReturnRefusal::BadQuantity)?;
            refuse_if(received > item.quantity, ReturnRefusal::TooMany)
        }
        ReturnEvent::Decide => {
            refuse_if(item.has_come() && item.decision.is_none(), ReturnRefusal::NotDecided)?;
            refuse_if(
                item.is_restock_begun() && item.decision != Some(ItemDecision::Restock),
                ReturnRefusal::RestockBegun,
            )
        }
        ReturnEvent::Close => refuse_if(item.is_restock_open(), ReturnRefusal::RestockOpen),
        ReturnEvent::Accept | ReturnEvent::Decline | ReturnEvent::Cancel => Ok(()),
    })
}

fn refuse_if(is_at_fault: bool, refusal: ReturnRefusal) -> Result<(), ReturnRefusal> {
    if is_at_fault { Err(refusal) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn item(received: Option<&str>, decision: Option<ItemDecision>, restock: Option<IntentState>) -> Item {
        Item { quantity: number("3"), received: received.map(number), decision, restock }
    }

    #[test]
    fn no_more_come_back_than_went_out() {
        let check = |wanted, ordered, returned| check_quantity(number(wanted), number(ordered), number(returned));
        assert_eq!(check("3", "3", "0"), Ok(()));
        assert_eq!(check("0.5", "2", "1.5"), Ok(()));
        assert_eq!(check("2", "3", "2"), Err(ReturnRefusal::TooMany));
        assert_eq!(check("1", "3", "4"), Err(ReturnRefusal::TooMany));
        assert_eq!(check("0", "3", "0"), Err(ReturnRefusal::BadQuantity));
        assert_eq!(check("-1", "3", "0"), Err(ReturnRefusal::BadQuantity));
    }

    #[test]
    fn every_item_is_counted_when_goods_come_though_none_of_it_came() {
        let receive =
            |received| check_items(ReturnEvent::Receive, &[item(Some("1"), None, None), item(received, None, None)]);
        assert_eq!((receive(Some("3")), receive(Some("0"))), (Ok(()), Ok(())));
        assert_eq!(receive(None), Err(ReturnRefusal::NotReceived));
        assert_eq!(receive(Some("3.1")), Err(ReturnRefusal::TooMany));
        assert_eq!(receive(Some("-1")), Err(ReturnRefusal::BadQuantity));
    }

    #[test]
    fn what_came_is_decided_and_what_did_not_needs_no_decision() {
        let decide = |received, decision| check_items(ReturnEvent::Decide, &[item(received, decision, None)]);
        for decision in ItemDecision::ALL {
            assert_eq!(decide(Some("1"), Some(*decision)), Ok(()));
        }
        assert_eq!(decide(Some("1"), None), Err(ReturnRefusal::NotDecided));
        assert_eq!(decide(Some("0"), None), Ok(()));
    }

    #[test]
    fn what_did_not_get_back_to_the_shelf_may_be_decided_anew_and_nothing_else() {
        let decide = |decision, restock| check_items(ReturnEvent::Decide, &[item(Some("1"), Some(decision), restock)]);
        for state in IntentState::ALL {
            let anew = decide(ItemDecision::Scrap, Some(*state));
            let expected = if *state == IntentState::Failed { Ok(()) } else { Err(ReturnRefusal::RestockBegun) };
            assert_eq!(anew, expected, "{state}");
            assert_eq!(decide(ItemDecision::Restock, Some(*state)), Ok(()), "{state}");
        }
    }

    #[test]
    fn a_return_is_closed_when_the_store_says_that_what_was_restocked_is_there() {
        let close = |received, decision, restock| check_items(ReturnEvent::Close, &[item(received, decision, restock)]);
        let restock = Some(ItemDecision::Restock);
        assert_eq!(close(Some("1"), restock, Some(IntentState::Done)), Ok(()));
        for open in IntentState::ALL.iter().filter(|state| **state != IntentState::Done) {
            assert_eq!(close(Some("1"), restock, Some(*open)), Err(ReturnRefusal::RestockOpen), "{open}");
        }
        assert_eq!(close(Some("1"), restock, None), Err(ReturnRefusal::RestockOpen));
        assert_eq!(close(Some("0"), restock, None), Ok(()));
        assert_eq!(close(Some("1"), Some(ItemDecision::Scrap), None), Ok(()));
    }

    #[test]
    fn other_steps_ask_nothing_of_the_items() {
        for event in [ReturnEvent::Accept, ReturnEvent::Decline, ReturnEvent::Cancel] {
            assert_eq!(check_items(event, &[item(None, None, None)]), Ok(()));
        }
    }
}
