//! For balancers and monitors.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::Api;

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Requests would be served now: the store takes writes and nobody is stopping us.
pub async fn ready(State(api): State<Arc<Api>>) -> impl IntoResponse {
    if !api.accepting.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match api.rooms.check().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store is not available\n")
        }
    }
}

/// Prometheus text format.
pub async fn metrics(State(api): State<Arc<Api>>) -> impl IntoResponse {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media_type)], api.metrics.text())
}
