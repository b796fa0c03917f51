//! `/api/v1`: everything that is administered and asked for over REST. One file for each noun; a new one is a line in
//! [`endpoints`]. What is common to all stands in `frame/`.

mod agents;
mod audit;
mod blacklist;
mod bot;
mod canned_replies;
mod companies;
mod company;
mod consultations;
mod erasures;
mod frame;
mod groups;
mod keys;
mod me;
mod messages;
mod order_kinds;
mod orders;
mod questions;
mod sensitive_words;
mod sessions;
mod setup;
mod sites;
mod stats;
mod visitors;
mod webhooks;
mod zip;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use super::Api;

/// The nouns' handlers, each with what it says of itself.
pub type Endpoints = OpenApiRouter<Arc<Api>>;

/// Every noun, in the order in which the reference shows them.
fn endpoints() -> Endpoints {
    OpenApiRouter::new()
        .merge(setup::endpoints())
        .merge(sessions::endpoints())
        .merge(me::endpoints())
        .merge(company::endpoints())
        .merge(sites::endpoints())
        .merge(companies::endpoints())
        .merge(agents::endpoints())
        .merge(groups::endpoints())
        .merge(keys::endpoints())
        .merge(audit::endpoints())
        .merge(canned_replies::endpoints())
        .merge(order_kinds::endpoints())
        .merge(sensitive_words::endpoints())
        .merge(blacklist::endpoints())
        .merge(orders::endpoints())
        .merge(webhooks::endpoints())
        .merge(consultations::endpoints())
        .merge(messages::endpoints())
        .merge(erasures::endpoints())
        .merge(stats::endpoints())
        .merge(questions::endpoints())
        .merge(bot::endpoints())
        .merge(visitors::endpoints())
}

/// `/api/v1/…` and `/openapi.json`.
pub fn router(api: &Arc<Api>) -> Router<Arc<Api>> {
    frame::router(api, endpoints)
}
