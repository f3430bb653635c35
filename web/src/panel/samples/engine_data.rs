//! Rows of the engine's own tables: stores and what happens to them, mail, changes on their way.

use std::time::Duration;

use serde_json::json;
use storewire_db::{
    StoreRow,
    alerts::Alert,
    budgets::{Breaker, Budget},
    customers::{CustomerDetail, CustomerSummary},
    dead_letters::{DeadCause, DeadLetter},
    deliveries::DeliveryRow,
    diary::Entry,
    drifts::Drift,
    intents::IntentRow,
    stores::StoreGlance,
    sweeps::{self, Sweep},
    webhook_gaps::{Gap, Recovered},
};
use storewire_domain::{
    Address, AuthScheme, ChangeKind, DeliveryId, DriftKind, DriftOutcome, Edit, IntentState, Purpose, RemoteId,
    Resource, StoreId, StoreState, TenantId, UserId,
    intent::{Cause, CustomerField, TextField},
};

use super::{
    data::{Cast, address, before, dec, deeds, id, now, order, timeline},
    product_pages,
};

pub fn store(cast: Cast, n: u128) -> StoreRow {
    let names =
        ["Copper & Clay", "Northlight Books", "Kyoto Tea", "Fjord Outdoor", "Old Harbour", "Sunday Bakery", "Elm"];
    let state = StoreState::ALL[n as usize % 7];
    let reason = ["", "", "", "timeout", "auth_rejected", "", ""][n as usize % 7];
    StoreRow {
        tenant_id: TenantId(id(3)),
        tenant_name: cast.say("Berg Brands"),
        id: StoreId(id(10 + n)),
        name: cast.say(names[n as usize % 7]),
        home_url: cast.say("https://copper-clay.example"),
        rest_root: "https://copper-clay.example/wp-json/".to_owned(),
        auth: AuthScheme::Basic,
        state,
        state_reason: (!reason.is_empty()).then(|| cast.say(reason)),
        timezone: cast.say("Europe/Istanbul"),
        currency: cast.say("TRY"),
        decimals: 2,
        woo_version: Some(cast.say("11.0.1")),
        as_of: (n > 1).then(|| before(7 * n as i64 * n as i64)),
        last_ok_at: Some(before(20)),
        last_error: (n > 2).then(|| cast.say("GET /wp-json/wc/v3/orders: no answer within 30 s")),
        last_error_at: Some(before(90)),
        last_webhook_at: (n != 5).then(|| before(4)),
        inbox_pending: if n == 3 { 12 } else { 0 },
        orders: 18_204,
        products: 412,
        backfill_done: 1204,
        backfill_total: (cast == Cast::Friendly).then_some(5310),
        backfill_began_at: Some(before(65)),
        rechecks: 2 * (n as i64 % 3),
        intents: i64::from(n == 4),
        dead_letters: if n == 4 { 3 } else { 0 },
        freshness_goal: Duration::from_secs(60),
        plain_http: n == 4,
        known_sources: vec![cast.say("https://www.copper-clay.example/")],
        hooks_checked_at: None,
        created_at: before(86_400 * 40),
        updated_at: before(9),
    }
}

pub fn glance(cast: Cast, n: u128) -> StoreGlance {
    StoreGlance::from(&store(cast, n))
}

pub fn budget(cast: Cast, n: u128) -> Budget {
    let reasons = ["steady", "learning", "slow_answers", "throttled", "overloaded"];
    let is_open = n == 4;
    Budget {
        request_interval: Duration::from_millis([250, 500, 1_200, 4_000, 30_000][n as usize % 5]),
        reason: cast.say(reasons[n as usize % 5]),
        page_size: 100,
        latency: Some(Duration::from_millis(640)),
        breaker: if is_open { Breaker::Open } else { Breaker::Closed },
        rests_until: is_open.then(|| now() + Duration::from_secs(240)),
        slower_until: (n == 3).then(|| now() + Duration::from_secs(80_000)),
        failures: if is_open { 7 } else { 0 },
        requests: 120_400,
        updated_at: before(3),
    }
}

pub fn alerts(cast: Cast) -> Vec<Alert> {
    let kinds = ["stale", "dead_letters", "clone", "storm", "needs_attention", "parked", "webhooks", "odd"];
    let alert = |(n, kind): (usize, &str)| Alert {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10 + n as u128)),
        store_name: cast.say("Kyoto Tea"),
        kind: kind.to_owned(),
        since: before(600),
        detail: json!({ "count": 3, "record": "order", "remote_id": cast.say("4711") }),
    };
    kinds.into_iter().enumerate().map(alert).collect()
}

