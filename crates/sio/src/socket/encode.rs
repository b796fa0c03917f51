//! From arguments to the frames of a packet, written once whoever gets them.

use std::cell::RefCell;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::Serialize;

use super::binary::collecting;
use super::packet::RESERVED;
use crate::engine::{Link, Protocol, put_binary, put_text};

/// Room that a thread keeps for serializing; more than this is given back.
const SCRATCH: usize = 64 * 1024;

thread_local! {
    static SCRATCH_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Arguments, or a name, that cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// A value that JSON has no form for, such as a map whose keys are no strings.
    #[error("the arguments cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Clients would take it for an event of the library.
    #[error("the event name {0:?} is reserved")]
    Reserved(String),
}

/// An encoded packet. Only attachments look different in the two protocols.
pub(crate) struct Encoded {
    v4: Bytes,
    attachments: Vec<Bytes>,
    text_len: usize,
    v3: OnceLock<Bytes>,
}

/// What goes before the arguments.
#[derive(Clone, Copy)]
pub(crate) enum Head<'a> {
    Event { name: &'a str, id: Option<u64> },
    Ack { id: u64 },
}

impl Encoded {
    /// An array or a tuple is the list of arguments; anything else is one argument.
    pub fn new<T: Serialize + ?Sized>(
        namespace: &str,
        head: Head<'_>,
        args: &T,
    ) -> Result<Self, EncodeError> {
        if let Head::Event { name, .. } = head
            && RESERVED.contains(&name)
        {
            return Err(EncodeError::Reserved(name.into()));
        }
        let mut scratch = SCRATCH_BUFFER.take();
        scratch.clear();
        let (result, attachments) = collecting(|| write_array(&mut scratch, head, args));
        let encoded = result.map(|()| Self::assemble(namespace, head, &scratch, attachments));
        if scratch.capacity() <= SCRATCH {
            SCRATCH_BUFFER.set(scratch);
        }
        encoded
    }

    pub fn send(&self, link: &Link) {
        link.push(self.frames(link.protocol()));
    }

    /// `true`: the caller has to flush the link.
    #[must_use]
    pub fn send_unflushed(&self, link: &Link) -> bool {
        link.push_unflushed(self.frames(link.protocol()))
    }

    pub fn send_volatile(&self, link: &Link, mark: usize) {
        link.push_volatile(self.frames(link.protocol()), mark);
    }

    fn frames(&self, protocol: Protocol) -> Bytes {
        if protocol == Protocol::V4 || self.attachments.is_empty() {
            return self.v4.clone();
        }
        let v3 = self.v3.get_or_init(|| {
            let mut out = self.v4[..self.text_len].to_vec();
            self.attachments.iter().for_each(|data| put_binary(&mut out, data, Protocol::V3));
            out.into()
        });
        v3.clone()
    }

    fn assemble(namespace: &str, head: Head<'_>, array: &[u8], attachments: Vec<Bytes>) -> Self {
        let count = attachments.len();
        let (kind, binary_kind, id) = match head {
            Head::Event { id, .. } => ('2', '5', id),
            Head::Ack { id } => ('3', '6', Some(id)),
        };
        let mut prefix = String::new();
        if count == 0 {
            prefix.push(kind);
        } else {
            prefix.push_str(&format!("{binary_kind}{count}-"));
        }
        if namespace != "/" {
            prefix.push_str(namespace);
            prefix.push(',');
        }
        if let Some(id) = id {
            prefix.push_str(&id.to_string());
        }
        let mut out = Vec::new();
        put_text(&mut out, &[prefix.as_bytes(), array]);
        let text_len = out.len();
        attachments.iter().for_each(|data| put_binary(&mut out, data, Protocol::V4));
        Self { v4: out.into(), attachments, text_len, v3: OnceLock::new() }
    }
}

/// The frame of a packet that carries no arguments of the application, such as CONNECT.
pub(crate) fn control(kind: char, namespace: &str, data: &str) -> Bytes {
    let (name, comma) = if namespace == "/" { ("", "") } else { (namespace, ",") };
    let mut out = Vec::new();
    put_text(
        &mut out,
        &[kind.encode_utf8(&mut [0; 4]).as_bytes(), name.as_bytes(), comma.as_bytes(), data.as_bytes()],
    );
    out.into()
}

/// `["name",<arguments>]`, or the arguments alone for an ack.
fn write_array<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    head: Head<'_>,
    args: &T,
) -> Result<(), EncodeError> {
    let named = match head {
        Head::Event { name, .. } => {
            out.push(b'[');
            serde_json::to_writer(&mut *out, name)?;
            true
        }
        Head::Ack { .. } => false,
    };
    let start = out.len();
    serde_json::to_writer(&mut *out, args)?;
    match &mut out[start..] {
        // The list goes on where the name ended, and its end is the end of both.
        [b'[', b']'] if named => out.truncate(start),
        [first @ b'[', ..] => {
            if named {
                *first = b',';
            }
            return Ok(());
        }
        _ => out.insert(start, if named { b',' } else { b'[' }),
    }
    out.push(b']');
    Ok(())
}
