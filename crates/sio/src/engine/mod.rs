//! Engine.IO 3 and 4 (docs/engine.io-protocol of the socket.io repository): sessions over polling and WebSocket,
//! the upgrade between them, heartbeats. What the messages mean is up to a [`Layer`].

mod cors;
mod link;
mod packet;
mod payload;
mod polling;
mod query;
mod registry;
mod session;
mod upgrade;
mod write;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use tokio::time::Instant;

pub use link::Link;
pub use packet::{InvalidPacket, Message, Packet, Protocol};
pub use payload::{PayloadFormat, decode as decode_payload, encode as encode_payload};
pub use session::Session;

pub(crate) use packet::{put_binary, put_text};

use crate::config::Config;
use crate::reason::Reason;
use crate::serve::Peer;
use link::Handshake;
use registry::{NoPlace, Registry};

/// What an Engine.IO endpoint is used for: makes the [`Session`] that takes a new client's messages.
pub trait Layer: Send + Sync + 'static {
    /// The state of one session.
    type Session: Session;

    /// Whether all text messages are JSON but for a prefix in ASCII, so that they may be written with escapes
    /// for clients of protocol 3.
    const JSON: bool = false;

    /// A client has opened a session. What is sent through `link` here goes out right behind the open packet.
    fn open(self: &Arc<Self>, link: Arc<Link>) -> Self::Session;
}

/// As much of a client's name for itself is kept; whoever sends more has no use of it.
const USER_AGENT_BYTES: usize = 512;
/// Protocol 3 alone: clients of that time may listen only when they were told that the connection is open, and lose what
/// came in one piece with that.
const FIRST_FRAME_AFTER: Duration = Duration::from_millis(1);

/// An Engine.IO endpoint. Cheap to clone.
pub struct Engine<L> {
    inner: Arc<Inner<L>>,
}

struct Inner<L> {
    config: Arc<Config>,
    registry: Arc<Registry>,
    layer: Arc<L>,
}

/// Errors as engine.io answers them: a JSON object with these as `code` and `message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    UnknownTransport,
    UnknownSid,
    BadMethod,
    BadRequest,
    Forbidden,
    UnsupportedProtocol,
    Jsonp,
    TooLarge,
    TooSlow,
    Full,
    Stopping,
    NotFound,
    UpgradeRequired,
}

impl<L: Layer> Engine<L> {
    /// An endpoint with these settings, for this layer.
    pub fn new(config: Config, layer: Arc<L>) -> Self {
        let registry = Arc::new(Registry::default());
        Self { inner: Arc::new(Inner { config: Arc::new(config), registry, layer }) }
    }

