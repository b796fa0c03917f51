//! The Socket.IO side of one connection: packets in, one job after the other.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::args::Args;
use super::encode::control;
use super::event::{Ack, Event};
use super::handler::{Connect, ConnectError, Handler};
use super::hub::Hub;
use super::packet::{PacketKind, RawPacket, split_array, split_event};
use super::socket::Socket;
use crate::engine::{Link, Message, Protocol, Session};
use crate::reason::Reason;

/// Bytes of decoded events that may wait, whatever their number.
const MAX_WAITING_BYTES: usize = 256 * 1024;

pub(crate) struct Client<H: Handler> {
    hub: Arc<Hub<H>>,
    link: Arc<Link>,
    sockets: Vec<Socket<H>>,
    /// What came and was not begun.
    waiting: VecDeque<Job<H>>,
    waiting_bytes: usize,
    /// The one thing that is being done. Boxed, so that it takes no room while there is none.
    running: Option<Pin<Box<dyn Future<Output = Outcome<H>> + Send>>>,
    /// The namespace of the connect that is being decided.
    connecting: Option<Box<str>>,
    /// A packet whose attachments are on their way.
    binary: Option<Box<Incomplete>>,
    /// When a connection that is in no namespace is closed.
    lonely_until: Option<Instant>,
    /// A socket was here and has gone: late events for it are no offence.
    left: bool,
    closed: Option<Reason>,
}

enum Job<H: Handler> {
    Connect { namespace: Box<str>, auth: Option<Box<RawValue>> },
    Event { target: Target<H>, event: Event },
    Leave { socket: Socket<H> },
}

/// Whom an event is for: by name when its socket is just about to be let in.
enum Target<H: Handler> {
    Socket(Socket<H>),
    Name(Box<str>),
}

enum Outcome<H: Handler> {
    Connect(Box<str>, Result<H::Data, ConnectError>),
    Done,
}

struct Incomplete {
    text: Box<str>,
    attachments: Vec<Bytes>,
    wanted: usize,
    bytes: usize,
    until: Instant,
}

impl<H: Handler> Client<H> {
    pub fn new(hub: Arc<Hub<H>>, link: Arc<Link>) -> Self {
        let mut waiting = VecDeque::new();
        if link.protocol() == Protocol::V3 {
            // The default namespace needs no asking for (protocol 4 of Socket.IO, "CONNECT").
            waiting.push_back(Job::Connect { namespace: "/".into(), auth: None });
        }
        Self {
            lonely_until: Some(Instant::now() + hub.config().connect_timeout),
            hub,
            link,
            sockets: Vec::new(),
            waiting,
            waiting_bytes: 0,
            running: None,
            connecting: None,
            binary: None,
            left: false,
            closed: None,
        }
    }

    // Packets.

    fn packet(&mut self, packet: &RawPacket<'_>, attachments: Vec<Bytes>) -> Result<(), Reason> {
        match packet.kind {
            PacketKind::Connect => self.connect_packet(packet)?,
            PacketKind::Disconnect => {
                if let Some(socket) = self.socket(packet.namespace).cloned() {
                    self.waiting.push_back(Job::Leave { socket });
                }
            }
            PacketKind::Event | PacketKind::BinaryEvent => self.event_packet(packet, attachments)?,
            PacketKind::Ack | PacketKind::BinaryAck => {
                let elements = split_array(packet.data).map_err(|_| Reason::ParseError)?;
                if let (Some(socket), Some(id)) = (self.socket(packet.namespace), packet.id) {
                    socket.resolve_ack(id, Args::new(elements, attachments));
                }
            }
            PacketKind::ConnectError => return Err(Reason::ParseError),
        }
        Ok(())
    }

    fn connect_packet(&mut self, packet: &RawPacket<'_>) -> Result<(), Reason> {
        let auth = match packet.data {
            "" => None,
            json => Some(serde_json::from_str(json).map_err(|_| Reason::ParseError)?),
        };
        self.waiting.push_back(Job::Connect { namespace: packet.namespace.into(), auth });
        Ok(())
    }