/// Every kind of entry, with all of its numbers and with none.
pub fn diary(cast: Cast) -> Vec<Entry> {
    let kinds = "connected imported live_again needs_attention parked paused resumed stale fresh_again dirty reconcile_wanted \
        reconciled sweep_disbelieved replayed dead_retried dead_discarded storm storm_over webhooks_healed webhooks_missed \
        hooks_refused webhook_owner webhook_secret_rotated clone_suspected source_accepted settings_changed owners_set what_comes_next";
    let full = json!({
        "reason": "auth_rejected", "minutes": 40, "goal_minutes": 15, "checked": 18_616, "drifted": 2, "repaired": 1, "gone": 1,
        "seconds": 94, "resource": "orders", "suspects": 400, "deliveries": 3, "records": 1, "letters": 1, "record": "order",
        "remote_id": cast.say("4711"), "saves": 212, "verdict": "unchanged", "cause": "disabled", "topics": 2,
        "topic": "order.updated", "orders": 17, "products": 1, "customers": 0, "coupons": 0, "source": cast.say("https://staging.example"),
        "retried": 4,
    });
    let entry = |(n, kind): (usize, &str)| Entry {
        id: id(900 + n as u128),
        at: before(60 * n as i64),
        kind: kind.to_owned(),
        detail: if cast == Cast::Friendly { full.clone() } else { json!({ "source": cast.say("x"), "minutes": "x" }) },
        user_name: (n % 3 == 0).then(|| cast.say("Anna Berg")),
    };
    kinds.split_whitespace().enumerate().map(entry).collect()
}

pub fn gaps(cast: Cast) -> Vec<Gap> {
    let gap = |n: u128, recovered| Gap {
        id: id(950 + n),
        since: before(4_000),
        found_at: before(1_600),
        mended_at: Some(before(1_590)),
        found: json!({ "disabled": ["order.updated", cast.say("order.created")], cast.say("odd"): [1, null] }),
        closed_at: None,
        recovered,
    };
    let recovered = Recovered { orders: 17, products: 1, ..Recovered::default() };
    vec![gap(0, None), gap(1, Some(recovered))]
}

pub fn walks() -> Vec<Sweep> {
    let walk = |purpose| {
        move |(resource, listing)| Sweep {
            run_id: Some(id(960)),
            started_at: Some(before(500)),
            finished_at: (purpose == Purpose::Sweep).then(|| before(400)),
            done: 1_800,
            expected: Some(2_200),
            drifted: i64::from(resource == Resource::Orders),
            ..Sweep::never(purpose, resource, listing)
        }
    };
    let of = |purpose| sweeps::WALKS.into_iter().map(walk(purpose));
    of(Purpose::Sweep).chain(of(Purpose::Reconcile)).collect()
}

pub fn drift(cast: Cast) -> Vec<Drift> {
    let outcomes = [None, Some(DriftOutcome::Repaired), Some(DriftOutcome::Gone), Some(DriftOutcome::Same)];
    let kinds = [DriftKind::Different, DriftKind::Missing, DriftKind::Extra, DriftKind::Different];
    let row = |(n, (kind, outcome)): (usize, (DriftKind, Option<DriftOutcome>))| Drift {
        id: id(970 + n as u128),
        run_id: id(960),
        resource: Resource::Products,
        remote_id: RemoteId(cast.say("31")),
        kind,
        detail: json!({ "stock_quantity": ["12", cast.say("9")], "odd": "x" }),
        found_at: before(450),
        repaired_at: outcome.map(|_| before(440)),
        outcome,
    };
    kinds.into_iter().zip(outcomes).enumerate().map(row).collect()
}

pub fn delivery(cast: Cast, n: u128) -> DeliveryRow {
    let states = ["pending", "applied", "ignored", "dead", "odd"];
    let reasons = [None, None, Some("echo"), Some("the body is no JSON: expected value at line 1"), Some("same")];
    DeliveryRow {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10)),
        store_name: cast.say("Copper & Clay"),
        id: DeliveryId(id(980 + n)),
        received_at: before(7 * n as i64),
        topic: cast.say("order.updated"),
        webhook_id: cast.say("12"),
        delivery_id: cast.say("b7a9"),
        source: cast.say("https://copper-clay.example/"),
        state: states[n as usize % 5].to_owned(),
        reason: reasons[n as usize % 5].map(|reason| cast.say(reason)),
        attempts: 1,
        handled_at: (n != 0).then(|| before(6 * n as i64)),
        bytes: 4_210 * (1 + n as i64 * n as i64),
    }
}

pub fn causes(cast: Cast) -> Vec<DeadCause> {
    let words = [
        ("undecodable", "order.updated"),
        ("undecodable", "order.created"),
        ("foreign_source", "order.updated"),
        ("odd", "x"),
    ];
    let cause = |(n, (cause, topic)): (usize, (&str, &str))| DeadCause {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10)),
        store_name: cast.say("Copper & Clay"),
        cause: cause.to_owned(),
        topic: cast.say(topic),
        sample_reason: cast.say("the body is no JSON: expected value at line 1 column 1"),
        count: 3 + n as i64,
        newest: before(60 * n as i64),
    };
    words.into_iter().enumerate().map(cause).collect()
}

