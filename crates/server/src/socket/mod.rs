//! The socket side: lets people in and answers each request with exactly one ack.

mod answers;
mod arrivals;
mod attendance;
mod bot_calls;
mod calls;
mod connected;
mod desk_calls;
mod desk_events;
mod fanout;
mod listening;
mod order_events;
mod wallboard;

use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nodechat_bot::Bots;
use nodechat_domain::app::{Access, Channel, Desk, LeftMessages, Lists, VisitorCards, WorkOrders};
use nodechat_domain::model::{Arrival, Atype, Person, Secret, Side};
use nodechat_domain::port::{Clock, Rooms};
use nodechat_domain::{Error, Result};
use nodechat_sio::{ArgsError, Connect, ConnectError, Event, Handler, Io, Reason, Socket};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use self::answers::Answers;
pub use self::arrivals::Arrivals;
use self::arrivals::Untold;
pub use self::attendance::{Attendance, Tellers};
pub use self::connected::Sockets;
pub use self::desk_events::DeskEvents;
pub use self::fanout::Fanout;
pub use self::order_events::tell as tell_of_order;
pub use self::wallboard::Wallboards;
use crate::cluster::Cluster;
use crate::limit::Limits;
use crate::metrics::Metrics;
use crate::wire::{self, ErrorBody, event};

/// The chat, as `nodechat-sio` calls it.
pub struct Chat {
    pub channel: Arc<Channel>,
    pub access: Arc<Access>,
    pub rooms: Arc<dyn Rooms>,
    pub connected: Arc<Sockets>,
    pub attendance: Arc<Attendance>,
    pub answers: Arc<Answers>,
    pub arrivals: Arc<Arrivals>,
    pub fanout: Arc<Fanout>,
    pub bots: Arc<Bots>,
    pub desk: Arc<Desk>,
    pub left: Arc<LeftMessages>,
    pub cards: Arc<VisitorCards>,
    pub lists: Arc<Lists>,
    pub orders: Arc<WorkOrders>,
    pub wallboards: Arc<Wallboards>,
    /// None where this server alone has the store.
    pub cluster: Option<Arc<Cluster>>,
    pub clock: Arc<dyn Clock>,
    pub limits: Arc<Limits>,
    pub metrics: Arc<Metrics>,
    pub request_timeout: Duration,
}

pub type ChatIo = Io<Chat>;

/// The requests there are; also what they are counted under.
const CALLS: [&str; 13] = [
    "chat", "join", "leave", "list", "looking", "mgr", "mkread", "note", "notes", "query", "recall",
    "typing", "user",
];

/// Somebody who was let in.
pub struct Visit {
    pub person: Arc<Person>,
    atype: Atype,
    /// From where, for the blacklist.
    pub ip: IpAddr,
    /// [`Sockets::endings`] before the ticket was looked at.
    endings: u64,
    /// When this socket said last that it writes.
    typed: Mutex<Option<Instant>>,
    /// How a visitor came, as long as somebody has to hear of it.
    coming: Mutex<Option<Box<Untold>>>,
}

/// Clients 3.x and 4.x send this as `auth`; older ones have it in the query.
#[derive(Debug, Default, Deserialize)]
struct Credentials {
    ticket: Option<String>,
    atype: Option<String>,
    /// The page that the chat was opened on, and where it was come to from. Whatever else they are is no reason to refuse.
    page: Option<Value>,
    referrer: Option<Value>,
}

impl Handler for Chat {
    type Data = Visit;

    async fn connect(&self, request: &Connect<'_>) -> Result<Visit, ConnectError> {
        self.admit(request).await.map_err(|error| {
            let body = ErrorBody::of(&error);
            let data = serde_json::to_value(&body).expect("an error body is plain JSON");
            ConnectError { message: body.errmsg, data: Some(data) }
        })
    }

    async fn connected(&self, socket: &Socket<Self>) {
        let visit = socket.data();
        self.connected.found(socket, visit.endings);
        self.arrivals.connected(socket);
        self.attendance.came(&visit.person);
        if let (Some(cluster), Some(company)) = (&self.cluster, visit.person.company()) {
            cluster.board().follow(company).await;
        }
        if visit.person.side == Side::Agent {
            // What this agent asks for first finds it present. Nobody waits for ever, see `in_time`.
            let settled =
                tokio::time::timeout(self.request_timeout, self.attendance.settled(&visit.person)).await;
            if settled.is_err() {
                tracing::warn!("an agent is let in whose company's desk does not know of it yet");
            }
        }
        let session = wire::Session::new(&visit.person, visit.atype, self.clock.now(), self.rooms.epoch());
        if let Err(error) = socket.emit(event::SESSION, &(session,)) {
            tracing::error!(%error, "a session could not be written as JSON");
        }
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let ack = event.take_ack();
        let call = CALLS.iter().find(|name| **name == event.name()).copied().unwrap_or("unknown");
        let answer = self.in_time(self.call(call, socket, &event)).await;
        let failure = answer.as_ref().err().map(ErrorBody::of);
        self.metrics.request(call, failure.as_ref().map_or(0, |body| body.errcode));
        // Without an ack function nobody hears of a refusal; what was asked for has happened or not all the same.
        if let Some(ack) = ack {
            let sent = ack.send(&(failure, answer.ok()));
            if let Err(error) = sent {
                tracing::error!(%error, call, "an answer could not be written as JSON");
            }
        }
    }

