//! What the public conformance suites of Engine.IO, Socket.IO and WebSocket talk to.
//!
//! Bare Engine.IO at `/engine.io/` and plain WebSocket at `/ws` send every message back; Socket.IO at `/socket.io/` has
//! the namespaces `/` and `/custom`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use nodechat_sio::engine::{Engine, Layer, Link, Message, Session};
use nodechat_sio::{
    Config, Connect, ConnectError, Event, Handler, Io, Reason, ServeOptions, Socket, serve, ws,
};
use serde_json::value::{RawValue, to_raw_value};
use tokio::net::TcpListener;

/// Messages on `/ws` may be larger than packets: the suites for WebSocket send some.
const MAX_RAW_MESSAGE: usize = 16 << 20;

/// How long after CONNECT the event `auth` follows.
const APART: Duration = Duration::from_millis(20);

#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    #[arg(long, default_value_t = 25_000)]
    ping_interval_ms: u64,
    #[arg(long, default_value_t = 20_000)]
    ping_timeout_ms: u64,
    #[arg(long, default_value_t = 1_000_000)]
    max_payload: usize,
    #[arg(long, default_value_t = 10_000)]
    connect_timeout_ms: u64,
    /// Refuses Engine.IO 3.
    #[arg(long)]
    no_eio3: bool,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "says that it is ready")]
async fn main() -> std::io::Result<()> {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let options = Options::parse();
    let config = Config {
        ping_interval: Duration::from_millis(options.ping_interval_ms),
        ping_timeout: Duration::from_millis(options.ping_timeout_ms),
        connect_timeout: Duration::from_millis(options.connect_timeout_ms),
        max_payload: options.max_payload,
        allow_eio3: !options.no_eio3,
        ..Config::default()
    };
    let bare = Config { path: "/engine.io".into(), ..config.clone() };
    let echo = Echo { io: Io::new(config, Back), engine: Engine::new(bare, Arc::new(BareBack)) };
    let listener = TcpListener::bind(options.listen).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    let last = echo.clone();
    let service = tower::service_fn(move |request| {
        let echo = echo.clone();
        async move { Ok::<_, Infallible>(echo.call(request).await) }
    });
    serve(listener, service, ServeOptions::default(), async move {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for a signal, stopping");
        }
        tokio::join!(last.io.shutdown(Duration::from_secs(5)), last.engine.shutdown(Duration::from_secs(5)));
    })
    .await;
    Ok(())
}

#[derive(Clone)]
struct Echo {
    io: Io<Back>,
    engine: Engine<BareBack>,
}

impl Echo {
    async fn call(&self, mut request: Request<Incoming>) -> Response<Full<Bytes>> {
        match request.uri().path() {
            path if self.io.matches(path) => self.io.call(request).await,
            path if self.engine.matches(path) => self.engine.call(request).await,
            "/ws" => raw_websocket(&mut request),
            _ => {
                let mut response = Response::new(Full::from("there is /engine.io/, /socket.io/ and /ws\n"));
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        }
    }
}

/// Socket.IO: events come back under another name, or as an ack.
struct Back;

impl Handler for Back {
    type Data = Box<RawValue>;

    async fn connect(&self, request: &Connect<'_>) -> Result<Self::Data, ConnectError> {
        if !matches!(request.namespace(), "/" | "/custom") {
            return Err(ConnectError::new("Invalid namespace"));
        }
        let nothing = || to_raw_value(&serde_json::json!({})).expect("an empty object is JSON");
        Ok(request.auth_json().map_or_else(nothing, ToOwned::to_owned))
    }

    async fn connected(&self, socket: &Socket<Self>) {
        // The suite for Socket.IO looks at one message at a time and misses a second one that comes in the same segment.
        tokio::time::sleep(APART).await;
        socket.emit("auth", socket.data()).expect("what was parsed can be written");
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let ack = event.take_ack();
        let sent = match (event.name(), ack) {
            ("message", _) => socket.emit("message-back", event.raw()),
            ("message-with-ack", Some(ack)) => ack.send(event.raw()),
            _ => Ok(()),
        };
        sent.expect("what was parsed can be written");
    }
}

/// Engine.IO: each message comes back.
struct BareBack;

struct BareSession(Arc<Link>);

impl Layer for BareBack {
    type Session = BareSession;

    fn open(self: &Arc<Self>, link: Arc<Link>) -> BareSession {
        BareSession(link)
    }
}

impl Session for BareSession {
    fn message(&mut self, message: Message<'_>) -> Result<(), Reason> {
        self.0.send(&message);
        Ok(())
    }
}

/// WebSocket: each message comes back.
fn raw_websocket(request: &mut Request<Incoming>) -> Response<Full<Bytes>> {
    match ws::upgrade(request) {
        Err(refusal) => refusal,
        Ok((response, accepted)) => {
            tokio::spawn(async move {
                if let Err(error) = echo_frames(accepted).await {
                    tracing::debug!(%error, "a WebSocket ended early");
                }
            });
            response
        }
    }
}

async fn echo_frames(accepted: ws::Accepted) -> Result<(), ws::WsError> {
    let mut websocket = accepted.into_websocket(MAX_RAW_MESSAGE).await?;
    while let Some(message) = websocket.recv().await? {
        websocket.send(&message).await?;
    }
    Ok(())
}