    fn event_packet(&mut self, packet: &RawPacket<'_>, attachments: Vec<Bytes>) -> Result<(), Reason> {
        let (name, elements) = split_event(packet.data).map_err(|_| Reason::ParseError)?;
        let (target, namespace) = match self.socket(packet.namespace).cloned() {
            Some(socket) => {
                let namespace = socket.0.namespace.shared_name();
                (Target::Socket(socket), namespace)
            }
            None if self.is_connecting(packet.namespace) => {
                (Target::Name(packet.namespace.into()), packet.namespace.into())
            }
            None if self.left => return Ok(()),
            None => return Err(Reason::ParseError),
        };
        let ack = packet.id.map(|id| Ack { link: Arc::clone(&self.link), namespace, id });
        self.waiting_bytes += cost(elements, &attachments);
        let event = Event { name: name.into(), args: Args::new(elements, attachments), ack };
        self.waiting.push_back(Job::Event { target, event });
        Ok(())
    }

    fn socket(&self, namespace: &str) -> Option<&Socket<H>> {
        self.sockets.iter().find(|socket| socket.namespace() == namespace)
    }

    fn is_connecting(&self, wanted: &str) -> bool {
        let waits = |job: &Job<H>| matches!(job, Job::Connect { namespace, .. } if **namespace == *wanted);
        self.connecting.as_deref() == Some(wanted) || self.waiting.iter().any(waits)
    }

    // Jobs.

    fn start(&mut self, job: Job<H>) {
        match job {
            Job::Connect { namespace, auth } => self.start_connect(namespace, auth),
            Job::Event { target, event } => self.start_event(target, event),
            Job::Leave { socket } => self.end(&socket, Reason::ClientDisconnect),
        }
    }

    fn start_connect(&mut self, namespace: Box<str>, auth: Option<Box<RawValue>>) {
        if self.closed.is_some() || self.socket(&namespace).is_some() {
            return;
        }
        if self.sockets.len() >= self.hub.config().max_namespaces {
            return self.refuse(&namespace, &ConnectError::new("too many namespaces"));
        }
        self.connecting = Some(namespace.clone());
        let (hub, link) = (Arc::clone(&self.hub), Arc::clone(&self.link));
        self.running = Some(Box::pin(async move {
            let request = Connect { link: &link, namespace: &namespace, auth: auth.as_deref() };
            let decision = hub.handler().connect(&request).await;
            Outcome::Connect(namespace, decision)
        }));
    }

    fn start_event(&mut self, target: Target<H>, event: Event) {
        self.waiting_bytes -=
            cost(&event.args.json()[1..event.args.json().len() - 1], event.args.attachments());
        let socket = match target {
            Target::Socket(socket) => Some(socket),
            Target::Name(name) => self.socket(&name).cloned(),
        };
        // Nobody hears events of a socket that was disconnected or not let in.
        let Some(socket) = socket.filter(Socket::is_open) else { return };
        self.running = Some(Box::pin(async move {
            socket.handler().event(&socket, event).await;
            Outcome::Done
        }));
    }

    fn finish(&mut self, outcome: Outcome<H>) {
        let Outcome::Connect(namespace, decision) = outcome else { return };
        self.connecting = None;
        match decision {
            Err(error) => self.refuse(&namespace, &error),
            // Let in too late: nobody was told, so nobody has to be told that it is over.
            Ok(_) if self.closed.is_some() || self.link.is_closed() => {}
            Ok(data) => self.let_in(&namespace, data),
        }
    }

    fn refuse(&mut self, namespace: &str, error: &ConnectError) {
        self.link.push(control('4', namespace, &error.to_json(self.link.protocol())));
        self.left = true;
        if self.link.protocol() == Protocol::V3 && namespace == "/" {
            // Without the default namespace there is nothing left to do for such a client.
            self.link.close(Reason::ServerDisconnect);
        }
    }

    fn let_in(&mut self, namespace: &str, data: H::Data) {
        let socket = self.hub.enter(namespace, |namespace| {
            let socket = Socket::new(&self.hub, &self.link, namespace, data);
            let sid = match self.link.protocol() {
                Protocol::V3 => String::new(),
                Protocol::V4 => format!("{{\"sid\":\"{}\"}}", socket.id()),
            };
            // Before anybody can broadcast to it.
            self.link.push(control('0', socket.namespace(), &sid));
            socket
        });
        self.lonely_until = None;
        self.sockets.reserve_exact(1);
        self.sockets.push(socket.clone());
        self.running = Some(Box::pin(async move {
            socket.handler().connected(&socket).await;
            Outcome::Done
        }));
    }

