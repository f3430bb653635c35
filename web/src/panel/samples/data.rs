//! Rows as the database would answer them: an ordinary day, or everything that a hostile store may send.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::json;
use storewire_db::{ChangeRow, OrderDetail, OrderSummary, ProductDetail, ProductSummary, audit::AuditRow};
use storewire_domain::{
    Address, ChangeKind, LineKind, ManageStock, OrderId, OrderLine, PlatformRole, ProductId, Refund, RemoteId,
    SessionId, Source, StoreId, TenantId, TenantRole, UserId,
};
use storewire_guard::access::{Standing, Viewer};
use uuid::Uuid;

/// What a hostile buyer or store calls itself.
pub const EVIL: &str =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='x' {{7*7}} &amp; \u{202e} İĞŞ </td></tr>";

/// The source of every name in a set of samples.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    Friendly,
    Hostile,
}

impl Cast {
    pub fn say(self, friendly: &str) -> String {
        match self {
            Self::Friendly => friendly.to_owned(),
            Self::Hostile => format!("{friendly}{EVIL}"),
        }
    }
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_4f00_0000_7000_8000_0000_0000_0000 + n)
}

/// The samples' present.
pub fn now() -> Timestamp {
    "2026-11-21T10:02:12.190Z".parse().unwrap()
}

pub fn before(seconds: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn viewer(cast: Cast, is_staff: bool) -> Viewer {
    Viewer {
        user_id: UserId(id(1)),
        session_id: SessionId(id(2)),
        email: cast.say("anna@example.com"),
        name: cast.say("Anna Berg"),
        locale: None,
        standing: if is_staff {
            Standing::Platform { role: PlatformRole::Admin, stores: None }
        } else {
            Standing::Tenant { tenant: TenantId(id(3)), role: TenantRole::User }
        },
    }
}

const PEOPLE: [&str; 6] = ["Mira Oduya", "Can Yılmaz", "Thandi Nkosi", "", "Jonas Lindqvist", "Aylin Şahin"];
const STATUSES: [&str; 9] = [
    "processing",
    "completed",
    "on-hold",
    "processing",
    "pending",
    "refunded",
    "failed",
    "awaiting-pickup",
    "cancelled",
];
const STORES: [(&str, &str); 3] = [("Copper & Clay", "TRY"), ("Northlight Books", "EUR"), ("Kyoto Tea", "JPY")];

pub fn order(cast: Cast, n: u128) -> OrderSummary {
    let (store, currency) = STORES[n as usize % 3];
    let gone = (n == 8).then(|| before(30));
    OrderSummary {
        tenant_id: TenantId(id(3)),
        id: OrderId(id(100 + n)),
        store_id: StoreId(id(10 + n % 3)),
        store_name: cast.say(store),
        remote_id: cast.say("4711"),
        number: cast.say(&(10_482 - n).to_string()),
        status: cast.say(STATUSES[n as usize % 9]),
        currency: cast.say(currency),
        total: dec(["1849.90", "64.5", "12400", "129.00", "0"][n as usize % 5]),
        customer_name: cast.say(PEOPLE[n as usize % 6]),
        customer_email: cast.say("mira@example.org"),
        item_count: 1 + n as i64 % 4,
        created_at: before(11 + 400 * n as i64 * n as i64),
        modified_at: Some(before(5)),
        trashed_at: gone,
        deleted_at: None,
        saved_at: before(1 + n as i64),
    }
}

fn line(cast: Cast, kind: LineKind, name: &str, quantity: Option<&str>, total: &str) -> OrderLine {
    OrderLine {
        kind,
        remote_id: RemoteId(cast.say("9")),
        name: cast.say(name),
        sku: if kind == LineKind::Item { cast.say("MUG-03") } else { String::new() },
        product_remote_id: Some(RemoteId::from(7)),
        variation_remote_id: None,
        quantity: quantity.map(dec),
        subtotal: dec(total),
        subtotal_tax: dec("0"),
        total: dec(total),
        total_tax: if kind == LineKind::Item { dec("148.15") } else { dec("0") },
        detail: if kind == LineKind::Item {
            BTreeMap::from([(cast.say("colour"), cast.say("Speckled blue"))])
        } else {
            BTreeMap::new()
        },
    }
}

pub fn address(cast: Cast) -> Address {
    Address {
        first_name: cast.say("Mira"),
        last_name: cast.say("Oduya"),
        company: cast.say("Studio Oduya"),
        address_1: cast.say("Moda Caddesi 12/3"),
        city: cast.say("İstanbul"),
        postcode: cast.say("34710"),
        country: cast.say("TR"),
        phone: cast.say("+90 555 000 00 00"),
        ..Address::default()
    }
}

pub fn order_detail(cast: Cast) -> OrderDetail {
    let summary = order(cast, 0);
    OrderDetail {
        total_tax: dec("296.30"),
        shipping_total: dec("59.90"),
        discount_total: dec("90"),
        refunded_total: dec("250"),
        billing: address(cast),
        shipping: Address::default(),
        payment_method_title: cast.say("Credit card"),
        transaction_id: cast.say("pi_3Qa81k"),
        customer_note: cast.say("Please ring twice."),
        paid_at: Some(before(9)),
        completed_at: None,
        lines: vec![
            line(cast, LineKind::Item, "Stoneware mug, 300 ml", Some("4"), "1480.00"),
            line(cast, LineKind::Item, "Serving bowl", Some("1"), "400.00"),
            line(cast, LineKind::Shipping, "Courier, Anatolian side", None, "59.90"),
            line(cast, LineKind::Coupon, "WELCOME", None, "90.00"),
            line(cast, LineKind::Tax, "KDV 20 %", None, "296.30"),
        ],
        refunds: vec![Refund {
            remote_id: RemoteId::from(12),
            amount: dec("250"),
            reason: cast.say("Arrived chipped"),
            created_at: Some(before(4)),
            lines: vec![line(cast, LineKind::Item, "Stoneware mug, 300 ml", Some("-1"), "-250.00")],
        }],
        timeline: timeline(cast, ChangeKind::OrderUpdated, ChangeKind::OrderCreated),
        deeds: deeds(cast),
        raw: format!(r#"{{"id": 4711, "total": "1849.90", "note": {}}}"#, json!(cast.say("x"))),
        summary,
    }
}

pub fn change(cast: Cast, seq: i64, kind: ChangeKind, source: Source) -> ChangeRow {
    ChangeRow {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10)),
        seq,
        kind,
        entity_id: id(100),
        source,
        store_time: Some(before(11)),
        received_at: Some(before(9)),
        saved_at: before(8),
        detail: json!({ "status": ["pending", cast.say("processing")], cast.say("total"): [null, cast.say("1849.90")] }),
    }
}

