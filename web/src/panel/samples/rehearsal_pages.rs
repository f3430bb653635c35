//! The pages of rehearsals.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::json;
use storewire_actors::feed::{FeedEvent, Page, Renderer as _, Subject, View};
use storewire_db::{ChangeRow, rehearsals::RehearsalRow};
use storewire_domain::{
    ChangeKind, RoleClass, Source, TenantId,
    rehearsal::{Bend, Deliveries, Lag, Moment, Phase, Progress, Report, Saturated, Slice, Trouble, Wish},
};
use storewire_guard::access::Viewer;
use uuid::Uuid;

use super::{
    data::{self, Cast, before, id, now},
    engine_data,
    pages::frame,
};
use crate::panel::{
    PanelRenderer,
    frame::Frame,
    url,
    view::{RehearsalForm, RehearsalLine, RehearsalPage, RehearsalView, RehearsalsPage},
    words::Words,
};

/// Every page, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("rehearsals", list(cast, 4)),
        ("rehearsals-empty", list(cast, 0)),
        ("rehearsal-running", show(cast, Phase::Running)),
        ("rehearsal-done", show(cast, Phase::Done)),
        ("rehearsal-failed", show(cast, Phase::Failed)),
        ("rehearsal-watched", watched(cast)),
    ]
}

fn slice(n: u32) -> Slice {
    Slice {
        at: n * 10,
        changes: 214 - n * 7,
        lag_p50: Some(12 + n),
        lag_p99: (n != 3).then_some(180 + n * 1_600),
        waiting: n * 40,
        oldest: n * 1_500,
        spared: n,
        pool: 12 + n * 14,
        cpu: (n != 3).then_some(40 + n * 12),
    }
}

fn report(cast: Cast) -> Report {
    let breaks = cast == Cast::Hostile;
    Report {
        twins: 60,
        is_cut_short: false,
        orders: 4_812,
        products: 1_204,
        deliveries: Deliveries { sent: 12_034, acknowledged: 11_530, failed: 12, dropped: 492, applied: 11_530 },
        lag: Some(Lag { count: 8_121, p50: 14, p95: 220, p99: 1_840, max: 12_400 }),
        changes: 20_412,
        lost: u32::from(breaks),
        settled_ms: (!breaks).then_some(4_120),
        bend: Some(Bend { at: 40, lag: 6_400, saturated: vec![Saturated::Cpu, Saturated::Budget] }),
        differences: breaks
            .then(|| cast.say("Kyoto Tea, twin 1, orders: 4711: only in the shop"))
            .into_iter()
            .collect(),
        ..Report::default()
    }
}

fn row(cast: Cast, phase: Phase) -> RehearsalRow {
    RehearsalRow {
        tenant_id: TenantId(Uuid::from_u128(7)),
        name: cast.say("Rehearsal of 21 Nov 2026, 10:00"),
        node: id(1),
        wished_by: Some(cast.say("Anna Berg")),
        wish: Wish {
            stores: 12,
            factor: 5,
            rate: 20,
            seconds: 120,
            goal_seconds: 5,
            troubles: vec![Trouble::Slow, Trouble::WebhooksLost],
        },
        phase,
        reason: (phase == Phase::Failed).then(|| cast.say("cannot connect the twin https://127.0.0.1:41000/s/3")),
        progress: Progress {
            began_at: Some(before(61)),
            ready: 60,
            slices: (0..5).map(slice).collect(),
            struck: BTreeMap::from([(Trouble::Slow, 18), (Trouble::WebhooksLost, 1)]),
        },
        report: (phase == Phase::Done).then(|| report(cast)),
        created_at: before(90),
        finished_at: phase.is_over().then(now),
        cleared_at: (phase == Phase::Failed).then(now),
    }
}

fn list(cast: Cast, rows: usize) -> String {
    let t = Words::default();
    let phases = [Phase::Running, Phase::Done, Phase::Failed, Phase::Interrupted];
    let form = RehearsalForm::read(&[("factor".to_owned(), cast.say("2"))]).with_problem(cast.say("Too many."));
    let form = if cast == Cast::Hostile { form } else { RehearsalForm::default() };
    let stores: Vec<_> = (0..5).map(|n| engine_data::store(cast, n)).collect();
    let page = RehearsalsPage {
        frame: frame(cast, true, url::REHEARSALS, "stores"),
        form: form.offering(&stores, &t),
        rows: phases.iter().take(rows).map(|phase| RehearsalLine::new(&row(cast, *phase), &t)).collect(),
        t,
    };
    page.render().unwrap()
}

fn show(cast: Cast, phase: Phase) -> String {
    page(cast, phase, frame(cast, true, url::REHEARSALS, "stores"))
}

/// Every page says so while a rehearsal is watched.
fn watched(cast: Cast) -> String {
    let viewer: Viewer = data::viewer(cast, true).watching(TenantId(Uuid::from_u128(7))).unwrap();
    let request = actix_web::test::TestRequest::get().uri("/control").to_http_request();
    let html = page(cast, Phase::Done, Frame::new(&request, &viewer, url::CONTROL, now(), &Words::default()));
    assert!(html.contains("/rehearsals/leave") && html.contains("00000000-0000-0000-0000-000000000007"));
    html
}

fn page(cast: Cast, phase: Phase, frame: Frame) -> String {
    let t = Words::default();
    RehearsalPage { frame, view: RehearsalView::new(&row(cast, phase), now(), &t), t }.render().unwrap()
}

#[test]
fn a_frame_tells_who_follows_a_rehearsal_how_it_stands_and_nobody_else() {
    let moment = |phase| {
        let row = row(Cast::Friendly, phase);
        Moment::of(&row.wish, phase, &row.progress, row.report.as_ref(), now())
    };
    let frame = |phase: Phase, page: Page| {
        let change = ChangeRow {
            detail: json!({"moment": [null, moment(phase)]}),
            ..data::change(Cast::Friendly, 1, ChangeKind::RehearsalMoved, Source::Engine)
        };
        let view = View { page, class: RoleClass::Staff, own: None, locale: "en".to_owned() };
        PanelRenderer.render(&view, &FeedEvent { change, subject: Subject::None })
    };
    let page = || Page::Rehearsal(TenantId(Uuid::from_u128(7)));
    let running = frame(Phase::Running, page()).unwrap();
    assert_eq!(running.target.as_deref(), Some("#rehearsal-now"));
    assert!(running.content.contains("61 of 120 seconds"), "{}", running.content);
    let done = frame(Phase::Done, page()).unwrap();
    assert!(done.content.contains(&Words::default().get("rehearsal-passed")) && !done.content.contains("<progress"));
    assert!(frame(Phase::Running, Page::Control).is_none());
}

#[test]
fn a_rehearsal_that_is_over_is_not_asked_about_again_and_offers_what_can_be_done_then() {
    let running = show(Cast::Friendly, Phase::Running);
    assert!(running.contains("hx-get=\"/rehearsals/") && running.contains("/stop\"") && !running.contains("/clear\""));
    let done = show(Cast::Friendly, Phase::Done);
    assert!(!done.contains("hx-get=\"/rehearsals/") && !done.contains("/stop\"") && done.contains("/clear\""));
    assert!(done.contains(&Words::default().get("rehearsal-held")));
    let cleared = show(Cast::Friendly, Phase::Failed);
    assert!(!cleared.contains("/clear\"") && !cleared.contains("/watch\""));
}
