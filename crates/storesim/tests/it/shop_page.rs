//! The page a customer uses, end to end.

use crate::client::Lab;

#[tokio::test]
async fn a_customer_buys_one_on_the_page_and_the_order_and_the_stock_show_it() {
    let lab = Lab::of(1).await;
    let page = lab.send(false, "GET", "/s/1/", &[], String::new()).await;
    assert_eq!(page.status, 200);
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.json()[0].clone();
    let id = product["id"].as_u64().unwrap();
    assert!(page.text.contains(&format!("name=\"product_id\" value=\"{id}\"")) && page.text.contains("Buy one"));
    assert!(page.text.contains(&format!("{} in stock", product["stock_quantity"])));
    assert!(page.text.contains("Rake &amp; Hoe"), "names are escaped");

    let form = [("content-type", "application/x-www-form-urlencoded")];
    let bought = lab.send(false, "POST", "/s/1/buy", &form, format!("product_id={id}")).await;
    assert_eq!(bought.status, 303);
    let thanks = lab.send(false, "GET", bought.header("location"), &[], String::new()).await;
    let order = lab.get(1, "orders?per_page=1&orderby=id").await.json()[0].clone();
    assert!(thanks.text.contains(&format!("<strong>#{}</strong>", order["id"])), "{}", bought.header("location"));
    assert_eq!(
        (order["line_items"][0]["product_id"].as_u64(), order["status"].as_str()),
        (Some(id), Some("processing"))
    );
    let after = lab.get(1, &format!("products/{id}")).await.json();
    assert_eq!(after["stock_quantity"].as_i64().unwrap(), product["stock_quantity"].as_i64().unwrap() - 1);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_sold_out_product_says_sorry_and_sells_nothing() {
    let lab = Lab::of(1).await;
    let id = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    lab.rest(1, "PUT", &format!("products/{id}"), Some(serde_json::json!({"stock_quantity": 0, "backorders": "no"})))
        .await;
    let before = lab.get(1, "orders?per_page=1").await.header("x-wp-total").to_owned();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let refused = lab.send(true, "POST", "/s/1/buy", &form, format!("product_id={id}")).await;
    let page = lab.send(true, "GET", refused.header("location"), &[], String::new()).await;
    assert!(page.text.contains("sold out"));
    assert_eq!(lab.get(1, "orders?per_page=1").await.header("x-wp-total"), before);
    lab.fleet.stop().await;
}
