//! Parameters of an HTTP call, from the query, a form or a JSON object, whichever it came in
//! (contract B4). The body wins over the query.

use std::collections::HashMap;

use nodechat_domain::model::{Kind, no_nul};
use nodechat_domain::{Error, Result};
use serde_json::Value;

/// Values by name; what came in a query or a form is text.
#[derive(Debug, Default)]
pub struct Params(HashMap<String, Value>);

impl Params {
    pub fn add_urlencoded(&mut self, text: &[u8]) {
        for (key, value) in form_urlencoded::parse(text) {
            self.0.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// A JSON object. What is none, or no JSON at all, is 5009.
    pub fn add_json(&mut self, bytes: &[u8]) -> Result<()> {
        let object: serde_json::Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| Error::Json)?;
        self.0.extend(object.into_iter().filter(|(_, value)| !value.is_null()));
        Ok(())
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), Value::String(value.to_owned()));
    }

    /// A text, if it is there and not empty.
    pub fn text(&self, key: &'static str) -> Result<Option<&str>> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| Error::invalid(key, "it has to be a text"))?;
        no_nul(key, text)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    pub fn required(&self, key: &'static str) -> Result<&str> {
        self.text(key)?.ok_or(Error::Missing(key))
    }

    /// A whole number within bounds, `default` when it is missing.
    pub fn number(&self, key: &'static str, default: u64, least: u64, most: u64) -> Result<u64> {
        let number = match self.0.get(key) {
            None => return Ok(default),
            Some(Value::String(text)) if text.is_empty() => return Ok(default),
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64(),
        };
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| Error::invalid(key, format!("a whole number from {least} to {most}")))
    }

    /// The text of a JSON object, given as one or as text.
    pub fn object(&self, key: &'static str) -> Result<Option<String>> {
        let not_one = || Error::invalid(key, "it has to be a JSON object");
        match self.0.get(key) {
            None => Ok(None),
            Some(value @ Value::Object(_)) => Ok(Some(value.to_string())),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str::<serde_json::Map<String, Value>>(text).map_err(|_| not_one())?;
                Ok(Some(text.clone()))
            }
            Some(_) => Err(not_one()),
        }
    }

    /// A kind of message by its wire name.
    pub fn kind(&self, key: &'static str) -> Result<Option<Kind>> {
        self.text(key)?.map(Kind::parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str, json: &str) -> Params {
        let mut params = Params::default();
        params.add_urlencoded(query.as_bytes());
        params.add_json(json.as_bytes()).unwrap();
        params
    }

    #[test]
    fn one_call_may_come_as_query_form_or_json() {
        let params = params(
            "roomid=%2FU2S_u1%23c1&size=5&page=2&nick=%E5%AE%89+a",
            r#"{"size":7,"aid":null,"attributes":{"vip":true}}"#,
        );
        assert_eq!(params.required("roomid").unwrap(), "/U2S_u1#c1");
        assert_eq!(params.required("nick").unwrap(), "安 a");
        assert_eq!(params.number("size", 10, 1, 100).unwrap(), 7);
        assert_eq!(params.number("page", 1, 1, 100).unwrap(), 2);
        assert_eq!(params.number("other", 1, 1, 100).unwrap(), 1);
        assert_eq!(params.object("attributes").unwrap().as_deref(), Some(r#"{"vip":true}"#));
        assert_eq!(params.required("aid").unwrap_err().code() as u16, 4001);
    }

    #[test]
    fn what_is_no_json_object_is_5009() {
        for bytes in [&b"{"[..], b"[1]", b"7", b"", b"\xff"] {
            assert_eq!(Params::default().add_json(bytes).unwrap_err().code() as u16, 5009);
        }
    }

    #[test]
    fn wrong_types_and_numbers_out_of_range_are_4002() {
        let params =
            params("size=101&page=-1&x=1.5&nul=a%00b", r#"{"aid":7,"nick":{},"list":[1],"y":"1x","z":1.5}"#);
        for key in ["size", "page", "x", "y", "z", "nick", "list"] {
            assert_eq!(params.number(key, 1, 1, 100).unwrap_err().code() as u16, 4002, "{key}");
        }
        for key in ["aid", "nick", "list", "nul"] {
            assert_eq!(params.text(key).unwrap_err().code() as u16, 4002, "{key}");
        }
        for key in ["aid", "list", "size"] {
            assert_eq!(params.object(key).unwrap_err().code() as u16, 4002, "{key}");
        }
    }
}
