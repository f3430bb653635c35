//! The other orders of the person behind a ticket's record, as far as the ticket's reader sees them.

use storewire_db::{
    OrderDetail, OrderFilter, ReadTx,
    customers::CustomerSummary,
    orders::{self, Buyer},
};
use storewire_domain::OrderId;

use crate::{
    error::WebError,
    panel::{
        url,
        view::{OtherOrder, OtherOrders},
        words::Words,
    },
};

/// The newest that are shown; the others are in the list that is linked.
const SHOWN: u32 = 5;

/// Of who bought an order: by the account, or by the address where there is none. `None` if nobody can be told from it.
pub async fn of_order(tx: &ReadTx, order: &OrderDetail, t: &Words) -> Result<Option<OtherOrders>, WebError> {
    let bought = orders::buyer(tx, &order.summary).await?;
    let all_href = match (bought.customer, order.summary.customer_email.as_str()) {
        (Some(customer), _) => url::with(url::ORDERS, &[("customer", &customer.to_string())]),
        (None, "") => return Ok(None),
        (None, email) => url::with(url::ORDERS, &[("q", email)]),
    };
    let orders = newest(tx, bought.buyer, Some(order.summary.id), t).await?;
    Ok(Some(OtherOrders { title: t.get("ticket-other-orders"), orders, all_href }))
}

/// Of the holder of an account.
pub async fn of_customer(tx: &ReadTx, customer: &CustomerSummary, t: &Words) -> Result<OtherOrders, WebError> {
    Ok(OtherOrders {
        title: t.get("customer-orders"),
        orders: newest(tx, customer.buyer(), None, t).await?,
        all_href: url::with(url::ORDERS, &[("customer", &customer.id.to_string())]),
    })
}

async fn newest(tx: &ReadTx, buyer: Buyer, but: Option<OrderId>, t: &Words) -> Result<Vec<OtherOrder>, WebError> {
    // One more, in the place of the order that the card is of.
    let filter = OrderFilter { buyer: Some(buyer), limit: SHOWN + 1, ..OrderFilter::default() };
    let found = orders::list(tx, &filter).await?;
    let others = found.iter().filter(|order| Some(order.id) != but);
    Ok(others.take(SHOWN as usize).map(|order| OtherOrder::new(order, t)).collect())
}
