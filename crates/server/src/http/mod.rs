//! The HTTP side: one file for each noun, each handler a few lines around an `app` function.

mod assets;
mod caller;
mod company;
mod cs_group;
mod demo;
mod error;
mod fault;
mod file;
mod health;
mod identify;
mod msg;
mod rate;
mod rest;
mod ticket;
mod token;
mod upload;
mod v1;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::{any, get};
use nodechat_bot::Bots;
use nodechat_domain::app::{
    Access, Admin, Archive, Channel, Desk, Faces, Hooks, Platform, QuestionBook, SetUp, Support,
    VisitorCards, WorkOrders,
};
use nodechat_domain::port::{Clock, Entropy, KeptAnswers, Stats, Uploads};
use nodechat_files::Files;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

pub use self::demo::COMPANY as DEMO_COMPANY;
use crate::config::Config;
use crate::job::Watch;
use crate::limit::Limits;
use crate::metrics::Metrics;
use crate::ready::Readiness;
use crate::wire::WireZone;

/// What handlers work with.
pub struct Api {
    pub channel: Arc<Channel>,
    pub desk: Arc<Desk>,
    pub access: Arc<Access>,
    pub faces: Faces,
    pub admin: Arc<Admin>,
    pub platform: Platform,
    pub set_up: SetUp,
    pub orders: Arc<WorkOrders>,
    pub hooks: Arc<Hooks>,
    pub stats: Arc<dyn Stats>,
    pub uploads: Arc<dyn Uploads>,
    pub questions: QuestionBook,
    pub bots: Arc<Bots>,
    pub cards: Arc<VisitorCards>,
    pub files: Arc<Files>,
    pub archive: Archive,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub zone: WireZone,
    pub limits: Arc<Limits>,
    pub metrics: Arc<Metrics>,
    pub config: Arc<Config>,
    pub readiness: Arc<Readiness>,
    /// Told when something was changed that is kept in memory.
    pub watch: Arc<Watch>,
    pub support: Arc<Support>,
    pub kept_answers: Arc<dyn KeptAnswers>,
}

impl Api {
    /// Lets what was just changed hold here at once, before it is answered. Other nodes notice within seconds.
    pub async fn noticed(&self) {
        if let Err(error) = self.watch.look().await {
            tracing::debug!(%error, "what was changed here is noticed a little later");
        }
    }
}

/// Everything but the transport.
pub fn router(api: Arc<Api>) -> Router {
    // Answers hold tickets and what was said in confidence; only files say otherwise by themselves.
    let no_store =
        SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let calls = Router::new()
        .route("/token", any(token::create))
        .route("/ticket", any(ticket::redeem))
        .route("/ticket/revoke", any(ticket::revoke))
        .route("/visitor", any(visitor::visit))
        .route("/company", any(company::show))
        .route("/identify", any(identify::identify))
        .route("/msg/list", any(msg::list))
        .route("/csGroup/list", any(cs_group::list))
        .route("/csMg/getCsMgByGroup", any(cs_group::with_agents))
        .route("/fault/add", any(fault::add))
        .route("/fault/list", any(fault::list))
        .route("/pubType/getBusinessType", any(fault::kinds))
        .route("/userChat/saveRate", any(rate::save))
        .route("/file/loadPicture", any(file::load_picture))
        .route("/file/uploadImage", any(upload::image))
        .route("/file/uploadFile", any(upload::file))
        .route("/file/downLoadFile", any(file::download))
        .route("/file/picture/{day}/{name}", get(file::picture))
        .fallback(error::unknown_call);
    let mut router = Router::new()
        .nest("/onlinechat/api", calls)
        .merge(v1::router(&api))
        .layer(no_store.clone())
        .layer(cors(&api.config))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(assets::router().layer(CompressionLayer::new().gzip(true)));
    if api.config.demo {
        router = router.route("/demo/agent", any(demo::agent).layer(no_store));
    }
    router.with_state(api)
}

/// Pages live on other origins than the server; no cookie is ever used, so none is allowed.
fn cors(config: &Config) -> CorsLayer {
    let origins = &config.origins.0;
    let allowed = if origins.is_empty() {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| origin.parse().ok()))
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(Any)
        .allow_headers(Any)
        .max_age(std::time::Duration::from_secs(86_400))
}
