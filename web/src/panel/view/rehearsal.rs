//! A rehearsal: where it stands, what was measured, what was found.

use std::time::Duration;

use askama::Template;
use jiff::Timestamp;
use storewire_db::rehearsals::RehearsalRow;
use storewire_domain::rehearsal::{Bend, Moment, Phase, Report, Saturated, Slice};

use super::{Badge, RehearsalForm, When, money::count, rehearsal_form::trouble_words, span};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// `GET /rehearsals`, and the answer to a form that needs correcting.
#[derive(Template)]
#[template(path = "rehearsals/list.html")]
pub struct RehearsalsPage {
    pub t: Words,
    pub frame: Frame,
    pub form: RehearsalForm,
    pub rows: Vec<RehearsalLine>,
}

/// `GET /rehearsals/{id}`.
#[derive(Template)]
#[template(path = "rehearsals/show.html")]
pub struct RehearsalPage {
    pub t: Words,
    pub frame: Frame,
    pub view: RehearsalView,
}

/// A rehearsal in the list.
#[derive(Clone, Debug)]
pub struct RehearsalLine {
    pub href: String,
    pub name: String,
    pub by: String,
    pub badge: Badge,
    pub twins: String,
    pub rate: String,
    pub lag: String,
    pub began: When,
}

impl RehearsalLine {
    #[must_use]
    pub fn new(row: &RehearsalRow, t: &Words) -> Self {
        let lag = row.report.as_ref().and_then(|report| report.lag);
        Self {
            href: url::rehearsal(row.tenant_id),
            name: row.name.clone(),
            by: row.wished_by.clone().unwrap_or_default(),
            badge: badge(row.phase, row.report.as_ref().map(Report::holds), t),
            twins: number(row.wish.twins() as u64),
            rate: t.with("rehearsal-per-second", "rate", &row.wish.rate.to_string()),
            lag: lag.map_or_else(|| "–".to_owned(), |lag| millis(lag.p99)),
            began: When::moment(row.created_at),
        }
    }
}

/// One slice of its course.
#[derive(Clone, Debug)]
pub struct SliceView {
    pub at: String,
    pub changes: String,
    pub p50: String,
    pub p99: String,
    pub waiting: String,
    pub spared: String,
    pub pool: String,
    pub cpu: String,
    pub is_late: bool,
}

/// A rehearsal's page.
#[derive(Clone, Debug)]
pub struct RehearsalView {
    /// Its address, for what is done with it.
    pub href: String,
    pub name: String,
    pub now: RehearsalNow,
    pub by: String,
    pub began: When,
    pub twins: String,
    pub stores: String,
    pub rate: String,
    pub length: String,
    pub goal: String,
    pub troubles: Vec<(String, String)>,
    pub is_over: bool,
    pub is_interrupted: bool,
    pub may_clear: bool,
    /// There are still twins to look at.
    pub is_watchable: bool,
    pub reason: Option<String>,
    pub slices: Vec<SliceView>,
    pub report: Option<ReportView>,
}

impl RehearsalView {
    #[must_use]
    pub fn new(row: &RehearsalRow, now: Timestamp, t: &Words) -> Self {
        let (wish, progress) = (&row.wish, &row.progress);
        let seconds = |seconds: u32| span::span(Duration::from_secs(seconds.into()), t);
        let trouble = |trouble: &storewire_domain::rehearsal::Trouble| {
            let times = progress.struck.get(trouble).copied().unwrap_or(0);
            (trouble_words(*trouble, t), t.count("rehearsal-struck", times.into()))
        };
        Self {
            href: url::rehearsal(row.tenant_id),
            name: row.name.clone(),
            now: RehearsalNow::new(&Moment::of(wish, row.phase, progress, row.report.as_ref(), now), t),
            by: row.wished_by.clone().unwrap_or_default(),
            began: When::moment(row.created_at),
            twins: number(wish.twins() as u64),
            stores: t.with_two(
                "rehearsal-stores-times",
                ("stores", &wish.stores.to_string()),
                ("factor", &wish.factor.to_string()),
            ),
            rate: t.with("rehearsal-per-second", "rate", &wish.rate.to_string()),
            length: seconds(wish.seconds),
            goal: seconds(wish.goal_seconds),
            troubles: wish.troubles.iter().map(trouble).collect(),
            is_over: row.phase.is_over(),
            is_interrupted: row.phase == Phase::Interrupted,
            may_clear: row.phase.is_over() && row.cleared_at.is_none(),
            is_watchable: row.cleared_at.is_none() && progress.ready > 0,
            reason: row.reason.clone(),
            slices: progress.slices.iter().map(|slice| slice_view(slice, wish.goal_seconds)).collect(),
            report: row.report.as_ref().map(|report| ReportView::new(report, t)),
        }
    }
}

