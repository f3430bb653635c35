//! The pages of stock and of files of counts, and what their frames carry.

use std::sync::Arc;

use askama::Template;
use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_db::{
    intents::IntentRow,
    stock::{ImportLine, ImportRow, MoveRow, StockKey, StockRow, Total},
};
use storewire_domain::{
    ChangeKind, IntentState, RoleClass, Source, StoreId, TenantId, UserId,
    intent::Cause,
    stock::{ImportFinding, ImportState, MoveReason},
};

use super::{
    data::{self, Cast, before, dec, id, now},
    engine_data, markup,
    owners::owners,
    pages::frame,
    request_pages,
    staff_pages::narrow,
};
use crate::panel::{
    PanelRenderer, dom_id, url,
    view::{
        AdjustForm, AskForms, Choice, Filter, Fresh, ImportFormPage, ImportLineView, ImportPage, ImportView,
        InventoryList, InventoryPage, LevelForm, Listing, MoveLine, OwnersView, Stale, StockLine, StockPage, StockView,
        filter, import,
    },
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("inventory", inventory(cast, 5)),
        ("inventory-empty", inventory(cast, 0)),
        ("stock", stock(cast, RoleClass::Staff)),
        ("stock-merchant", stock(cast, RoleClass::Merchant)),
        ("import-form", form(cast)),
        ("import-previewed", import(cast, ImportState::Previewed)),
        ("import-written", import(cast, ImportState::Written)),
    ]
}

fn inventory(cast: Cast, rows: u128) -> String {
    let t = Words::default();
    let stores = [engine_data::glance(cast, 2)];
    let list = InventoryList {
        filter: Filter::new(filter::inventory(&t), &narrow(cast), &stores),
        rows: (0..rows).map(|n| StockLine::new(&data::product(cast, n), &t).of_stale(n == 2)).collect(),
        next: (rows > 0).then(|| url::with(url::INVENTORY, &[("after", &cast.say("a"))])),
        fresh: Fresh::of(&stores, None, now()),
        stale: Stale::of(&[engine_data::glance(cast, 4)], None, RoleClass::Merchant, now(), &t),
        t: t.clone(),
    };
    let listing = Arc::new(Listing::new(&list, None, None).unwrap());
    let frame = frame(cast, true, url::INVENTORY, "inventory");
    InventoryPage { frame, may_import: true, listing, t }.render().unwrap()
}

fn stock(cast: Cast, class: RoleClass) -> String {
    let t = Words::default();
    let product = data::product(cast, 1);
    let row = |n| StockRow {
        level_version: Some(3),
        low_since: Some(before(60)),
        key: StockKey { article_name: String::new(), article: product.id, name: String::new(), id: product.id },
        product: data::product(cast, n),
    };
    let moves = MoveReason::ALL.iter().zip(1..).map(|(&reason, n)| MoveLine::new(&entry(cast, reason, n), class, &t));
    let view = StockView::new(&product, &[row(2), row(3)], moves.collect(), &t);
    let is_staff = class == RoleClass::Staff;
    let page = StockPage {
        frame: frame(cast, is_staff, url::INVENTORY, "stock"),
        stock: StockView { older: Some(url::with(&url::stock(product.id), &[("after", "x")])), ..view },
        adjust: AdjustForm::of(&product).filter(|_| is_staff),
        level: LevelForm::of(&row(1)),
        owners: OwnersView::of_stock(owners(cast), &t),
        asks: request_pages::asks(
            cast,
            (!is_staff).then(|| AskForms::of_product(&product, &t).within(&owners(cast), &t)),
        ),
        intents: is_staff.then(Vec::new),
        stale: Stale::of(&[engine_data::glance(cast, 4)], None, class, now(), &t),
        t,
    };
    page.render().unwrap()
}