pub fn letter(cast: Cast, n: u128) -> DeadLetter {
    DeadLetter {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10)),
        store_name: cast.say("Copper & Clay"),
        id: id(990 + n),
        origin: ["delivery", "page", "record"][n as usize % 3].to_owned(),
        topic: cast.say("order.updated"),
        remote_id: (n > 0).then(|| cast.say("4711")),
        cause: "undecodable".to_owned(),
        reason: cast.say("the body is no JSON: expected value at line 1 column 1"),
        received_at: before(90),
        created_at: before(80),
        retried_at: (n == 1).then(|| before(40)),
        resolved_at: (n == 2).then(|| before(30)),
        bytes: 812,
    }
}

/// One of every kind and state.
pub fn intents(cast: Cast) -> Vec<IntentRow> {
    let fields = [(CustomerField::BillingCity, cast.say("İzmir")), (CustomerField::Email, cast.say("a@b.example"))];
    let edits = [
        (Edit::Stock { quantity: dec("20") }, IntentState::Done, None, json!({ "stock_quantity": "20" })),
        (
            Edit::Price { regular: Some(dec("12.50")), sale: Some(dec("9.90")) },
            IntentState::Failed,
            Some("conflict"),
            json!({ "regular_price": "14", "sale_price": null }),
        ),
        (Edit::ProductStatus { status: "draft".to_owned() }, IntentState::Waiting, None, json!(null)),
        (
            Edit::Categories { ids: vec![RemoteId::from(3)] },
            IntentState::Done,
            Some("already"),
            json!({ "categories": ["3"] }),
        ),
        (
            Edit::OrderStatus { status: cast.say("completed") },
            IntentState::Sending,
            None,
            json!({ "status": cast.say("processing") }),
        ),
        (
            Edit::OrderNote { text: cast.say("Packed in two boxes"), for_customer: true },
            IntentState::Unknown,
            None,
            json!(7),
        ),
        (
            Edit::Tracking { provider: cast.say("DHL"), number: cast.say("1Z"), url: None },
            IntentState::Failed,
            Some("woocommerce_rest_invalid"),
            json!({ "tracking": [cast.say("DHL"), "1Z", ""] }),
        ),
        (
            Edit::Text { fields: [(TextField::Long, cast.say("Fired twice."))].into() },
            IntentState::Failed,
            Some("conflict"),
            json!({ "description": cast.say("Fired once.") }),
        ),
        (Edit::Trash, IntentState::Done, None, json!({ "status": "trash" })),
        (
            Edit::Create { product: Box::new(product_pages::new_product(cast)) },
            IntentState::Failed,
            Some("product_invalid_sku"),
            json!({ "created": null, "newest": "5" }),
        ),
        (
            Edit::AddVariation { variation: Box::new(product_pages::new_variation(cast)) },
            IntentState::Done,
            None,
            json!({ "created": "yes", "remote_id": "9" }),
        ),
        (
            Edit::Customer { fields: fields.into() },
            IntentState::Failed,
            Some("not_kept"),
            json!({ "billing.city": cast.say("Izmir"), "odd": true }),
        ),
    ];
    let row =
        |(n, (edit, state, reason, result)): (usize, (Edit, IntentState, Option<&str>, serde_json::Value))| IntentRow {
            tenant_id: TenantId(id(3)),
            store_id: StoreId(id(10)),
            store_name: cast.say("Copper & Clay"),
            id: id(1_000 + n as u128),
            kind: edit.kind().to_owned(),
            entity_id: id(100),
            remote_id: cast.say("4711"),
            edit,
            state,
            attempts: 1,
            reason: reason.map(str::to_owned),
            expected: Some(json!({ "stock_quantity": "18" })),
            before: Some(json!({ "stock_quantity": "18" })),
            result: Some(result),
            cause: Cause::of(UserId(id(7))),
            user_name: Some(cast.say("Anna Berg")),
            created_at: before(40),
            sent_at: Some(before(38)),
            updated_at: before(36),
            finished_at: state.is_final().then(|| before(36)),
        };
    edits.into_iter().enumerate().map(row).collect()
}

pub fn customer(cast: Cast, n: u128) -> CustomerSummary {
    CustomerSummary {
        tenant_id: TenantId(id(3)),
        id: id(1_100 + n),
        store_id: StoreId(id(10 + n % 3)),
        store_name: cast.say("Copper & Clay"),
        remote_id: cast.say("81"),
        name: if n == 2 { String::new() } else { cast.say("Mira Oduya") },
        email: cast.say("mira@example.org"),
        username: cast.say("mira"),
        role: cast.say("customer"),
        billing: address(cast),
        tags: vec![cast.say("vip"), cast.say("wholesale")],
        created_at: Some(before(9_000_000)),
        modified_at: None,
        deleted_at: None,
        saved_at: before(70),
    }
}

pub fn customer_detail(cast: Cast) -> CustomerDetail {
    CustomerDetail {
        summary: customer(cast, 0),
        shipping: Address::default(),
        orders: (0..3).map(|n| order(cast, n)).collect(),
        timeline: timeline(cast, ChangeKind::CustomerChanged, ChangeKind::CustomerChanged),
        deeds: deeds(cast),
        raw: json!({ "first_name": cast.say("Mira"), "last_name": cast.say("Oduya"), "email": cast.say("mira@example.org") }).to_string(),
    }
}
