//! One line and one count per request, and the id by which its line is found again.
//!
//! The line names the route's pattern, never the path: a path can hold a webhook's token, a query a person's name.

use std::time::Instant;

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs and counts.
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = Uuid::now_v7().to_string();
    let method = method_name(request.method());
    let outcome = next.call(request).await;

    let duration = started.elapsed();
    let (status, route) = match &outcome {
        Ok(response) => (response.status(), response.request().match_pattern()),
        Err(error) => (error.as_response_error().status_code(), None),
    };
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let status_code = status.as_u16();
    // Probes and intake would drown the rest; their counts tell the same.
    if !status.is_server_error() && (route.starts_with("/hooks/") || matches!(route.as_str(), "/livez" | "/readyz")) {
        tracing::debug!(request.id = %id, method, route, status = status_code, duration_ms, "request answered");
    } else {
        tracing::info!(request.id = %id, method, route, status = status_code, duration_ms, "request answered");
    }
    let class = format!("{}xx", status_code / 100);
    metrics::counter!("storewire_http_requests_total", "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!("storewire_http_request_duration_seconds", "route" => route).record(duration.as_secs_f64());

    let mut response = outcome?.map_into_boxed_body();
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(response)
}

/// A caller may invent methods; a metric's labels may not grow with them.
const fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
