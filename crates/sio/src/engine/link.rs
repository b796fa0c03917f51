//! The shared half of a session: the queue to the client, and how requests meet the session's task.

use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::oneshot;

use super::packet::{Message, Packet, Protocol, put_binary, put_text};
use super::payload::PayloadFormat;
use super::query;
use super::write;
use crate::reason::Reason;
use crate::ws::{Frames, Parts};

/// Packets in one answer to a poll; python-engineio takes no more than this.
const MAX_PACKETS: usize = 16;

/// A session as seen by whoever sends to it. Cheap to share; sending never waits.
pub struct Link {
    sid: Box<str>,
    protocol: Protocol,
    pub(crate) format: PayloadFormat,
    remote: IpAddr,
    /// Query string of the first request: protocol 3 authenticates with it.
    query: Box<str>,
    origin: Option<Box<str>>,
    user_agent: Option<Box<str>>,
    max_queue_bytes: usize,
    state: Mutex<State>,
}

/// What a session knows of its client from the first request.
pub(crate) struct Handshake {
    pub sid: Box<str>,
    pub format: PayloadFormat,
    pub remote: IpAddr,
    pub query: Box<str>,
    pub origin: Option<Box<str>>,
    pub user_agent: Option<Box<str>>,
}

struct State {
    /// Whole WebSocket frames, each entry one message or several; polling takes the packets out of them.
    frames: Vec<Bytes>,
    /// How much of the first of them is written already.
    begun: usize,
    /// Bytes in `frames` and in what is just being written: the measure for slow consumers.
    bytes: usize,
    /// Set once: why the session ends.
    closing: Option<Reason>,
    /// Nothing is queued any more. At a shutdown this comes later than `closing`: what runs may still answer.
    sealed: bool,
    carrier: Carrier,
    /// The layer above has something to do that is not in here.
    nudged: bool,
    /// The session's task, when it waits for something to do.
    task: Option<Waker>,
    /// While the task waits, with nothing of its own to write, others may write what is queued.
    unattended: bool,
    /// The WebSocket's sending side. The task writes to the same socket, but only while it does not wait.
    writer: Option<OwnedWriteHalf>,
    /// Of no use to a session that began with WebSocket.
    polling: Option<Box<Polling>>,
}

/// What carries packets to the client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Polling,
    /// Polling, with a WebSocket that has sent its probe: polls are answered at once.
    Upgrading,
    WebSocket,
}

#[derive(Default)]
struct Polling {
    /// A GET is being answered.
    get: bool,
    /// That GET, when it waits.
    waiting: Option<Waker>,
    /// A POST is being read.
    post: bool,
    /// A POST that came too late, when it waits for the goodbye.
    late_post: Option<Waker>,
    /// A WebSocket asked for this session.
    probing: bool,
    inbox: Option<Post>,
    handover: Option<Parts>,
    /// The client itself said `close`; polls end with a noop.
    closed_by_client: bool,
    /// The last poll of a closing session was answered.
    said_goodbye: bool,
}

/// Packets of one POST, and where to report that the session has taken them all.
pub(crate) struct Post {
    pub packets: VecDeque<Packet<'static>>,
    pub done: oneshot::Sender<()>,
}

/// What the task finds when it looks.
#[derive(Default)]
pub(crate) struct Work {
    pub closing: Option<Reason>,
    pub inbox: Option<Post>,
    pub handover: Option<Parts>,
}

/// What the task waits for, besides frames to write.
#[derive(Clone, Copy)]
pub(crate) struct Waits {
    pub close: bool,
    pub inbox: bool,
    pub goodbye: bool,
    /// Nothing is being written and no answer is being made: see [`Link::flush`].
    pub unattended: bool,
}

/// How a poll is answered.
pub(crate) enum PollAnswer {
    Packets {
        frames: Vec<Bytes>,
        close: bool,
    },
    Noop,
    Close,
    /// The server stops, and everything was handed out. Not told by a packet: clients in Python take `close` for good.
    Stopped,
    /// WebSocket has taken over: this poll came behind the `upgrade` packet.
    TooLate,
}

