//! Webhooks that heal: found out of order, made anew, and made up for by reading.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::Faults;
use storewire_domain::{StoreId, UserId, delivery::TOPICS};
use storewire_guard::signature;

use crate::{
    house::House,
    shop::{self, Poster, SECRET},
};

/// Whether a shop has exactly one active webhook per topic, all of them ours.
fn is_in_order(house: &House, number: usize) -> Result<bool> {
    let hooks = shop::webhooks(house, number)?;
    let public = house.config.public_url.as_str();
    let is_ours = |hook: &Value| hook["delivery_url"].as_str().is_some_and(|url| url.starts_with(public));
    let topics_once = TOPICS.iter().all(|topic| hooks.iter().filter(|hook| hook["topic"] == *topic).count() == 1);
    Ok(topics_once && hooks.iter().all(|hook| hook["status"] == "active" && is_ours(hook)))
}

async fn heals(house: &House, store: StoreId) -> Result<Value> {
    house.until("webhooks are in order", || async { is_in_order(house, 1) }).await?;
    let open = "SELECT count(*) FROM webhook_gap WHERE store_id = $1 AND closed_at IS NULL";
    house.until("a gap was told of", || async { Ok(!house.diary(store, "webhooks_healed").await?.is_empty()) }).await?;
    house.count_is(open, &[&store.uuid()], 0).await?;
    house.diary(store, "webhooks_healed").await?.pop().context("an entry")
}

/// A sale reaches us by a webhook again.
pub async fn hears_of_a_sale(house: &House, store: StoreId) -> Result<()> {
    let sql = "SELECT count(*) FROM change WHERE store_id = $1 AND source = 'webhook' AND kind = 'order.created'";
    let before = house.count(sql, &[&store.uuid()]).await?;
    // A pull may well be quicker for one of them.
    house
        .until("a sale is heard of", || async {
            house.fleet.buy(1, None, 1).context("something is for sale")?;
            Ok(house.count(sql, &[&store.uuid()]).await? > before)
        })
        .await
}

