//! One person's browser window: where it is, what it shows, what came through its socket.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use thirtyfour::{
    By, Cookie, WebDriver,
    common::command::{Command, ExtensionCommand},
};

use crate::node::{PASSWORD, until};

/// Far more than anything here needs on an idle machine; enough on a busy one.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Notes what happens to the page from now on. A page that is loaded anew has forgotten it, which shows that it was.
const WATCH: &str = "
    window.__frames = [];
    window.__signs = [];
    window.__added = [];
    document.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => {
        window.__frames.push(JSON.parse(detail.message.data));
    });
    const sign = document.getElementById('live');
    new MutationObserver(() => window.__signs.push([sign.dataset.state, sign.textContent.trim()]))
        .observe(sign, { attributes: true, attributeFilter: ['data-state'] });
    for (const list of document.querySelectorAll('#order-rows, #product-rows, #timeline')) {
        new MutationObserver((records) => {
            for (const { addedNodes } of records) for (const { id } of addedNodes) if (id) window.__added.push(id);
        }).observe(list, { childList: true });
    }";

/// A frame of a change, as the page got it.
#[derive(Clone, Debug, Deserialize)]
pub struct Seen {
    pub topic: String,
    pub seq: i64,
    pub store: String,
    pub id: String,
}

/// See the module.
pub struct Window {
    driver: WebDriver,
}

impl Window {
    pub(super) fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// The address and what is not there are for the reader of a failure.
    pub async fn goto(&self, url: &str) -> Result<()> {
        self.driver.goto(url).await.with_context(|| format!("cannot go to {url}"))
    }

    /// Logs in by the form, and ends on the list of orders.
    pub async fn log_in(&self, base: &str, email: &str) -> Result<()> {
        self.goto(&format!("{base}/login?next=/orders")).await?;
        self.type_into("#email", email).await?;
        self.type_into("#password", PASSWORD).await?;
        self.click("form button:not([name])").await?;
        self.is_at("/orders").await.with_context(|| format!("{email} is not logged in"))
    }

    /// Waits until the page's path and query begin so.
    pub async fn is_at(&self, place: &str) -> Result<()> {
        until(PATIENCE, &format!("the window is at {place}"), || async {
            let url = self.driver.current_url().await?;
            Ok(url[url::Position::BeforePath..].starts_with(place))
        })
        .await
    }

    pub async fn path(&self) -> Result<String> {
        Ok(self.driver.current_url().await?.path().to_owned())
    }

    pub async fn click(&self, selector: &str) -> Result<()> {
        let element = self.driver.find(By::Css(selector)).await.with_context(|| format!("nothing is {selector}"))?;
        Ok(element.click().await?)
    }

    pub async fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.driver.find(By::Css(selector)).await.with_context(|| format!("nothing is {selector}"))?;
        Ok(element.send_keys(text).await?)
    }

    /// What each such element says.
    pub async fn texts(&self, selector: &str) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.driver.find_all(By::Css(selector)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// What a script returns.
    pub async fn ask<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        let answer = self.driver.execute(script, Vec::new()).await?;
        serde_json::from_value(answer.json().clone()).with_context(|| format!("{script} is {}", answer.json()))
    }

    /// Waits until an expression is true on the page. The page itself does the asking; another page is asked anew.
    pub async fn until(&self, what: &str, expression: &str) -> Result<()> {
        let script = format!(
            "const [done] = arguments, end = Date.now() + 5000;
            const look = () => {{
                if ({expression}) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 20);
            }};
            look();"
        );
        let held = until(PATIENCE, what, || async {
            Ok(self.driver.execute_async(script.as_str(), Vec::new()).await?.convert::<bool>()?)
        })
        .await;
        if held.is_err() {
            let seen: Value = self
                .ask("return [location.href, document.body.innerText.slice(0, 2000), window.__signs ?? 'loaded anew']")
                .await?;
            bail!("not within {PATIENCE:?}: {what}; the page shows {seen}");
        }
        Ok(())
    }

    /// Waits until an element's text is this.
    pub async fn shows(&self, selector: &str, text: &str) -> Result<()> {
        let expression = format!("document.querySelector({})?.textContent.trim() === {}", json!(selector), json!(text));
        self.until(&format!("{selector} is {text:?}"), &expression).await
    }

    /// Opens a page, waits until its sign says live, and watches it from then on.
    pub async fn watch(&self, url: &str) -> Result<()> {
        self.goto(url).await?;
        self.is_live().await?;
        self.ask::<Value>(WATCH).await.map(drop)
    }

    pub async fn is_live(&self) -> Result<()> {
        self.until("the sign says live", "document.getElementById('live')?.dataset.state === 'live'").await
    }

    /// The frames of changes that came since it is watched; fails if it was loaded anew since.
    pub async fn frames(&self) -> Result<Vec<Seen>> {
        let frames: Option<Vec<Value>> = self.ask("return window.__frames ?? null").await?;
        let frames = frames.context("the page was loaded anew")?;
        let changes = frames.into_iter().filter(|frame| frame["seq"].is_number());
        changes.map(|frame| Ok(serde_json::from_value(frame)?)).collect()
    }

    /// The ids of rows and entries in the order in which they were put on the page since it is watched.
    pub async fn added(&self) -> Result<Vec<String>> {
        let added: Option<Vec<String>> = self.ask("return window.__added ?? null").await?;
        added.context("the page was loaded anew")
    }

    /// What the sign said since the page is watched, with its words.
    pub async fn signs(&self) -> Result<Vec<(String, String)>> {
        let signs: Option<Vec<(String, String)>> = self.ask("return window.__signs ?? null").await?;
        signs.context("the page was loaded anew")
    }

    /// The ids of a list's elements, from the top.
    pub async fn ids(&self, list: &str) -> Result<Vec<String>> {
        self.ask(&format!("return [...document.querySelector({}).children].map((row) => row.id)", json!(list))).await
    }

    /// Fails if the browser complained of anything but a network that the test itself took away.
    pub async fn has_no_complaints(&self, may_lose_network: bool) -> Result<()> {
        for entry in self.driver.browser_log().await? {
            let is_network = entry.source.as_deref() == Some("network")
                || entry.message.contains("WebSocket")
                || entry.message.contains("htmx:ws:error")
                // What is asked for every some seconds, such as how many notices there are.
                || entry.message.contains("Failed to fetch");
            let is_policy = entry.message.contains("Content Security Policy");
            let is_bad = entry.level == "SEVERE" || entry.level == "WARNING";
            ensure!(
                !is_policy && (!is_bad || (may_lose_network && is_network)),
                "the browser complained at {}: {entry:?}",
                self.driver.current_url().await?
            );
        }
        Ok(())
    }

    pub async fn set_theme(&self, theme: &str) -> Result<()> {
        let mut cookie = Cookie::new("sw_theme", theme);
        cookie.set_path("/");
        Ok(self.driver.add_cookie(cookie).await?)
    }

    /// Makes the window this large, also smaller than a desktop's window can be.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let params = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let command = DevTools(json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": params }));
        self.driver.handle().cmd(Command::ExtensionCommand(Box::new(command))).await?;
        Ok(())
    }

    pub async fn screenshot(&self, file: &std::path::Path) -> Result<()> {
        Ok(self.driver.screenshot(file).await?)
    }
}

/// chromedriver's door to the browser's developer tools.
#[derive(Debug)]
struct DevTools(Value);

impl ExtensionCommand for DevTools {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/goog/cdp/execute".into()
    }
}
