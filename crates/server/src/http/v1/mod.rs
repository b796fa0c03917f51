//! `/api/v1`: everything that is administered and asked for over REST. One file for each noun; a new one is a line in
//! [`endpoints`]. What is common to all stands in `frame/`.

#[allow(dead_code, unused_imports, reason = "the nouns that use all of it follow")]
mod frame;
mod me;
mod orders;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::Api;

/// The nouns' handlers, each with what it says of itself.
pub type Endpoints = OpenApiRouter<Arc<Api>>;

/// Every noun, in the order in which the reference shows them.
fn endpoints() -> Endpoints {
    OpenApiRouter::new().merge(me::endpoints()).merge(orders::endpoints()).merge(webhooks::endpoints())
}

/// `/api/v1/…` and `/openapi.json`.
pub fn router(api: &Arc<Api>) -> Router<Arc<Api>> {
    frame::router(api, endpoints())
}
