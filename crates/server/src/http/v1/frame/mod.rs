//! What every endpoint of `/api/v1` shares: who calls, how a body and a page are asked for, how answers and refusals
//! look, and the document that describes it all.

mod answer;
mod caller;
mod document;
mod idempotency;
mod input;
mod page;
mod problem;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use nodechat_domain::Error;

pub use self::answer::{Data, Done, Page};
pub use self::caller::{Address, Caller, bearer};
pub use self::idempotency::{NewId, ShownOnce};
pub use self::input::{Json, Path, Query, present};
pub use self::page::Paging;
pub use self::problem::{Refusal, Reply};
use super::{Api, Endpoints};

const BASE: &str = "/api/v1";

pub fn router(api: &Arc<Api>, endpoints: Endpoints) -> Router<Arc<Api>> {
    let (calls, described) = Endpoints::new().nest(BASE, endpoints).split_for_parts();
    let document = document::complete(described, &api.config.prefix());
    let document = Arc::<str>::from(document.to_json().expect("the document is plain JSON"));
    let openapi = async move || ([(header::CONTENT_TYPE, "application/json")], document.to_string());
    calls
        .route("/api/{*unknown}", axum::routing::any(unknown_call))
        .method_not_allowed_fallback(problem::wrong_method)
        .route_layer(from_fn_with_state(api.clone(), idempotency::once))
        .route("/openapi.json", get(openapi))
}

async fn unknown_call() -> impl IntoResponse {
    Refusal(Error::UnknownCall)
}
