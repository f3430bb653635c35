//! The texts of products: compared and proven as they were typed, whatever a shop shows in their place.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_domain::{Edit, IntentState, intent::TextField};

use super::Bench;

fn texts(fields: &[(TextField, &str)]) -> Edit {
    Edit::Text { fields: fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect() }
}

#[actix_web::test]
async fn texts_are_written_alone_and_proven_however_the_store_shows_them() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    let wanted = [(TextField::Name, "Tom's \"best\" mug"), (TextField::Long, "Hot & <b>strong</b>\nevery day\n\nBuy")];
    bench.carry_out(product, texts(&wanted)).await?;
    let shown = bench.record("products", product)?;
    ensure!(shown["name"] == "Tom's \"best\" mug", "{shown}");
    ensure!(shown["description"] == "<p>Hot & <b>strong</b><br />\nevery day</p>\n<p>Buy</p>\n", "{shown}");
    let [write] = bench.writes("product", product).try_into().ok().context("one write")?;
    ensure!(write.changed.keys().all(|name| ["name", "description"].contains(&name.as_str())), "{:?}", write.changed);
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND raw LIKE '%every day%'";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;

    let again = bench.carry_out(product, texts(&[(TextField::Long, "Hot & <b>strong</b> every day\nBuy")])).await?;
    ensure!(again.reason.as_deref() == Some("already") && again.attempts == 0, "{again:?}");

    // A description that changed in the shop is not written over, and is in our copy then.
    let edit = json!({"kind": "products", "ids": [product], "fields": {"description": "Cold"}, "silent": true});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let seen = json!({"description": "<p>Hot & <b>strong</b><br />\nevery day</p>\n<p>Buy</p>"});
    let wish = bench.propose(product, texts(&[(TextField::Long, "Warm")]), Some(seen)).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND raw LIKE '%Cold%'";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_a_shop_shows_in_the_place_of_a_shortcode_is_never_written_for_it() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    let description = |text: &str| texts(&[(TextField::Long, text)]);
    // It is proven although visitors see something else, and what they see is in our copy.
    bench.carry_out(product, description("Open [opening_hours]")).await?;
    let shown = bench.record("products", product)?["description"].clone();
    ensure!(shown.as_str().is_some_and(|shown| shown.contains("<table>")), "{shown}");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND raw LIKE '%<table>%'";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;

    let seen = json!({"description": shown});
    let wish = bench.propose(product, description("Open <b>daily</b>"), Some(seen)).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(failed.result == Some(json!({"description": "Open [opening_hours]"})), "{failed:?}");
    ensure!(bench.writes("product", product).len() == 1, "{:?}", bench.writes("product", product));

    // Who has seen the shortcode writes around it.
    let wish = bench.propose(product, description("Daily [opening_hours]"), failed.result).await?;
    ensure!(bench.ends(wish.id).await?.state == IntentState::Done, "refused to who saw it");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}
