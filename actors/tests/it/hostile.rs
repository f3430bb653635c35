//! Stores that answer something else than asked for: what it does to their state, to our requests, and to our copy.

use std::{net::TcpListener, time::Duration};

use anyhow::{Context as _, Result, ensure};
use secrecy::SecretString;
use storesim::{Faults, FleetConfig, Redirect, ShopSettings};
use storewire_actors::ConnectStore;
use storewire_domain::{AuthScheme, StoreId};

use crate::house::House;

async fn stands(house: &House, store: StoreId, state: &str, reason: Option<&str>) -> Result<()> {
    house
        .until(&format!("it stands at {state} {reason:?}"), || async {
            let row = house.row(store).await?;
            Ok(row.state.as_str() == state && row.state_reason.as_deref() == reason)
        })
        .await
}

async fn checkpoints(house: &House, store: StoreId) -> Result<Vec<String>> {
    let sql = "SELECT position::text FROM checkpoint WHERE store_id = $1 ORDER BY resource, listing";
    let rows = house.admin.query(sql, &[&store.uuid()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

#[actix_web::test]
async fn b3_a_page_that_is_no_json_moves_no_checkpoint_and_ends_nothing() -> Result<()> {
    for (faults, state, reason) in [
        (Faults { html_200: true, ..Faults::default() }, "needs_attention", "blocked"),
        (Faults { empty_200: true, ..Faults::default() }, "degraded", "maintenance"),
        (Faults { truncate_json: true, ..Faults::default() }, "degraded", "bad_json"),
    ] {
        let house = House::open(1).await?;
        let store = house.import(1).await?;
        house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..faults });
        stands(&house, store, state, Some(reason)).await?;
        let known = checkpoints(&house, store).await?;
        house.fleet.buy(1, None, 1).context("something is for sale")?;
        let asked = house.fleet.calls(1).len();
        house.until("it is tried again", || async { Ok(house.fleet.calls(1).len() > asked + 1) }).await?;
        ensure!(checkpoints(&house, store).await? == known, "{reason}: a checkpoint moved");
        house.fleet.set_faults(1, Faults::default());
        stands(&house, store, "live", None).await?;
        house.converges().await?;
        ensure!(house.count("SELECT count(*) FROM dead_letter", &[]).await? == 0, "{reason}: something was set aside");
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn b1_a_store_that_fails_now_and_then_has_no_innocent_row_set_aside() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        // Each row is a page of its own, and asked for all the time.
        (config.page_size, config.sweep_interval) = (1, Duration::from_millis(100));
    })
    .await?;
    house.import(1).await?;
    house.fleet.set_faults(1, Faults { status_500_part: 0.5, ..Faults::default() });
    house
        .until("much has failed", || async {
            Ok(house.fleet.calls(1).iter().filter(|call| call.status == 500).count() > 150)
        })
        .await?;
    house.fleet.set_faults(1, Faults::default());
    house.converges().await?;
    let sql = "SELECT coalesce(string_agg(concat_ws(' ', origin, topic, remote_id, cause, reason), '; '), '') FROM dead_letter";
    let blamed: String = house.admin.query_one(sql, &[]).await?.try_get(0)?;
    ensure!(blamed.is_empty(), "set aside: {blamed}");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b3_an_empty_list_of_refunds_does_not_pass_for_the_refunds_of_an_order() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 40, products_per_store: 6, ..FleetConfig::default() };
    let house = House::with(fleet, |_| ()).await?;
    house.import(1).await?;
    house.converges().await?;
    // As after an order that named its refunds, before they were read.
    let forget = "WITH forgotten AS (UPDATE order_refund SET lines = '[]', created_at = NULL RETURNING tenant_id, order_id)
        INSERT INTO recheck (tenant_id, store_id, kind, remote_id, reason, source, wanted_at, due_at)
        SELECT DISTINCT o.tenant_id, o.store_id, 'refunds', o.remote_id, 'lines', 'pull', now(), now() + interval '1 second'
        FROM forgotten f JOIN orders o ON o.tenant_id = f.tenant_id AND o.id = f.order_id";
    house.fleet.set_faults(1, Faults { empty_list: true, ..Faults::default() });
    ensure!(house.admin.execute(forget, &[]).await? > 0, "no order was refunded");
    let tried = "SELECT count(*) FROM recheck WHERE kind = 'refunds' AND attempts = 0";
    house.count_is(tried, &[], 0).await?;
    house.fleet.set_faults(1, Faults::default());
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b3_json_behind_a_notice_or_a_mark_is_read_and_people_are_told() -> Result<()> {
    for faults in [Faults { junk_before_json: true, ..Faults::default() }, Faults { bom: true, ..Faults::default() }] {
        let house = House::open(1).await?;
        let store = house.import(1).await?;
        house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..faults });
        let before = house.row(store).await?.orders;
        house.fleet.buy(1, None, 1).context("something is for sale")?;
        stands(&house, store, "live", Some("dirty")).await?;
        house.until("the sale is read", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
        house.fleet.set_faults(1, Faults::default());
        stands(&house, store, "live", None).await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn a_record_that_the_database_refuses_is_set_aside_and_holds_up_nobody() -> Result<()> {
    let house = House::with(FleetConfig { stores: 1, ..FleetConfig::default() }, |config| {
        (config.delivery_attempts, config.recheck_attempts) = (2, 2);
    })
    .await?;
    let store = house.import(1).await?;
    // No such record is known: a rule of the laboratory's own stands for it.
    let rule = "ALTER TABLE product ADD CONSTRAINT laboratory CHECK (name <> 'Unbearable') NOT VALID";
    house.admin.batch_execute(rule).await?;
    let refused = house.admin.query_one("SELECT remote_id FROM product WHERE kind = 'simple' LIMIT 1", &[]).await?;
    let id: u64 = refused.try_get::<_, String>(0)?.parse()?;
    let edit = serde_json::json!({"kind": "products", "ids": [id], "fields": {"name": "Unbearable"}});
    house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let letters = "SELECT count(DISTINCT origin) FROM dead_letter WHERE cause = 'crashed' AND resolved_at IS NULL";
    house.count_is(letters, &[], 2).await?;
    let before = house.row(store).await?.orders;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.until("a sale arrives", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
    house.count_is("SELECT count(*) FROM inbox WHERE state = 'pending'", &[], 0).await?;
    let pulled =
        "SELECT count(*) FROM checkpoint WHERE resource = 'products' AND position < now() - interval '1 minute'";
    house.count_is(pulled, &[], 0).await?;

    house.admin.batch_execute("ALTER TABLE product DROP CONSTRAINT laboratory").await?;
    house.fleet.sim("POST", "stores/1/edit", &edit).await;
    house.converges().await?;
    house.close().await;
    Ok(())
}

/// A name of so many characters that no two are alike, so that it cannot be packed.
fn endless_name() -> String {
    (0..20_000_u32).filter_map(|n| char::from_u32(0x4E00 + n * 7_919 % 20_000)).collect()
}

#[actix_web::test]
async fn a_name_that_no_index_can_hold_is_kept_and_holds_up_nobody() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let name = endless_name();
    for (kind, field) in [("customers", "last_name"), ("products", "name")] {
        let edit = serde_json::json!({"kind": kind, "fields": {field: name}});
        house.fleet.sim("POST", "stores/1/edit", &edit).await;
    }
    let held = "SELECT count(*) FROM customer WHERE store_id = $1 AND char_length(name) = 500";
    house.until("the customer is kept", || async { Ok(house.count(held, &[&store.uuid()]).await? > 0) }).await?;
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND name = $2";
    house.until("the product is kept", || async { Ok(house.count(held, &[&store.uuid(), &name]).await? > 0) }).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

/// When what was asked after a store was found to need a person, five times at least.
async fn tries(house: &House, store: StoreId, faults: Faults, reason: &str) -> Result<Vec<(i64, String)>> {
    house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..faults });
    stands(house, store, "needs_attention", Some(reason)).await?;
    let asked = house.fleet.calls(1).len();
    house.until("it is tried again", || async { Ok(house.fleet.calls(1).len() >= asked + 5) }).await?;
    Ok(house.fleet.calls(1).split_off(asked).into_iter().map(|call| (call.at_ms, call.path)).collect())
}

