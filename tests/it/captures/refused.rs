//! What the intake refuses, made of a genuine delivery by one change each.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    content::Content,
    post::Post,
    rig::{Rig, TOKEN},
};

#[tokio::test(flavor = "multi_thread")]
async fn a3_a9_a10_what_is_forged_altered_compressed_oversized_or_unknown_is_refused_and_leaves_no_row() -> Result<()> {
    // One webhook's secret only: those of the others are as strange as any.
    let content = Arc::new(Content::read()?);
    let secret = content.secret_of("order.created")?.to_owned();
    let rig = Rig::with_secrets(content, vec![secret]).await?;
    let port = rig.node.port;
    let before = rig.fingerprint().await?;
    let sent = rig.content.delivery("order.created")?;
    let genuine = Post::of(sent, TOKEN);
    let signature = sent.header("X-WC-Webhook-Signature").context("signed")?;

    let dripping = tokio::spawn({
        let genuine = genuine.clone();
        async move {
            let started = Instant::now();
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
        ("another hook's secret", genuine.clone().signed(rig.content.secret_of("order.updated")?), 401),
        ("no signature", genuine.clone().with("X-WC-Webhook-Signature", ""), 401),
        ("a compressed body", genuine.clone().with("Content-Encoding", "gzip"), 415),
        ("nine MiB", genuine.clone().with_body(big).signed(rig.content.secret_of("order.created")?), 413),
        ("an unknown token", Post { token: "another-token-of-nobody".to_owned(), ..genuine.clone() }, 404),
    ] {
        let status = post.send(port).await.context(what)?;
        ensure!(status == expected, "{what} was answered {status}, not {expected}");
    }
    let (status, took) = dripping.await?;
    ensure!(status? == 400 && took < Duration::from_secs(15), "a trickling body was answered after {took:?}");
    ensure!(rig.count("SELECT count(*) FROM inbox").await? == 0, "something refused was kept");
    let after = rig.fingerprint().await?;
    ensure!(after == before, "{before:#?} became {after:#?}");

    // Nothing but what was wrong with each made the difference.
    rig.post(&genuine, "the genuine one").await
}
