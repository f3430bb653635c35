//! Slow and idle callers: cut when their time is over, and no burden for the others.

use std::time::{Duration, Instant};

use tokio::{io::AsyncWriteExt as _, net::TcpStream, task::JoinSet};

use super::{
    BODY,
    door::{Door, Post, status},
};

const SLOW: usize = 100;
const IDLE: usize = 2_000;
const POSTS: usize = 60;
const ROUNDS: usize = 6;
/// How long the web server itself waits for the end of a head.
const HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// It looks at a clock that it sets anew now and then.
const CLOCK_STEP: Duration = Duration::from_secs(1);

/// Sends a head and then a byte of the body now and then, which is never the end. The status, and when it came.
async fn trickle(door: &Door) -> impl Future<Output = (u16, Duration)> + Send + 'static {
    let head = Post::signed(BODY).head(1_000_000);
    let (mut reader, mut writer) = TcpStream::connect(door.address).await.unwrap().into_split();
    writer.write_all(head.as_bytes()).await.unwrap();
    let started = Instant::now();
    async move {
        let dripping = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_millis(100));
            while writer.write_all(b"{").await.is_ok() {
                ticks.tick().await;
            }
        });
        let answered = (status(&mut reader).await, started.elapsed());
        dripping.abort();
        answered
    }
}

/// How long 19 of 20 genuine deliveries waited at most for their answer.
async fn p95(door: &Door) -> Duration {
    let mut waits = Vec::new();
    for _ in 0..POSTS {
        let started = Instant::now();
        assert_eq!(door.post(&Post::signed(BODY)).await, 200);
        waits.push(started.elapsed());
    }
    waits.sort_unstable();
    waits[POSTS * 95 / 100]
}

#[actix_web::test]
async fn a10_slow_bodies_and_heads_are_cut_at_their_deadlines_and_idle_connections_slow_nobody() {
    let door = Door::open().await;
    // The first deliveries warm it up.
    p95(&door).await;
    let deadline = door.app.state.settings.delivery_deadline;

    let mut waits = Vec::new();
    let mut is_calm = false;
    for _ in 0..ROUNDS {
        let alone = p95(&door).await;
        let mut idle = Vec::new();
        for _ in 0..IDLE {
            idle.push(TcpStream::connect(door.address).await.unwrap());
        }
        let mut slow = JoinSet::new();
        for _ in 0..SLOW {
            slow.spawn(trickle(&door).await);
        }
        let beside = p95(&door).await;
        while let Some(cut) = slow.join_next().await {
            let (status, after) = cut.unwrap();
            assert_eq!(status, 400);
            // The door counts from the head that it has read, we from the one that we had sent.
            let soonest = deadline - Duration::from_millis(50);
            assert!((soonest..deadline * 4).contains(&after), "cut after {after:?}");
        }
        waits.push((alone, beside));
        is_calm = beside < alone * 2;
        // A machine that is busy with something else is asked again.
        if is_calm {
            break;
        }
    }
    assert!(is_calm, "waits alone and beside slow ones: {waits:?}");

    let (mut reader, mut writer) = TcpStream::connect(door.address).await.unwrap().into_split();
    writer.write_all(b"POST /hooks/woo/x HTTP/1.1\r\nX-Slow: ").await.unwrap();
    let started = Instant::now();
    assert_eq!(status(&mut reader).await, 408);
    let waited = started.elapsed();
    assert!((HEAD_DEADLINE - CLOCK_STEP..HEAD_DEADLINE * 4).contains(&waited), "cut after {waited:?}");
    assert!(door.kept().await.iter().all(|body| body == BODY), "something unfinished was kept");
    door.close().await;
}
