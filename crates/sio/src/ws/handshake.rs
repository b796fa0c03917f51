//! The opening handshake (RFC 6455 section 4.2): from an HTTP request to the TCP stream beneath it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version};
use http_body_util::Full;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::net::TcpStream;

use super::{Reader, WebSocket};

/// A handshake that was answered; becomes the stream once hyper has sent that answer.
pub struct Accepted(OnUpgrade);

/// Checks the handshake. `Ok`: send the response, then await [`Accepted`]. `Err`: the response that refuses.
#[allow(clippy::result_large_err, clippy::type_complexity, reason = "both sides are the response to send")]
pub fn upgrade<B>(
    request: &mut Request<B>,
) -> Result<(Response<Full<Bytes>>, Accepted), Response<Full<Bytes>>> {
    let key = check(request).map_err(refuse)?;
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, HeaderValue::try_from(key).expect("base64 is a header value"));
    Ok((response, Accepted(hyper::upgrade::on(request))))
}

/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (RFC 6455 section 4.2.2).
#[must_use]
pub fn accept_key(key: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(hash.finalize())
}

impl Accepted {
    /// The WebSocket, with a limit for the size of a message.
    ///
    /// # Errors
    /// When the connection broke, or is not one that [`crate::serve`] accepted.
    pub async fn into_websocket(self, max_message: usize) -> std::io::Result<WebSocket> {
        let (io, rest) = self.into_stream().await?;
        Ok(WebSocket::new(io, Reader::new(max_message), rest))
    }

    /// The TCP stream and what hyper had already read from it.
    pub(crate) async fn into_stream(self) -> std::io::Result<(TcpStream, Bytes)> {
        let upgraded = self.0.await.map_err(std::io::Error::other)?;
        let parts = upgraded
            .downcast::<TokioIo<TcpStream>>()
            .map_err(|_| std::io::Error::other("not a connection of nodechat_sio::serve"))?;
        Ok((parts.io.into_inner(), parts.read_buf))
    }
}

fn check<B>(request: &Request<B>) -> Result<String, StatusCode> {
    let headers = request.headers();
    if request.method() != Method::GET || request.version() != Version::HTTP_11 {
        return Err(StatusCode::BAD_REQUEST);
    }
    if !has_token(headers, &CONNECTION, "upgrade") || !has_token(headers, &UPGRADE, "websocket") {
        return Err(StatusCode::UPGRADE_REQUIRED);
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(StatusCode::UPGRADE_REQUIRED);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(StatusCode::BAD_REQUEST)?.as_bytes();
    match STANDARD.decode(key) {
        Ok(nonce) if nonce.len() == 16 => Ok(accept_key(key)),
        _ => Err(StatusCode::BAD_REQUEST),
    }
}

fn has_token(headers: &HeaderMap, name: &http::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

fn refuse(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("this is a WebSocket endpoint (RFC 6455, version 13)\n"));
    *response.status_mut() = status;
    response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    if status == StatusCode::UPGRADE_REQUIRED {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    }
    response
}