#[actix_web::test]
async fn a12_a_hook_that_the_store_disabled_is_found_remade_and_its_gap_filled() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let before = house.row(store).await?.orders;
    house.stop().await;
    // Nobody takes anything: WooCommerce gives a webhook up at the seventh failure in a row.
    let ids: Vec<u64> = (0..9).filter_map(|_| house.fleet.buy(1, None, 1)).collect();
    ensure!(ids.len() == 9, "not enough was for sale");
    house.fleet.quiesce().await;
    let disabled = shop::webhooks(&house, 1)?.iter().filter(|hook| hook["status"] == "disabled").count();
    ensure!(disabled > 0, "no webhook was switched off");

    house.start();
    let told = heals(&house, store).await?;
    ensure!(told["cause"] == "disabled" && told["orders"].as_i64() >= Some(9), "{told}");
    ensure!(house.row(store).await?.orders == before + 9, "not every sale was recovered");
    house.converges().await?;
    hears_of_a_sale(&house, store).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn hooks_that_are_deleted_paused_moved_or_doubled_are_put_in_order() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let id = |topic| shop::webhook(&house, 1, topic);
    let path = |id: u64| format!("webhooks/{id}");
    let old_address = shop::door(&house, "x").replace("127.0.0.1", "old.example");
    let token = shop::webhooks(&house, 1)?[0]["delivery_url"]
        .as_str()
        .and_then(|url| url.rsplit('/').next().map(str::to_owned));
    let moved_to = old_address.replace("/x", &format!("/{}", token.context("a token")?));

    shop::pull(&house, 1, "DELETE", &path(id("order.created")?), Value::Null).await?;
    shop::pull(&house, 1, "POST", &path(id("order.updated")?), json!({ "status": "paused" })).await?;
    shop::pull(&house, 1, "POST", &path(id("product.updated")?), json!({ "delivery_url": moved_to })).await?;
    shop::pull(&house, 1, "POST", &format!("{}/duplicate", path(id("customer.updated")?)), Value::Null).await?;

    let told = heals(&house, store).await?;
    ensure!(told["causes"] == json!(["deleted", "paused", "moved"]), "{told}");
    ensure!(told["topics"] == 3, "a doubled webhook is no gap: {told}");
    hears_of_a_sale(&house, store).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_store_that_was_just_connected_has_missed_nothing() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    ensure!(is_in_order(&house, 1)?, "webhooks are not in order");
    ensure!(house.count("SELECT count(*) FROM webhook_gap", &[]).await? == 0, "a gap before anything could be missed");
    ensure!(house.diary(store, "webhooks_healed").await?.is_empty());
    ensure!(house.diary(store, "imported").await?.len() == 1, "{:?}", house.tell().await);
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn after_a_restored_backup_the_hooks_of_later_are_replaced_and_the_gap_is_filled() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    house.stop().await;
    // The rows are those of before the webhooks were last made.
    house
        .admin
        .execute("UPDATE store_webhook SET remote_id = '9' || remote_id WHERE store_id = $1", &[&store.uuid()])
        .await?;
    house.start();
    let told = heals(&house, store).await?;
    ensure!(told["cause"] == "unknown" && told["topics"] == TOPICS.len(), "{told}");
    hears_of_a_sale(&house, store).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a11_while_a_secret_is_exchanged_both_are_good_and_a_revoked_one_is_not() -> Result<()> {
    let house = House::open(1).await?;
    let store = shop::import_with_known_secret(&house, 1).await?;
    let poster = Poster::of(&house, 1);
    let before = shop::webhooks(&house, 1)?;
    let row = house.row(store).await?;
    house.engine().rotate_webhook_secret(&row, person(&house).await?).await?;

    ensure!(poster.post("order.updated", r#"{"id":999999}"#).await? == 200, "the secret of before was refused at once");
    let current = "SELECT count(*) FROM store_webhook hook WHERE secret_id = (SELECT id FROM store_secret
        WHERE store_secret.store_id = hook.store_id AND kind = 'webhook_secret' AND retired_at IS NULL)";
    house.count_is(current, &[], i64::try_from(TOPICS.len())?).await?;
    ensure!(ids(&before) == ids(&shop::webhooks(&house, 1)?), "webhooks were made anew, and what was queued is lost");
    hears_of_a_sale(&house, store).await?;
    ensure!(house.count("SELECT count(*) FROM webhook_gap", &[]).await? == 0, "an exchange is no gap");

    let retire = "UPDATE store_secret SET retired_at = retired_at - interval '25 hours' WHERE retired_at IS NOT NULL";
    house.admin.execute(retire, &[]).await?;
    house.stop().await;
    house.start();
    // Intake reads every token when it starts.
    house
        .until("the secret of before is refused", || async {
            Ok(poster.post("order.updated", r#"{"id":999999}"#).await? == 401)
        })
        .await?;
    house.close().await;
    Ok(())
}

fn ids(hooks: &[Value]) -> Vec<&Value> {
    hooks.iter().map(|hook| &hook["id"]).collect()
}

/// Somebody of the platform.
async fn person(house: &House) -> Result<UserId> {
    let id = uuid::Uuid::now_v7();
    let sql = "INSERT INTO app_user (id, email, name, password_hash, platform_role, created_at)
        VALUES ($1, $2, 'Ada', 'x', 'platform_admin', now())";
    house.admin.execute(sql, &[&id, &format!("{id}@example.com")]).await?;
    Ok(UserId(id))
}

#[actix_web::test]
async fn hooks_whose_owner_lost_access_are_made_anew_with_our_keys_and_the_pull_goes_on() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let before = shop::webhooks(&house, 1)?;
    // It worked for a while: only then does another owner help.
    let a_while = "SELECT count(*) FROM store_webhook WHERE registered_at < now() - interval '2 seconds'";
    house.count_is(a_while, &[], i64::try_from(TOPICS.len())?).await?;
    house.fleet.set_faults(1, Faults { error_object_webhooks: 1.0, ..Faults::default() });
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.until("webhooks are made anew", || async { Ok(ids(&before) != ids(&shop::webhooks(&house, 1)?)) }).await?;
    let told = heals(&house, store).await?;
    ensure!(told["cause"] == "owner", "{told}");
    house.converges().await?;

    // Our own keys' user has lost them too: making webhooks anew would not help, and people are told.
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    let reason = "SELECT count(*) FROM store WHERE state = 'live' AND state_reason = 'webhook_owner'";
    house.count_is(reason, &[], 1).await?;
    house.converges().await?;
    ensure!(house.diary(store, "webhook_owner").await?.len() == 1);
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn sales_that_no_webhook_tells_of_are_noticed() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..Faults::default() });
    for _ in 0..6 {
        house.fleet.buy(1, None, 1).context("something is for sale")?;
    }
    // The walk that follows an import may have found the first ones: only what a pull finds shows that webhooks are silent.
    let looks = std::cell::Cell::new(0_u32);
    house
        .until("the silence is told of", || {
            looks.set(looks.get() + 1);
            if looks.get().is_multiple_of(50) {
                let _ = house.fleet.buy(1, None, 1);
            }
            async { Ok(!house.diary(store, "webhooks_missed").await?.is_empty()) }
        })
        .await?;
    let silent = "SELECT count(*) FROM store WHERE state_reason = 'webhooks_silent'";
    house.count_is(silent, &[], 1).await?;
    house.fleet.set_faults(1, Faults::default());
    hears_of_a_sale(&house, store).await?;
    house.count_is(silent, &[], 0).await?;
    ensure!(house.diary(store, "webhooks_missed").await?.len() == 1, "told more than once");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a4_a_copy_of_the_site_is_quarantined_until_a_person_says_that_it_is_the_store() -> Result<()> {
    let house = House::open(1).await?;
    let store = shop::import_with_known_secret(&house, 1).await?;
    let poster = Poster::of(&house, 1);
    let copy = house.fleet.copy_store(1).context("a copy")?;
    let order = house.fleet.buy(2, None, 1).context("something is for sale in the copy")?;
    let letters = "SELECT count(*) FROM dead_letter WHERE cause = 'foreign_source' AND resolved_at IS NULL";
    house.until("what the copy sends is set aside", || async { Ok(house.count(letters, &[]).await? > 0) }).await?;
    house.fleet.quiesce().await;
    house.converges().await?;
    let held = "SELECT count(*) FROM orders WHERE remote_id = $1";
    ensure!(house.count(held, &[&order.to_string()]).await? == 0, "an order of the copy is in the store");
    ensure!(house.diary(store, "clone_suspected").await?.len() == 1, "told once a day");
    house.count_is("SELECT count(*) FROM alert WHERE kind = 'clone' AND ended_at IS NULL", &[], 1).await?;

    // Spelled otherwise it is the same store.
    let home = house.shop(1).home_url.replace("https://", "HTTP://");
    let body = r#"{"id":424242}"#;
    ensure!(
        poster.post_as("order.deleted", body, &signature::sign(body.as_bytes(), SECRET.as_bytes()), &home).await?
            == 200
    );
    let asked = "SELECT count(*) FROM inbox WHERE topic = 'order.deleted' AND reason = 'asked'";
    house.count_is(asked, &[], 1).await?;

    let row = house.row(store).await?;
    ensure!(house.engine().accept_source(&row, &copy.home_url, person(&house).await?).await?);
    house.count_is(letters, &[], 0).await?;
    house.count_is("SELECT count(*) FROM alert WHERE kind = 'clone' AND ended_at IS NULL", &[], 0).await?;
    house.until("it is applied", || async { Ok(house.count(held, &[&order.to_string()]).await? == 1) }).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_flood_of_made_up_tokens_does_not_make_a_true_one_wait() -> Result<()> {
    let house = House::open(1).await?;
    shop::import_with_known_secret(&house, 1).await?;
    let hooks = house.engine().hooks().clone();
    house.until("the token is known by heart", || async { Ok(hooks.find(shop::TOKEN).await?.is_some()) }).await?;
    let mut is_shed = false;
    for guess in 0..500 {
        is_shed |= hooks.find(&format!("made-up-{guess}")).await.is_err();
        ensure!(hooks.find(shop::TOKEN).await?.is_some(), "a true token waits after {guess} guesses");
    }
    ensure!(is_shed, "every guess was looked up");
    // Also for an engine that has just started, while the flood goes on.
    house.stop().await;
    house.start();
    let hooks = house.engine().hooks().clone();
    tokio::time::timeout(Duration::from_secs(10), async {
        let mut guess = 0_u32;
        while !matches!(hooks.find(shop::TOKEN).await, Ok(Some(_))) {
            guess += 1;
            let _ = hooks.find(&format!("made-up-again-{guess}")).await;
        }
    })
    .await?;
    house.close().await;
    Ok(())
}