    fn disconnected(&self, socket: &Socket<Self>, reason: Reason) {
        listening::gone(self, socket);
        self.connected.gone(socket);
        let person = &socket.data().person;
        self.attendance.went(person);
        if let (Some(cluster), Some(company)) = (&self.cluster, person.company()) {
            cluster.board().unfollow(company);
        }
        tracing::debug!(reason = reason.as_str(), "a socket is gone");
    }
}

impl Chat {
    /// A ticket opens the door, if it fits the page it comes with.
    async fn admit(&self, request: &Connect<'_>) -> Result<Visit> {
        if request.namespace() != "/" {
            return Err(Error::UnknownCall);
        }
        let Credentials { ticket, atype, page, referrer } = credentials(request)?;
        let ticket = ticket.filter(|ticket| !ticket.is_empty()).ok_or(Error::BadTicket)?;
        let atype = wire::atype(atype.as_deref().unwrap_or_default())?;
        let ticket = Secret::presented(&ticket);
        let endings = self.connected.endings();
        let check = self.access.authenticate_for(&ticket, atype, request.origin(), request.remote());
        let person = self.limits.guarded(request.remote(), self.in_time(check)).await?;
        let (typed, ip) = (Mutex::default(), request.remote());
        let coming = (person.side == Side::Visitor).then(|| {
            Untold::of(Arrival {
                atype,
                browser: Arrival::shortened(request.user_agent()),
                page: Arrival::shortened_address(page.as_ref().and_then(Value::as_str)),
                referrer: Arrival::shortened_address(referrer.as_ref().and_then(Value::as_str)),
                address: ip.to_canonical().to_string().into(),
                time: self.clock.now(),
            })
        });
        Ok(Visit { person: Arc::new(person), atype, ip, endings, typed, coming: Mutex::new(coming) })
    }

    /// Runs one request. A new event is one line here and in [`CALLS`], its words in `wire`, its work
    /// in `calls`.
    async fn call(&self, name: &str, socket: &Socket<Self>, event: &Event) -> Result<calls::Answer> {
        if !CALLS.contains(&name) {
            return Err(Error::UnknownCall);
        }
        let payload = payload(event)?;
        let payload = payload.as_deref();
        match name {
            "chat" => calls::chat(self, socket, payload).await,
            "join" => calls::join(self, socket, payload).await,
            "leave" => calls::leave(self, socket, payload),
            "mkread" => calls::mark_read(self, socket, payload).await,
            "list" => desk_calls::list(self, socket, payload).await,
            "mgr" => desk_calls::mgr(self, socket, payload).await,
            "looking" => desk_calls::looking(self, socket, payload),
            "typing" => desk_calls::typing(self, socket, payload).await,
            "note" => calls::note(self, socket, payload).await,
            "notes" => calls::notes(self, socket, payload).await,
            "query" => bot_calls::query(self, socket, payload).await,
            "recall" => calls::recall(self, socket, payload).await,
            "user" => desk_calls::user(self, socket, payload).await,
            _ => Err(Error::UnknownCall),
        }
    }

    /// Nobody waits for ever: a store that hangs is a store that is not available.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let late = || Error::unavailable("a request took too long");
        tokio::time::timeout(self.request_timeout, work).await.map_err(|_| late())?
    }
}

/// The first argument. No request has anything binary in it.
fn payload(event: &Event) -> Result<Option<Box<RawValue>>> {
    if !event.raw().attachments().is_empty() {
        return Err(Error::invalid("payload", "it has to be an object"));
    }
    match event.arg(0) {
        Ok(payload) => Ok(Some(payload)),
        Err(ArgsError::Missing(..)) => Ok(None),
        Err(error) => Err(Error::invalid("payload", error.to_string())),
    }
}

/// From the auth payload; from the query where there is none.
fn credentials(request: &Connect<'_>) -> Result<Credentials> {
    let from_auth = match request.auth_json() {
        Some(auth) => wire::read(Some(auth))?,
        None => Credentials::default(),
    };
    let from_query = |key| request.query(key).map(|text| text.into_owned());
    Ok(Credentials {
        ticket: from_auth.ticket.or_else(|| from_query("ticket")),
        atype: from_auth.atype.or_else(|| from_query("atype")),
        page: from_auth.page.or_else(|| from_query("page").map(Value::from)),
        referrer: from_auth.referrer.or_else(|| from_query("referrer").map(Value::from)),
    })
}
