//! What a proxy in front takes: requests as they were before it, answers that tell it to keep no connection.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
/// The other end of a connection, as the transport hands it on with each request.
pub use nodechat_sio::Peer;

/// Makes the peer of a request what the trusted proxy says it is.
pub fn see_through<B>(mut request: Request<B>) -> Request<B> {
    if let Some(ip) = forwarded_for(request.headers()) {
        let peer = request.extensions().get::<Peer>().cloned();
        let peer = peer.unwrap_or_else(|| Peer::new(SocketAddr::new(ip, 0)));
        request.extensions_mut().insert(peer.seen_as(ip));
    }
    request
}

/// Takes the server's prefix off the address. Without one it stays as it is: a proxy may have taken it off already.
pub fn without_prefix<B>(mut request: Request<B>, prefix: &str) -> Request<B> {
    if let Some(uri) = shortened(request.uri(), prefix) {
        *request.uri_mut() = uri;
    }
    request
}

/// Lets the other side keep no connection behind this answer: what it would send there next may find it closed.
pub fn last_of_its_connection<B>(mut response: Response<B>) -> Response<B> {
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn shortened(uri: &Uri, prefix: &str) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(prefix).filter(|_| !prefix.is_empty())?;
    match rest.chars().next() {
        Some('/') => rest.parse().ok(),
        None | Some('?') => format!("/{rest}").parse().ok(),
        Some(_) => None,
    }
}

/// The last address is the one that the nearest proxy has seen itself; those before it are hearsay.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_taken_off_where_it_is_one() {
        let asked = |uri: &str| {
            let request = Request::builder().uri(uri).body(()).unwrap();
            without_prefix(request, "/chat").uri().to_string()
        };
        assert_eq!(asked("/chat/socket.io/?EIO=4"), "/socket.io/?EIO=4");
        assert_eq!(asked("/chat"), "/");
        assert_eq!(asked("/chat?a=b"), "/?a=b");
        for other in ["/", "/socket.io/", "/chatter/x", "/x/chat/y"] {
            assert_eq!(asked(other), other);
        }
        let plain = Request::builder().uri("/chat/x").body(()).unwrap();
        assert_eq!(without_prefix(plain, "").uri(), "/chat/x");
    }

    #[test]
    fn only_what_the_nearest_proxy_has_seen_counts() {
        let request = Request::builder().header("x-forwarded-for", "10.9.9.9, 203.0.113.7").body(()).unwrap();
        let request = see_through(request);
        assert_eq!(request.extensions().get::<Peer>().unwrap().addr().ip().to_string(), "203.0.113.7");
    }
}
