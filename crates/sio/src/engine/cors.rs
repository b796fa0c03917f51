//! Which pages may connect, and the headers that tell browsers so.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, HOST, ORIGIN, VARY,
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
        Origins::List(list) if foreign(headers).is_none_or(|origin| list.iter().any(|own| own == origin)) => {
            Ok(Cors { origin: Some(origin.clone()), credentials })
        }
        Origins::List(_) => Err(Refusal::Forbidden),
    }
}

/// The page's origin, unless the page comes from the very host that is asked: our own pages need to be on no list.
pub(super) fn foreign(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = headers.get(ORIGIN)?.to_str().unwrap_or("null");
    // Which scheme a proxy speaks in front of us is not ours to know.
    let own = origin.split_once("://").map(|(_, host)| host);
    Some(origin).filter(|_| own.is_none() || own != host)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_the_host_that_is_asked_has_no_foreign_origin() {
        let of = |host: &str, origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            headers.insert(ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).unwrap());
            foreign(&headers).map(str::to_owned)
        };
        assert_eq!(of("chat.example", "https://chat.example"), None);
        assert_eq!(of("chat.example:3100", "http://chat.example").as_deref(), Some("http://chat.example"));
        assert_eq!(of("chat.example", "https://shop.example").as_deref(), Some("https://shop.example"));
        assert_eq!(of("chat.example", "null").as_deref(), Some("null"));
        // What cannot be read is nobody's own.
        assert_eq!(of("chat.example", "https://\u{fc}").as_deref(), Some("null"));
    }
}
