//! `sites`: the pages on which a company shows itself.

use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::model::Site;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Page, Reply};
use crate::http::Api;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteBody {
    /// Such as `https://shop.example`.
    origin: String,
    /// When a page of it was there first.
    first: i64,
    /// When one was there last, to the minute.
    last: i64,
}

/// Pages on which the company was shown, whichever was there last first
///
/// As the pages themselves tell, hence a hint: the last hundred origins.
#[utoipa::path(get, path = "/sites", tag = "company", responses((status = 200, body = Page<SiteBody>)))]
pub async fn list(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<SiteBody>> {
    Ok(Page::whole(api.faces.sites(&caller).await?))
}

impl From<Site> for SiteBody {
    fn from(site: Site) -> Self {
        Self { origin: site.origin.as_str().to_owned(), first: site.first, last: site.last }
    }
}