#[actix_web::test]
async fn b4_what_a_person_must_mend_is_named_and_tried_once_an_interval() -> Result<()> {
    for (faults, reason) in [
        (Faults { status_401: true, ..Faults::default() }, "auth_not_reaching"),
        (Faults { wrong_secret: true, ..Faults::default() }, "auth_rejected"),
        (Faults { no_route: true, ..Faults::default() }, "not_woocommerce"),
        (Faults { html_403: true, ..Faults::default() }, "blocked"),
    ] {
        let house = House::open(1).await?;
        let store = house.import(1).await?;
        let interval = i64::try_from(house.config.attention_interval.as_millis())?;
        let times = tries(&house, store, faults, reason).await?;
        for pair in times.windows(2) {
            ensure!(pair[1].0 - pair[0].0 >= interval * 9 / 10, "{reason}: tried at {times:?}");
        }
        house.fleet.set_faults(1, Faults::default());
        stands(&house, store, "live", None).await?;
        house.converges().await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn b4_a_user_who_lost_every_right_costs_each_duty_one_try_an_interval() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let interval = i64::try_from(house.config.attention_interval.as_millis())?;
    let times = tries(&house, store, Faults { forbidden: true, ..Faults::default() }, "forbidden").await?;
    for window in times.windows(4) {
        // Three duties ask by themselves: webhooks, pull, sweep.
        ensure!(window[3].0 - window[0].0 >= interval * 9 / 10, "tried at {times:?}");
    }
    house.fleet.set_faults(1, Faults::default());
    stands(&house, store, "live", None).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b5_a_redirect_is_never_followed_and_people_are_told_where_it_leads() -> Result<()> {
    let elsewhere = TcpListener::bind("127.0.0.1:0")?;
    elsewhere.set_nonblocking(true)?;
    let elsewhere_at = format!("https://{}", elsewhere.local_addr()?);
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let home = house.shop(1).home_url;
    for (to, status) in [
        (elsewhere_at.as_str(), 301),
        (elsewhere_at.as_str(), 308),
        ("http://169.254.169.254/latest", 302),
        (home.as_str(), 307),
    ] {
        let redirect_to = Some(Redirect { to: to.to_owned(), status });
        let asked = house.fleet.calls(1).len();
        house.fleet.set_faults(1, Faults { redirect_to, drop_webhooks: 1.0, ..Faults::default() });
        stands(&house, store, "needs_attention", Some("moved")).await?;
        let told = house.row(store).await?.last_error.unwrap_or_default();
        ensure!(told.contains(to.trim_end_matches('/')), "{told}");
        ensure!(!told.contains("consumer_") && !told.contains("ck_"), "{told}");
        let followed: Vec<_> =
            house.fleet.calls(1).split_off(asked).into_iter().filter(|call| call.status == 200).collect();
        ensure!(followed.iter().all(|call| call.fault.is_none()), "{followed:?}");
        house.fleet.set_faults(1, Faults::default());
        stands(&house, store, "live", None).await?;
    }
    ensure!(elsewhere.accept().is_err(), "something came to where it leads");
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn keys_that_no_longer_reach_a_store_are_sent_another_way_without_a_person() -> Result<()> {
    for (faults, auth) in [
        (Faults { drops_authorization: true, ..Faults::default() }, AuthScheme::Query),
        (Faults { is_ssl_blind: true, ..Faults::default() }, AuthScheme::OAuthPlain),
    ] {
        let house = House::open(1).await?;
        let store = house.import(1).await?;
        ensure!(house.row(store).await?.auth == AuthScheme::Basic);
        house.fleet.set_faults(1, faults);
        house.until("another way is found", || async { Ok(house.row(store).await?.auth == auth) }).await?;
        let before = house.row(store).await?.orders;
        house.fleet.buy(1, None, 1).context("something is for sale")?;
        house.until("it is read", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
        stands(&house, store, "live", None).await?;
        ensure!(house.diary(store, "needs_attention").await?.is_empty(), "a person was asked");
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn a_rest_root_that_moved_on_its_host_is_found_again_without_a_person() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let root = house.row(store).await?.rest_root;
    house.stop().await;
    let moved = root.replace("wp-json", "old-json");
    house.admin.execute("UPDATE store SET rest_root = $2 WHERE id = $1", &[&store.uuid(), &moved]).await?;
    house.start();
    house.until("it is found", || async { Ok(house.row(store).await?.rest_root == root) }).await?;
    stands(&house, store, "live", None).await?;

    // A store that fails just when it is looked at has told nothing.
    house.stop().await;
    house.admin.execute("UPDATE store SET rest_root = $2 WHERE id = $1", &[&store.uuid(), &moved]).await?;
    house.fleet.set_faults(1, Faults { status_500_part: 1.0, ..Faults::default() });
    house.start();
    stands(&house, store, "degraded", Some("overloaded")).await?;
    house.fleet.set_faults(1, Faults::default());
    house.until("it is found", || async { Ok(house.row(store).await?.rest_root == root) }).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_store_without_tls_is_connected_by_explicit_choice_only_and_its_keys_are_never_sent() -> Result<()> {
    let settings = ShopSettings { is_plain: Some(true), ..ShopSettings::default() };
    let fleet = FleetConfig {
        stores: 1,
        orders_per_store: 4,
        products_per_store: 3,
        shops: vec![settings],
        ..FleetConfig::default()
    };
    let house = House::with(fleet, |_| ()).await?;
    let shop = house.shop(1);
    ensure!(shop.home_url.starts_with("http://"), "{}", shop.home_url);
    let wanted = |allow_plain_http| ConnectStore {
        tenant_id: house.tenant,
        url: shop.home_url.clone(),
        consumer_key: SecretString::from(shop.consumer_key.clone()),
        consumer_secret: SecretString::from(shop.consumer_secret.clone()),
        allow_plain_http,
        name: None,
        webhook_token: None,
        webhook_secret: None,
    };
    let refused = house.engine().connect_store(wanted(false)).await;
    ensure!(refused.is_err_and(|error| error.code() == "url_plaintext"));
    let store = house.engine().connect_store(wanted(true)).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    let row = house.row(store).await?;
    ensure!(row.plain_http && row.auth == AuthScheme::OAuth, "{:?}", row.auth);
    stands(&house, store, "live", None).await?;
    house.converges().await?;
    // The journal leaves out keys; what is left of a signature shows that it was one.
    ensure!(house.fleet.calls(1).iter().all(|call| !call.path.contains(&shop.consumer_secret)));
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_key_that_may_only_read_leaves_reading_alone() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    house.fleet.set_faults(1, Faults { read_only_key: true, ..Faults::default() });
    let before = house.row(store).await?.orders;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.until("it is read", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
    let asked = house.fleet.calls(1).len();
    let several = asked + 10;
    house.until("it goes on being read", || async { Ok(house.fleet.calls(1).len() > several) }).await?;
    ensure!(house.row(store).await?.state.as_str() == "live");
    ensure!(house.config.attention_interval < Duration::from_secs(60));
    house.close().await;
    Ok(())
}
