//! Browsers for one test: its own chromedriver, and a fresh profile for each of them.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{
    BrowserCapabilitiesHelper as _, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver,
    common::log::LoggingPrefsLogLevel,
};

use super::window::Window;
use crate::node::{free_port, until};

/// Nothing that needs a screen, a sandbox or the world outside.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
    "--window-size=1280,800",
];

/// A chromedriver, and what it has opened.
pub struct Chromium {
    port: u16,
    driver: Child,
    profiles: TempDir,
    open: Vec<WebDriver>,
}

impl Chromium {
    /// Starts the driver.
    pub async fn start() -> Result<Self> {
        let port = free_port()?;
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // With its browsers it is ended as one group, whatever state a failed test leaves them in.
            .process_group(0)
            .spawn()
            .context("chromedriver (Debian: chromium-driver) is needed")?;
        let chromium = Self { port, driver, profiles: tempfile::tempdir()?, open: Vec::new() };
        until(Duration::from_secs(20), "chromedriver listens", || async {
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok())
        })
        .await?;
        Ok(chromium)
    }

    /// Opens browsers, each somebody else's: nothing is shared between them.
    pub async fn open<const N: usize>(&mut self) -> Result<[Window; N]> {
        let mut windows = Vec::with_capacity(N);
        for _ in 0..N {
            windows.push(self.browser(true).await?);
        }
        windows.try_into().map_err(|_| anyhow::anyhow!("not {N} windows"))
    }

    /// Opens a browser that runs no page's scripts.
    pub async fn open_without_scripts(&mut self) -> Result<Window> {
        self.browser(false).await
    }

    async fn browser(&mut self, runs_scripts: bool) -> Result<Window> {
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        let profile = self.profiles.path().join(self.open.len().to_string());
        capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        if !runs_scripts {
            let prefs = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities.set_browser_option("prefs", prefs)?;
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", self.port), capabilities).await?;
        self.open.push(driver.clone());
        Ok(Window::new(driver))
    }

    /// Closes every browser.
    pub async fn quit(mut self) -> Result<()> {
        for driver in self.open.drain(..) {
            driver.quit().await?;
        }
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if let Ok(group) = i32::try_from(self.driver.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.driver.wait();
        for driver in self.open.drain(..) {
            let _ = driver.leak();
        }
    }
}
