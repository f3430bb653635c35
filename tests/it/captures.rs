//! Real input: everything captured from a real WooCommerce goes through the real binary, and what it stores is what the captures show.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use storewire_domain::delivery::TOPICS;
use storewire_guard::seal::{Keyring, SealContext};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    captured_content::{Content, KINDS, Version},
    captured_shop::{CONSUMER_KEY, CONSUMER_SECRET, CapturedShop, Lists},
    node::{Node, until},
    raw_post::Post,
};

const TOKEN: &str = "a-token-of-captured-deliveries";

/// A node that has connected and read the captured shop, and takes deliveries signed with any of the captured secrets.
struct Rig {
    content: Arc<Content>,
    shop: CapturedShop,
    node: Node,
    admin: Client,
    store: Uuid,
}

impl Rig {
    async fn ready() -> Result<Self> {
        let content = Arc::new(Content::read()?);
        let secrets = content.secrets().into_iter().map(str::to_owned).collect();
        Self::with_secrets(content, secrets).await
    }

    async fn with_secrets(content: Arc<Content>, secrets: Vec<String>) -> Result<Self> {
        let shop = CapturedShop::open(Arc::clone(&content)).await?;
        let mut node = Node::trusting(&shop.ca_pem)?;
        // Pages as they were captured; and once the shop was read, only deliveries and a person's wish make the node ask it.
        for (key, value) in [("PAGE_SIZE", "20"), ("PULL_INTERVAL", "1h"), ("HOOKS_INTERVAL", "1h")] {
            node.set(&format!("STOREWIRE__ENGINE__{key}"), value.to_owned());
        }
        node.start().await?;
        node.run(
            &["store", "add", "--tenant", "Real Woo", "--url", &shop.url],
            &[
                ("STOREWIRE_CONSUMER_KEY", CONSUMER_KEY),
                ("STOREWIRE_CONSUMER_SECRET", CONSUMER_SECRET),
                ("STOREWIRE_WEBHOOK_TOKEN", TOKEN),
                ("STOREWIRE_WEBHOOK_SECRET", &secrets[0]),
            ],
        )?;
        let admin = node.admin().await?;
        let store = accept_secrets(&node, &admin, &secrets[1..]).await?;
        node.stores_are("live", 1).await?;
        Ok(Self { content, shop, node, admin, store })
    }

    async fn count(&self, sql: &str) -> Result<i64> {
        Ok(self.admin.query_one(sql, &[]).await?.get(0))
    }

    async fn post(&self, post: &Post, what: &str) -> Result<()> {
        let status = post.send(self.node.port).await?;
        ensure!(status == 200, "{what} was answered {status}: {}", self.node.tail());
        Ok(())
    }

    async fn applied(&self) -> Result<()> {
        until(Duration::from_secs(30), "every delivery is applied", || async {
            Ok(self.count("SELECT count(*) FROM inbox WHERE state = 'pending'").await? == 0)
        })
        .await
        .with_context(|| self.node.tail())
    }

    /// Compares the copy with what the captures show, by a projection that shares no code with the product.
    async fn holds(&self, kind: &'static str, expected: &[&Version]) -> Result<()> {
        let records: Vec<Value> = expected.iter().map(|version| version.json.clone()).collect();
        let truth = storewire_oracle::of_shop(kind, &records, &self.content.refunds())?;
        let held = storewire_oracle::of_copy(kind, &self.admin, self.store).await?;
        let finding = storewire_oracle::finding("the captured shop", kind, &truth, &held);
        ensure!(finding.is_equal(), "{} {kind}, {} here: {:#?}", finding.in_shop, finding.in_copy, finding.differences);
        ensure!(finding.in_copy == expected.len() && !expected.is_empty(), "{finding:?}");
        Ok(())
    }

    /// Beside its columns each record keeps the shop's own JSON, every field of it.
    async fn holds_raw(&self, kind: &'static str) -> Result<()> {
        let table = match kind {
            "orders" => "orders",
            "products" => "product",
            "customers" => "customer",
            _ => "coupon",
        };
        let rows =
            self.admin.query(&format!("SELECT remote_id, raw FROM {table} WHERE deleted_at IS NULL"), &[]).await?;
        for row in rows {
            let (id, raw): (String, String) = (row.get(0), row.get(1));
            let raw: Value = serde_json::from_str(&raw)?;
            let captured = self.content.last_versions(kind, id.parse()?);
            ensure!(
                captured.iter().any(|version| version.json == raw),
                "{kind} {id} is kept as no capture shows it: {raw}"
            );
        }
        Ok(())
    }

