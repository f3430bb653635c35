//! What the demo says: where to look at its start, and how it went at its end.

use anyhow::Result;
use jiff::SignedDuration;
use storesim::{Fleet, Totals};

use super::{observer::Seen, people};
use crate::app::Node;
use crate::loopback;
use crate::output::{line, say};

const SHOPS_NAMED: usize = 5;
const DIFFERENCES_NAMED: usize = 20;

pub fn welcome(node: &Node, fleet: &Fleet, password: &str, rate: f64) {
    let panel = format!("http://{}", loopback::reachable(node.address));
    let stores = fleet.stores();
    say(&format!("\nThe panel is live:  {panel}\n"));
    say(&format!("Log in as (password of all: {password})"));
    for (email, role) in people::emails() {
        say(&format!("  {email:<24} {role}"));
    }
    say("\nThe shops, with a button to buy:");
    for (store, tenant) in stores.iter().zip(people::TENANTS.iter().cycle()).take(SHOPS_NAMED) {
        say(&format!("  {:<44} {} ({tenant})", store.shop_url, store.name));
    }
    if stores.len() > SHOPS_NAMED {
        say(&format!("  and {} more", stores.len() - SHOPS_NAMED));
    }
    say(&format!(
        "\nIn the first minute:\n  \
        1. Open the panel and choose the admin on the login page: orders arrive by themselves, {rate} changes a second.\n  \
        2. Open a private window and log in as a merchant: the same panel, with that merchant's stores only.\n  \
        3. Press \"Buy one\" in a shop: the order appears in both, and the stock falls, within a second or so.\n\
        Ctrl-C stops everything.\n"
    ));
}

/// Data for a script on stdout, a line each.
pub fn print(totals: &Totals, seen: &Seen, differences: &[String]) -> Result<()> {
    let kind = |name: &str| seen.kinds.get(name).copied().unwrap_or_default();
    line(&format!("stores       {}", totals.stores))?;
    line(&format!("orders       {} in the shops, {} new ones seen arriving", totals.orders, kind("order.created")))?;
    line(&format!("deliveries   {} sent, {} accepted, {} failed", totals.deliveries, totals.delivered, totals.failed))?;
    line(&format!("frames       {}, {} missing", seen.frames, seen.gaps))?;
    line(&format!("lag          p50 {}, p95 {}", shown(seen.percentile(50)), shown(seen.percentile(95))))?;
    line(&format!("differences  {}", differences.len()))?;
    for difference in differences.iter().take(DIFFERENCES_NAMED) {
        say(&format!("  {difference}"));
    }
    Ok(())
}

fn shown(delay: Option<SignedDuration>) -> String {
    delay.map_or_else(|| "unknown".to_owned(), |delay| format!("{} ms", delay.as_millis()))
}
