//! Who logs in, and by what.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use aws_lc_rs::rand;

use crate::poster::Poster;

pub(super) const EMAIL: &str = "loadtest@storewire.test";

/// A token that stands for the login.
pub(super) async fn bearer(address: SocketAddr, password: &str) -> Result<String> {
    let credentials = serde_json::json!({"email": EMAIL, "password": password});
    let (status, body) = Poster::connect(address).await?.post_json("/api/v1/auth/login", &credentials).await?;
    ensure!(status.is_success(), "the login was answered with {status}");
    let answer: serde_json::Value = serde_json::from_slice(&body)?;
    answer["access_token"].as_str().map(str::to_owned).context("the login gave no token")
}

/// 256 bits, in hex.
pub(super) fn secret() -> Result<String> {
    let mut random = [0_u8; 32];
    rand::fill(&mut random).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(hex::encode(random))
}
