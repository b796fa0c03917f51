//! An event that arrived, and the answer it may ask for.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::args::{Args, ArgsError};
use super::encode::{EncodeError, Encoded, Head};
use super::namespace::NamespaceName;
use super::packet::{Malformed, split_event};
use crate::engine::Link;

/// An event from a client.
pub struct Event {
    pub(crate) name: Box<str>,
    pub(crate) args: Args,
    pub(crate) ack: Option<Ack>,
}

/// The answer that a client waits for. Dropping it unanswered is allowed: the client then waits for ever, or until
/// its own time limit.
#[must_use = "an ack that is dropped is never answered"]
pub struct Ack {
    pub(crate) link: Arc<Link>,
    pub(crate) namespace: NamespaceName,
    pub(crate) id: u64,
}

impl Event {
    /// Reads the JSON of an EVENT packet, `["name",…]`: for tests of handlers, which get it without a connection.
    ///
    /// # Errors
    /// When it is not JSON of this form; what the arguments are is not looked at.
    pub fn parse(json: &str) -> Result<Self, Malformed> {
        let (name, elements) = split_event(json)?;
        Ok(Self { name: name.into(), args: Args::new(elements, Vec::new()), ack: None })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All its arguments, as a tuple or a list.
    ///
    /// # Errors
    /// [`ArgsError::Invalid`] when they do not fit.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, ArgsError> {
        self.args.all()
    }

    /// One argument, counted from 0.
    ///
    /// # Errors
    /// [`ArgsError::Missing`] when there is none, [`ArgsError::Invalid`] when it does not fit.
    pub fn arg<T: DeserializeOwned>(&self, index: usize) -> Result<T, ArgsError> {
        self.args.get(index)
    }

    /// The arguments as they came, to look at the JSON or to pass them on.
    #[must_use]
    pub fn raw(&self) -> &Args {
        &self.args
    }

    /// The answer that the client asks for, if it does and it was not taken yet.
    pub fn take_ack(&mut self) -> Option<Ack> {
        self.ack.take()
    }
}

impl Ack {
    /// Answers. An array or a tuple is the list of arguments; anything else is one argument.
    ///
    /// # Errors
    /// When the arguments cannot be written as JSON; the client gets no answer then. A client that is gone is no error.
    pub fn send<T: Serialize + ?Sized>(self, args: &T) -> Result<(), EncodeError> {
        Encoded::new(&self.namespace, Head::Ack { id: self.id }, args)?.send(&self.link);
        Ok(())
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("name", &self.name).field("args", &self.args).finish()
    }
}
