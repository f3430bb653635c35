//! Metrics in Prometheus' text form, for the second, private listener.

use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds; from a local answer to a slow store.
const DURATION_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The recorder could not be installed.
#[derive(Debug, thiserror::Error)]
#[error("metrics could not be installed: {0}")]
pub struct InstallError(String);

/// Makes this process record its metrics; the handle renders them. Once per process.
pub fn install() -> Result<PrometheusHandle, InstallError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATION_BUCKETS)
        .map_err(|error| InstallError(error.to_string()))?;
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    ::metrics::set_global_recorder(recorder).map_err(|error| InstallError(error.to_string()))?;
    Ok(handle)
}

/// Mounts `/metrics`; the app must hold the handle as `web::Data<PrometheusHandle>`.
pub fn configure_metrics(cfg: &mut web::ServiceConfig) {
    cfg.route("/metrics", web::get().to(render));
}

async fn render(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    // Histograms are drained here: nothing else does it without a task of its own.
    handle.run_upkeep();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render())
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test};

    use super::*;

    #[actix_web::test]
    async fn what_was_counted_is_on_the_page() {
        let handle = install().unwrap();
        ::metrics::counter!("storewire_example_total", "kind" => "test").increment(3);
        ::metrics::histogram!("storewire_example_seconds").record(0.02);
        let app = App::new().app_data(web::Data::new(handle)).configure(configure_metrics);
        let app = test::init_service(app).await;
        let page = test::call_and_read_body(&app, test::TestRequest::get().uri("/metrics").to_request()).await;
        let page = String::from_utf8(page.to_vec()).unwrap();
        assert!(page.contains("storewire_example_total{kind=\"test\"} 3"), "{page}");
        assert!(page.contains("storewire_example_seconds_bucket{le=\"0.025\"} 1"), "{page}");
        assert!(install().is_err(), "a second recorder would record into nothing");
    }
}
