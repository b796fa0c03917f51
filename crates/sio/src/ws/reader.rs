//! From bytes to messages: unmasks and checks in place, keeps only what is incomplete.

use std::borrow::Cow;

use super::{Opcode, is_valid_close_code};

/// A message or control frame that arrived; text and binary are whole messages, defragmented.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A text message, valid UTF-8.
    Text(Cow<'a, str>),
    /// A binary message.
    Binary(Cow<'a, [u8]>),
    /// A ping; a pong with the same payload is due (RFC 6455 section 5.5.2).
    Ping(Cow<'a, [u8]>),
    /// A pong, asked for or not.
    Pong(Cow<'a, [u8]>),
    /// The peer closes, with the code it gave.
    Close(Option<u16>),
}

/// What the peer did wrong; each has its close code (RFC 6455 section 7.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A reserved bit is set although no extension was agreed on.
    #[error("a reserved bit is set")]
    ReservedBit,
    /// An opcode that RFC 6455 reserves.
    #[error("a reserved opcode")]
    ReservedOpcode,
    /// Clients must mask (section 5.1).
    #[error("a frame without mask")]
    Unmasked,
    /// Control frames are whole and at most 125 bytes long (section 5.5).
    #[error("a control frame that is fragmented or too long")]
    Control,
    /// A length that could have been written shorter, or with its highest bit set (section 5.2).
    #[error("a length that is not in its shortest form")]
    Length,
    /// A continuation without a beginning, or a beginning inside a message (section 5.4).
    #[error("fragments out of order")]
    Fragments,
    /// A close frame with one byte, or with a code that may not be sent (section 7.4).
    #[error("an invalid close frame")]
    Close,
    /// Text, or a close reason, that is not UTF-8.
    #[error("text that is not UTF-8")]
    Utf8,
    /// A message over the limit; found from the announced length, before anything is stored.
    #[error("a message over the limit")]
    TooLarge,
}

impl Violation {
    /// The close code to answer with.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Utf8 => 1007,
            Self::TooLarge => 1009,
            _ => 1002,
        }
    }
}

/// Reads one connection. Eight bytes and a limit while nothing is incomplete.
#[derive(Debug)]
pub struct Reader {
    max_message: usize,
    partial: Option<Box<Partial>>,
}

/// What has begun and not ended.
#[derive(Debug, Default)]
struct Partial {
    /// Bytes of a header that is not complete.
    head: Vec<u8>,
    /// The frame whose payload is arriving.
    frame: Option<Header>,
    /// How much of that payload has arrived.
    seen: usize,
    /// The payload of an arriving control frame: it may stand between the pieces of a message.
    control: Vec<u8>,
    /// The message so far.
    message: Vec<u8>,
    /// Text or binary, once a message has begun and until its last piece.
    kind: Option<Opcode>,
    /// How much of a text message is known to be UTF-8.
    valid: usize,
}

#[derive(Clone, Copy, Debug)]
struct Header {
    fin: bool,
    opcode: Opcode,
    mask: [u8; 4],
    len: usize,
}

impl Reader {
    /// A reader that refuses messages of more than `max_message` bytes.
    #[must_use]
    pub fn new(max_message: usize) -> Self {
        Self { max_message, partial: None }
    }

    /// The next message in `input`, which is consumed as far as it was looked at. `None`: everything was
    /// consumed, more bytes are needed. After an error the connection must be closed.
    pub fn next<'a>(&mut self, input: &mut &'a mut [u8]) -> Result<Option<Incoming<'a>>, Violation> {
        while !input.is_empty() {
            if self.partial.is_none()
                && let Some((header, len)) = parse_header(input)?
                && header.fin
                && header.opcode != Opcode::Continuation
                && header.len <= input.len() - len
            {
                // The usual case: a whole message in one frame, all of it here. Nothing is copied.
                self.check_size(&header, 0)?;
                let (frame, rest) = std::mem::take(input).split_at_mut(len + header.len);
                *input = rest;
                let payload = &mut frame[len..];
                unmask(payload, header.mask, 0);
                return finish(header.opcode, Cow::Borrowed(payload)).map(Some);
            }
            if let Some(message) = self.advance(input)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    /// Takes one step with something incomplete: a header, or what is here of a payload.
    fn advance<'a>(&mut self, input: &mut &'a mut [u8]) -> Result<Option<Incoming<'a>>, Violation> {
        let max_message = self.max_message;
        let partial = self.partial.get_or_insert_default();
        let Some(header) = partial.frame else {
            partial.head.push(take(input, 1)[0]);
            if let Some((header, _)) = parse_header(&partial.head)? {
                partial.begin(header)?;
                self.check_size(&header, self.partial.as_ref().map_or(0, |p| p.message.len()))?;
                return self.end_of_frame();
            }
            return Ok(None);
        };
        let want = (header.len - partial.seen).min(input.len());
        let piece = take(input, want);
        unmask(piece, header.mask, partial.seen);
        partial.seen += want;
        if header.opcode.is_control() {
            partial.control.extend_from_slice(piece);
        } else {
            debug_assert!(partial.message.len() + piece.len() <= max_message);
            partial.message.extend_from_slice(piece);
            partial.check_text(false)?;
        }
        self.end_of_frame()
    }

    fn end_of_frame<'a>(&mut self) -> Result<Option<Incoming<'a>>, Violation> {
        let Some(partial) = self.partial.as_mut() else { return Ok(None) };
        let Some(header) = partial.frame.take_if(|header| header.len == partial.seen) else {
            return Ok(None);
        };
        partial.seen = 0;
        let done = if header.opcode.is_control() {
            let payload = std::mem::take(&mut partial.control);
            Some(finish(header.opcode, Cow::Owned(payload))?)
        } else if header.fin {
            partial.check_text(true)?;
            let kind = partial.kind.take().unwrap_or(Opcode::Binary);
            let message = std::mem::take(&mut partial.message);
            partial.valid = 0;
            Some(finish(kind, Cow::Owned(message))?)
        } else {
            None
        };
        if partial.kind.is_none() {
            self.partial = None;
        }
        Ok(done)
    }

    /// `before`: what the message already has from earlier fragments.
    fn check_size(&self, header: &Header, before: usize) -> Result<(), Violation> {
        let fits = header.opcode.is_control() || header.len <= self.max_message.saturating_sub(before);
        if fits { Ok(()) } else { Err(Violation::TooLarge) }
    }
}

