//! Bytes inside arguments: placeholders in the JSON, attachments behind it (v5 "Binary event").

use std::cell::RefCell;
use std::fmt;

use bytes::Bytes;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

thread_local! {
    /// Attachments of what this thread is just serializing or deserializing: serde has no other way to hand
    /// something down to a value.
    static ATTACHMENTS: RefCell<Option<Vec<Bytes>>> = const { RefCell::new(None) };
}

/// Bytes, anywhere in the arguments of an event or ack: sent and received as an attachment, a JavaScript client
/// sees a `Buffer` or an `ArrayBuffer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Binary(pub Bytes);

impl<T: Into<Bytes>> From<T> for Binary {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

/// Runs `serialize` and gives the attachments that it met.
pub(crate) fn collecting<T>(serialize: impl FnOnce() -> T) -> (T, Vec<Bytes>) {
    let (result, attachments) = with_attachments(Vec::new(), serialize);
    (result, attachments)
}

/// Runs `deserialize` with these attachments to be found.
pub(crate) fn resolving<T>(attachments: &[Bytes], deserialize: impl FnOnce() -> T) -> T {
    with_attachments(attachments.to_vec(), deserialize).0
}

/// Adds attachments that are passed on together with JSON that numbers them from 0. `false` when there are others
/// before them.
pub(crate) fn pass_on(attachments: &[Bytes]) -> bool {
    ATTACHMENTS.with_borrow_mut(|all| match all {
        Some(all) if all.is_empty() => {
            all.extend_from_slice(attachments);
            true
        }
        _ => false,
    })
}

fn with_attachments<T>(attachments: Vec<Bytes>, run: impl FnOnce() -> T) -> (T, Vec<Bytes>) {
    /// Puts back what was there before, also when `run` panics.
    struct Restore(Option<Vec<Bytes>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            ATTACHMENTS.set(self.0.take());
        }
    }
    let before = Restore(ATTACHMENTS.replace(Some(attachments)));
    let result = run();
    let attachments = ATTACHMENTS.take().unwrap_or_default();
    drop(before);
    (result, attachments)
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = ATTACHMENTS.with_borrow_mut(|all| {
            let all = all.as_mut()?;
            all.push(self.0.clone());
            Some(all.len() - 1)
        });
        // Outside of an event there is nothing to attach to.
        let Some(number) = number else { return serializer.serialize_bytes(&self.0) };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("_placeholder", &true)?;
        map.serialize_entry("num", &number)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BinaryVisitor)
    }
}

struct BinaryVisitor;

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    #[serde(rename = "_placeholder")]
    Placeholder,
    Num,
}

impl<'de> Visitor<'de> for BinaryVisitor {
    type Value = Binary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attachment")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Binary, E> {
        Ok(Binary(Bytes::copy_from_slice(bytes)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Binary, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(Binary(bytes.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Binary, A::Error> {
        let (mut placeholder, mut number) = (false, None);
        while let Some(field) = map.next_key()? {
            match field {
                Field::Placeholder => placeholder = map.next_value()?,
                Field::Num => number = Some(map.next_value::<usize>()?),
            }
        }
        let number = number.filter(|_| placeholder).ok_or_else(|| de::Error::custom("not a placeholder"))?;
        ATTACHMENTS
            .with_borrow(|all| all.as_ref()?.get(number).cloned())
            .map(Binary)
            .ok_or_else(|| de::Error::custom("a placeholder without its attachment"))
    }
}
