//! For balancers and monitors.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::Api;

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Requests would be served now: the store takes writes and nobody is stopping us. The body says it of each part.
pub async fn ready(State(api): State<Arc<Api>>) -> impl IntoResponse {
    let report = api.readiness.report().await;
    let status = if report.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], report.to_string())
}

/// Prometheus text format.
pub async fn metrics(State(api): State<Arc<Api>>) -> impl IntoResponse {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media_type)], api.metrics.text())
}
