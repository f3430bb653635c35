//! Real input: everything captured from a real WooCommerce goes through the real binary, and what it stores is what the captures show.

pub mod content;
pub mod post;
mod refused;
mod reply;
pub mod rig;
pub mod shop;

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use storewire_domain::delivery::TOPICS;

use self::{
    content::KINDS,
    post::Post,
    rig::{Rig, TOKEN},
    shop::Lists,
};
use crate::node::until;

#[tokio::test(flavor = "multi_thread")]
async fn a1_everything_captured_is_stored_as_the_shop_had_it_and_delivered_again_changes_nothing() -> Result<()> {
    let rig = Rig::ready().await?;
    let (content, shop) = (&rig.content, &rig.shop);

    // Connected: the settings, a webhook for every topic, and what the lists show.
    let row = rig.admin.query_one("SELECT home_url, currency, decimals, timezone, woo_version FROM store", &[]).await?;
    ensure!(row.get::<_, &str>(0).trim_end_matches('/') == "https://127.0.0.1:8443");
    ensure!((row.get(1), row.get(2)) == ("USD", 2) && row.get::<_, &str>(3) == "America/New_York");
    ensure!(row.get::<_, Option<&str>>(4) == Some("11.0.1"));
    let hooks: BTreeMap<String, String> = shop.hooks().into_iter().collect();
    ensure!(hooks.len() == TOPICS.len() && hooks.values().all(|url| url.ends_with(TOKEN)), "{hooks:?}");
    for kind in KINDS {
        let listed = content.newest_with_gone(kind, |version| !version.is_delivered);
        rig.holds(kind, &listed).await?;
    }
    ensure!(
        rig.count("SELECT count(*) FROM orders WHERE trashed_at IS NOT NULL").await? == 2,
        "the trash was not read"
    );

    // Delivered, each applied before the next.
    shop.show(Lists::WithoutDeleted);
    for delivery in &content.deliveries {
        rig.post(&Post::of(delivery, TOKEN), &delivery.name).await?;
        rig.applied().await?;
    }
    rig.inbox_is_what_was_sent().await?;
    ensure!(rig.count("SELECT count(*) FROM inbox WHERE state NOT IN ('applied', 'ignored')").await? == 0);
    rig.what_means_nothing_is_ignored().await?;
    rig.copy_is_what_the_captures_show().await?;
    rig.what_was_deleted_is_marked().await?;
    for path in ["orders/460", "products/454", "coupons/454", "customers/42", "orders/207/refunds"] {
        ensure!(shop.asked(&format!("GET /wp-json/wc/v3/{path}")) > 0, "the shop was never asked for {path}");
    }

    // Again, and once more backwards, in bursts; then the shop is read again, which shows it as it was in the end.
    let before = rig.fingerprint().await?;
    let backwards: Vec<_> = content.deliveries.iter().rev().collect();
    for again in [content.deliveries.iter().collect(), backwards] {
        for delivery in again {
            rig.post(&Post::of(delivery, TOKEN), &delivery.name).await?;
        }
        rig.applied().await?;
        ensure!(rig.fingerprint().await? == before, "{before:#?} became {:#?}", rig.fingerprint().await?);
    }
    ensure!(rig.count("SELECT count(*) FROM inbox").await? == 3 * 81);
    shop.show(Lists::Last);
    rig.node.create_user("admin@example.com", "platform-admin", None)?;
    rig.node.run(&["store", "sync", &rig.store.to_string(), "--as", "admin@example.com"], &[])?;
    until(Duration::from_secs(30), "the shop is read again", || async {
        let sql = "SELECT count(*) FROM checkpoint
                   WHERE walk_after IS NOT NULL OR updated_at <= (SELECT max(handled_at) FROM inbox)";
        Ok(rig.count(sql).await? == 0)
    })
    .await?;
    ensure!(rig.fingerprint().await? == before, "{before:#?} became {:#?}", rig.fingerprint().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_delivered_all_at_once_and_backwards_the_captures_end_in_the_same_rows() -> Result<()> {
    let rig = Rig::ready().await?;
    rig.shop.show(Lists::WithoutDeleted);
    for delivery in rig.content.deliveries.iter().rev() {
        rig.post(&Post::of(delivery, TOKEN), &delivery.name).await?;
    }
    rig.applied().await?;
    rig.copy_is_what_the_captures_show().await
}

impl Rig {
    /// The 81 signed deliveries, byte for byte, and no other row.
    async fn inbox_is_what_was_sent(&self) -> Result<()> {
        let sql =
            "SELECT topic, webhook_id, delivery_id, source, body, body_sha256 = sha256(body) FROM inbox ORDER BY id";
        let rows = self.admin.query(sql, &[]).await?;
        let signed: Vec<_> = self.content.deliveries.iter().filter(|delivery| delivery.secret.is_some()).collect();
        ensure!((rows.len(), signed.len(), self.content.deliveries.len()) == (81, 81, 83), "{} rows", rows.len());
        for (row, sent) in rows.iter().zip(signed) {
            let header = |name: &str| sent.header(&format!("X-WC-Webhook-{name}")).unwrap_or_default();
            let heads = [header("Topic"), header("ID"), header("Delivery-ID"), header("Source")];
            ensure!([0, 1, 2, 3].map(|column| row.get::<_, &str>(column)) == heads, "{} has other headers", sent.name);
            ensure!(row.get::<_, &[u8]>(4) == sent.body && row.get(5), "{} has other bytes", sent.name);
        }
        Ok(())
    }

    /// The error objects, and the word of one kind's deletion that carries another kind's id.
    async fn what_means_nothing_is_ignored(&self) -> Result<()> {
        let errors: Vec<_> =
            self.content.deliveries.iter().filter(|sent| sent.body.starts_with(b"{\"code\":\"woo")).collect();
        ensure!(errors.len() == 2);
        let sql = "SELECT count(*) FROM inbox WHERE state = 'ignored' AND reason = 'error_object'";
        ensure!(self.count(sql).await? == 2, "an error object was taken for a record");
        let verdict = self.verdict("coupon.deleted", b"{\"id\":454}").await?;
        ensure!(verdict == ("ignored".to_owned(), Some("asked".to_owned())), "{verdict:?}");

        // The same wrong words about records that are there, which the shop is asked about.
        let before = self.fingerprint().await?;
        let sent = self.content.delivery("product.deleted")?;
        for (topic, id) in
            [("product.deleted", 457), ("coupon.deleted", 457), ("product.deleted", 122), ("order.deleted", 457)]
        {
            let body = format!("{{\"id\":{id}}}").into_bytes();
            let post = Post::of(sent, TOKEN).with_body(body.clone()).with("X-WC-Webhook-Topic", topic);
            self.post(&post.signed(self.content.secret_of(topic)?), topic).await?;
            self.applied().await?;
            let verdict = self.verdict(topic, &body).await?;
            ensure!(verdict == ("ignored".to_owned(), Some("asked".to_owned())), "{topic} {id}: {verdict:?}");
        }
        ensure!(self.fingerprint().await? == before, "a false delete changed something");
        self.admin.execute("DELETE FROM inbox WHERE body IN ('{\"id\":457}', '{\"id\":122}')", &[]).await?;
        Ok(())
    }

    async fn copy_is_what_the_captures_show(&self) -> Result<()> {
        for kind in KINDS {
            self.holds(kind, &self.content.newest(kind, |_| true)).await?;
            self.holds_raw(kind).await?;
        }
        Ok(())
    }

    async fn what_was_deleted_is_marked(&self) -> Result<()> {
        let gone = "SELECT (SELECT count(*) FROM orders WHERE deleted_at IS NOT NULL)
            + (SELECT count(*) FROM product WHERE deleted_at IS NOT NULL) + (SELECT count(*) FROM customer WHERE deleted_at IS NOT NULL)";
        // Orders 451, 460 and 478, product 454, customer 42; order 496 was never seen.
        ensure!(self.count(gone).await? == 5, "what the shop deleted is still there, or more is gone");
        Ok(())
    }
}