/// How it stands: what frames replace.
#[derive(Clone, Debug)]
pub struct RehearsalNow {
    pub id: &'static str,
    pub badge: Badge,
    /// How far it is: done and all of a bar, and in words.
    pub bar: Option<(u32, u32, String)>,
    /// What the last seconds were like; empty once it is over.
    pub latest: Vec<(String, String)>,
}

impl RehearsalNow {
    #[must_use]
    pub fn new(moment: &Moment, t: &Words) -> Self {
        let slice = moment.slice.as_ref().filter(|_| moment.phase == Phase::Running);
        Self {
            id: dom_id::REHEARSAL_NOW,
            badge: badge(moment.phase, moment.holds, t),
            bar: bar(moment, t),
            latest: slice.map_or_else(Vec::new, |slice| latest(slice, t)),
        }
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct ReportView {
    pub holds: bool,
    pub verdict: String,
    /// Name and number; true for one that must be zero and is not.
    pub counts: Vec<(String, String, bool)>,
    pub lags: Vec<(String, String)>,
    pub deliveries: Vec<(String, String)>,
    pub bend: String,
    pub has_bent: bool,
    pub settled: String,
    pub differences: Vec<String>,
}

impl ReportView {
    #[must_use]
    pub fn new(report: &Report, t: &Words) -> Self {
        let zero = |name: String, n: u32| (name, number(n.into()), n > 0);
        let lags = report.lag.map_or_else(Vec::new, |lag| {
            let told = [
                (t.get("rehearsal-p50"), lag.p50),
                (t.get("rehearsal-p95"), lag.p95),
                (t.get("rehearsal-p99"), lag.p99),
                (t.get("rehearsal-max"), lag.max),
            ];
            told.map(|(name, lag)| (name, millis(lag))).into()
        });
        let deliveries = [
            (t.get("rehearsal-sent"), report.deliveries.sent),
            (t.get("rehearsal-acknowledged"), report.deliveries.acknowledged),
            (t.get("rehearsal-applied"), report.deliveries.applied),
            (t.get("rehearsal-failed-deliveries"), report.deliveries.failed),
            (t.get("rehearsal-dropped"), report.deliveries.dropped),
            (t.get("rehearsal-changes"), report.changes),
            (t.get("rehearsal-orders"), report.orders),
            (t.get("rehearsal-products"), report.products),
        ];
        Self {
            holds: report.holds(),
            verdict: verdict(report, t),
            counts: vec![
                zero(t.get("rehearsal-lost"), report.lost),
                zero(t.get("rehearsal-doubled"), report.doubled),
                zero(t.get("rehearsal-gone-back"), report.gone_back),
                zero(t.get("rehearsal-deliveries-lost"), report.deliveries_lost),
                (t.get("rehearsal-dead-letters"), number(report.dead_letters.into()), false),
            ],
            lags,
            deliveries: deliveries.map(|(name, n)| (name, number(n))).into(),
            bend: report.bend.as_ref().map_or_else(|| t.get("rehearsal-unbent"), |bend| bend_words(bend, t)),
            has_bent: report.bend.is_some(),
            settled: report
                .settled_ms
                .map_or_else(|| t.get("rehearsal-unsettled"), |ms| t.with("rehearsal-settled", "time", &millis(ms))),
            differences: report.differences.clone(),
        }
    }
}

fn verdict(report: &Report, t: &Words) -> String {
    match (report.holds(), report.is_cut_short) {
        (true, false) => t.get("rehearsal-held"),
        (true, true) => t.get("rehearsal-held-short"),
        (false, _) => t.get("rehearsal-broke"),
    }
}

fn bend_words(bend: &Bend, t: &Words) -> String {
    let told = t.with_two("rehearsal-bent", ("at", &clock(bend.at)), ("lag", &millis(bend.lag)));
    if bend.saturated.is_empty() {
        return format!("{told} {}", t.get("rehearsal-bent-by-nothing"));
    }
    let words = bend.saturated.iter().map(|what| match what {
        Saturated::Cpu => t.get("saturated-cpu"),
        Saturated::Pool => t.get("saturated-pool"),
        Saturated::Intake => t.get("saturated-intake"),
        Saturated::Budget => t.get("saturated-budget"),
    });
    format!("{told} {}", words.collect::<Vec<_>>().join(" "))
}

fn badge(phase: Phase, holds: Option<bool>, t: &Words) -> Badge {
    let (word, tone, icon) = match phase {
        Phase::Opening => (t.get("rehearsal-opening"), "info", "hourglass"),
        Phase::Running => (t.get("rehearsal-running"), "info", "play"),
        Phase::Settling => (t.get("rehearsal-settling"), "info", "hourglass"),
        Phase::Done if holds == Some(true) => (t.get("rehearsal-passed"), "good", "circle-check"),
        Phase::Done => (t.get("rehearsal-not-passed"), "bad", "circle-x"),
        Phase::Failed => (t.get("rehearsal-failed"), "bad", "circle-alert"),
        Phase::Interrupted => (t.get("rehearsal-interrupted"), "warn", "triangle-alert"),
    };
    Badge { word, tone, icon }
}

fn bar(moment: &Moment, t: &Words) -> Option<(u32, u32, String)> {
    let (id, done, all) = match moment.phase {
        Phase::Opening => ("rehearsal-twins-ready", moment.ready, moment.twins),
        Phase::Running => ("rehearsal-seconds-done", moment.spent, moment.seconds),
        Phase::Settling => return Some((1, 1, t.get("rehearsal-settling-hint"))),
        Phase::Done | Phase::Failed | Phase::Interrupted => return None,
    };
    let (done_words, all_words) = (number(done.into()), number(all.into()));
    Some((done, all, t.with_two(id, ("done", &done_words), ("all", &all_words))))
}

/// What the latest slice tells, name and number.
fn latest(slice: &Slice, t: &Words) -> Vec<(String, String)> {
    let lag = |lag: Option<u32>| lag.map_or_else(|| "–".to_owned(), millis);
    vec![
        (t.get("rehearsal-col-changes"), number(slice.changes.into())),
        (t.get("rehearsal-col-p50"), lag(slice.lag_p50)),
        (t.get("rehearsal-col-p99"), lag(slice.lag_p99)),
        (t.get("rehearsal-col-waiting"), number(slice.waiting.into())),
        (t.get("rehearsal-col-spared"), number(slice.spared.into())),
        (t.get("rehearsal-col-cpu"), slice.cpu.map_or_else(|| "–".to_owned(), |cpu| format!("{cpu} %"))),
    ]
}

fn slice_view(slice: &Slice, goal_seconds: u32) -> SliceView {
    let percent = |of: u32| format!("{of} %");
    let lag = |lag: Option<u32>| lag.map_or_else(|| "–".to_owned(), millis);
    SliceView {
        at: clock(slice.at),
        changes: number(slice.changes.into()),
        p50: lag(slice.lag_p50),
        p99: lag(slice.lag_p99),
        waiting: number(slice.waiting.into()),
        spared: number(slice.spared.into()),
        pool: percent(slice.pool),
        cpu: slice.cpu.map_or_else(|| "–".to_owned(), percent),
        is_late: Bend::find(std::slice::from_ref(slice), goal_seconds).is_some(),
    }
}

/// `1:40`
fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn millis(ms: u32) -> String {
    if ms < 10_000 { format!("{} ms", count(ms.into())) } else { format!("{} s", count((ms / 1_000).into())) }
}

fn number(n: u64) -> String {
    count(i64::try_from(n).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_people_need_them() {
        assert_eq!((clock(0), clock(100)), ("0:00".to_owned(), "1:40".to_owned()));
        assert_eq!((millis(850), millis(9_999), millis(12_400)), ("850 ms".into(), "9,999 ms".into(), "12 s".into()));
    }

    #[test]
    fn where_it_bent_is_told_with_what_was_used_up() {
        let t = Words::default();
        let bend = Bend { at: 40, lag: 6_100, saturated: vec![Saturated::Cpu, Saturated::Budget] };
        let told = bend_words(&bend, &t);
        for part in ["0:40", "6,100 ms", &t.get("saturated-cpu"), &t.get("saturated-budget")] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        assert!(bend_words(&Bend { saturated: Vec::new(), ..bend }, &t).contains(&t.get("rehearsal-bent-by-nothing")));
    }

    #[test]
    fn a_report_says_which_number_breaks_it() {
        let t = Words::default();
        let broken = ReportView::new(&Report { doubled: 2, ..Report::default() }, &t);
        assert_eq!(broken.counts.iter().filter(|(_, _, is_bad)| *is_bad).count(), 1);
        assert_eq!(broken.verdict, t.get("rehearsal-broke"));
        assert_eq!(ReportView::new(&Report::default(), &t).verdict, t.get("rehearsal-held"));
    }
}
