//! The testkit proves itself: its databases are separate and vanish, its captures are complete, its waiting ends.

mod fault_proxy;

use std::time::Duration;

use storewire_testkit::{TestDb, captures, start_fleet, wait_until};

#[tokio::test]
async fn each_test_has_a_migrated_database_of_its_own() {
    let (one, other) = (TestDb::create().await.unwrap(), TestDb::create().await.unwrap());
    let (one, other) = (one.admin().await.unwrap(), other.admin().await.unwrap());
    one.batch_execute("CREATE TABLE only_here (x int)").await.unwrap();
    let seen = other.query_one("SELECT to_regclass('only_here') IS NULL", &[]).await.unwrap();
    assert!(seen.get::<_, bool>(0));
    let tables = other.query_one("SELECT count(*) FROM pg_policies", &[]).await.unwrap();
    assert!(tables.get::<_, i64>(0) > 0, "the schema with its policies is there");
}

#[tokio::test]
async fn a_database_is_gone_when_its_test_is_over() {
    let watcher = TestDb::create().await.unwrap();
    let test = TestDb::create().await.unwrap();
    let name = test.admin_url().rsplit('/').next().unwrap().to_owned();
    let admin = watcher.admin().await.unwrap();
    let count = "SELECT count(*) FROM pg_database WHERE datname = $1";
    assert_eq!(admin.query_one(count, &[&name]).await.unwrap().get::<_, i64>(0), 1);
    drop(test);
    assert_eq!(admin.query_one(count, &[&name]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn waiting_ends_with_what_was_awaited() {
    let mut asked = 0;
    wait_until(Duration::from_secs(5), "three", || {
        asked += 1;
        std::future::ready(asked == 3)
    })
    .await
    .unwrap();
    let error = wait_until(Duration::from_millis(30), "the impossible", || std::future::ready(false)).await;
    assert!(error.unwrap_err().to_string().contains("the impossible"));
}

#[tokio::test]
async fn simulated_stores_listen_and_differ() {
    let fleet = start_fleet(2, None).await.unwrap();
    let stores = fleet.stores();
    assert_eq!(stores.len(), 2);
    assert_ne!(stores[0].consumer_secret, stores[1].consumer_secret);
    tokio::net::TcpStream::connect(fleet.addr()).await.unwrap();
    fleet.stop().await;
}

#[test]
fn all_captures_can_be_read() {
    let deliveries = captures::webhooks().unwrap();
    assert_eq!(deliveries.len(), 83);
    assert_eq!(deliveries.iter().filter(|delivery| delivery.secret.is_some()).count(), 81);
    for delivery in deliveries.iter().filter(|delivery| delivery.secret.is_some()) {
        assert_eq!(delivery.header("x-wc-webhook-topic"), Some(delivery.topic.as_str()));
        assert_eq!(delivery.header("content-length"), Some(delivery.body.len().to_string().as_str()));
    }
    let exchanges: Vec<_> = captures::rest_names().unwrap().iter().map(|name| captures::rest(name).unwrap()).collect();
    assert_eq!(exchanges.len(), 85);
    let page = captures::rest("orders-p2").unwrap();
    assert_eq!((page.status, page.header("x-wp-total")), (200, Some("319")));
    let broken = captures::rest("400-invalid-json").unwrap();
    assert_eq!((broken.method.as_str(), broken.request_body.as_str(), broken.status), ("PUT", "{\"status\": ", 400));
}
