//! Products: prices, stock, categories, numbers, and the variations that are made, changed and removed apart.

use serde_json::{Value, json};

use crate::client::Lab;

async fn a_product(lab: &Lab, sent: Value) -> (String, Value) {
    let made = lab.rest(1, "POST", "products", Some(sent)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    (format!("products/{}", made.json()["id"]), made.json())
}

#[tokio::test]
async fn prices_are_texts_that_clear_when_empty_and_a_sale_counts_only_below() {
    let lab = Lab::of(1).await;
    let (path, made) = a_product(&lab, json!({"name": "Lamp", "regular_price": "20.50", "sale_price": "15"})).await;
    assert_eq!((&made["price"], &made["on_sale"]), (&json!("15"), &json!(true)));
    let put = async |sent: Value| lab.rest(1, "PUT", &path, Some(sent)).await.json();
    let high = put(json!({"sale_price": "99"})).await;
    assert_eq!((&high["price"], &high["on_sale"]), (&json!("20.5"), &json!(false)));
    let cleared = put(json!({"sale_price": ""})).await;
    assert_eq!((&cleared["sale_price"], &cleared["price"]), (&json!(""), &json!("20.5")));
    let none = put(json!({"regular_price": "", "price": "7"})).await;
    assert_eq!((&none["regular_price"], &none["price"], &none["purchasable"]), (&json!(""), &json!(""), &json!(false)));
    let variable = lab.get(1, "products?type=variable&per_page=1").await.ids()[0];
    let parent = lab.rest(1, "PUT", &format!("products/{variable}"), Some(json!({"regular_price": "5"}))).await.json();
    assert_eq!(parent["regular_price"], "", "a variable product has no price of its own");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn stock_counts_only_while_it_is_managed() {
    let lab = Lab::of(1).await;
    let (path, made) = a_product(&lab, json!({"name": "Lamp", "stock_quantity": 5})).await;
    assert_eq!((&made["manage_stock"], &made["stock_quantity"]), (&json!(false), &Value::Null), "it was not asked to");
    let put = async |sent: Value| lab.rest(1, "PUT", &path, Some(sent)).await.json();
    let counted = put(json!({"manage_stock": true, "stock_quantity": 8})).await;
    assert_eq!((&counted["stock_quantity"], &counted["stock_status"]), (&json!(8), &json!("instock")));
    assert_eq!(put(json!({"inventory_delta": -3})).await["stock_quantity"], 5);
    let below = put(json!({"stock_quantity": -3})).await;
    assert_eq!((&below["stock_quantity"], &below["stock_status"]), (&json!(-3), &json!("outofstock")));
    assert_eq!(put(json!({"stock_quantity": null})).await["stock_quantity"], 0);
    put(json!({"stock_quantity": 8})).await;
    let uncounted = put(json!({"manage_stock": false})).await;
    assert_eq!((&uncounted["stock_quantity"], &uncounted["stock_status"]), (&Value::Null, &json!("instock")));
    assert_eq!(put(json!({"manage_stock": true})).await["stock_quantity"], 0, "the number is forgotten");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn categories_are_given_by_id_and_unknown_ones_fall_away() {
    let lab = Lab::of(1).await;
    let (path, _) = a_product(&lab, json!({"name": "Lamp"})).await;
    let put = async |ids: Value| {
        let shown = lab.rest(1, "PUT", &path, Some(json!({ "categories": ids }))).await.json();
        shown["categories"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(put(json!([{"id": 17}, {"id": "22"}, {"id": 99_999}, {"id": 17}])).await, [17, 22]);
    assert_eq!(put(json!([])).await, [15], "nowhere is uncategorized");
    let count = lab.get(1, "products/categories?include=15").await.json()[0]["count"].as_u64().unwrap();
    assert!(count >= 1);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn variations_are_made_changed_and_deleted_at_their_own_route() {
    let lab = Lab::of(1).await;
    let parent = lab.get(1, "products?type=variable&per_page=1").await.ids()[0];
    let base = format!("products/{parent}/variations");
    let sent = json!({"regular_price": "9.00", "sku": "VAR-X", "manage_stock": true, "stock_quantity": 4,
        "attributes": [{"id": 1, "option": "Red"}, {"name": "Size", "option": "S"}]});
    let made = lab.rest(1, "POST", &base, Some(sent.clone())).await;
    let id = made.json()["id"].as_u64().unwrap();
    assert_eq!((made.status, made.json()["stock_quantity"].as_i64()), (201, Some(4)), "{}", made.text);
    assert_eq!(made.json()["name"], "Red, S");
    assert!(
        lab.get(1, &format!("products/{parent}")).await.json()["variations"].as_array().unwrap().contains(&json!(id))
    );
    let again = lab.rest(1, "POST", &base, Some(sent)).await;
    assert_eq!((again.status, again.code().as_str()), (400, "product_invalid_sku"));
    let refused = lab.rest(1, "PUT", &format!("products/{id}"), Some(json!({"stock_quantity": 1}))).await;
    assert_eq!((refused.status, refused.code().as_str()), (404, "woocommerce_rest_invalid_product_id"));
    let batch = json!({"create": [{"regular_price": "3"}], "update": [{"id": id, "stock_quantity": 6}, {"id": 1}], "delete": [id]});
    let answer = lab.rest(1, "POST", &format!("{base}/batch"), Some(batch)).await.json();
    assert_eq!(
        (&answer["create"][0]["regular_price"], &answer["update"][0]["stock_quantity"]),
        (&json!("3"), &json!(6))
    );
    assert_eq!(answer["update"][1]["error"]["data"]["status"], 404);
    assert_eq!(answer["delete"][0]["id"], id);
    assert_eq!(lab.get(1, &format!("{base}/{id}")).await.status, 404);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_variation_may_take_its_products_stock_and_says_so_by_a_word() {
    let lab = Lab::of(1).await;
    let parent = lab.get(1, "products?type=variable&per_page=1").await.json()[0].clone();
    let path = format!("products/{}", parent["id"]);
    lab.rest(1, "PUT", &path, Some(json!({"manage_stock": true, "stock_quantity": 10}))).await;
    let variation = format!("{path}/variations/{}", parent["variations"][0]);
    let sent = json!({"manage_stock": false, "regular_price": "4", "status": "publish"});
    let shown = lab.rest(1, "PUT", &variation, Some(sent)).await.json();
    assert_eq!((&shown["manage_stock"], &shown["stock_quantity"]), (&json!("parent"), &json!(10)));
    assert!(lab.fleet.buy(1, parent["variations"][0].as_u64(), 11).is_none(), "more than the product has");
    lab.fleet.buy(1, parent["variations"][0].as_u64(), 3).unwrap();
    assert_eq!(lab.get(1, &path).await.json()["stock_quantity"], 7);
    assert_eq!(lab.get(1, &variation).await.json()["stock_quantity"], 7);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn customers_coupons_and_webhooks_have_batches_too() {
    let lab = Lab::of(1).await;
    let customer = lab.get(1, "customers?role=all&per_page=1").await.ids()[0];
    let sent = json!({"create": [{"email": "new@batch.test"}, {"email": "none"}], "update": [{"id": customer, "first_name": "Ada"}]});
    let answer = lab.rest(1, "POST", "customers/batch", Some(sent)).await.json();
    assert_eq!(
        (&answer["create"][0]["email"], &answer["update"][0]["first_name"]),
        (&json!("new@batch.test"), &json!("Ada"))
    );
    assert_eq!(answer["create"][1]["error"]["data"]["status"], 400);
    let sent = json!({"create": [{"code": "BATCH"}], "delete": [99_999]});
    let answer = lab.rest(1, "POST", "coupons/batch", Some(sent)).await.json();
    assert_eq!(
        (&answer["create"][0]["code"], &answer["delete"][0]["error"]["data"]["status"]),
        (&json!("batch"), &json!(404))
    );
    let receiver = crate::receiver::Receiver::start().await;
    let sent = json!({"create": [{"topic": "order.created", "delivery_url": receiver.url()}, {"topic": "x"}]});
    let answer = lab.rest(1, "POST", "webhooks/batch", Some(sent)).await.json();
    let id = answer["create"][0]["id"].as_u64().unwrap();
    assert_eq!((receiver.all().len(), &answer["create"][1]["error"]["data"]["status"]), (1, &json!(400)), "one ping");
    let moved = format!("{}/elsewhere", receiver.url());
    let sent = json!({"update": [{"id": id, "delivery_url": moved}], "delete": [id]});
    let answer = lab.rest(1, "POST", "webhooks/batch", Some(sent)).await.json();
    assert_eq!((&answer["update"][0]["delivery_url"], &answer["delete"][0]["id"]), (&json!(moved), &json!(id)));
    assert_eq!(receiver.all().len(), 2, "a new address is pinged");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn coupons_know_dates_and_fields_cut_what_lies_inside() {
    let lab = Lab::of(1).await;
    let all: u64 = lab.get(1, "coupons?per_page=1").await.header("x-wp-total").parse().unwrap();
    assert!(all > 0);
    let none = lab.get(1, "coupons?modified_after=2099-01-01T00:00:00&dates_are_gmt=true").await;
    assert_eq!(none.text, "[]");
    let links = lab.get(1, "orders?per_page=1&_fields=id,_links.self,line_items.sku").await.json();
    assert_eq!(links[0].as_object().unwrap().len(), 3);
    assert_eq!(links[0]["_links"].as_object().unwrap().keys().collect::<Vec<_>>(), ["self"]);
    assert_eq!(links[0]["line_items"], json!([]), "names do not reach into lists");
    let plain = lab.get(1, "products?per_page=1&_fields=id,%20status").await.json();
    assert_eq!(plain[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "status"]);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_variable_product_is_made_with_attributes_of_its_own_and_shared_ones_and_pictures_by_id() {
    let lab = Lab::of(1).await;
    let sent = json!({"name": "Shirt", "type": "variable", "description": "One\ntwo\n\nthree", "images": [{"id": 7}],
        "attributes": [{"id": 1, "name": "Color", "options": ["Red", "Pink"], "variation": true},
            {"name": "Cut", "options": ["Slim", "Wide"], "variation": true}, {"name": "Care", "options": ["Cold"]}],
        "meta_data": [{"key": "_made_by", "value": "x"}]});
    let (path, made) = a_product(&lab, sent).await;
    assert_eq!((&made["type"], &made["images"][0]["id"]), (&json!("variable"), &json!(7)));
    assert_eq!(made["description"], "One\ntwo\n\nthree", "who writes is answered as an editor is");
    let shown = lab.get(1, &path).await.json();
    assert_eq!(shown["description"], "<p>One<br />\ntwo</p>\n<p>three</p>\n");
    let typed = lab.get(1, &format!("{path}?context=edit")).await.json();
    assert_eq!(typed["description"], made["description"]);
    assert_eq!(made["meta_data"][0]["key"], "_made_by");
    let told: Vec<(&Value, &Value)> =
        made["attributes"].as_array().unwrap().iter().map(|one| (&one["options"], &one["variation"])).collect();
    let (red, cuts, care) = (json!(["Red"]), json!(["Slim", "Wide"]), json!(["Cold"]));
    assert_eq!(told, [(&red, &json!(true)), (&cuts, &json!(true)), (&care, &json!(false))]);

    let sent = json!({"attributes": [{"id": 1, "option": "Red"}, {"name": "Cut", "option": "Wide"},
        {"name": "Care", "option": "Cold"}]});
    let variation = lab.rest(1, "POST", &format!("{path}/variations"), Some(sent)).await.json();
    assert_eq!(variation["name"], "Red, Wide", "only what variations choose among is chosen");
    lab.fleet.stop().await;
}
