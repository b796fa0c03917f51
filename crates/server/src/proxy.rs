//! Whose address a request comes from when a proxy stands in front.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Request};
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

/// The last address is the one that the nearest proxy has seen itself; those before it are hearsay.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_nearest_proxy_has_seen_counts() {
        let request = Request::builder().header("x-forwarded-for", "10.9.9.9, 203.0.113.7").body(()).unwrap();
        let request = see_through(request);
        assert_eq!(request.extensions().get::<Peer>().unwrap().addr().ip().to_string(), "203.0.113.7");
    }
}
