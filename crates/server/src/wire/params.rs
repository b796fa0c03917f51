//! Parameters of an HTTP call, from the query, a form or a JSON object, whichever it came in
//! (contract B4). The body wins over the query.

use std::collections::HashMap;

use nodechat_domain::{Error, Result};
use serde_json::Value;

/// Every value as text: JSON strings as they are, other JSON values as their JSON.
#[derive(Debug, Default)]
pub struct Params(HashMap<String, String>);

impl Params {
    pub fn add_urlencoded(&mut self, text: &str) -> Result<()> {
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            self.0.insert(key.into_owned(), value.into_owned());
        }
        Ok(())
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), value.to_owned());
    }

    /// A JSON object. What is none, or no JSON at all, is 5009.
    pub fn add_json(&mut self, bytes: &[u8]) -> Result<()> {
        let object: serde_json::Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| Error::Json)?;
        for (key, value) in object {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                other => other.to_string(),
            };
            self.0.insert(key, text);
        }
        Ok(())
    }

    /// The value if it is there and not empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub fn required(&self, key: &'static str) -> Result<&str> {
        self.text(key).ok_or(Error::Missing(key))
    }

    /// A whole number of at least `least`, `default` when it is missing.
    pub fn number(&self, key: &'static str, default: u64, least: u64, most: u64) -> Result<u64> {
        let Some(text) = self.text(key) else { return Ok(default) };
        text.parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| Error::invalid(key, format!("a whole number from {least} to {most}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_may_come_as_query_form_or_json() {
        let mut params = Params::default();
        params.add_urlencoded("roomid=%2FU2S_u1%23c1&size=5&nick=%E5%AE%89+a").unwrap();
        params.add_json(br#"{"size":7,"aid":null,"attributes":{"vip":true}}"#).unwrap();
        assert_eq!(params.text("roomid"), Some("/U2S_u1#c1"));
        assert_eq!(params.text("nick"), Some("安 a"));
        assert_eq!(params.number("size", 10, 1, 100).unwrap(), 7);
        assert_eq!(params.number("page", 1, 1, 100).unwrap(), 1);
        assert_eq!(params.text("attributes"), Some(r#"{"vip":true}"#));
        assert_eq!(params.required("aid").unwrap_err().code() as u16, 4001);
    }

    #[test]
    fn what_is_no_json_object_is_5009() {
        for bytes in [&b"{"[..], b"[1]", b"7", b"", b"\xff"] {
            assert_eq!(Params::default().add_json(bytes).unwrap_err().code() as u16, 5009);
        }
    }

    #[test]
    fn numbers_out_of_their_range_are_4002() {
        let mut params = Params::default();
        params.add_urlencoded("size=101&page=-1&x=1.5").unwrap();
        for key in ["size", "page", "x"] {
            assert_eq!(params.number(key, 1, 1, 100).unwrap_err().code() as u16, 4002, "{key}");
        }
    }
}
