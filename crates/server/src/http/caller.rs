//! Who calls: parameters, address, origin, API key, ticket.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use nodechat_domain::model::{Person, Secret};
use nodechat_domain::{Error, Result};

use super::Api;
use super::error::Failure;
use crate::proxy::Peer;
use crate::wire;

/// Bytes of a request that is no upload.
const BODY_BYTES: usize = 64 * 1024;
/// Within which they have to come: whoever sends one now and then keeps a connection for nothing.
const BODY_TIME: Duration = Duration::from_secs(30);

/// One API call, whichever way its parameters came.
pub struct Call {
    pub params: wire::Params,
    pub headers: HeaderMap,
    pub ip: IpAddr,
}

impl FromRequest<Arc<Api>> for Call {
    type Rejection = Failure;

    async fn from_request(request: Request, _api: &Arc<Api>) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let mut call = Call::without_body(&parts);
        let media_type = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let bytes = whole(body).await?;
        if bytes.is_empty() {
            return Ok(call);
        }
        // Many a script sends JSON and forgets to say so; no form begins like an object.
        let is_form = media_type.starts_with("application/x-www-form-urlencoded") && !bytes.starts_with(b"{");
        if is_form {
            call.params.add_urlencoded(&bytes);
        } else {
            call.params.add_json(&bytes)?;
        }
        Ok(call)
    }
}

/// A body that is no upload, as a whole.
pub async fn whole(body: Body) -> Result<Bytes> {
    whole_up_to(BODY_BYTES, body).await
}

/// One that may have so many bytes.
pub async fn whole_up_to(limit_bytes: usize, body: Body) -> Result<Bytes> {
    let refused = || Error::invalid("body", "it is too large, too slow or was cut off");
    let bytes = tokio::time::timeout(BODY_TIME, to_bytes(body, limit_bytes)).await;
    bytes.map_err(|_| refused())?.map_err(|_| refused())
}

impl Call {
    /// The call of an upload, whose body is no parameters.
    pub fn without_body(parts: &Parts) -> Self {
        let mut params = wire::Params::default();
        params.add_urlencoded(parts.uri.query().unwrap_or_default().as_bytes());
        let peer = parts.extensions.get::<Peer>();
        let ip = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.addr().ip());
        Call { params, headers: parts.headers.clone(), ip }
    }

    /// The page's origin, if it is not one of ours.
    pub fn origin(&self) -> Option<&str> {
        foreign_origin(&self.headers)
    }

    /// The address that the client has typed.
    pub fn host(&self) -> Result<&str> {
        text(&self.headers, header::HOST.as_str()).ok_or(Error::Missing("Host"))
    }

    /// How the client reaches us, as far as a trusted proxy tells.
    pub fn scheme(&self, api: &Api) -> &'static str {
        let forwarded = text(&self.headers, "x-forwarded-proto").filter(|_| api.config.trust_proxy);
        if forwarded == Some("https") { "https" } else { "http" }
    }

    /// `Authorization: Bearer <api key>`.
    pub fn api_key(&self) -> Result<Secret> {
        let value = text(&self.headers, header::AUTHORIZATION.as_str()).ok_or(Error::BadKey)?;
        let key = value.strip_prefix("Bearer ").or(value.strip_prefix("bearer ")).ok_or(Error::BadKey)?;
        Ok(Secret::presented(key.trim()))
    }

    /// Who calls, by the parameter `ticket`. Guessing is slowed down by address.
    pub async fn person(&self, api: &Api) -> Result<Person> {
        let ticket = self.params.text("ticket")?.ok_or(Error::BadTicket)?;
        let ticket = Secret::presented(ticket);
        api.limits.guarded(self.ip, api.access.authenticate(&ticket, self.origin(), self.ip)).await
    }
}

/// The page's origin, as browsers tell it; none for our own pages, which come from the host that is asked.
pub fn foreign_origin(headers: &HeaderMap) -> Option<&str> {
    let host = text(headers, header::HOST.as_str());
    let origin = text(headers, header::ORIGIN.as_str())?;
    // Which scheme a proxy speaks in front of us is not ours to know.
    let own = origin.split_once("://").map(|(_, host)| host);
    Some(origin).filter(|_| own.is_none() || own != host)
}

pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[test]
    fn our_own_pages_have_no_origin_and_all_others_have() {
        let origin = |host: Option<&str>, origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::HOST, host), (header::ORIGIN, origin)] {
                value.map(|value| headers.insert(name, value.parse().unwrap()));
            }
            let ip = IpAddr::from([127, 0, 0, 1]);
            Call { params: wire::Params::default(), headers, ip }.origin().map(str::to_owned)
        };
        let shop = "https://shop.example";
        assert_eq!(origin(Some("chat.example"), Some("https://chat.example")), None);
        assert_eq!(origin(Some("localhost:3100"), Some("http://localhost:3100")), None);
        assert_eq!(origin(Some("chat.example"), Some(shop)).as_deref(), Some(shop));
        assert_eq!(origin(Some("chat.example"), Some("null")).as_deref(), Some("null"));
        assert_eq!(origin(None, Some(shop)).as_deref(), Some(shop));
        assert_eq!(origin(Some("chat.example"), None), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_drop_by_drop_is_not_waited_for() {
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"a")), ()))
        });
        let refused = whole(Body::from_stream(drops)).await.unwrap_err();
        assert_eq!(refused.code() as u16, 4002);
        let endless = stream::repeat(Bytes::from(vec![0; 1000])).map(Ok::<_, std::io::Error>);
        assert!(whole(Body::from_stream(endless)).await.is_err());
    }
}
