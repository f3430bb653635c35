//! Frames: the right fragment for the right page, from the page's own partial.

use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_db::OrderSummary;
use storewire_domain::{ChangeKind, OrderId, ProductId, RoleClass, Source, StoreId};

use super::{
    data::{self, Cast, EVIL},
    engine_data, markup,
};
use crate::panel::{PanelRenderer, dom_id};

fn render(page: Page, class: RoleClass, kind: ChangeKind, subject: Subject) -> Option<Rendered> {
    let change = data::change(Cast::Hostile, 7, kind, Source::Webhook);
    PanelRenderer.render(&View { page, class, own: None, locale: "en".to_owned() }, &FeedEvent { change, subject })
}

fn orders(status: Option<&str>, store: Option<StoreId>, order: OrderSummary) -> Option<Rendered> {
    let page = Page::Orders { store, status: status.map(str::to_owned) };
    render(page, RoleClass::Staff, ChangeKind::OrderUpdated, Subject::Order(Box::new(order)))
}

fn order(status: &str) -> OrderSummary {
    OrderSummary { status: status.to_owned(), ..data::order(Cast::Hostile, 0) }
}

#[test]
fn a_row_that_fits_is_added_and_one_that_no_longer_fits_is_removed() {
    let added = orders(None, None, order("processing")).unwrap();
    assert_eq!(added.target.as_deref(), Some("#order-rows"));
    assert!(added.content.starts_with(&format!("<tr class=\"row\" id=\"{}\"", dom_id::order(order("x").id))));

    let removed = orders(Some("on-hold"), None, order("processing")).unwrap();
    assert_eq!((removed.swap.as_deref(), removed.content.as_str()), (Some("delete"), ""));
    assert_eq!(removed.target, Some(dom_id::selector(&dom_id::order(order("x").id))));

    assert!(orders(None, Some(StoreId(data::id(99))), order("processing")).is_none(), "another store's order");
}

#[test]
fn a_trashed_order_is_struck_through_where_it_is_shown_and_added_nowhere() {
    let trashed = OrderSummary { trashed_at: Some(data::now()), ..order("trash") };
    let frame = orders(None, None, trashed.clone()).unwrap();
    assert_eq!(frame.swap.as_deref(), Some("outerHTML"));
    assert!(frame.content.contains("row--gone"));
    let in_trash = orders(Some("trash"), None, trashed).unwrap();
    assert_eq!(in_trash.target.as_deref(), Some("#order-rows"));
}

#[test]
fn a_detail_page_gets_its_own_entries_only() {
    let subject = || Subject::Order(Box::new(order("processing")));
    let page = render(Page::Order(order("x").id), RoleClass::Merchant, ChangeKind::OrderUpdated, subject()).unwrap();
    assert_eq!(page.target.as_deref(), Some("#timeline"));
    assert!(page.content.contains(&dom_id::order_head(order("x").id)));
    assert!(page.content.contains("data-shown data-style=\"exact\"></time>"), "the browser stamps its arrival");
    let other = Page::Order(OrderId(data::id(1)));
    assert!(render(other, RoleClass::Staff, ChangeKind::OrderUpdated, subject()).is_none());
}

#[test]
fn stock_reaches_the_list_the_product_s_page_and_for_a_variation_its_parent_s() {
    let product = data::product(Cast::Hostile, 0);
    let variation = data::variation(Cast::Hostile, 1);
    let everything = || Page::Products { store: None, stock_status: None };
    let kind = ChangeKind::ProductUpdated;
    let row = render(everything(), RoleClass::Merchant, kind, Subject::Product(Box::new(product.clone()))).unwrap();
    assert!(row.content.contains(&format!("id=\"{}\" data-flash=\"42\"", dom_id::stock(product.id))));
    assert!(render(everything(), RoleClass::Merchant, kind, Subject::Product(Box::new(variation.clone()))).is_none());

    let parent = ProductId(data::id(200));
    let on_parent =
        render(Page::Product(parent), RoleClass::Merchant, kind, Subject::Product(Box::new(variation))).unwrap();
    assert_eq!(on_parent.target.as_deref(), Some("#variations"));
    let own = render(Page::Product(parent), RoleClass::Merchant, kind, Subject::Product(Box::new(product))).unwrap();
    assert!(own.content.contains(&dom_id::product_head(parent)));
}

