//! Stock is listed by the names of articles, and by indexes that were there already.

use anyhow::{Result, ensure};
use storewire_db::{
    bootstrap,
    stock::{self, NewLow, StockFilter, StockRow},
};
use storewire_domain::{ManageStock, Product, ReadScope, RemoteId};

use super::{STAFF, Stockroom, counted, number, put};
use crate::{
    plans,
    shop::{self, now},
};

fn variation(remote_id: &str, parent: &str, name: &str, counts: ManageStock) -> Product {
    Product {
        kind: "variation".to_owned(),
        parent_remote_id: Some(RemoteId::from(parent)),
        manage_stock: counts,
        ..counted(remote_id, name, "2")
    }
}

fn names(rows: &[StockRow]) -> Vec<&str> {
    rows.iter().map(|row| row.product.name.as_str()).collect()
}

#[tokio::test]
async fn variations_follow_their_article_and_pages_go_on_where_the_one_before_ended() -> Result<()> {
    let room = Stockroom::open().await?;
    let shirt = Product { kind: "variable".to_owned(), manage_stock: ManageStock::No, ..counted("1", "Shirt", "") };
    for product in [
        shirt,
        // Their names would have them stand elsewhere.
        variation("2", "1", "Blue one", ManageStock::Yes),
        variation("3", "1", "Zebra one", ManageStock::Yes),
        variation("4", "1", "Left to the parent", ManageStock::Parent),
        counted("5", "Apron", "1"),
        counted("6", "Tea", "1"),
        Product { manage_stock: ManageStock::No, ..counted("7", "Gift card", "") },
        Product { status: "trash".to_owned(), ..counted("8", "Old mug", "1") },
    ] {
        room.put(product).await?;
    }
    let outdoor = shop::open(room.db(), "outdoor").await?;
    put(room.db(), &outdoor, counted("1", "Tent", "1")).await?;
    for (scope, wanted) in [
        (ReadScope::Tenant(room.shop.tenant), vec!["Apron", "Blue one", "Zebra one", "Tea"]),
        (STAFF, vec!["Apron", "Blue one", "Zebra one", "Tea", "Tent"]),
        (ReadScope::Platform { stores: Some(vec![outdoor.store]) }, vec!["Tent"]),
    ] {
        let tx = room.db().read(&scope).await?;
        let all = stock::list(&tx, &StockFilter::default()).await?;
        ensure!(names(&all) == wanted, "{:?}", names(&all));
        let mut paged: Vec<StockRow> = Vec::new();
        loop {
            let after = paged.last().map(|row| row.key.clone());
            let page = stock::list(&tx, &StockFilter { after, limit: 1, ..StockFilter::default() }).await?;
            if page.is_empty() {
                break;
            }
            paged.extend(page);
            ensure!(paged.len() <= wanted.len(), "{:?}", names(&paged));
        }
        ensure!(names(&paged) == wanted, "{:?}", names(&paged));
        tx.commit().await?;
    }
    let tx = room.db().read(&STAFF).await?;
    let of =
        |store, search: &str| StockFilter { store: Some(store), search: Some(search.to_owned()), ..Default::default() };
    ensure!(names(&stock::list(&tx, &of(room.shop.store, "ONE")).await?) == ["Blue one", "Zebra one"]);
    ensure!(stock::list(&tx, &of(outdoor.store, "one")).await?.is_empty());
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn what_is_low_is_listed_alone_and_one_article_is_shown_with_its_siblings() -> Result<()> {
    let room = Stockroom::open().await?;
    let tee = room.put(counted("1", "Tee", "3")).await?;
    room.put(counted("2", "Cup", "3")).await?;
    let gone = room.put(Product { status: "trash".to_owned(), ..counted("3", "Mug", "1") }).await?;
    let second = shop::add(room.db(), room.shop.tenant, "second").await?;
    let same = put(room.db(), &second, counted("1", "Tee, the same", "8")).await?;
    let outdoor = shop::open(room.db(), "outdoor").await?;
    put(room.db(), &outdoor, counted("1", "Somebody else's", "8")).await?;
    let tx = room.db().desk(room.shop.tenant).await?;
    stock::set_level(&tx, (room.shop.store, tee), number("5"), None, room.ada, now()).await?;
    let low = |product| NewLow { product, level: 5.into(), quantity: 3.into() };
    stock::raise_low(&tx, room.shop.store, &[low(tee), low(gone)], now()).await?;
    tx.commit().await?;

    for scope in [STAFF, ReadScope::Tenant(room.shop.tenant)] {
        let tx = room.db().read(&scope).await?;
        let rows = stock::list(&tx, &StockFilter { is_low: true, ..StockFilter::default() }).await?;
        ensure!(names(&rows) == ["Tee"], "{:?}", names(&rows));
        ensure!(
            (rows[0].product.level, rows[0].level_version, rows[0].low_since) == (number("5"), Some(1), Some(now()))
        );
        let found = stock::find(&tx, tee).await?;
        ensure!(found.is_some_and(|row| row.low_since.is_some() && row.product.parent_id.is_none()));
        let siblings = stock::siblings(&tx, room.shop.tenant, "SKU-1", tee).await?;
        ensure!(siblings.len() == 1 && siblings[0].product.id == same, "{:?}", names(&siblings));
        ensure!(stock::siblings(&tx, room.shop.tenant, "", tee).await?.is_empty());
        tx.commit().await?;
    }
    Ok(())
}

#[tokio::test]
async fn lists_of_stock_use_the_indexes_that_products_have_once_there_are_many() -> Result<()> {
    let room = Stockroom::open().await?;
    room.put(counted("1", "Tee", "3")).await?;
    for name in ["outdoor", "books", "garden"] {
        put(room.db(), &shop::open(room.db(), name).await?, counted("1", "Tee", "3")).await?;
    }
    let admin = room.test.admin().await?;
    // Every fifth is an article, the others are its variations.
    admin
        .batch_execute(
            "INSERT INTO product (
                tenant_id, store_id, id, remote_id, parent_remote_id, kind, name, sku, global_unique_id, status, manage_stock,
                stock_quantity, stock_status, backorders, permalink, image_url, attributes, categories, variation_ids,
                content_hash, sort_name, search_text, raw, saved_at)
             SELECT
                tenant_id, store_id, gen_random_uuid(), 'r' || n, CASE WHEN n % 5 <> 0 THEN 'r' || n - n % 5 END, kind,
                'Article ' || n, 'S' || n, '', status, manage_stock, n, stock_status, backorders, '', '', attributes,
                categories, variation_ids, content_hash, 'article ' || n, 'article ' || n, raw, saved_at
             FROM product, generate_series(5, 2000) AS n;
             ANALYZE product, store, stock_threshold, low_stock",
        )
        .await?;
    let client = bootstrap::connect(&room.test.app_url().parse()?, &room.test.drivers()).await?;
    let columns = concat!(
        include_str!("../../../queries/product/columns.sql"),
        include_str!("../../../queries/stock/columns.sql")
    );
    let list = format!("{columns}{}", include_str!("../../../queries/stock/list.sql"));
    let some = format!("{columns}{}", include_str!("../../../queries/stock/some.sql"));
    let order = "ORDER BY article.sort_name, article.id, product.sort_name, product.id LIMIT 50";
    let after = "AND (article.sort_name, article.id) >= ('article 5', '01900000-0000-7000-8000-000000000001')";
    let merchant = format!("SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{}'", room.shop.tenant);
    let staff = "SET LOCAL ROLE sw_platform";
    let tenant = room.shop.tenant;
    for (scope, query, indexes) in [
        (
            merchant.as_str(),
            format!("{list} AND product.manage_stock = 'yes' {after} {order}"),
            ["product_by_name", "product_parent"],
        ),
        (
            staff,
            format!("{list} AND product.manage_stock = 'yes' {after} {order}"),
            ["product_platform_by_name", "product_parent"],
        ),
        (
            staff,
            format!("{some} AND product.tenant_id = '{tenant}' AND product.sku <> '' AND product.sku = 'S9' {order}"),
            ["product_sku", "product_remote_key"],
        ),
    ] {
        let plan = plans::of(&client, scope, &query).await?;
        for index in indexes {
            ensure!(plan.contains(index), "{query}\ndoes not use {index}:\n{plan}");
        }
        ensure!(!plan.contains("Seq Scan on product"), "{query}\nreads all products:\n{plan}");
    }
    Ok(())
}
