//! The record that a ticket is about, as far as its reader sees it.

use jiff::Timestamp;
use storewire_db::{OrderDetail, ReadTx, customers, orders, products, returns, stores};
use storewire_domain::{OrderId, StoreId, ticket::AboutKind};
use uuid::Uuid;

use super::others;
use crate::{
    api::requests,
    error::WebError,
    extract::Session,
    panel::{
        view::{CardView, Ordered, articles},
        words::Words,
    },
};

/// A record and its store.
pub struct Found {
    pub store: StoreId,
    pub card: CardView,
    /// The record itself, if it is an order.
    pub order: Option<OrderDetail>,
}

impl Found {
    const fn new(store: StoreId, card: CardView) -> Self {
        Self { store, card, order: None }
    }
}

/// The record in the words of an address: `order:<id>`.
#[must_use]
pub fn parse(text: &str) -> Option<(AboutKind, Uuid)> {
    let (kind, id) = text.split_once(':')?;
    Some((kind.parse().ok()?, id.parse().ok()?))
}

/// The record, if it is there for this reader. A merchant learns of a store no more than up to when its numbers are good.
pub async fn find(
    tx: &ReadTx,
    session: &Session,
    (kind, id): (AboutKind, Uuid),
    now: Timestamp,
    t: &Words,
) -> Result<Option<Found>, WebError> {
    Ok(match kind {
        AboutKind::Order => fresh(tx, session, order(tx, id.into(), t).await?).await?,
        AboutKind::Product => {
            let product = products::summaries(tx, &[id]).await?.pop();
            let found = product.map(|product| Found::new(product.store_id, CardView::product(&product, t)));
            fresh(tx, session, found).await?
        }
        AboutKind::Customer => match customers::summaries(tx, &[id]).await?.pop() {
            Some(customer) => {
                let orders = others::of_customer(tx, &customer, t).await?;
                let found = Found::new(customer.store_id, CardView::customer(&customer, orders, t));
                fresh(tx, session, Some(found)).await?
            }
            None => None,
        },
        AboutKind::Store => stores::find(tx, id.into())
            .await?
            .map(|store| Found::new(store.id, CardView::store(&store, session.class(), now, t))),
        AboutKind::Request => match requests::visible(tx, session, id.into()).await {
            Ok(request) => Some(Found::new(request.store_id, CardView::request(&request, t))),
            Err(WebError::NotFound) => None,
            Err(error) => return Err(error),
        },
        AboutKind::Return => returns::find(tx, id.into())
            .await?
            .map(|returned| Found::new(returned.store_id, CardView::returned(&returned, t))),
    })
}

/// An order with its items and parcels, and what else its buyer ordered.
async fn order(tx: &ReadTx, id: OrderId, t: &Words) -> Result<Option<Found>, WebError> {
    let Some(order) = orders::find(tx, id).await? else { return Ok(None) };
    let (tenant, store) = (order.summary.tenant_id, order.summary.store_id);
    let products = products::named(tx, tenant, store, &articles(&order)).await?;
    let ordered = Ordered::of(&order, &products, t);
    let others = others::of_order(tx, &order, t).await?;
    let card = CardView::order(&order, ordered, others, t);
    Ok(Some(Found { store, card, order: Some(order) }))
}

/// The same with how fresh the record's store is.
async fn fresh(tx: &ReadTx, session: &Session, found: Option<Found>) -> Result<Option<Found>, WebError> {
    let Some(found) = found else { return Ok(None) };
    Ok(Some(match stores::find(tx, found.store).await? {
        Some(store) => Found { card: found.card.fresh(&store, session.class()), ..found },
        None => found,
    }))
}