#[test]
fn store_health_is_for_staff_only() {
    let store = || Subject::Store(Box::new(engine_data::store(Cast::Friendly, 4)));
    let kind = ChangeKind::StoreChanged;
    for page in [Page::Stores, Page::Control, Page::Store(StoreId(data::id(14)))] {
        assert!(render(page.clone(), RoleClass::Merchant, kind, store()).is_none());
        assert!(render(page, RoleClass::Staff, kind, store()).is_some());
    }
    let list = Page::Orders { store: None, status: None };
    assert!(render(list, RoleClass::Merchant, kind, store()).is_none());
}

#[test]
fn a_change_on_its_way_reaches_its_record_s_page_and_the_list_for_staff_only() {
    let intent = || engine_data::intents(Cast::Hostile).remove(0);
    let subject = || Subject::Intent(Box::new(intent()));
    let kind = ChangeKind::IntentChanged;
    let own = || Page::Order(OrderId(intent().entity_id));
    for page in [own(), Page::Product(ProductId(intent().entity_id)), Page::Customer(intent().entity_id), Page::Intents]
    {
        let frame = render(page.clone(), RoleClass::Staff, kind, subject()).unwrap();
        assert_eq!(frame.target.as_deref(), Some("#intents"));
        assert!(frame.content.starts_with(&format!("<li class=\"intent\" id=\"{}\"", dom_id::intent(intent().id))));
        assert!(render(page, RoleClass::Merchant, kind, subject()).is_none());
    }
    assert!(render(Page::Order(OrderId(data::id(7))), RoleClass::Staff, kind, subject()).is_none());
}

#[test]
fn a_tile_is_replaced_where_it_is_and_added_nowhere() {
    let store = engine_data::store(Cast::Hostile, 4);
    let id = dom_id::actor(store.id);
    let frame =
        render(Page::Control, RoleClass::Staff, ChangeKind::StoreChanged, Subject::Store(Box::new(store))).unwrap();
    assert_eq!((frame.target, frame.swap.as_deref()), (Some(dom_id::selector(&id)), Some("outerHTML")));
    assert!(frame.content.contains(&id));
}

#[test]
fn a_customer_s_page_gets_its_own_entries() {
    let id = data::change(Cast::Hostile, 7, ChangeKind::CustomerChanged, Source::Webhook).entity_id;
    let kind = ChangeKind::CustomerChanged;
    let frame = render(Page::Customer(id), RoleClass::Merchant, kind, Subject::None).unwrap();
    assert_eq!(frame.target.as_deref(), Some("#timeline"));
    assert!(render(Page::Customer(data::id(7)), RoleClass::Merchant, kind, Subject::None).is_none());
}

#[test]
fn no_name_breaks_out_of_a_frame() {
    let cast = Cast::Hostile;
    let order_id = data::order(cast, 0).id;
    let product_id = data::product(cast, 0).id;
    let store_id = engine_data::store(cast, 4).id;
    let frames = [
        (Page::Orders { store: None, status: None }, Subject::Order(Box::new(data::order(cast, 0)))),
        (Page::Order(order_id), Subject::Order(Box::new(data::order(cast, 0)))),
        (Page::Products { store: None, stock_status: None }, Subject::Product(Box::new(data::product(cast, 0)))),
        (Page::Product(product_id), Subject::Product(Box::new(data::product(cast, 0)))),
        (Page::Product(product_id), Subject::Product(Box::new(data::variation(cast, 1)))),
        (Page::Stores, Subject::Store(Box::new(engine_data::store(cast, 4)))),
        (Page::Store(store_id), Subject::Store(Box::new(engine_data::store(cast, 4)))),
        (Page::Control, Subject::Store(Box::new(engine_data::store(cast, 4)))),
        (Page::Intents, Subject::Intent(Box::new(engine_data::intents(cast).remove(5)))),
    ];
    for (number, (page, subject)) in frames.into_iter().enumerate() {
        let frame = render(page, RoleClass::Staff, ChangeKind::OrderUpdated, subject).unwrap();
        markup::check(&format!("frame {number}"), &frame.content);
        assert!(!frame.content.contains(EVIL));
    }
}