fn entry(cast: Cast, reason: MoveReason, n: i64) -> MoveRow {
    let is_ours = !matches!(reason, MoveReason::Shop | MoveReason::Drift);
    MoveRow {
        id: id(4_000 + u128::from(n.unsigned_abs())),
        at: before(600 * n),
        before: (n > 1).then(|| dec("12")),
        after: Some(dec("9.5")),
        reason,
        source: Source::Webhook,
        by_name: if is_ours { cast.say("Anna Berg") } else { String::new() },
        intent_id: is_ours.then(|| id(5_000)),
        note: if is_ours { cast.say("Found behind the shelf") } else { String::new() },
    }
}

fn file(cast: Cast, state: ImportState) -> ImportRow {
    let is_written = state == ImportState::Written;
    ImportRow {
        tenant_id: TenantId(id(3)),
        store_id: StoreId(id(10)),
        store_name: cast.say("Copper & Clay"),
        id: id(6_000),
        name: cast.say("counts.csv"),
        state,
        encoding: "latin-1".to_owned(),
        ignored: vec![cast.say("price")],
        made_by: UserId(id(7)),
        made_name: cast.say("Anna Berg"),
        created_at: before(600),
        expires_at: now(),
        written_by: is_written.then(|| UserId(id(7))),
        written_name: is_written.then(|| cast.say("Anna Berg")),
        written_at: is_written.then(now),
        version: 2,
        num_lines: 1_204,
        num_changes: 3,
        num_left: if is_written { 0 } else { 3 },
    }
}

fn form(cast: Cast) -> String {
    let t = Words::default();
    let page = ImportFormPage {
        frame: frame(cast, true, url::INVENTORY, "inventory"),
        deed: id(6_001),
        stores: vec![Choice { value: id(10).to_string(), label: cast.say("Copper & Clay"), is_chosen: true }],
        rows: ImportState::ALL.iter().map(|&state| ImportView::new(&file(cast, state), &t)).collect(),
        older: Some(url::with(url::IMPORT, &[("after", "x")])),
        t,
    };
    page.render().unwrap()
}

fn import(cast: Cast, state: ImportState) -> String {
    let t = Words::default();
    let is_written = state == ImportState::Written;
    let total = |finding, count| Total { finding, state: None, is_refused: false, count };
    let failed = Total { state: Some(IntentState::Failed), ..total(ImportFinding::Change, 1) };
    let mut totals: Vec<Total> = ImportFinding::ALL.iter().zip(1..).map(|(&kind, n)| total(kind, n)).collect();
    totals.extend(is_written.then_some(failed));
    let row = file(cast, state);
    let lines = ImportFinding::ALL.iter().zip(2..).map(|(&kind, n)| ImportLineView::new(&line(cast, kind, n), &t));
    let written = IntentState::ALL.iter().zip(20_i32..).filter(|_| is_written).map(|(&state, n)| {
        let reason = (state == IntentState::Failed).then(|| "conflict".to_owned());
        let intent = (Some(id(5_000 + u128::from(n.unsigned_abs()))), Some(state));
        let line = line(cast, ImportFinding::Change, n);
        ImportLineView::new(&ImportLine { intent_id: intent.0, intent_state: intent.1, reason, ..line }, &t)
    });
    let refused = ImportLine { reason: Some("gone".to_owned()), ..line(cast, ImportFinding::Change, 40) };
    let page = ImportPage {
        frame: frame(cast, true, url::INVENTORY, "import"),
        import: ImportView::new(&row, &t),
        totals: import::totals(&totals, &t),
        tabs: import::tabs(row.id, &totals, Some(ImportFinding::Same), &t),
        rows: lines.chain(written).chain([ImportLineView::new(&refused, &t)]).collect(),
        next: Some(url::with(&url::import(row.id), &[("after", "200")])),
        t,
    };
    page.render().unwrap()
}

