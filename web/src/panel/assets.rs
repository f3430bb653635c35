//! The panel's styles, scripts and icons: embedded in the binary, served under an address that changes with them.

use std::{fmt::Write as _, sync::LazyLock};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ContentType},
    web,
};
use askama::filters::HtmlSafe;
use rust_embed::RustEmbed;
use storewire_guard::digest;

#[derive(RustEmbed)]
#[folder = "../assets/"]
struct Files;

/// The style sheets in the order of their layers; browsers get them as one.
const STYLES: &[&str] = &[
    "tokens",
    "base",
    "layout",
    "components",
    "table",
    "forms",
    "pages",
    "staff",
    "notices",
    "requests",
    "bulk",
    "returns",
    "tickets",
    "customers",
];

static STYLE: LazyLock<String> =
    LazyLock::new(|| STYLES.iter().map(|name| text(&format!("css/{name}.css"))).collect::<Vec<_>>().join("\n"));

static SPRITE: LazyLock<String> = LazyLock::new(|| text("icons/sprite.svg"));

/// Eight bytes of the digest over every file: a new build has new addresses, so old ones may be kept for ever.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort_unstable();
    let mut all = Vec::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        all.extend_from_slice(&file.metadata.sha256_hash());
    }
    digest::sha256(&all).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
});

/// The address of an embedded file; `app.css` is all style sheets in one.
#[must_use]
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The icons as one inline SVG. Inline, because a reference into another document falls under a policy directive that
/// browsers do not agree on.
#[must_use]
pub fn sprite() -> Sprite {
    Sprite
}

/// See [`sprite`].
pub struct Sprite;

impl std::fmt::Display for Sprite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&SPRITE)
    }
}

impl HtmlSafe for Sprite {}

/// `GET /assets/{version}/{file}`.
pub async fn show(path: web::Path<(String, String)>) -> HttpResponse {
    let (version, name) = path.into_inner();
    let Some((content_type, body)) = find(&name) else {
        return HttpResponse::NotFound().content_type(ContentType::plaintext()).body("not found");
    };
    // An address of another version is answered too, for pages that were open during an upgrade, but not kept.
    let caching = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, caching)).content_type(content_type).body(body)
}

fn find(name: &str) -> Option<(&'static str, web::Bytes)> {
    if name == "app.css" {
        return Some(("text/css; charset=utf-8", web::Bytes::from_static(STYLE.as_bytes())));
    }
    let content_type = match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    let body = match Files::get(name)?.data {
        std::borrow::Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    };
    Some((content_type, body))
}

fn text(name: &str) -> String {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendored_files_are_the_ones_that_were_reviewed() {
        let sums = text("vendor/SHA256SUMS");
        let mut names = Vec::new();
        for line in sums.lines() {
            let (sum, name) = line.split_once("  ").unwrap();
            let file = Files::get(&format!("vendor/{name}")).unwrap_or_else(|| panic!("{name} is missing"));
            let hex: String = digest::sha256(&file.data).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, sum, "{name}");
            names.push(name.to_owned());
        }
        let scripts = Files::iter().filter(|name| name.starts_with("vendor/") && name.ends_with(".js")).count();
        assert_eq!(names.len(), scripts, "a vendored script has no checksum");
        assert!(text("vendor/htmx-LICENSE").contains("Permission to use"), "htmx's licence is missing");
    }

    #[test]
    fn every_style_sheet_is_served_and_none_is_empty() {
        for name in Files::iter().filter(|name| name.starts_with("css/")) {
            let stem = name.trim_start_matches("css/").trim_end_matches(".css");
            assert!(STYLES.contains(&stem), "{name} is not in STYLES");
        }
        for name in STYLES {
            assert!(!text(&format!("css/{name}.css")).is_empty(), "{name}");
        }
    }

    #[test]
    fn nothing_but_assets_is_served() {
        assert!(find("js/app.js").is_some());
        for name in ["vendor/SHA256SUMS", "vendor/htmx-LICENSE", "../Cargo.toml", "js/../js/app.js", "", "js"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn styles_and_scripts_hold_nothing_that_the_policy_refuses() {
        for name in Files::iter().filter(|name| name.starts_with("js/")) {
            let script = text(&name);
            for word in ["eval(", "new Function", "innerHTML", ".style.", "setAttribute('style", "onclick"] {
                assert!(!script.contains(word), "{name} holds {word}");
            }
        }
        assert!(!STYLE.contains("url("), "styles load something");
    }
}