    /// Every row of the copy with all its columns, and how much was logged.
    async fn fingerprint(&self) -> Result<Vec<String>> {
        let mut prints = Vec::new();
        for table in ["orders", "order_line", "order_refund", "product", "customer", "coupon", "dead_letter"] {
            let sql = format!(
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            );
            prints.push(format!("{table} {}", self.admin.query_one(&sql, &[]).await?.get::<_, String>(0)));
        }
        prints.push(format!("{} changes", self.count("SELECT count(*) FROM change").await?));
        Ok(prints)
    }

    /// What became of the delivery: its state and why.
    async fn verdict(&self, topic: &str, body: &[u8]) -> Result<(String, Option<String>)> {
        let sql = "SELECT state, reason FROM inbox WHERE topic = $1 AND body = $2 ORDER BY id DESC LIMIT 1";
        let row = self.admin.query_one(sql, &[&topic, &body]).await?;
        Ok((row.get(0), row.get(1)))
    }
}

/// Seals more webhook secrets for the one store there is, all valid at once.
async fn accept_secrets(node: &Node, admin: &Client, secrets: &[String]) -> Result<Uuid> {
    let keyring = Keyring::load(node.data_dir().join("storewire.key"))?;
    let row = admin.query_one("SELECT tenant_id, id FROM store", &[]).await?;
    let (tenant, store): (Uuid, Uuid) = (row.get(0), row.get(1));
    for secret in secrets {
        let sealed = keyring.seal(&SealContext { tenant, store, column: "webhook_secret" }, secret.as_bytes());
        let sql = "INSERT INTO store_secret (tenant_id, store_id, id, kind, sealed)
                   VALUES ($1, $2, gen_random_uuid(), 'webhook_secret', $3)";
        admin.execute(sql, &[&tenant, &store, &sealed]).await?;
    }
    Ok(store)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_captured_is_stored_as_the_shop_had_it_and_delivered_again_changes_nothing() -> Result<()> {
    let rig = Rig::ready().await?;
    let (content, shop) = (&rig.content, &rig.shop);

    // Connected: the settings, a webhook for every topic, and what the lists show.
    let row = rig.admin.query_one("SELECT home_url, currency, decimals, timezone, woo_version FROM store", &[]).await?;
    ensure!(row.get::<_, &str>(0).trim_end_matches('/') == "https://127.0.0.1:8443");
    ensure!((row.get(1), row.get(2)) == ("USD", 2) && row.get::<_, &str>(3) == "America/New_York");
    ensure!(row.get::<_, Option<&str>>(4) == Some("11.0.1"));
    let hooks: BTreeMap<String, String> = shop.hooks().into_iter().collect();
    ensure!(hooks.len() == TOPICS.len() && hooks.values().all(|url| url.ends_with(TOKEN)), "{hooks:?}");
    for kind in ["orders", "products"] {
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
    let rounds = shop.asked("GET /wp-json/wc/v3/products");
    rig.node.create_user("admin@example.com", "platform-admin", None)?;
    rig.node.run(&["store", "sync", &rig.store.to_string(), "--as", "admin@example.com"], &[])?;
    until(Duration::from_secs(30), "the shop is read again", || async {
        let open = rig.count("SELECT count(*) FROM checkpoint WHERE walk_after IS NOT NULL").await?;
        Ok(open == 0 && shop.asked("GET /wp-json/wc/v3/products") >= rounds + 2)
    })
    .await?;
    ensure!(rig.fingerprint().await? == before, "{before:#?} became {:#?}", rig.fingerprint().await?);
    Ok(())
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
        ensure!(verdict == ("ignored".to_owned(), Some("never_held".to_owned())), "{verdict:?}");

        // The same wrong words about records that are there, which the shop is asked about.
        let before = self.fingerprint().await?;
        let sent = self.content.deliveries.iter().find(|sent| sent.topic == "product.deleted").context("one")?;
        for (topic, id, reason) in [
            ("product.deleted", 457, "never_held"),
            ("coupon.deleted", 457, "never_held"),
            ("product.deleted", 122, "same"),
            ("order.deleted", 457, "same"),
        ] {
            let body = format!("{{\"id\":{id}}}").into_bytes();
            let post = Post::of(sent, TOKEN).with_body(body.clone()).with("X-WC-Webhook-Topic", topic);
            self.post(&post.signed(self.content.secret_of(topic)), topic).await?;
            self.applied().await?;
            let verdict = self.verdict(topic, &body).await?;
            ensure!(verdict == ("ignored".to_owned(), Some(reason.to_owned())), "{topic} {id}: {verdict:?}");
        }
        ensure!(self.fingerprint().await? == before, "a false delete changed something");
        self.admin.execute("DELETE FROM inbox WHERE body IN ('{\"id\":457}', '{\"id\":122}')", &[]).await?;
        Ok(())
    }

    async fn copy_is_what_the_captures_show(&self) -> Result<()> {
        for kind in KINDS {
            // Of customers and coupons only deliveries tell.
            let is_listed = matches!(kind, "orders" | "products");
            self.holds(kind, &self.content.newest(kind, |version| is_listed || version.is_delivered)).await?;
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

#[tokio::test(flavor = "multi_thread")]
async fn delivered_all_at_once_and_backwards_the_captures_end_in_the_same_rows() -> Result<()> {
    let rig = Rig::ready().await?;
    rig.shop.show(Lists::WithoutDeleted);
    for delivery in rig.content.deliveries.iter().rev() {
        rig.post(&Post::of(delivery, TOKEN), &delivery.name).await?;
    }
    rig.applied().await?;
    rig.copy_is_what_the_captures_show().await?;

    // Customers and coupons that only REST showed, as the shop would deliver them.
    for (kind, topic) in [("customers", "customer.updated"), ("coupons", "coupon.created")] {
        let sent = rig.content.deliveries.iter().find(|sent| sent.topic == topic).context("one")?;
        for shown in rig.content.newest(kind, |version| !version.is_delivered) {
            let post = Post::of(sent, TOKEN).with_body(shown.raw.clone().into());
            rig.post(&post.signed(rig.content.secret_of(topic)), &shown.raw).await?;
        }
        rig.applied().await?;
        rig.holds(kind, &rig.content.newest(kind, |_| true)).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_altered_compressed_oversized_or_unknown_is_refused_and_leaves_no_row() -> Result<()> {
    // One webhook's secret only: those of the others are as strange as any.
    let content = Arc::new(Content::read()?);
    let secret = content.secret_of("order.created").to_owned();
    let rig = Rig::with_secrets(content, vec![secret]).await?;
    let port = rig.node.port;
    let before = rig.fingerprint().await?;
    let sent = rig.content.deliveries.iter().find(|sent| sent.topic == "order.created").context("one")?;
    let genuine = Post::of(sent, TOKEN);
    let signature = sent.header("X-WC-Webhook-Signature").context("signed")?;

    let dripping = tokio::spawn({
        let genuine = genuine.clone();
        async move {
            let started = std::time::Instant::now();
            (genuine.trickle(port).await, started.elapsed())
        }
    });
    let mut flipped = sent.body.clone();
    flipped[sent.body.len() / 2] ^= 1;
    let hex = hex::encode(STANDARD.decode(signature)?);
    let big = vec![b' '; 9 << 20];
    for (what, post, expected) in [
        ("a flipped bit", Post { body: flipped, ..genuine.clone() }, 401),
        ("a signature in hex", genuine.clone().with("X-WC-Webhook-Signature", &hex), 401),
        ("another hook's secret", genuine.clone().signed(rig.content.secret_of("order.updated")), 401),
        ("no signature", genuine.clone().with("X-WC-Webhook-Signature", ""), 401),
        ("a compressed body", genuine.clone().with("Content-Encoding", "gzip"), 415),
        ("nine MiB", genuine.clone().with_body(big).signed(rig.content.secret_of("order.created")), 413),
        ("an unknown token", Post { token: "another-token-of-nobody".to_owned(), ..genuine.clone() }, 404),
    ] {
        let status = post.send(port).await.context(what)?;
        ensure!(status == expected, "{what} was answered {status}, not {expected}");
    }
    let (status, took) = dripping.await?;
    ensure!(status? == 400 && took < Duration::from_secs(15), "a trickling body was answered after {took:?}");
    ensure!(rig.count("SELECT count(*) FROM inbox").await? == 0, "something refused was kept");
    ensure!(rig.fingerprint().await? == before);

    // Nothing but what was wrong with each made the difference.
    rig.post(&genuine, "the genuine one").await
}