    /// A socket is over.
    fn end(&mut self, socket: &Socket<H>, reason: Reason) {
        let Some(at) = self.sockets.iter().position(|known| known.0.key == socket.0.key) else { return };
        let socket = self.sockets.swap_remove(at);
        socket.shut();
        self.left = true;
        let told =
            std::panic::catch_unwind(AssertUnwindSafe(|| self.hub.handler().disconnected(&socket, reason)));
        if told.is_err() {
            tracing::error!("the handler panicked while a socket was disconnected");
        }
        socket.leave_all();
        self.hub.exit(&socket);
        if self.sockets.is_empty() {
            self.lonely_until = Some(Instant::now() + self.hub.config().connect_timeout);
        }
    }

    /// Sockets that the application has disconnected.
    fn end_disconnected(&mut self) {
        while let Some(socket) = self.sockets.iter().find(|socket| !socket.is_open()).cloned() {
            self.end(&socket, Reason::ServerDisconnect);
            if self.sockets.is_empty() && self.waiting.is_empty() {
                self.link.close(Reason::ServerDisconnect);
            }
        }
    }

    /// A panic of the application ends its connection and nothing else.
    fn poll_running(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(running) = &mut self.running else { return Poll::Ready(()) };
        let outcome = match std::panic::catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(_) => {
                tracing::error!("the handler panicked, the connection is closed");
                self.connecting = None;
                self.link.close(Reason::ServerDisconnect);
                Outcome::Done
            }
        };
        self.running = None;
        self.finish(outcome);
        Poll::Ready(())
    }
}

impl<H: Handler> Session for Client<H> {
    fn message(&mut self, message: Message<'_>) -> Result<(), Reason> {
        let limit = self.hub.config().max_payload;
        match (message, self.binary.take()) {
            (Message::Text(text), None) => {
                let packet = RawPacket::parse(&text).map_err(|_| Reason::ParseError)?;
                if packet.attachments > self.hub.config().max_attachments {
                    return Err(Reason::ParseError);
                }
                if packet.attachments == 0 {
                    return self.packet(&packet, Vec::new());
                }
                self.binary = Some(Box::new(Incomplete {
                    wanted: packet.attachments,
                    attachments: Vec::new(),
                    bytes: text.len(),
                    until: Instant::now() + self.hub.config().connect_timeout,
                    text: text.into(),
                }));
                Ok(())
            }
            (Message::Binary(data), Some(mut incomplete)) => {
                incomplete.bytes += data.len();
                if incomplete.bytes > limit {
                    return Err(Reason::TooLarge);
                }
                incomplete.attachments.push(data.into_owned().into());
                if incomplete.attachments.len() < incomplete.wanted {
                    self.binary = Some(incomplete);
                    return Ok(());
                }
                let packet = RawPacket::parse(&incomplete.text).map_err(|_| Reason::ParseError)?;
                self.packet(&packet, incomplete.attachments)
            }
            (Message::Text(_), Some(_)) | (Message::Binary(_), None) => Err(Reason::ParseError),
        }
    }

    fn poll_work(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            std::task::ready!(self.poll_running(cx));
            if self.running.is_some() {
                continue;
            }
            self.end_disconnected();
            let Some(job) = self.waiting.pop_front() else { break };
            self.start(job);
        }
        if self.waiting.capacity() > 0 {
            self.waiting = VecDeque::new();
        }
        if let Some(reason) = self.closed {
            for socket in self.sockets.clone() {
                self.end(&socket, reason);
            }
        }
        Poll::Ready(())
    }

    fn wants_more(&self) -> bool {
        self.waiting.len() < self.hub.config().max_waiting_events && self.waiting_bytes < MAX_WAITING_BYTES
    }

    fn deadline(&self) -> Option<Instant> {
        let binary = self.binary.as_ref().map(|incomplete| incomplete.until);
        [self.lonely_until, binary].into_iter().flatten().min()
    }

    fn timed_out(&mut self, now: Instant) -> Option<Reason> {
        if self.binary.as_ref().is_some_and(|incomplete| incomplete.until <= now) {
            return Some(Reason::ConnectTimeout);
        }
        if self.lonely_until.is_none_or(|until| until > now) {
            return None;
        }
        if self.connecting.is_some() {
            // The application is still deciding.
            self.lonely_until = Some(now + self.hub.config().connect_timeout);
            return None;
        }
        Some(Reason::ConnectTimeout)
    }

    fn closed(&mut self, reason: Reason) {
        // Whatever arrived whole is still handled; nobody waits for answers any more.
        self.closed.get_or_insert(reason);
        self.binary = None;
        self.sockets.iter().for_each(Socket::fail_acks);
    }
}

fn cost(elements: &str, attachments: &[Bytes]) -> usize {
    elements.len() + attachments.iter().map(Bytes::len).sum::<usize>()
}
