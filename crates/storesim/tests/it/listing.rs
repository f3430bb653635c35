//! Lists: dates, pages, states and what differs between the storages.

use serde_json::json;
use storesim::FleetConfig;

use crate::client::Lab;

async fn big() -> Lab {
    Lab::start(FleetConfig { stores: 2, orders_per_store: 60, ..FleetConfig::default() }).await
}

#[tokio::test]
async fn pages_hold_every_order_once_and_link_to_each_other() {
    let lab = big().await;
    let mut seen = Vec::new();
    for page in 1..=7 {
        let answer = lab.get(1, &format!("orders?per_page=10&page={page}&orderby=id&order=asc")).await;
        seen.extend(answer.ids());
        assert_eq!(
            answer.header("link").contains("rel=\"next\""),
            page * 10 < answer.header("x-wp-total").parse().unwrap(),
            "{page}"
        );
    }
    let all: serde_json::Value = serde_json::from_str(&lab.fleet.truth(1, "orders").unwrap()).unwrap();
    let expected: Vec<u64> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["status"] != "trash")
        .map(|one| one["id"].as_u64().unwrap())
        .collect();
    assert_eq!(seen, expected);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn past_the_end_hpos_forgets_the_total_and_posts_do_not() {
    let lab = big().await;
    let hpos = lab.get(1, "orders?per_page=100&page=99").await;
    assert_eq!((hpos.text.as_str(), hpos.header("x-wp-total"), hpos.header("x-wp-totalpages")), ("[]", "0", "0"));
    assert!(hpos.header("link").contains("page=0&status%5B0%5D=any>; rel=\"prev\""), "{}", hpos.header("link"));
    let posts = lab.get(2, "orders?per_page=100&page=99").await;
    assert_eq!((posts.text.as_str(), posts.header("x-wp-totalpages")), ("[]", "1"));
    assert!(posts.header("x-wp-total").parse::<u64>().unwrap() > 50);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn modified_after_is_strict_and_only_one_form_of_date_is_right_with_the_flag() {
    let lab = big().await;
    for index in [1, 2] {
        let rows = lab.get(index, "orders?orderby=modified&order=asc&per_page=100").await.json();
        let rows = rows.as_array().unwrap();
        let moment = rows[rows.len() / 2]["date_modified_gmt"].as_str().unwrap().to_owned();
        let later =
            rows.iter().filter(|one| one["date_modified_gmt"].as_str().unwrap() > moment.as_str()).count().to_string();
        let count = async |query: String| {
            lab.get(index, &format!("orders?per_page=1&{query}")).await.header("x-wp-total").to_owned()
        };
        assert_eq!(count(format!("modified_after={moment}&dates_are_gmt=true")).await, later, "store {index}");
        assert_eq!(count(format!("modified_after={moment}Z")).await, later, "store {index}");
        assert_eq!(count(format!("modified_after={moment}%2B00:00")).await, later, "store {index}");
        let bare_plus = lab.get(index, &format!("orders?modified_after={moment}+00:00")).await;
        assert_eq!(bare_plus.status, 400, "an unescaped plus is a space");
    }
    // East of Greenwich the wrong form loses what is newer than the offset.
    let order = lab.fleet.buy(2, None, 1).unwrap();
    let bought = lab.get(2, &format!("orders/{order}")).await.json()["date_modified_gmt"].as_str().unwrap().to_owned();
    let minute_before: jiff::civil::DateTime =
        bought.parse::<jiff::civil::DateTime>().unwrap() - jiff::Span::new().minutes(1);
    let wrong = lab.get(2, &format!("orders?modified_after={minute_before}Z&dates_are_gmt=true")).await;
    assert_eq!(wrong.text, "[]");
    let right = lab.get(2, &format!("orders?modified_after={minute_before}&dates_are_gmt=true")).await;
    assert!(right.ids().contains(&order));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn any_never_holds_the_trash() {
    let lab = big().await;
    let order = lab.get(1, "orders?per_page=1").await.ids()[0];
    assert_eq!(lab.rest(1, "DELETE", &format!("orders/{order}"), None).await.status, 200);
    for status in ["any", "any,trash"] {
        assert!(!lab.get(1, &format!("orders?per_page=100&status={status}")).await.ids().contains(&order), "{status}");
    }
    assert!(lab.get(1, "orders?status=trash").await.ids().contains(&order));
    let again = lab.rest(1, "DELETE", &format!("orders/{order}"), None).await;
    assert_eq!((again.status, again.code().as_str()), (410, "woocommerce_rest_already_trashed"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn fields_include_and_customers_without_dates() {
    let lab = big().await;
    let some = lab.get(1, "orders?per_page=3&_fields=id,billing.email").await.json();
    assert_eq!(some[0].as_object().unwrap().len(), 2);
    assert_eq!(some[0]["billing"].as_object().unwrap().len(), 1);
    let two: Vec<u64> = some.as_array().unwrap().iter().take(2).map(|one| one["id"].as_u64().unwrap()).collect();
    let picked = lab.get(1, &format!("orders?include={},{},999999&orderby=include", two[1], two[0])).await;
    assert_eq!(picked.ids(), [two[1], two[0]]);
    let all = lab.get(1, "customers").await.header("x-wp-total").to_owned();
    let filtered = lab.get(1, "customers?modified_after=2099-01-01T00:00:00&dates_are_gmt=true").await;
    assert_eq!(filtered.header("x-wp-total"), all, "the filter is ignored without a word");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn the_collections_of_all_exist_on_new_versions_only() {
    let lab = big().await;
    for path in ["variations", "refunds"] {
        assert_eq!(lab.get(1, path).await.status, 200, "{path}");
        assert_eq!(lab.get(2, path).await.code(), "rest_no_route", "{path}");
    }
    let status = lab.get(2, "system_status").await.json();
    assert_eq!(
        (status["environment"]["version"].as_str(), status["settings"]["HPOS_enabled"].as_bool()),
        (Some("8.9.3"), Some(false))
    );
    assert_eq!(lab.get(2, "data/currencies/current").await.json()["code"], json!("TRY"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn related_ids_differ_from_call_to_call() {
    let lab = Lab::start(FleetConfig { stores: 1, products_per_store: 60, ..FleetConfig::default() }).await;
    let id = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        seen.insert(lab.get(1, &format!("products/{id}?_fields=related_ids")).await.text);
    }
    assert!(seen.len() > 1);
    lab.fleet.stop().await;
}