pub fn timeline(cast: Cast, newer: ChangeKind, first: ChangeKind) -> Vec<ChangeRow> {
    let sources = [Source::Webhook, Source::Pull, Source::Backfill, Source::Engine, Source::User];
    let newest_first = sources.into_iter().zip((2..=6).rev());
    let mut rows: Vec<ChangeRow> = newest_first.map(|(source, seq)| change(cast, seq, newer, source)).collect();
    rows.push(change(cast, 1, first, Source::Webhook));
    rows
}

/// One of each sort: by name, by somebody whom the reader cannot look up, by nobody.
pub fn deeds(cast: Cast) -> Vec<AuditRow> {
    let edit = json!({ "kind": "order.status", "status": cast.say("completed") });
    let actions =
        ["intent.propose", "intent.retry", "intent.cancel", "request.ask", "request.approve", "request.reject"];
    let more =
        ["request.withdraw", "request.comment", "request.apply", "customer.tag", "customer.untag", "store.pause"];
    actions
        .into_iter()
        .chain(more)
        .zip(0..)
        .map(|(action, n)| AuditRow {
            tenant_id: TenantId(id(3)),
            id: id(3_000 + n),
            at: before(5 + i64::try_from(n).unwrap()),
            user_id: (n != 2).then(|| UserId(id(70))),
            user_name: (n == 0).then(|| cast.say("Anna Berg")),
            action: cast.say(action),
            entity_id: None,
            detail: json!({ "edit": edit, "expected": { "status": cast.say("processing") } }),
        })
        .collect()
}

pub fn product(cast: Cast, n: u128) -> ProductSummary {
    let (store, currency) = STORES[n as usize % 3];
    let names =
        ["Stoneware mug, 300 ml", "Serving bowl", "Letters from the harbour", "Sencha, first flush", "Tea whisk"];
    ProductSummary {
        tenant_id: TenantId(id(3)),
        id: ProductId(id(200 + n)),
        store_id: StoreId(id(10 + n % 3)),
        store_name: cast.say(store),
        currency: cast.say(currency),
        remote_id: cast.say("31"),
        parent_id: None,
        parent_name: None,
        kind: cast.say(if n == 0 { "variable" } else { "simple" }),
        name: cast.say(names[n as usize % 5]),
        sku: cast.say("MUG-03"),
        status: cast.say(if n == 3 { "draft" } else { "publish" }),
        price: (n != 4).then(|| dec("370")),
        regular_price: Some(dec("420.00")),
        sale_price: (n == 1).then(|| dec("370")),
        manage_stock: if n == 2 { ManageStock::No } else { ManageStock::Yes },
        stock_quantity: Some(dec(["42", "3", "0", "1200.5", "0"][n as usize % 5])),
        stock_status: cast.say(["instock", "instock", "onbackorder", "instock", "outofstock"][n as usize % 5]),
        level: (n != 3).then(|| dec("5")),
        variation_count: if n == 0 { 3 } else { 0 },
        image_url: cast.say("https://shop.example/mug.jpg"),
        permalink: match cast {
            Cast::Friendly => "https://shop.example/p/mug".to_owned(),
            Cast::Hostile => "javascript:alert(1)".to_owned(),
        },
        attributes: BTreeMap::from([(cast.say("Colour"), cast.say("Blue"))]),
        categories: vec![cast.say("Kitchen")],
        sort_name: cast.say("mug"),
        modified_at: Some(before(60)),
        trashed_at: None,
        deleted_at: None,
        saved_at: before(50 * n as i64 + 3),
    }
}

pub fn variation(cast: Cast, n: u128) -> ProductSummary {
    let colours = ["Blue", "Ochre", "Chalk"];
    ProductSummary {
        id: ProductId(id(300 + n)),
        parent_id: Some(ProductId(id(200))),
        parent_name: Some(cast.say("Stoneware mug, 300 ml")),
        kind: "variation".to_owned(),
        attributes: BTreeMap::from([(cast.say("Colour"), cast.say(colours[n as usize % 3]))]),
        ..product(cast, n)
    }
}

pub fn product_detail(cast: Cast) -> ProductDetail {
    ProductDetail {
        variations: (0..3).map(|n| variation(cast, n)).collect(),
        categories: vec![cast.say("Kitchen"), cast.say("Gifts")],
        category_ids: vec![RemoteId::from(3), RemoteId::from(5)],
        timeline: timeline(cast, ChangeKind::ProductUpdated, ChangeKind::ProductCreated),
        deeds: deeds(cast),
        raw: json!({
            "description": cast.say("<p>Fired twice.</p>"),
            "attributes": [{"id": 0, "name": cast.say("Colour"), "options": [cast.say("Blue")], "variation": true}],
        })
        .to_string(),
        summary: product(cast, 0),
    }
}
