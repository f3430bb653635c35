//! The page a customer sees: a small shop window where one of each can be bought.

use std::fmt::Write as _;
use std::sync::Arc;

use hyper::Method;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::http::{Ask, Reply};
use crate::model::order::{PAYMENTS, Status};
use crate::model::product::{Kind, Product};
use crate::model::purchase::{Cart, SoldOut};
use crate::model::seed_orders;
use crate::query::Query;
use crate::store::Store;
use crate::view::View;

const STYLE: &str = include_str!("shop.css");

/// Answers the pages of a shop; a head of any of them tells where the API is.
pub fn answer(store: &Arc<Store>, ask: &Ask) -> Reply {
    let profile = store.profile();
    let home = profile.address(ask.is_tls);
    let reply = match (&ask.method, ask.path.as_str()) {
        (&Method::GET | &Method::HEAD, "" | "/") => Reply::html(200, store.read(|view| window(view, &ask.query))),
        (&Method::POST, "/buy") => order(store, ask),
        _ => Reply::html(404, page(&profile.name, "<p>Nothing here. <a href=\"./\">Back to the shop</a></p>")),
    };
    reply.with("link", format!("<{home}/wp-json/>; rel=\"https://api.w.org/\""))
}

fn order(store: &Arc<Store>, ask: &Ask) -> Reply {
    let form = Query::parse(&String::from_utf8_lossy(&ask.body));
    let id = form.get("variation_id").or_else(|| form.get("product_id")).and_then(|id| id.parse().ok());
    // Without a host, so that it works by whatever name the shop was reached.
    let window = format!("/s/{}/", store.profile().index);
    match buy(store, id, 1) {
        Ok(order_id) => Reply::see_other(format!("{window}?thanks={order_id}")),
        Err(SoldOut) => Reply::see_other(format!("{window}?sold_out=1")),
    }
}

/// A customer's purchase of one product or variation; of anything that is there when none is named.
///
/// # Errors
/// [`SoldOut`] when it is not for sale in that number.
pub fn buy(store: &Arc<Store>, id: Option<u64>, quantity: i64) -> Result<u64, SoldOut> {
    let mut rng = StdRng::seed_from_u64(rand::random());
    store.change(|change| {
        let anything = || change.records.products.values().find(|one| one.is_for_sale()).map(|one| one.id);
        let wanted = id.or_else(anything).ok_or(SoldOut)?;
        // A variable product is bought as its first variation that is there.
        let product = change.records.products.get(&wanted).ok_or(SoldOut)?;
        let concrete =
            if product.kind == Kind::Variable { first_choice(change.view(), product).ok_or(SoldOut)? } else { wanted };
        let buyer = seed_orders::a_cart(change.records, change.profile, &mut rng, &[]);
        let shipping_cost = Some(rust_decimal::Decimal::from(7 * change.profile.place.currency.unit));
        let cart = Cart {
            items: vec![(concrete, quantity)],
            payment: PAYMENTS.last(),
            shipping_cost,
            coupon: None,
            fee: None,
            created_via: "store-api",
            ..buyer
        };
        change.check_out(cart, Status::Processing)
    })
}

fn first_choice(view: View<'_>, product: &Product) -> Option<u64> {
    let variations = product.variations.iter().filter_map(|id| view.records.products.get(id));
    variations.clone().find(|one| one.is_for_sale()).or_else(|| variations.clone().next()).map(|one| one.id)
}

/// The shop window.
fn window(view: View<'_>, query: &Query) -> String {
    let mut body = String::new();
    if let Some(id) = query.get("thanks").and_then(|id| id.parse::<u64>().ok()) {
        let _ = write!(
            body,
            "<p class=\"note\" role=\"status\">Thank you! Your order number is <strong>#{id}</strong>.</p>"
        );
    }
    if query.get("sold_out").is_some() {
        body.push_str("<p class=\"note sorry\" role=\"status\">Sorry, that has just been sold out.</p>");
    }
    body.push_str("<ul class=\"shelf\">");
    let on_display =
        |one: &&Product| one.kind != Kind::Variation && one.status == crate::model::product::Status::Publish;
    for product in view.records.products.values().filter(on_display) {
        card(&mut body, view, product);
    }
    body.push_str("</ul>");
    page(&view.profile.name, &body)
}

fn card(body: &mut String, view: View<'_>, product: &Product) {
    let choices: Vec<&Product> = product.variations.iter().filter_map(|id| view.records.products.get(id)).collect();
    let is_there = product.is_for_sale() || choices.iter().any(|one| one.is_for_sale());
    let price = product.price().or_else(|| choices.iter().filter_map(|one| one.price()).min()).unwrap_or_default();
    let currency = &view.profile.place.currency;
    let amount = crate::money::fixed(price, currency.decimals);
    let stock = match (product.available(), choices.is_empty()) {
        (_, false) => format!("{} kinds", choices.len()),
        (Some(0), _) => "sold out".to_owned(),
        (Some(left), _) => format!("{left} in stock"),
        (None, _) => "in stock".to_owned(),
    };
    let _ = write!(
        body,
        "<li data-product=\"{id}\"><h2>{name}</h2><p class=\"price\">{symbol}&nbsp;{amount}</p><p class=\"stock\">{stock}</p>\
         <form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"product_id\" value=\"{id}\">",
        id = product.id,
        name = escape(&product.name),
        symbol = escape(currency.symbol),
        action = escape(&format!("/s/{}/buy", view.profile.index)),
    );
    if !choices.is_empty() {
        body.push_str("<select name=\"variation_id\" aria-label=\"Kind\">");
        for choice in choices {
            let name = choice.choices.iter().map(|one| &*one.option.name).collect::<Vec<_>>().join(", ");
            let disabled = if choice.is_for_sale() { "" } else { " disabled" };
            let _ = write!(body, "<option value=\"{}\"{disabled}>{}</option>", choice.id, escape(&name));
        }
        body.push_str("</select>");
    }
    let disabled = if is_there { "" } else { " disabled" };
    let _ = write!(body, "<button{disabled}>Buy one</button></form></li>");
}

/// The list of all shops at the fleet's root.
pub fn directory(stores: &[Arc<Store>]) -> Reply {
    let mut body = String::from("<ul class=\"shelf\">");
    for store in stores.iter().take(200) {
        let profile = store.profile();
        let _ = write!(
            body,
            "<li><h2><a href=\"/s/{}/\">{}</a></h2><p class=\"stock\">{} · {} · WooCommerce {}</p></li>",
            profile.index,
            escape(&profile.name),
            profile.zone_name,
            profile.place.currency.code,
            profile.version
        );
    }
    body.push_str("</ul>");
    Reply::html(200, page("Simulated shops", &body))
}

fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style></head><body><header><h1>{title}</h1>\
         <p>A simulated WooCommerce shop</p></header><main>{body}</main></body></html>"
    )
}

/// For HTML. Entities that are already there stay, as WordPress leaves them.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        match letter {
            '&' if starts_entity(text.get(at + 1..).unwrap_or_default()) => out.push('&'),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn starts_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or_default();
    name.len() < rest.len() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_entities_are_left() {
        assert_eq!(escape("Rake & Hoe <3 \"x\""), "Rake &amp; Hoe &lt;3 &quot;x&quot;");
        assert_eq!(escape("Fish &amp; Chips, O&#039;Hara & Co; x"), "Fish &amp; Chips, O&#039;Hara &amp; Co; x");
    }
}
