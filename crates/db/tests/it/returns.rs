//! Returns: what the schema refuses, and what is found quickly and by nobody else.

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use storewire_db::{
    DbError, ReturnRow, desk_numbers,
    returns::{self, ItemNews, NewItem, NewReturn, ReturnFilter},
};
use storewire_domain::{
    OrderId, ReadScope, ReturnId, UserId,
    returns::{ItemDecision, ReturnReason, ReturnState},
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

/// A shop with an order, and somebody who opens returns of it.
struct Cast {
    test: TestDb,
    shop: Shop,
    order: OrderId,
    by: UserId,
}

impl Cast {
    async fn gather() -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open(test.db(), "coffee").await?;
        let by = shop::anna(test.db()).await?;
        let order = shop::order(&test, &shop, "completed").await?;
        let admin = test.admin().await?;
        let sql =
            "INSERT INTO order_line (tenant_id, order_id, position, kind, remote_id, name, sku, quantity, subtotal,
                subtotal_tax, total, total_tax, detail)
            VALUES ($1, $2, 1, 'line_item', '7', 'Filter paper', 'FP-1', 3, 30, 0, 30, 0, '{}'),
                ($1, $2, 2, 'shipping', '8', 'Post', '', NULL, 0, 0, 0, 0, '{}')";
        admin.execute(sql, &[&shop.tenant.uuid(), &order.uuid()]).await?;
        Ok(Self { test, shop, order, by })
    }

    async fn open(&self, quantity: i64) -> Result<ReturnId> {
        let id = ReturnId::fresh();
        let tx = self.test.db().desk(self.shop.tenant).await?;
        let number = desk_numbers::next(&tx, desk_numbers::Numbered::Return).await?;
        let new = NewReturn {
            id,
            number,
            store: self.shop.store,
            order: self.order,
            order_number: "1041",
            reason: ReturnReason::Unwanted,
            note: "",
            by: self.by,
            by_name: "Anna",
            buyer_name: "Mary",
            buyer_email: "mary@example.com",
            deed: id.uuid(),
            items: vec![NewItem {
                line: "7",
                product: None,
                name: "Filter paper",
                sku: "FP-1",
                quantity: quantity.into(),
            }],
        };
        returns::insert(&tx, &new, now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn step(&self, id: ReturnId, version: i64, to: ReturnState) -> Result<Option<i64>> {
        let tx = self.test.db().desk(self.shop.tenant).await?;
        let next = returns::step(&tx, id, version, to, Uuid::now_v7(), now()).await?;
        tx.commit().await?;
        Ok(next)
    }

    async fn seen(&self, scope: ReadScope, id: ReturnId) -> Result<Option<ReturnRow>> {
        let tx = self.test.db().read(&scope).await?;
        let row = returns::find(&tx, id).await?;
        tx.commit().await?;
        Ok(row)
    }
}

#[tokio::test]
async fn what_other_returns_hold_is_counted_and_what_was_declined_is_not() -> Result<()> {
    let cast = Cast::gather().await?;
    let left = async || {
        let tx = cast.test.db().desk(cast.shop.tenant).await?;
        let order = returns::returnable(&tx, cast.order).await?.context("the order is there")?;
        tx.commit().await?;
        ensure!((order.number.as_str(), order.buyer_email.as_str()) == ("1041", "mary@example.com"));
        ensure!(order.lines.len() == 1 && order.lines[0].remote_id == "7", "only goods come back: {order:?}");
        Ok(order.lines[0].ordered - order.lines[0].returned)
    };
    ensure!(left().await? == Decimal::from(3));
    let (first, _) = (cast.open(1).await?, cast.open(2).await?);
    ensure!(left().await? == Decimal::ZERO);
    ensure!(cast.step(first, 1, ReturnState::Declined).await? == Some(2));
    ensure!(left().await? == Decimal::ONE);
    let tx = cast.test.db().desk(cast.shop.tenant).await?;
    ensure!(returns::returnable(&tx, OrderId::fresh()).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_return_is_moved_from_the_version_that_was_seen_and_says_what_came() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open(2).await?;
    ensure!(cast.step(id, 1, ReturnState::Accepted).await? == Some(2));
    ensure!(cast.step(id, 1, ReturnState::Cancelled).await?.is_none(), "somebody was faster");
    let tx = cast.test.db().desk(cast.shop.tenant).await?;
    let locked = returns::lock(&tx, id).await?.context("it is there")?;
    let news = ItemNews {
        position: locked.items[0].position,
        received: Some(Decimal::ONE),
        decision: Some(ItemDecision::Scrap),
        intent: None,
    };
    returns::set_items(&tx, id, &[news]).await?;
    tx.commit().await?;
    let row = cast.seen(ReadScope::Tenant(cast.shop.tenant), id).await?.context("the merchant sees it")?;
    ensure!((row.state, row.version, row.number) == (ReturnState::Accepted, 2, 1), "{row:?}");
    let item = &row.items[0];
    ensure!((item.position, item.received, item.decision) == (1, Some(Decimal::ONE), Some(ItemDecision::Scrap)));
    Ok(())
}

#[tokio::test]
async fn a_return_is_seen_by_its_tenant_and_by_staff_who_keep_its_store() -> Result<()> {
    let cast = Cast::gather().await?;
    let tea = shop::open(cast.test.db(), "tea").await?;
    let id = cast.open(1).await?;
    for (scope, is_seen) in [
        (ReadScope::Tenant(cast.shop.tenant), true),
        (ReadScope::Tenant(tea.tenant), false),
        (ReadScope::Platform { stores: None }, true),
        (ReadScope::Platform { stores: Some(vec![cast.shop.store]) }, true),
        (ReadScope::Platform { stores: Some(vec![tea.store]) }, false),
    ] {
        ensure!(cast.seen(scope.clone(), id).await?.is_some() == is_seen, "{scope:?}");
        let tx = cast.test.db().read(&scope).await?;
        let listed = returns::list(&tx, &ReturnFilter { order: Some(cast.order), ..ReturnFilter::default() }).await?;
        tx.commit().await?;
        ensure!(listed.len() == usize::from(is_seen), "{scope:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_schema_refuses_what_no_return_can_be() -> Result<()> {
    let cast = Cast::gather().await?;
    let (id, other) = (cast.open(1).await?, cast.open(1).await?);
    let admin = cast.test.admin().await?;
    let nobody = Uuid::now_v7();
    for (table, key, change, constraint) in [
        ("return_case", "id", "state = 'lost'".to_owned(), "return_case_state_check"),
        ("return_case", "id", "state = 'closed'".to_owned(), "return_case_check"),
        ("return_case", "id", "ended_at = now()".to_owned(), "return_case_check"),
        ("return_case", "id", "reason = 'bored'".to_owned(), "return_case_reason_check"),
        ("return_case", "id", "number = 2".to_owned(), "return_case_number_key"),
        ("return_case", "id", format!("id = '{other}'"), "return_case_pkey"),
        ("return_case", "id", format!("order_id = '{nobody}'"), "return_case_tenant_id_order_id_fkey"),
        ("return_case", "id", format!("store_id = '{nobody}'"), "return_case_tenant_id_store_id_fkey"),
        ("return_item", "return_id", "quantity = 0".to_owned(), "return_item_quantity_check"),
        ("return_item", "return_id", "received = -1".to_owned(), "return_item_received_check"),
        ("return_item", "return_id", "decision = 'eat'".to_owned(), "return_item_decision_check"),
        ("return_item", "return_id", format!("intent_id = '{nobody}'"), "return_item_tenant_id_intent_id_fkey"),
        ("return_item", "return_id", format!("intent_id = '{nobody}', decision = 'scrap'"), "return_item_check"),
        ("return_item", "return_id", format!("product_id = '{nobody}'"), "return_item_tenant_id_product_id_fkey"),
    ] {
        let refused = admin.execute(&format!("UPDATE {table} SET {change} WHERE {key} = '{id}'"), &[]).await;
        let refused = refused.err().map(DbError::from);
        ensure!(refused.as_ref().and_then(DbError::constraint) == Some(constraint), "{change}: {refused:?}");
    }
    Ok(())
}