    /// Whether a request's path is that of this endpoint.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        path.trim_end_matches('/') == self.inner.config.path.trim_end_matches('/')
    }

    /// Answers one request: handshake, GET or POST of a polling session, WebSocket, preflight.
    ///
    /// WebSocket needs a connection that was accepted by [`crate::serve`]; the client's address is taken from the
    /// [`Peer`] extension of the request.
    pub async fn call<B>(&self, mut request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        let cors = match cors::check(
            &self.inner.config,
            request.headers(),
            request.uri().query().unwrap_or_default(),
        ) {
            Ok(cors) => cors,
            Err(refusal) => return refusal.response(),
        };
        let mut response = match self.route(&mut request) {
            Ok(Route::Preflight) => cors::preflight(request.headers()),
            Ok(Route::Open(format)) => self.open_polling(&request, format),
            Ok(Route::Get(link)) => polling::get(&link).await,
            Ok(Route::Post(link)) => polling::post(&link, &self.inner.config, request).await,
            Ok(Route::WebSocket(format, link)) => self.websocket(&mut request, format, link),
            Err(refusal) => refusal.response(),
        };
        cors.apply(&mut response);
        response
    }

    /// How many sessions there are.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.inner.registry.len()
    }

    /// Opens no new sessions from now on: whoever asks gets 503 with `Retry-After`. Those that are open go on.
    pub fn refuse_new(&self) {
        self.inner.registry.stop();
    }

    /// Refuses new sessions, lets handlers that run finish, sends what is queued, says goodbye to everybody, and
    /// waits until all are gone or the time is over. Gives the number of sessions that are left.
    pub async fn shutdown(&self, within: Duration) -> usize {
        self.drain(Duration::ZERO, within).await
    }

    /// As [`Engine::shutdown`], with everybody's goodbye at a moment of its own, evenly spread over the first `spread`
    /// of the time: a crowd that leaves at once comes back at once, to whoever is left. Each is served until its turn.
    pub async fn drain(&self, spread: Duration, within: Duration) -> usize {
        self.refuse_new();
        let registry = &self.inner.registry;
        let goodbyes = async {
            let links = registry.links();
            let apart = spread.as_secs_f64() / links.len().max(1) as f64;
            let begun = Instant::now();
            for (turn, link) in links.into_iter().enumerate() {
                tokio::time::sleep_until(begun + Duration::from_secs_f64(apart * turn as f64)).await;
                link.close(Reason::Shutdown);
            }
            registry.empty().await;
        };
        // Running out of time is told by what is left.
        let _ = tokio::time::timeout(within, goodbyes).await;
        registry.len()
    }

    fn route<B>(&self, request: &mut Request<B>) -> Result<Route, Refusal> {
        let config = &self.inner.config;
        if !self.matches(request.uri().path()) {
            return Err(Refusal::NotFound);
        }
        if request.method() == Method::OPTIONS {
            return Ok(Route::Preflight);
        }
        let query = request.uri().query().unwrap_or_default();
        let value = |name| query::value(query, name);
        let websocket = match value("transport").as_deref() {
            Some("websocket") if config.transports.websocket() => true,
            Some("polling") if config.transports.polling() => false,
            _ => return Err(Refusal::UnknownTransport),
        };
        let protocol = match value("EIO").as_deref() {
            Some("4") => Protocol::V4,
            Some("3") if config.allow_eio3 => Protocol::V3,
            _ => return Err(Refusal::UnsupportedProtocol),
        };
        if value("j").is_some() {
            return Err(Refusal::Jsonp);
        }
        let format = PayloadFormat { protocol, binary: value("b64").is_none(), json: L::JSON };
        let link = match value("sid") {
            Some(sid) => {
                let link = self.inner.registry.get(&sid).ok_or(Refusal::UnknownSid)?;
                Some(link).filter(|link| link.protocol() == protocol).ok_or(Refusal::BadRequest).map(Some)?
            }
            None => None,
        };
        match (websocket, link, request.method()) {
            (true, link, &Method::GET) => Ok(Route::WebSocket(format, link)),
            (false, None, &Method::GET) => Ok(Route::Open(format)),
            (false, Some(link), &Method::GET) => Ok(Route::Get(link)),
            (false, Some(link), &Method::POST) => Ok(Route::Post(link)),
            _ => Err(Refusal::BadMethod),
        }
    }

    fn open_polling<B>(&self, request: &Request<B>, format: PayloadFormat) -> Response<Full<Bytes>> {
        let link = match self.register(request, format, false) {
            Ok(link) => link,
            Err(refusal) => return refusal.response(),
        };
        let open = self.open_packet(&link, false);
        self.spawn_session(link, None, None);
        polling::answer(&[open], format)
    }

    fn websocket<B>(
        &self,
        request: &mut Request<B>,
        format: PayloadFormat,
        link: Option<Arc<Link>>,
    ) -> Response<Full<Bytes>> {
        let (response, accepted) = match crate::ws::upgrade(request) {
            Ok(accepted) => accepted,
            Err(response) if response.status() == StatusCode::UPGRADE_REQUIRED => {
                return Refusal::UpgradeRequired.response();
            }
            Err(_) => return Refusal::BadRequest.response(),
        };
        match link {
            Some(link) => {
                let config = Arc::clone(&self.inner.config);
                match link.begin_upgrade() {
                    Ok(()) => drop(tokio::spawn(upgrade::run(link, accepted, config))),
                    // As the reference server does: the one that comes too late is opened and closed.
                    Err(_) if link.is_upgraded() => drop(tokio::spawn(async move {
                        if let Ok(websocket) = accepted.into_websocket(config.max_payload).await {
                            websocket.close(None, "").await;
                        }
                    })),
                    Err(_) => return Refusal::BadRequest.response(),
                }
            }
            None => {
                let link = match self.register(request, format, true) {
                    Ok(link) => link,
                    Err(refusal) => return refusal.response(),
                };
                let open = self.open_packet(&link, true);
                let engine = self.clone();
                let connection = request.extensions().get::<Peer>().and_then(Peer::permit);
                // A task of its own, so that the session's task is no larger than the session.
                tokio::spawn(async move {
                    let limit = engine.inner.config.max_payload;
                    match accepted.into_websocket(limit).await {
                        Ok(websocket) => {
                            if format.protocol == Protocol::V3 {
                                tokio::time::sleep(FIRST_FRAME_AFTER).await;
                            }
                            link.push(open);
                            engine.spawn_session(link, Some(websocket.into_parts()), connection);
                        }
                        Err(error) => {
                            tracing::debug!(%error, "a handshake was not completed");
                            engine.inner.registry.remove(link.sid());
                        }
                    }
                });
            }
        }
        response
    }

    fn register<B>(
        &self,
        request: &Request<B>,
        format: PayloadFormat,
        websocket: bool,
    ) -> Result<Arc<Link>, Refusal> {
        let peer = request.extensions().get::<Peer>();
        let origin = cors::foreign(request.headers());
        // Text of ASCII alone, which may be cut anywhere.
        let agent = request.headers().get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let handshake = Handshake {
            sid: format!("{}{}", self.inner.config.sid_prefix, random_id()).into(),
            format,
            remote: peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.addr().ip()),
            query: request.uri().query().unwrap_or_default().into(),
            origin: origin.map(Into::into),
            user_agent: agent.map(|agent| agent[..agent.len().min(USER_AGENT_BYTES)].into()),
        };
        let link = Link::new(handshake, self.inner.config.max_queue_bytes, websocket);
        match self.inner.registry.insert(&link, self.inner.config.max_sessions) {
            Ok(()) => Ok(link),
            Err(NoPlace::Full) => Err(Refusal::Full),
            Err(NoPlace::Stopped) => Err(Refusal::Stopping),
        }
    }

    fn open_packet(&self, link: &Link, websocket: bool) -> Bytes {
        let config = &self.inner.config;
        let upgrades = if websocket || !config.transports.websocket() { "" } else { "\"websocket\"" };
        let text = format!(
            "{{\"sid\":\"{}\",\"upgrades\":[{upgrades}],\"pingInterval\":{},\"pingTimeout\":{},\"maxPayload\":{}}}",
            link.sid(),
            config.ping_interval.as_millis(),
            config.ping_timeout.as_millis(),
            config.max_payload,
        );
        packet::control(b'0', &text)
    }

    /// `connection`: the place among the open connections that the session keeps.
    fn spawn_session(
        &self,
        link: Arc<Link>,
        websocket: Option<crate::ws::Parts>,
        connection: Option<crate::serve::Permit>,
    ) {
        let session = self.inner.layer.open(Arc::clone(&link));
        let guard = (self.inner.registry.member(&link), connection);
        let config = Arc::clone(&self.inner.config);
        tokio::spawn(session::run(link, session, websocket, config, guard));
    }
}

