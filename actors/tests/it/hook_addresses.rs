//! Where a store's webhooks deliver to, and what they sign with.

use anyhow::{Result, ensure};
use secrecy::SecretString;
use storewire_actors::ConnectStore;
use storewire_db::stores::secret;
use storewire_domain::delivery::TOPICS;
use storewire_guard::seal::SealContext;

use crate::{house::House, shop, webhooks::hears_of_a_sale};

#[actix_web::test]
async fn fault_05_every_store_has_a_secret_of_its_own_also_when_an_empty_one_was_given() -> Result<()> {
    let house = House::open(2).await?;
    let shop = house.shop(1);
    let wanted = ConnectStore {
        tenant_id: house.tenant,
        url: shop.home_url,
        consumer_key: SecretString::from(shop.consumer_key),
        consumer_secret: SecretString::from(shop.consumer_secret),
        allow_plain_http: false,
        name: None,
        webhook_token: None,
        webhook_secret: Some(SecretString::from("")),
    };
    let first = house.engine().connect_store(wanted).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    let second = house.import(2).await?;
    let sql = "SELECT sealed FROM store_secret WHERE store_id = $1 AND kind = 'webhook_secret' AND retired_at IS NULL";
    let mut secrets = Vec::new();
    for store in [first, second] {
        let sealed: Vec<u8> = house.admin.query_one(sql, &[&store.uuid()]).await?.try_get(0)?;
        let place = SealContext { tenant: house.tenant.uuid(), store: store.uuid(), column: secret::WEBHOOK_SECRET };
        let secret = house.keyring.open(&place, &sealed).map_err(|error| anyhow::anyhow!("{error}"))?;
        // 256 bits as text.
        ensure!(secret.len() >= 43, "a secret of {} characters", secret.len());
        secrets.push(secret.to_vec());
    }
    ensure!(secrets[0] != secrets[1], "two stores have one secret");
    house.until("the first is live", || async { Ok(house.row(first).await?.state.as_str() == "live") }).await?;
    hears_of_a_sale(&house, first).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_08_every_webhook_delivers_to_the_public_url_and_the_stores_token() -> Result<()> {
    let house = House::open(1).await?;
    shop::import_with_known_secret(&house, 1).await?;
    let wanted = format!("{}hooks/woo/{}", house.config.public_url, shop::TOKEN);
    let hooks = shop::webhooks(&house, 1)?;
    ensure!(hooks.len() == TOPICS.len() && hooks.iter().all(|hook| hook["delivery_url"] == *wanted), "{hooks:?}");
    house.close().await;
    Ok(())
}
