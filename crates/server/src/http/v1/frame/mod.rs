//! What every endpoint of `/api/v1` shares: who calls, how a body and a page are asked for, how answers and refusals
//! look, and the document that describes it all.

mod answer;
mod caller;
mod document;
mod idempotency;
mod input;
mod page;
mod problem;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use nodechat_domain::Error;

pub use self::answer::{Data, Done, Page};
pub use self::caller::{Address, Caller, CompanyOrPlatform, Platform, bearer};
pub use self::idempotency::{NewId, ShownOnce};
pub use self::input::{Json, Large, Path, Query, present};
pub use self::page::Paging;
pub use self::problem::{Refusal, Reply};
use super::{Api, Endpoints};

const BASE: &str = "/api/v1";

/// `endpoints` is called once more when the document is first asked for.
pub fn router(api: &Arc<Api>, endpoints: fn() -> Endpoints) -> Router<Arc<Api>> {
    let (calls, _described) = below_base(endpoints).split_for_parts();
    let prefix = api.config.prefix();
    // Few servers are ever asked, and on its way it takes more memory than all the rest of an idle one.
    let document = Arc::new(OnceLock::<Bytes>::new());
    let openapi = async move || {
        let document = document.get_or_init(|| {
            let described = document::complete(below_base(endpoints).into_openapi(), &prefix);
            described.to_json().expect("the document is plain JSON").into()
        });
        ([(header::CONTENT_TYPE, "application/json")], document.clone())
    };
    calls
        .route("/api/{*unknown}", axum::routing::any(unknown_call))
        .method_not_allowed_fallback(problem::wrong_method)
        .route_layer(from_fn_with_state(api.clone(), idempotency::once))
        .route("/openapi.json", get(openapi))
}

fn below_base(endpoints: fn() -> Endpoints) -> Endpoints {
    Endpoints::new().nest(BASE, endpoints())
}

async fn unknown_call() -> impl IntoResponse {
    Refusal(Error::UnknownCall)
}
