//! The accept loop: HTTP/1.1 with upgrades, the limits that hold before any request is understood.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Settings of [`serve`].
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// How long a client may take to send the head of a request, and how long a connection may wait between two.
    pub header_read_timeout: Duration,
    /// How many connections may be open at once, WebSockets included; further ones wait to be accepted.
    pub max_connections: usize,
    /// Switches off Nagle's algorithm.
    pub nodelay: bool,
    /// How long requests that are being answered may take after the shutdown began.
    pub drain_timeout: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(10),
            max_connections: 1_000_000,
            nodelay: true,
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Who sent a request: an extension that [`serve`] puts into each one.
#[derive(Clone, Debug)]
pub struct Peer {
    addr: SocketAddr,
    permit: Option<Permit>,
}

/// A place among the open connections; whoever takes a connection over keeps it.
pub(crate) type Permit = Arc<OwnedSemaphorePermit>;

impl Peer {
    /// For a server that accepts connections by itself, or knows better than the socket.
    #[must_use]
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr, permit: None }
    }

    /// The other end of the connection.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The same connection, as a trusted proxy in front says where it comes from.
    #[must_use]
    pub fn seen_as(self, ip: std::net::IpAddr) -> Self {
        Self { addr: SocketAddr::new(ip, self.addr.port()), ..self }
    }

    pub(crate) fn permit(&self) -> Option<Permit> {
        self.permit.clone()
    }
}

/// Serves HTTP/1.1 until `shutdown` is ready, then accepts nothing more and lets requests finish.
///
/// `service` is any tower service; sessions of this crate are not requests: end them with
/// [`Io::shutdown`](crate::Io::shutdown), best inside `shutdown`.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    options: ServeOptions,
    shutdown: impl Future<Output = ()>,
) where
    S: tower_service::Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let permits = Arc::new(Semaphore::new(options.max_connections.min(Semaphore::MAX_PERMITS)));
    let (stop, stopping) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        if options.nodelay
            && let Err(error) = stream.set_nodelay(true)
        {
            tracing::debug!(%error, "the connection is gone already");
            continue;
        }
        tokio::spawn(connection(
            stream,
            peer,
            service.clone(),
            options.header_read_timeout,
            stopping.clone(),
        ));
    }
    drop((listener, stopping));
    // Each connection keeps its receiver until it is over.
    stop.send_replace(());
    if tokio::time::timeout(options.drain_timeout, stop.closed()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn accept(listener: &TcpListener, permits: &Arc<Semaphore>) -> (TcpStream, Peer) {
    let permit = Arc::clone(permits).acquire_owned().await.expect("this semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, addr)) => return (stream, Peer { addr, permit: Some(Arc::new(permit)) }),
            Err(error) => {
                // Out of file descriptors, or a client that gave up in between: both pass.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// One connection, until it ends or has become a WebSocket.
async fn connection<S, B>(
    stream: TcpStream,
    peer: Peer,
    service: S,
    header_read_timeout: Duration,
    mut stopping: watch::Receiver<()>,
) where
    S: tower_service::Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        service.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_read_timeout)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
