//! Which pages may connect, and the headers that tell browsers so.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;

use super::{Refusal, query};
use crate::config::{Config, Origins};

/// The headers for answers to one page.
pub(super) struct Cors {
    origin: Option<HeaderValue>,
    credentials: bool,
}

/// The same list for polling and for WebSocket, which browsers do not check by themselves.
///
/// Browser clients of protocol 3 (1.x, 2.x) send polling requests with credentials, whatever the page wants, and the
/// browser then takes no star for an answer: they are told the origin. Nothing here reads cookies, so that gives
/// nobody more than the star does.
pub(super) fn check(config: &Config, headers: &HeaderMap, query: &str) -> Result<Cors, Refusal> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(Cors { origin: None, credentials: false }) };
    let credentials = config.allow_eio3 && query::value(query, "EIO").as_deref() == Some("3");
    match &config.origins {
        Origins::Any if credentials => Ok(Cors { origin: Some(origin.clone()), credentials }),
        Origins::Any => Ok(Cors { origin: Some(HeaderValue::from_static("*")), credentials }),
        Origins::List(list) if list.iter().any(|allowed| origin == allowed.as_str()) => {
            Ok(Cors { origin: Some(origin.clone()), credentials })
        }
        Origins::List(_) => Err(Refusal::Forbidden),
    }
}

/// The answer to the question that a browser asks before it sends a request.
pub(super) fn preflight(headers: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let out = response.headers_mut();
    out.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    let wanted = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    out.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(HeaderValue::from_static("content-type")));
    out.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

impl Cors {
    pub fn apply(self, response: &mut Response<Full<Bytes>>) {
        let Some(origin) = self.origin else { return };
        let headers = response.headers_mut();
        if origin != "*" {
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}
