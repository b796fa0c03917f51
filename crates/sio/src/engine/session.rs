//! The task of a session: heartbeat, reading, the layer above, writing. One loop whatever the transport is.

use std::borrow::Cow;
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::{Instant, Sleep, sleep_until};

use super::link::{Link, Post, Waits};
use super::packet::{Message, Packet, Protocol, control};
use super::write;
use crate::config::Config;
use crate::reason::Reason;
use crate::ws::{Incoming, Opcode, Parts, Reader, Violation, close_frame, frame};

/// Bytes read at once. One buffer for each thread: a connection that waits owns none.
const READ_BUFFER: usize = 64 * 1024;

/// How long a stopping server waits for the other end of a WebSocket to close, too.
const LINGER_AT_STOP: Duration = Duration::from_secs(2);

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BUFFER].into_boxed_slice());
}

/// What happens with the messages of one session. Lives in the session's task; nothing in it is shared.
pub trait Session: Send + 'static {
    /// Takes one message; they come in the order in which they were sent. An error closes the session.
    ///
    /// # Errors
    /// The reason to close with.
    fn message(&mut self, message: Message<'_>) -> Result<(), Reason>;

    /// Runs what messages have started. `Ready` when nothing is running and nothing waits to run.
    fn poll_work(&mut self, _cx: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    /// Whether there is room for another message. While there is none the client is not read from.
    fn wants_more(&self) -> bool {
        true
    }

    /// When [`Session::timed_out`] is to be asked.
    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// A reason to close, now that the deadline has passed.
    fn timed_out(&mut self, _now: Instant) -> Option<Reason> {
        None
    }

    /// The session has closed: no more messages. Work that this starts still runs to its end.
    fn closed(&mut self, _reason: Reason) {}
}

/// Runs a session to its end, and then drops `guard`.
///
/// Not an `async fn`, and all of what is spawned: each `async` around it would keep its arguments a second time, for
/// as long as the connection lives.
pub(crate) fn run<S: Session>(
    link: Arc<Link>,
    session: S,
    websocket: Option<Parts>,
    config: Arc<Config>,
    guard: impl Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let now = Instant::now();
    let silence = match link.protocol() {
        Protocol::V4 => config.ping_interval,
        Protocol::V3 => config.ping_interval + config.ping_timeout,
    };
    let mut task = Task {
        session,
        transport: websocket.map_or(Transport::Polling, |parts| Transport::websocket(parts, &link)),
        heartbeat: Heartbeat { due: now + silence, pinged: false },
        post: None,
        phase: Phase::Open,
        writing: Vec::new(),
        written: 0,
        link,
        config,
    };
    async move {
        let mut sleep = pin!(sleep_until(task.wake_at()));
        poll_fn(|cx| task.poll(cx, sleep.as_mut())).await;
        drop(guard);
    }
}

struct Task<S> {
    link: Arc<Link>,
    config: Arc<Config>,
    session: S,
    transport: Transport,
    heartbeat: Heartbeat,
    /// A POST whose packets the session has not all taken yet.
    post: Option<Box<Post>>,
    phase: Phase,
    /// Frames being written, and how far into the first one.
    writing: Vec<Bytes>,
    written: usize,
}

struct Heartbeat {
    due: Instant,
    /// Protocol 4: a ping is on its way, `due` is when its pong must be here.
    pinged: bool,
}

enum Transport {
    Polling,
    WebSocket(Socket),
    Gone,
}

struct Socket {
    /// Reads and writes; the other half is shared with those who send.
    io: OwnedReadHalf,
    reader: Reader,
    /// Read, but the session had no room for it.
    stash: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Shutting down: what was taken on may finish and send, the rest of a POST included; nothing new is read.
    Finishing(Reason, Instant),
    /// The session knows that it is closed; what is queued goes out until then.
    Flushing(Reason, Instant),
    /// The close frame is out: waits for the peer's end, so that no reset overtakes it.
    Lingering(Reason, Instant),
    /// Nobody is there any more.
    Gone,
}

impl<S: Session> Task<S> {
    fn poll(&mut self, cx: &mut Context<'_>, mut sleep: Pin<&mut Sleep>) -> Poll<()> {
        loop {
            let (room, phase) = (self.session.wants_more(), self.phase);
            self.take_work();
            let read = self.poll_read(cx);
            let idle = self.session.poll_work(cx).is_ready();
            // Not before: an answer leaves together with what was queued while it was made.
            self.take_frames();
            let (written, wrote) = self.poll_write(cx);
            if self.poll_phase(cx, idle) {
                return Poll::Ready(());
            }
            let timer = self.poll_timer(cx, sleep.as_mut());
            let waits = Waits {
                close: self.phase == Phase::Open,
                inbox: self.wants_more(),
                goodbye: matches!(self.phase, Phase::Flushing(..)),
                unattended: self.phase == Phase::Open && idle && self.writing.is_empty(),
            };
            let parked = self.link.park(cx, written, waits);
            let nothing_new =
                read.is_pending() && wrote.is_pending() && timer.is_pending() && parked.is_pending();
            if nothing_new && self.session.wants_more() == room && self.phase == phase {
                return Poll::Pending;
            }
        }
    }

    fn take_frames(&mut self) {
        // An upgrade may have come since the work was taken: nothing may leave the queue before its WebSocket is here.
        if !matches!(self.transport, Transport::WebSocket(_)) {
            return;
        }
        let (frames, begun) = self.link.take_frames();
        if self.writing.is_empty() {
            (self.writing, self.written) = (frames, begun);
        } else {
            self.writing.extend(frames);
        }
    }

    fn take_work(&mut self) {
        let work = self.link.take_work(self.wants_more());
        if let Some(parts) = work.handover {
            self.transport = Transport::websocket(parts, &self.link);
        }
        if let Some(post) = work.inbox {
            self.post = Some(Box::new(post));
        }
        if let (Phase::Open, Some(reason)) = (self.phase, work.closing) {
            self.begin_close(reason, reason.close_code());
        }
    }

    /// Whether anything more may be read or taken from a POST.
    fn wants_more(&self) -> bool {
        self.phase == Phase::Open && self.post.is_none() && self.session.wants_more()
    }

    /// Whether packets of a POST that has begun are still handed on.
    fn takes_packets(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::Finishing(..))
    }

    // Closing.

    fn begin_close(&mut self, reason: Reason, code: u16) {
        self.link.close(reason);
        let until = Instant::now() + self.config.close_timeout;
        if reason == Reason::Shutdown {
            self.phase = Phase::Finishing(reason, until);
            return;
        }
        self.post = None;
        self.flush(reason, Some(code), until);
    }

    /// The layer above is told, and what is queued goes out with a close frame behind it.
    fn flush(&mut self, reason: Reason, code: Option<u16>, until: Instant) {
        self.session.closed(reason);
        self.phase = Phase::Flushing(reason, until);
        self.link.seal();
        match self.transport {
            Transport::WebSocket(_) => {
                self.take_frames();
                if !reason.drains() {
                    // The rest of a frame that the peer has the start of must still go out.
                    self.writing.truncate(usize::from(self.written > 0));
                }
                let words = if code.is_some() { reason.as_str() } else { "" };
                self.writing.push(close_frame(code, words));
            }
            Transport::Polling if !reason.awaits_poll() && !self.link.closed_by_client() => self.gone(),
            Transport::Polling | Transport::Gone => {}
        }
    }

    fn broken(&mut self, reason: Reason) {
        self.link.close(reason);
        if self.phase == Phase::Open {
            self.session.closed(reason);
        }
        self.gone();
    }

    fn gone(&mut self) {
        self.phase = Phase::Gone;
        self.transport = Transport::Gone;
        self.post = None;
        self.writing = Vec::new();
        self.written = 0;
        self.link.discard();
    }

    /// Moves on from one phase to the next; `true` at the very end.
    fn poll_phase(&mut self, cx: &mut Context<'_>, idle: bool) -> bool {
        if let Phase::Finishing(reason, until) = self.phase
            && idle
            && self.post.is_none()
        {
            self.flush(reason, Some(reason.close_code()), until);
        }
        if let (Phase::Flushing(..), Transport::Polling) = (self.phase, &self.transport)
            && self.link.said_goodbye()
        {
            self.gone();
        }
        // The end itself may have given the layer above something to do.
        matches!(self.phase, Phase::Gone) && self.session.poll_work(cx).is_ready()
    }

    // Time.

    fn wake_at(&self) -> Instant {
        match self.phase {
            Phase::Open => self
                .session
                .deadline()
                .map_or(self.heartbeat.due, |deadline| deadline.min(self.heartbeat.due)),
            Phase::Finishing(_, until) | Phase::Flushing(_, until) | Phase::Lingering(_, until) => until,
            // Whoever runs then runs as long as it must.
            Phase::Gone => Instant::now() + Duration::from_secs(3600),
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>, mut sleep: Pin<&mut Sleep>) -> Poll<()> {
        // Only an earlier moment is worth moving the timer for; after a later one it is set again when it fires.
        let at = self.wake_at();
        if at < sleep.deadline() {
            sleep.as_mut().reset(at);
        }
        ready!(sleep.as_mut().poll(cx));
        let now = Instant::now();
        if now >= at {
            self.time_passed(now);
        }
        sleep.reset(self.wake_at().max(now + Duration::from_millis(1)));
        Poll::Ready(())
    }

    fn time_passed(&mut self, now: Instant) {
        match self.phase {
            Phase::Open => {}
            Phase::Finishing(reason, _) | Phase::Flushing(reason, _) | Phase::Lingering(reason, _) => {
                if matches!(self.phase, Phase::Finishing(..)) {
                    self.session.closed(reason);
                }
                return self.gone();
            }
            Phase::Gone => return,
        }
        if self.session.deadline().is_some_and(|deadline| deadline <= now)
            && let Some(reason) = self.session.timed_out(now)
        {
            return self.begin_close(reason, reason.close_code());
        }
        if self.heartbeat.due > now {
            return;
        }
        let v4 = self.link.protocol() == Protocol::V4;
        if v4 && !self.heartbeat.pinged {
            self.link.push(control(b'2', ""));
            self.heartbeat = Heartbeat { due: self.heartbeat.due + self.config.ping_timeout, pinged: true };
        } else if self.wants_more() {
            self.begin_close(Reason::PingTimeout, Reason::PingTimeout.close_code());
        } else {
            // The server is the one who does not read; the answer may be waiting.
            self.heartbeat.due = now + self.config.ping_timeout;
        }
    }

    // Reading.

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(mut post) = self.post.take() {
            let mut progress = Poll::Pending;
            while self.takes_packets() && self.session.wants_more() {
                progress = Poll::Ready(());
                let Some(packet) = post.packets.pop_front() else {
                    // The client may be gone; then nobody waits for this answer.
                    let _ = post.done.send(());
                    return Poll::Ready(());
                };
                self.packet(packet);
            }
            if self.takes_packets() {
                self.post = Some(post);
            }
            return progress;
        }
        let lingering = matches!(self.phase, Phase::Lingering(..));
        if !self.wants_more() && !lingering {
            return Poll::Pending;
        }
        let Transport::WebSocket(socket) = &mut self.transport else { return Poll::Pending };
        if !socket.stash.is_empty() && !lingering {
            let mut stash = std::mem::take(&mut socket.stash);
            self.feed(&mut stash);
            return Poll::Ready(());
        }
        BUFFER.with_borrow_mut(|buffer| {
            let Transport::WebSocket(socket) = &mut self.transport else { return Poll::Pending };
            let mut buffer = ReadBuf::new(buffer);
            match ready!(Pin::new(&mut socket.io).poll_read(cx, &mut buffer)) {
                Err(_) => self.broken(Reason::TransportClose),
                Ok(()) if buffer.filled().is_empty() => self.broken(Reason::TransportClose),
                Ok(()) if lingering => {}
                Ok(()) => self.feed(buffer.filled_mut()),
            }
            Poll::Ready(())
        })
    }

    fn feed(&mut self, mut input: &mut [u8]) {
        loop {
            if !self.wants_more() {
                if let (Phase::Open, Transport::WebSocket(socket)) = (self.phase, &mut self.transport) {
                    socket.stash = input.to_vec();
                }
                return;
            }
            let Transport::WebSocket(socket) = &mut self.transport else { return };
            match socket.reader.next(&mut input) {
                Ok(Some(incoming)) => self.incoming(incoming),
                Ok(None) => return,
                Err(violation) => return self.violated(violation),
            }
        }
    }

    fn incoming(&mut self, incoming: Incoming<'_>) {
        let packet = match incoming {
            Incoming::Text(text) => Packet::from_text(text),
            Incoming::Binary(bytes) => Packet::from_binary(bytes, self.link.protocol()),
            Incoming::Ping(payload) => return self.link.push(frame(Opcode::Pong, &payload)),
            Incoming::Pong(_) => return,
            Incoming::Close(code) => {
                // Answered in kind (RFC 6455 section 5.5.1); nothing else is sent.
                self.link.close(Reason::TransportClose);
                let until = Instant::now() + self.config.close_timeout;
                return self.flush(Reason::TransportClose, code, until);
            }
        };
        match packet {
            Ok(packet) => self.packet(packet),
            Err(_) => self.begin_close(Reason::ParseError, Reason::ParseError.close_code()),
        }
    }

    fn violated(&mut self, violation: Violation) {
        let reason = match violation {
            Violation::TooLarge => Reason::TooLarge,
            Violation::Utf8 => Reason::InvalidUtf8,
            _ => Reason::TransportError,
        };
        self.begin_close(reason, violation.code());
    }

    fn packet(&mut self, packet: Packet<'_>) {
        let protocol = self.link.protocol();
        if protocol == Protocol::V3 {
            // Any packet shows that the client is there (protocol 3, "Timeouts").
            self.heartbeat.due = Instant::now() + self.config.ping_interval + self.config.ping_timeout;
        }
        let result = match (packet, protocol) {
            (Packet::Message(message), _) => self.session.message(message),
            (Packet::Pong, Protocol::V4) => {
                self.heartbeat = Heartbeat { due: Instant::now() + self.config.ping_interval, pinged: false };
                Ok(())
            }
            (Packet::Ping(data), Protocol::V3) => {
                self.link.push(control(b'3', &data));
                Ok(())
            }
            // Heartbeats in the wrong direction.
            (Packet::Ping(_), Protocol::V4) | (Packet::Pong, Protocol::V3) => Err(Reason::ParseError),
            (Packet::Close, _) if matches!(self.transport, Transport::Polling) => {
                self.link.close_by_client();
                return self.flush(Reason::TransportClose, None, Instant::now() + self.config.close_timeout);
            }
            (Packet::Close, _) => Err(Reason::TransportClose),
            (Packet::Upgrade | Packet::Noop, _) => Ok(()),
        };
        if let Err(reason) = result {
            self.begin_close(reason, reason.close_code());
        }
    }

    // Writing.

    /// How many bytes went out, and `Ready` when there may be more to do at once.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> (usize, Poll<()>) {
        let mut total = 0;
        while !self.writing.is_empty() {
            let Transport::WebSocket(socket) = &mut self.transport else { break };
            match write::poll(socket.io.as_ref(), cx, &self.writing, self.written) {
                Poll::Ready(Ok(len)) => {
                    total += len;
                    self.written = write::advance(&mut self.writing, self.written + len);
                }
                Poll::Ready(Err(_)) => {
                    self.broken(Reason::TransportClose);
                    return (total, Poll::Ready(()));
                }
                Poll::Pending => return (total, Poll::Pending),
            }
        }
        // An idle connection keeps no room for frames.
        self.writing = Vec::new();
        if let (Phase::Flushing(reason, until), Transport::WebSocket(_)) = (self.phase, &self.transport) {
            return (total, self.said_everything(reason, until));
        }
        (total, Poll::Pending)
    }

    /// The close frame is out.
    fn said_everything(&mut self, reason: Reason, until: Instant) -> Poll<()> {
        self.link.shut_down();
        if reason == Reason::TransportClose {
            // The peer has closed as well.
            self.gone();
        } else {
            // Some clients only close with their next use of the connection.
            let soon = Instant::now() + LINGER_AT_STOP;
            self.phase =
                Phase::Lingering(reason, if reason == Reason::Shutdown { until.min(soon) } else { until });
        }
        Poll::Ready(())
    }
}

impl Transport {
    fn websocket(parts: Parts, link: &Link) -> Self {
        let (io, writer) = parts.io.into_split();
        link.share(writer);
        Self::WebSocket(Socket { io, reader: parts.reader, stash: parts.rest })
    }
}

impl Message<'_> {
    /// The same message, owning its data.
    #[must_use]
    pub fn into_owned(self) -> Message<'static> {
        match self {
            Self::Text(text) => Message::Text(Cow::Owned(text.into_owned())),
            Self::Binary(data) => Message::Binary(Cow::Owned(data.into_owned())),
        }
    }
}