fn line(cast: Cast, finding: ImportFinding, n: i32) -> ImportLine {
    let is_about_one = !matches!(finding, ImportFinding::Unknown | ImportFinding::Doubled);
    ImportLine {
        line: n,
        sku: cast.say("MUG-03"),
        given: cast.say("=1+1"),
        wanted: (finding != ImportFinding::BadNumber).then(|| dec("20")),
        product_id: is_about_one.then(|| data::product(cast, 1).id),
        product_name: is_about_one.then(|| cast.say("Stoneware mug, 300 ml")),
        present: is_about_one.then(|| dec("12")),
        finding,
        intent_id: None,
        intent_state: None,
        reason: None,
    }
}

fn told(page: Page, subject: Subject) -> Option<Rendered> {
    let change = data::change(Cast::Hostile, 1, ChangeKind::StockChanged, Source::Engine);
    let view = View { page, class: RoleClass::Staff, own: None, locale: "en".to_owned() };
    PanelRenderer.render(&view, &FeedEvent { change, subject })
}

#[test]
fn a_count_reaches_the_list_that_it_fits_and_leaves_the_one_of_what_is_low() {
    let low = Subject::Product(Box::new(data::product(Cast::Hostile, 1)));
    let enough = Subject::Product(Box::new(data::product(Cast::Hostile, 0)));
    let list = |is_low| Page::Inventory { store: None, is_low };
    let t = Words::default();
    for page in [list(true), list(false)] {
        let frame = told(page, low.clone()).unwrap();
        assert_eq!(frame.target.as_deref(), Some("#stock-rows"));
        assert!(frame.content.contains(&t.get("stock-low")));
        markup::check("a line's frame", &frame.content);
    }
    let kept = told(list(false), enough.clone()).unwrap();
    assert!(!kept.content.contains(&t.get("stock-low")));
    let left = told(list(true), enough).unwrap();
    let gone = dom_id::selector(&dom_id::product(data::product(Cast::Hostile, 0).id));
    assert_eq!((left.target, left.swap.as_deref()), (Some(gone), Some("delete")));
    let elsewhere = Page::Inventory { store: Some(StoreId(id(99))), is_low: false };
    assert!(told(elsewhere, low.clone()).is_none());
    let product = data::product(Cast::Hostile, 1).id;
    let head = told(Page::Stock(product), low).unwrap();
    assert_eq!(head.target, Some(dom_id::selector(&dom_id::stock_head(product))));
    markup::check("a stock's head", &head.content);
}

#[test]
fn what_became_of_a_line_replaces_what_stood_there() {
    let failed = engine_data::intents(Cast::Hostile).remove(0);
    let cause = Cause { import: Some(id(6_000)), ..failed.cause.clone() };
    let intent = IntentRow { state: IntentState::Failed, reason: Some("conflict".to_owned()), cause, ..failed };
    let frame = told(Page::Import(id(6_000)), Subject::Intent(Box::new(intent.clone()))).unwrap();
    assert_eq!(frame.target, Some(dom_id::selector(&dom_id::outcome(intent.id))));
    assert!(frame.content.contains(&Words::default().get("outcome-conflict")), "{}", frame.content);
    markup::check("an outcome's frame", &frame.content);
}

#[test]
fn what_a_person_may_not_is_not_offered_and_formulas_are_text() {
    let (staff, merchant) = (stock(Cast::Friendly, RoleClass::Staff), stock(Cast::Friendly, RoleClass::Merchant));
    assert!(staff.contains("/adjust\"") && staff.contains("/changes/"));
    assert!(!merchant.contains("/adjust\"") && !merchant.contains("/changes/"));
    assert!(merchant.contains("Found behind the shelf") && merchant.contains("action=\"/requests\""));
    let looked_at = import(Cast::Friendly, ImportState::Previewed);
    assert!(looked_at.contains("=1+1") && looked_at.contains("Write 3 changes") && looked_at.contains("/drop\""));
    let written = import(Cast::Friendly, ImportState::Written);
    assert!(!written.contains("/write\"") && !written.contains("/drop\""));
}
