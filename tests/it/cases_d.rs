//! What PostgreSQL and the way to it may do: be restarted, fill up, refuse to write, be full of sessions, be silent, and not say what
//! became of a commit.

mod away;
mod commits;
mod crowded;
mod full_disk;
mod overload;
mod read_only;
mod restarts;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::Faults;
use storewire_testkit::{FaultProxy, PrivateCluster};
use tokio::task::JoinSet;

use crate::{
    captures::post::Post,
    cases_a::Intake,
    node::{self, Node},
};

/// A wish that a machine with two cores is granted, however busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// Shops are read often, so that what a delivery could not tell is found soon.
const READ_OFTEN: [(&str, &str); 4] =
    [("PULL_INTERVAL", "500ms"), ("HOOKS_INTERVAL", "500ms"), ("STORM_LIMIT", "100000"), ("RESTART_CAP", "500ms")];

/// A node with connected shops, and between it and a PostgreSQL of its own a network that can be cut.
pub struct Lab {
    pub intake: Intake,
    pub wire: FaultProxy,
    pub cluster: PrivateCluster,
}

impl Lab {
    pub async fn open(shops: usize, settings: &[(&str, &str)]) -> Result<Self> {
        Self::over(PrivateCluster::start().await?, shops, settings, |_| ()).await
    }

    /// The same over a cluster that was prepared otherwise, with a node that is.
    pub async fn over(
        cluster: PrivateCluster,
        shops: usize,
        settings: &[(&str, &str)],
        adjust: impl FnOnce(&mut Node),
    ) -> Result<Self> {
        let wire = FaultProxy::start(cluster.socket()).await?;
        let fleet = node::fleet(shops).await?;
        let mut node = Node::prepare(&fleet)?;
        node.use_database(&cluster.url_by(&wire), cluster.url());
        adjust(&mut node);
        let settings: Vec<_> = READ_OFTEN.iter().chain(settings).copied().collect();
        let intake = Intake::over(fleet, node, &settings).await?;
        Ok(Self { intake, wire, cluster })
    }

    /// All shops trade and deliver by themselves from now on.
    pub fn trade(&self, per_second: f64) {
        self.intake.fleet.set_faults(1, Faults::default());
        self.intake.fleet.set_rate(per_second);
    }

    /// Deliveries of the first shop, each of an order that was never heard of.
    pub async fn orders(&self, first: u64, count: u64) -> Result<Vec<Post>> {
        let genuine = node::sim(&self.intake.fleet).records(1, "orders").await?;
        let genuine = genuine.into_iter().next().context("an order")?;
        let orders = (first..first + count).map(|id| self.intake.delivery("order.created", &numbered(&genuine, id)));
        Ok(orders.collect())
    }

    /// Sends deliveries all at once; what each was answered, and how long it waited.
    pub async fn send_all(&self, posts: Vec<Post>) -> Result<Vec<Sent>> {
        send_all(self.intake.node.port, posts).await
    }

    /// Waits until a delivery of a new order is taken.
    pub async fn takes_again(&self, id: u64) -> Result<()> {
        let posts = self.orders(id, 1).await?;
        let port = self.intake.node.port;
        self.intake.until("deliveries are taken again", async || Ok(posts[0].send(port).await? == 200)).await
    }

    /// A connection to ask by, after the former one ended with its server.
    pub async fn reconnect(&mut self) -> Result<()> {
        self.intake.admin = self.cluster.admin().await?;
        Ok(())
    }

    pub async fn is_ready(&self) -> bool {
        reqwest::get(self.intake.node.url("/readyz")).await.is_ok_and(|answer| answer.status().is_success())
    }

    /// Waits until the node serves again; how long that took, and how long one connection of our own took meanwhile.
    pub async fn recovers(&self) -> Result<(Duration, Duration)> {
        let began = Instant::now();
        self.cluster.admin().await?.simple_query("SELECT 1").await?;
        let alone = began.elapsed();
        self.intake.until("the node is ready", async || Ok(self.is_ready().await)).await?;
        Ok((began.elapsed(), alone))
    }

    /// Trade ends, and every copy comes to equal its shop, with nothing lost, doubled, gone back or given up.
    pub async fn converges(&self, at_least: usize) -> Result<()> {
        self.intake.fleet.set_rate(0.0);
        let (sim, admin) = (node::sim(&self.intake.fleet), &self.intake.admin);
        sim.quiesce().await?;
        let equal = self.intake.until("the copies equal the shops", async || {
            let waiting =
                "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)";
            Ok(self.intake.count(waiting, &[]).await? == 0 && storewire_oracle::compare(&sim, admin).await?.is_equal())
        });
        let equal = equal.await;
        let verdict = storewire_oracle::compare(&sim, admin).await?;
        equal.with_context(|| verdict.to_string())?;
        ensure!(verdict.acknowledged >= at_least, "too little traffic to prove anything: {verdict}");
        use storewire_oracle::log;
        for check in [log::gaps(admin).await?, log::doubled(admin).await?, log::gone_back(admin).await?] {
            println!("{check}");
            ensure!(check.holds() && check.counted > 0, "{check}");
        }
        let lost = "SELECT (SELECT count(*) FROM dead_letter) + (SELECT count(*) FROM store WHERE state <> 'live')";
        self.intake
            .until("every store is live, nothing given up", async || Ok(self.intake.count(lost, &[]).await? == 0))
            .await
    }
}

/// Sends deliveries all at once; what each was answered, and how long it waited.
pub async fn send_all(port: u16, posts: Vec<Post>) -> Result<Vec<Sent>> {
    let mut sending = JoinSet::new();
    for post in posts {
        sending.spawn(async move {
            let began = Instant::now();
            let (status, again) = post.ask(port).await?;
            anyhow::Ok(Sent { status, again, waited: began.elapsed(), post })
        });
    }
    sending.join_all().await.into_iter().collect()
}

/// Whether all that was acknowledged is held, byte for byte, and of the rest nothing twice; how many were acknowledged and how many not.
pub async fn holds(intake: &Intake, sent: &[Sent]) -> Result<(usize, usize)> {
    let (mut taken, mut refused) = (0, 0);
    for Sent { status, again, post, .. } in sent {
        let copies = intake.copies(&post.body).await?;
        match status {
            200 => {
                ensure!(copies == 1, "a delivery that was taken is there {copies} times");
                taken += 1;
            }
            503 => {
                // Its commit may have happened unseen: once.
                ensure!(copies <= 1, "a delivery that was not taken is there {copies} times");
                ensure!(again.is_some_and(|seconds| seconds > 0), "refused without a word about when to come again");
                refused += 1;
            }
            _ => anyhow::bail!("a delivery was answered with {status}"),
        }
    }
    println!("{taken} deliveries were taken, {refused} were told to come again");
    Ok((taken, refused))
}

/// What became of a delivery.
pub struct Sent {
    pub status: u16,
    /// Seconds after which to come again.
    pub again: Option<u64>,
    pub waited: Duration,
    pub post: Post,
}

fn numbered(order: &Value, id: u64) -> Vec<u8> {
    let mut order = order.clone();
    order["id"] = json!(id);
    order.to_string().into_bytes()
}