/// A request that the session's state does not allow.
pub(crate) struct Refused;

impl Link {
    pub(crate) fn new(handshake: Handshake, max_queue_bytes: usize, websocket: bool) -> Arc<Self> {
        let Handshake { sid, format, remote, query, origin, user_agent } = handshake;
        let state = State {
            frames: Vec::new(),
            begun: 0,
            bytes: 0,
            closing: None,
            sealed: false,
            carrier: if websocket { Carrier::WebSocket } else { Carrier::Polling },
            nudged: false,
            task: None,
            unattended: false,
            writer: None,
            polling: (!websocket).then(Box::default),
        };
        let protocol = format.protocol;
        Arc::new(Self {
            sid,
            protocol,
            format,
            remote,
            query,
            origin,
            user_agent,
            max_queue_bytes,
            state: Mutex::new(state),
        })
    }

    /// The session id: a secret between client and server, for whoever knows it can poll the session.
    #[must_use]
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// Revision of the protocol that the client speaks.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Address of the client, or of the proxy in front.
    #[must_use]
    pub fn remote(&self) -> IpAddr {
        self.remote
    }

    /// The `Origin` header of the first request; none when it names the host that was asked, whose own page it is.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// The beginning of the `User-Agent` header of the first request.
    #[must_use]
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// A parameter of the first request's query string, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<std::borrow::Cow<'_, str>> {
        query::value(&self.query, name)
    }

    /// Queues a message. One that finds the queue full closes the session as a slow consumer; one that finds the
    /// session closing goes nowhere.
    pub fn send(&self, message: &Message<'_>) {
        let mut out = Vec::new();
        match message {
            Message::Text(text) => put_text(&mut out, &[text.as_bytes()]),
            Message::Binary(data) => put_binary(&mut out, data, self.protocol),
        }
        self.push(out.into());
    }

    /// Ends the session; the first reason counts.
    pub fn close(&self, reason: Reason) {
        self.lock().close(reason);
    }

    /// Whether the session has ended or is about to.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().closing.is_some()
    }

    /// Queues whole frames.
    pub(crate) fn push(&self, frames: Bytes) {
        let mut state = self.lock();
        if state.queue(frames, self.max_queue_bytes) {
            state.wake_sender();
        }
    }

    /// Queues whole frames. `true`: nobody is told yet, the caller has to [`Link::flush`] them soon.
    #[must_use]
    pub(crate) fn push_unflushed(&self, frames: Bytes) -> bool {
        let mut state = self.lock();
        let first = state.frames.is_empty();
        if !state.queue(frames, self.max_queue_bytes) {
            return false;
        }
        if state.unattended && state.task.is_some() && state.writer.is_some() {
            // Whoever queued the first one flushes them all.
            return first;
        }
        state.wake_sender();
        false
    }

    /// Wakes the session's task to write what is queued.
    pub(crate) fn wake(&self) {
        self.lock().wake_task();
    }

    /// Writes what is queued at once, in place of the session's task when that has nothing else to do: waking it
    /// costs about half as much as writing. Leaves to the task what the socket does not take.
    pub(crate) fn flush(&self) {
        let mut state = self.lock();
        let State { frames, begun, bytes, task: Some(_), unattended: true, writer: Some(writer), .. } =
            &mut *state
        else {
            // The task has them, or will look by itself.
            return;
        };
        if let Ok(len) = write::now(writer.as_ref(), frames, *begun) {
            *bytes -= len;
            *begun = write::advance(frames, *begun + len);
        }
        if frames.is_empty() {
            // An idle connection keeps no room for frames.
            *frames = Vec::new();
        } else {
            state.wake_task();
        }
    }

    /// Queues whole frames unless more than `mark` bytes wait already.
    pub(crate) fn push_volatile(&self, frames: Bytes, mark: usize) {
        if self.lock().bytes <= mark {
            self.push(frames);
        }
    }

    /// Lets the session's task look at its work.
    pub(crate) fn nudge(&self) {
        let mut state = self.lock();
        state.nudged = true;
        state.wake_task();
    }

    // What follows is between the session's task and the requests of its client.

    /// For the task, which runs from here on and need not be woken before it parks: what there is to do but frames
    /// to write. `inbox`: whether it can take a POST; at a shutdown it takes the last one in any case.
    pub(crate) fn take_work(&self, inbox: bool) -> Work {
        let mut state = self.lock();
        state.task = None;
        state.nudged = false;
        let closing = state.closing;
        let inbox = inbox || closing == Some(Reason::Shutdown);
        let (inbox, handover) = match state.polling.as_deref_mut() {
            Some(polling) => (if inbox { polling.inbox.take() } else { None }, polling.handover.take()),
            None => (None, None),
        };
        if state.carrier == Carrier::WebSocket && state.polling.as_deref().is_some_and(Polling::is_over) {
            state.polling = None;
        }
        Work { closing, inbox, handover }
    }

    /// For the task: what it has to write, and how much of the first is written already. What is queued for polls
    /// stays until one comes.
    pub(crate) fn take_frames(&self) -> (Vec<Bytes>, usize) {
        let mut state = self.lock();
        match state.carrier {
            Carrier::WebSocket => (std::mem::take(&mut state.frames), std::mem::take(&mut state.begun)),
            Carrier::Polling | Carrier::Upgrading => (Vec::new(), 0),
        }
    }

    /// For the task: lets others write to its socket, too.
    pub(crate) fn share(&self, writer: OwnedWriteHalf) {
        self.lock().writer = Some(writer);
    }

    /// For the task: nothing more is written; the peer is told so.
    pub(crate) fn shut_down(&self) {
        // Dropping it shuts this direction of the socket down.
        drop(self.lock().writer.take());
    }

    /// For the task: reports what was written, and waits unless something has come up.
    pub(crate) fn park(&self, cx: &Context<'_>, written: usize, waits: Waits) -> Poll<()> {
        let mut state = self.lock();
        // The close frame, the last one, was never counted.
        state.bytes = state.bytes.saturating_sub(written);
        let polling = state.polling.as_deref();
        let news = state.nudged
            || (state.carrier == Carrier::WebSocket && !state.frames.is_empty())
            || (waits.close && state.closing.is_some())
            || polling.is_some_and(|polling| {
                polling.handover.is_some()
                    || (waits.inbox && polling.inbox.is_some())
                    || (waits.goodbye && polling.said_goodbye)
            });
        if news {
            return Poll::Ready(());
        }
        state.task = Some(cx.waker().clone());
        state.unattended = waits.unattended;
        Poll::Pending
    }

    /// For the task: nothing is queued from now on.
    pub(crate) fn seal(&self) {
        let mut state = self.lock();
        state.sealed = true;
        state.wake_poll();
    }

    /// For the task: whether a closing polling session has nothing left to wait for.
    pub(crate) fn said_goodbye(&self) -> bool {
        self.lock().polling.as_deref().is_none_or(|polling| polling.said_goodbye)
    }

    /// For the task: what is queued is for nobody any more.
    pub(crate) fn discard(&self) {
        let mut state = self.lock();
        state.sealed = true;
        state.frames = Vec::new();
        if let Some(writer) = state.writer.take() {
            // Closed with the task's half of the socket.
            writer.forget();
        }
        if let Some(polling) = state.polling.as_deref_mut() {
            polling.say_goodbye();
            polling.inbox = None;
            polling.handover = None;
        }
    }

    /// A GET begins. Refused when another one waits (which ends the session) or WebSocket has taken over.
    /// Gives whether a WebSocket is trying to.
    pub(crate) fn begin_get(&self) -> Result<bool, Refused> {
        let mut state = self.lock();
        if state.carrier == Carrier::WebSocket {
            return Err(Refused);
        }
        let state = &mut *state;
        let polling = state.polling.as_deref_mut().ok_or(Refused)?;
        if polling.get {
            state.close(Reason::TransportError);
            return Err(Refused);
        }
        let over = state.closing.is_some_and(|reason| !reason.awaits_poll()) && !polling.closed_by_client;
        if over || polling.said_goodbye {
            return Err(Refused);
        }
        polling.get = true;
        Ok(state.carrier == Carrier::Upgrading || polling.probing)
    }

    /// What a GET gets, as soon as there is something. `patient`: it came during an upgrade and waits for its end.
    pub(crate) fn poll_get(&self, cx: &Context<'_>, patient: bool) -> Poll<PollAnswer> {
        let mut state = self.lock();
        let State { frames, bytes, closing, sealed, carrier, polling, .. } = &mut *state;
        let Some(polling) = polling.as_deref_mut() else { return Poll::Ready(PollAnswer::Noop) };
        if *carrier == Carrier::WebSocket {
            polling.get = false;
            return Poll::Ready(if patient { PollAnswer::TooLate } else { PollAnswer::Noop });
        }
        let mut close = *sealed;
        let drains = closing.is_none_or(Reason::drains);
        let answer = if !frames.is_empty() && drains {
            let rest = frames.split_off(payload_end(frames));
            close &= rest.is_empty();
            // The end of a stop is an answer of its own.
            close &= *closing != Some(Reason::Shutdown);
            let frames = std::mem::replace(frames, rest);
            *bytes = bytes.saturating_sub(frames.iter().map(Bytes::len).sum());
            PollAnswer::Packets { frames, close }
        } else if close {
            match closing {
                _ if polling.closed_by_client => PollAnswer::Noop,
                Some(Reason::Shutdown) => PollAnswer::Stopped,
                _ => PollAnswer::Close,
            }
        } else if *carrier == Carrier::Upgrading && !patient {
            PollAnswer::Noop
        } else {
            polling.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        };
        polling.get = false;
        polling.waiting = None;
        if close {
            polling.say_goodbye();
            state.wake_task();
        }
        Poll::Ready(answer)
    }

    /// A GET ended without an answer: its client is gone, and with it what it might have been sent.
    pub(crate) fn abandon_get(&self) {
        let mut state = self.lock();
        if let Some(polling) = state.polling.as_deref_mut() {
            polling.get = false;
            polling.waiting = None;
        }
        if state.carrier != Carrier::WebSocket {
            state.close(Reason::TransportClose);
        }
    }

    /// A POST begins. Refused when another one is under way (which ends the session), WebSocket has taken over, or the
    /// session is over and has nothing more to say.
    pub(crate) fn begin_post(&self) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.carrier == Carrier::WebSocket || state.closing.is_some_and(|reason| !reason.awaits_poll()) {
            return Err(Refused);
        }
        let polling = state.polling.as_deref_mut().ok_or(Refused)?;
        if polling.post {
            state.close(Reason::TransportError);
            return Err(Refused);
        }
        polling.post = true;
        Ok(())
    }

    /// The packets of a POST, for the task.
    pub(crate) fn deliver(&self, post: Post) {
        let mut state = self.lock();
        if state.closing.is_none()
            && let Some(polling) = state.polling.as_deref_mut()
        {
            polling.inbox = Some(post);
            state.wake_task();
        }
    }

    /// For a POST of which nothing, or not all, was taken: whether that is no failure. It is none when the session ends
    /// by its client's own `close`, or by one of ours that the client has still to fetch: refused before, an old client
    /// would give up without having read why it is sent away (the reference server answers alike). In a stop a failure,
    /// but not before the client has fetched the answers to what it sent before.
    pub(crate) fn poll_late_post(&self, cx: &Context<'_>) -> Poll<bool> {
        let mut state = self.lock();
        let closing = state.closing.filter(|_| state.carrier != Carrier::WebSocket);
        let Some(polling) = state.polling.as_deref_mut().filter(|polling| !polling.said_goodbye) else {
            return Poll::Ready(false);
        };
        if closing == Some(Reason::Shutdown) {
            polling.late_post = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(polling.closed_by_client || closing.is_some_and(Reason::awaits_poll))
    }

    /// A POST is answered, or its client is gone.
    pub(crate) fn end_post(&self) {
        if let Some(polling) = self.lock().polling.as_deref_mut() {
            polling.post = false;
        }
    }

    /// The client sent `close` by polling.
    pub(crate) fn close_by_client(&self) {
        let mut state = self.lock();
        if let Some(polling) = state.polling.as_deref_mut() {
            polling.closed_by_client = true;
        }
        state.close(Reason::TransportClose);
    }

    /// For the task: whether a poll may still come to fetch the noop that ends a session its client closed.
    pub(crate) fn closed_by_client(&self) -> bool {
        self.lock()
            .polling
            .as_deref()
            .is_some_and(|polling| polling.closed_by_client && !polling.said_goodbye)
    }

    /// A WebSocket wants this session; only one may.
    pub(crate) fn begin_upgrade(&self) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.carrier != Carrier::Polling || state.closing.is_some() {
            return Err(Refused);
        }
        let polling = state.polling.as_deref_mut().ok_or(Refused)?;
        if std::mem::replace(&mut polling.probing, true) { Err(Refused) } else { Ok(()) }
    }

    /// Whether a WebSocket carries it.
    pub(crate) fn is_upgraded(&self) -> bool {
        self.lock().carrier == Carrier::WebSocket
    }

    /// The WebSocket has proved that it works: a waiting poll is released, and each later one at once.
    pub(crate) fn probed(&self) {
        let mut state = self.lock();
        if state.carrier == Carrier::Polling {
            state.carrier = Carrier::Upgrading;
        }
        state.wake_sender();
    }

    /// The WebSocket takes over, with everything that is queued. `false`: the session is gone.
    pub(crate) fn upgrade(&self, parts: Parts) -> bool {
        let mut state = self.lock();
        if state.closing.is_some() {
            return false;
        }
        // A poll that still waits is released, and finds that it has nothing to carry.
        state.wake_sender();
        state.carrier = Carrier::WebSocket;
        if let Some(polling) = state.polling.as_deref_mut() {
            polling.handover = Some(parts);
        }
        state.wake_task();
        true
    }

    /// The WebSocket failed before it took over: polling goes on.
    pub(crate) fn abandon_upgrade(&self) {
        let mut state = self.lock();
        if state.carrier == Carrier::Upgrading {
            state.carrier = Carrier::Polling;
        }
        if let Some(polling) = state.polling.as_deref_mut() {
            polling.probing = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that runs under this lock panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn close(&mut self, reason: Reason) {
        if self.closing.is_none() {
            self.closing = Some(reason);
            self.sealed = reason != Reason::Shutdown;
            self.wake_task();
            self.wake_poll();
        }
    }

    /// `false` when it went nowhere.
    fn queue(&mut self, frames: Bytes, max_bytes: usize) -> bool {
        if self.sealed {
            return false;
        }
        if self.bytes > 0 && self.bytes + frames.len() > max_bytes {
            self.close(Reason::SlowConsumer);
            return false;
        }
        self.bytes += frames.len();
        self.frames.push(frames);
        true
    }

    /// Wakes what carries packets to the client.
    fn wake_sender(&mut self) {
        match self.carrier {
            Carrier::WebSocket => self.wake_task(),
            Carrier::Polling | Carrier::Upgrading => self.wake_poll(),
        }
    }

    fn wake_task(&mut self) {
        if let Some(task) = self.task.take() {
            task.wake();
        }
    }

    fn wake_poll(&mut self) {
        if let Some(poll) = self.polling.as_deref_mut().and_then(|polling| polling.waiting.take()) {
            poll.wake();
        }
    }
}

/// How many entries of the queue go into one payload: as many as hold [`MAX_PACKETS`] packets, and at least one.
fn payload_end(frames: &[Bytes]) -> usize {
    let mut packets = 0;
    let fits = |bytes: &&Bytes| {
        packets += Frames(bytes).count();
        packets <= MAX_PACKETS
    };
    frames.iter().take_while(fits).count().max(1)
}

impl Polling {
    fn say_goodbye(&mut self) {
        self.said_goodbye = true;
        if let Some(post) = self.late_post.take() {
            post.wake();
        }
    }

    fn is_over(&self) -> bool {
        !self.get && !self.post && self.handover.is_none() && self.inbox.is_none()
    }
}

impl fmt::Debug for Link {
    /// Without the session id, which is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("protocol", &self.protocol).field("remote", &self.remote).finish()
    }
}
