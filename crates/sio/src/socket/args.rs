//! The arguments of an event or an ack, kept as they came.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::binary::{pass_on, resolving};

/// A list of arguments: a JSON array and the attachments it refers to. It is valid JSON; whether it means anything
/// shows when it is read as a type. Serializing one passes it on unread, attachments included.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Args {
    json: Box<str>,
    attachments: Vec<Bytes>,
}

/// Arguments that are not what was expected.
#[derive(Debug, thiserror::Error)]
pub enum ArgsError {
    /// There are not that many.
    #[error("argument {0} is missing")]
    Missing(usize),
    /// Of another type, too deep, or with text that Unicode does not know.
    #[error("an argument cannot be read: {0}")]
    Invalid(#[from] serde_json::Error),
}

impl Args {
    /// `elements`: what stands between the brackets, known to be valid.
    pub(crate) fn new(elements: &str, attachments: Vec<Bytes>) -> Self {
        let mut json = String::with_capacity(elements.len() + 2);
        json.push('[');
        json.push_str(elements);
        json.push(']');
        Self { json: json.into(), attachments }
    }

    /// All of them, as a tuple or a list.
    ///
    /// # Errors
    /// [`ArgsError::Invalid`] when they do not fit.
    pub fn all<T: DeserializeOwned>(&self) -> Result<T, ArgsError> {
        Ok(resolving(&self.attachments, || serde_json::from_str(&self.json))?)
    }

    /// The one at `index`, counted from 0; the others are not looked at.
    ///
    /// # Errors
    /// [`ArgsError::Missing`] when there is none, [`ArgsError::Invalid`] when it does not fit.
    pub fn get<T: DeserializeOwned>(&self, index: usize) -> Result<T, ArgsError> {
        let nth = Nth(index, PhantomData);
        let found = resolving(&self.attachments, || {
            let mut json = serde_json::Deserializer::from_str(&self.json);
            nth.deserialize(&mut json)
        });
        found?.ok_or(ArgsError::Missing(index))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        serde_json::from_str::<Vec<&RawValue>>(&self.json).map_or(0, |all| all.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.json.len() <= 2
    }

    /// The JSON array.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What the placeholders in it refer to.
    #[must_use]
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.attachments.is_empty() && !pass_on(&self.attachments) {
            return Err(S::Error::custom("arguments with attachments can be passed on only as a whole"));
        }
        let raw: &RawValue = serde_json::from_str(&self.json).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl fmt::Debug for Args {
    /// Sizes alone: what people say to each other does not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Args({} bytes, {} attachments)", self.json.len(), self.attachments.len())
    }
}

/// Reads one element of an array.
struct Nth<T>(usize, PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Nth<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Nth<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        for _ in 0..self.0 {
            if seq.next_element::<IgnoredAny>()?.is_none() {
                return Ok(None);
            }
        }
        let found = seq.next_element()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}
