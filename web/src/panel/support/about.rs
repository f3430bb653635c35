//! The record that a ticket is about, as far as its reader sees it.

use jiff::Timestamp;
use storewire_db::{ReadTx, customers, orders, products, returns, stores};
use storewire_domain::{StoreId, ticket::AboutKind};
use uuid::Uuid;

use crate::{
    api::requests,
    error::WebError,
    extract::Session,
    panel::{view::CardView, words::Words},
};

/// A record and its store.
pub struct Found {
    pub store: StoreId,
    pub card: CardView,
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
        AboutKind::Order => orders::summaries(tx, &[id])
            .await?
            .pop()
            .map(|order| Found { store: order.store_id, card: CardView::order(&order, t) }),
        AboutKind::Product => products::summaries(tx, &[id])
            .await?
            .pop()
            .map(|product| Found { store: product.store_id, card: CardView::product(&product, t) }),
        AboutKind::Customer => customers::summaries(tx, &[id])
            .await?
            .pop()
            .map(|customer| Found { store: customer.store_id, card: CardView::customer(&customer, t) }),
        AboutKind::Store => stores::find(tx, id.into())
            .await?
            .map(|store| Found { store: store.id, card: CardView::store(&store, session.class(), now, t) }),
        AboutKind::Request => match requests::visible(tx, session, id.into()).await {
            Ok(request) => Some(Found { store: request.store_id, card: CardView::request(&request, t) }),
            Err(WebError::NotFound) => None,
            Err(error) => return Err(error),
        },
        AboutKind::Return => returns::find(tx, id.into())
            .await?
            .map(|returned| Found { store: returned.store_id, card: CardView::returned(&returned, t) }),
    })
}
