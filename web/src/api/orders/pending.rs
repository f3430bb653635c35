//! `GET, POST /api/v1/orders/pending-approvals`: orders that merchants place, until staff decide. For everyone; merchants place them.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::Asked;
use storewire_db::{requests::RequestFilter, stores};
use storewire_domain::{
    Address, Edit, StoreId,
    intent::NewOrder,
    request::{Meaning, RequestState},
};
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        once::Reply,
        page::Page,
        requests::{self, RequestItem},
        write::Write,
    },
    error::{Problem, WebError},
    extract::Session,
    placing::{self, Pieces},
    state::AppState,
};

/// The kind of request that a placed order is.
pub const KIND: &str = "order.place";

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PendingQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// `waiting`, if nothing else is asked for; or where else a request can stand.
    #[param(value_type = Option<String>)]
    state: Option<RequestState>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists orders that wait to be approved, newest first. They are requests, and are decided under `/inventory/approvals`.
#[utoipa::path(get, path = "/api/v1/orders/pending-approvals", tag = "orders", operation_id = "listPendingOrders",
    params(PendingQuery), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of requests of kind `order.place`", body = Page<RequestItem>)))]
pub async fn list(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<PendingQuery>,
) -> Result<web::Json<Page<RequestItem>>, WebError> {
    let PendingQuery { store, state: wanted, after, limit } = query.into_inner();
    let filter = RequestFilter {
        store: store.map(StoreId),
        state: Some(wanted.unwrap_or(RequestState::Waiting)),
        kind: Some(KIND),
        ..RequestFilter::default()
    };
    requests::list::page(&session, &state, filter, (after, limit)).await
}

/// An order to be placed. The store sets the prices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacedOrder {
    store_id: Uuid,
    lines: Vec<PlacedLine>,
    /// Who pays: a name or a company, street, city and country at least.
    billing: GivenAddress,
    /// Where it is sent, if that is elsewhere.
    shipping: Option<GivenAddress>,
    /// What the buyer wants said; the store keeps it with the order.
    #[serde(default)]
    customer_note: String,
    /// `processing`, or `on-hold` for an order that still waits for something.
    #[serde(default = "processing")]
    #[schema(example = "processing")]
    status: String,
    /// Why it is placed, for staff.
    #[serde(default)]
    note: String,
}

fn processing() -> String {
    "processing".to_owned()
}

/// So many pieces of one article.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacedLine {
    /// Our id of the product, or of one variation of a variable one.
    product_id: Uuid,
    #[schema(minimum = 1)]
    quantity: u32,
}

/// An address; parts that are left out are empty.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GivenAddress {
    first_name: String,
    last_name: String,
    company: String,
    address_1: String,
    address_2: String,
    city: String,
    state: String,
    postcode: String,
    /// ISO 3166.
    #[schema(example = "TR")]
    country: String,
    /// Of who pays only.
    email: String,
    phone: String,
}

impl From<GivenAddress> for Address {
    fn from(given: GivenAddress) -> Self {
        Self {
            first_name: given.first_name,
            last_name: given.last_name,
            company: given.company,
            address_1: given.address_1,
            address_2: given.address_2,
            city: given.city,
            state: given.state,
            postcode: given.postcode,
            country: given.country,
            email: given.email,
            phone: given.phone,
        }
    }
}

/// Asks for an order to be placed; once staff approve, the store makes it, once.
#[utoipa::path(post, path = "/api/v1/orders/pending-approvals", tag = "orders", operation_id = "placeOrder",
    request_body = PlacedOrder, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It waits to be decided", body = RequestItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store or product of yours", body = Problem, content_type = "application/problem+json")))]
pub async fn place(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<PlacedOrder>,
) -> Result<HttpResponse, WebError> {
    let store = StoreId(body.store_id);
    let pieces: Vec<Pieces> =
        body.lines.iter().map(|line| Pieces { product: line.product_id, quantity: line.quantity }).collect();
    let tx = state.db.read(&session.scope()).await?;
    let tenant = stores::find(&tx, store).await?.ok_or(WebError::NotFound)?.tenant_id;
    session.require(Area::Requests, Action::Request)?;
    let lines = placing::lines(&tx, store, &pieces).await?;
    tx.commit().await?;
    let order = NewOrder {
        lines,
        billing: body.billing.into(),
        shipping: body.shipping.map(Address::from),
        note: body.customer_note,
        status: body.status,
    };
    let work = async |deed| {
        // It is known by its request until the store has made it.
        let (entity, edit) = (deed, Edit::PlaceOrder { order: Box::new(order) });
        let asked = Asked { tenant, store, entity, edit, meaning: Meaning::Absolute, note: body.note, seen: None };
        let row = state.engine.desk().ask(deed, session.hand(), asked).await?;
        let item = RequestItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}