impl Partial {
    fn begin(&mut self, header: Header) -> Result<(), Violation> {
        match (header.opcode, self.kind) {
            (Opcode::Continuation, None) | (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Violation::Fragments);
            }
            (Opcode::Text | Opcode::Binary, None) => self.kind = Some(header.opcode),
            _ => {}
        }
        self.head = Vec::new();
        self.frame = Some(header);
        Ok(())
    }

    /// Text is checked as it arrives, so that a bad message fails at its first bad byte (Autobahn 6.4).
    fn check_text(&mut self, whole: bool) -> Result<(), Violation> {
        if self.kind != Some(Opcode::Text) {
            return Ok(());
        }
        match std::str::from_utf8(&self.message[self.valid..]) {
            Ok(_) => self.valid = self.message.len(),
            Err(error) if error.error_len().is_none() && !whole => self.valid += error.valid_up_to(),
            Err(_) => return Err(Violation::Utf8),
        }
        Ok(())
    }
}

/// The header at the start of `bytes` and its length; `None` while it is incomplete. Fails at the first byte that
/// is wrong.
fn parse_header(bytes: &[u8]) -> Result<Option<(Header, usize)>, Violation> {
    let Some(&first) = bytes.first() else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err(Violation::ReservedBit);
    }
    let fin = first & 0x80 != 0;
    let opcode = Opcode::from_bits(first & 0x0f).ok_or(Violation::ReservedOpcode)?;
    if opcode.is_control() && !fin {
        return Err(Violation::Control);
    }
    let Some(&second) = bytes.get(1) else { return Ok(None) };
    if second & 0x80 == 0 {
        return Err(Violation::Unmasked);
    }
    let short = second & 0x7f;
    if opcode.is_control() && short > 125 {
        return Err(Violation::Control);
    }
    let (len, at) = match short {
        126 => match bytes.get(2..4) {
            Some(&[a, b]) => (u64::from(u16::from_be_bytes([a, b])), 4),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
            Some(b) => (u64::from_be_bytes(b), 10),
            None => return Ok(None),
        },
        short => (u64::from(short), 2),
    };
    if (at == 4 && len < 126) || (at == 10 && (len <= 0xffff || len >> 63 != 0)) {
        return Err(Violation::Length);
    }
    let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return Ok(None) };
    let len = usize::try_from(len).map_err(|_| Violation::TooLarge)?;
    Ok(Some((Header { fin, opcode, mask: [a, b, c, d], len }, at + 4)))
}

fn finish(opcode: Opcode, payload: Cow<'_, [u8]>) -> Result<Incoming<'_>, Violation> {
    Ok(match opcode {
        Opcode::Text => Incoming::Text(into_text(payload)?),
        Opcode::Binary | Opcode::Continuation => Incoming::Binary(payload),
        Opcode::Ping => Incoming::Ping(payload),
        Opcode::Pong => Incoming::Pong(payload),
        Opcode::Close => Incoming::Close(close_code(&payload)?),
    })
}

fn into_text(payload: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Violation> {
    match payload {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Violation::Utf8),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Violation::Utf8),
    }
}

fn close_code(payload: &[u8]) -> Result<Option<u16>, Violation> {
    match payload {
        [] => Ok(None),
        [_] => Err(Violation::Close),
        [a, b, reason @ ..] => {
            let code = u16::from_be_bytes([*a, *b]);
            if !is_valid_close_code(code) {
                return Err(Violation::Close);
            }
            std::str::from_utf8(reason).map_err(|_| Violation::Utf8)?;
            Ok(Some(code))
        }
    }
}

fn take<'a>(input: &mut &'a mut [u8], len: usize) -> &'a mut [u8] {
    let (taken, rest) = std::mem::take(input).split_at_mut(len);
    *input = rest;
    taken
}

/// RFC 6455 section 5.3; `offset` is how far into the payload `data` begins. Eight bytes at a time.
fn unmask(data: &mut [u8], mut mask: [u8; 4], offset: usize) {
    mask.rotate_left(offset % 4);
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, tail) = data.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip([a, b, c, d, a, b, c, d]) {
        *byte ^= key;
    }
}