enum Route {
    Preflight,
    Open(PayloadFormat),
    Get(Arc<Link>),
    Post(Arc<Link>),
    WebSocket(PayloadFormat, Option<Arc<Link>>),
}

impl Refusal {
    fn response(self) -> Response<Full<Bytes>> {
        let (status, code, message) = match self {
            Self::UnknownTransport => (StatusCode::BAD_REQUEST, 0, "Transport unknown"),
            Self::UnknownSid => (StatusCode::BAD_REQUEST, 1, "Session ID unknown"),
            Self::BadMethod => (StatusCode::BAD_REQUEST, 2, "Bad handshake method"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, 3, "Bad request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, 4, "Forbidden"),
            Self::UnsupportedProtocol => (StatusCode::BAD_REQUEST, 5, "Unsupported protocol version"),
            Self::Jsonp => {
                (StatusCode::BAD_REQUEST, 3, "JSONP is not supported, use XHR polling or WebSocket")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 3, "Payload too large"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, 3, "The body took too long"),
            Self::Full => (StatusCode::SERVICE_UNAVAILABLE, 4, "No new sessions at present"),
            Self::Stopping => {
                (StatusCode::SERVICE_UNAVAILABLE, 4, "The server is stopping, please come back")
            }
            Self::NotFound => (StatusCode::NOT_FOUND, 3, "Not found"),
            Self::UpgradeRequired => (StatusCode::BAD_REQUEST, 3, "A WebSocket handshake is required"),
        };
        let body = format!("{{\"code\":{code},\"message\":\"{message}\"}}");
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// 120 random bits, 20 characters.
pub(crate) fn random_id() -> Box<str> {
    use base64::Engine as _;
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into()
}

impl<L> Clone for Engine<L> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}
