//! A Socket.IO server as the application holds it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use serde::Serialize;

use super::broadcast::Broadcast;
use super::encode::EncodeError;
use super::handler::Handler;
use super::hub::Hub;
use crate::config::Config;
use crate::engine::Engine;

/// A Socket.IO server. Cheap to clone.
pub struct Io<H: Handler> {
    hub: Arc<Hub<H>>,
    engine: Engine<Hub<H>>,
}

impl<H: Handler> Io<H> {
    /// A server with these settings for this application.
    #[must_use]
    pub fn new(config: Config, handler: H) -> Self {
        let hub = Arc::new(Hub::new(config.clone(), handler));
        Self { engine: Engine::new(config, Arc::clone(&hub)), hub }
    }

    /// The application.
    #[must_use]
    pub fn handler(&self) -> &H {
        self.hub.handler()
    }

    /// Whether a request's path is that of this server.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.engine.matches(path)
    }

    /// Answers one request; see [`Engine::call`].
    pub async fn call<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        self.engine.call(request).await
    }

    /// Everybody in another namespace than the default one.
    pub fn of(&self, namespace: &str) -> Broadcast<H> {
        Broadcast::new(&self.hub, namespace)
    }

    /// Everybody in a room of the default namespace.
    pub fn to(&self, room: &str) -> Broadcast<H> {
        self.of("/").to(room)
    }

    /// Everybody in the default namespace but those in a room.
    pub fn except(&self, room: &str) -> Broadcast<H> {
        self.of("/").except(room)
    }

    /// Everybody in the default namespace but one.
    pub fn except_socket(&self, id: &str) -> Broadcast<H> {
        self.of("/").except_socket(id)
    }

    /// Sends an event to everybody in the default namespace.
    ///
    /// # Errors
    /// When the arguments cannot be written as JSON.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, args: &T) -> Result<(), EncodeError> {
        self.of("/").emit(event, args)
    }

    /// How many connections there are, those included that are in no namespace yet.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.engine.sessions()
    }

    /// How many sockets there are, over all namespaces.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.hub.sockets()
    }

    /// Lets no new connection in: whoever asks gets 503 with `Retry-After`. Those that are there go on.
    pub fn refuse_new(&self) {
        self.engine.refuse_new();
    }

    /// Ends everything in order: new connections are refused, handlers that run finish, queues are sent, clients are
    /// told to come back (code 1001, no DISCONNECT), `disconnected` is called for each socket. Gives the number of
    /// connections that were not done within the time.
    pub async fn shutdown(&self, within: Duration) -> usize {
        self.engine.shutdown(within).await
    }

    /// As [`Io::shutdown`], but goodbyes are spread evenly over the first `spread` of the time; see [`Engine::drain`].
    pub async fn drain(&self, spread: Duration, within: Duration) -> usize {
        self.engine.drain(spread, within).await
    }
}

impl<H: Handler> Clone for Io<H> {
    fn clone(&self) -> Self {
        Self { hub: Arc::clone(&self.hub), engine: self.engine.clone() }
    }
}
