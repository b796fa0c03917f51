//! The query string of a request.

use std::borrow::Cow;

/// The first value of a parameter, decoded; `None` when it is not there or is not UTF-8.
#[must_use]
pub(crate) fn value<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key)? == name).then(|| decode(value))?
    })
}

/// Percent signs and plus signs.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            plain => plain,
        });
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn values_are_decoded_and_the_first_one_counts() {
        let query = "a=1&b=%E9%80%80+x%2By&c&a=2&d=%+f&e=%ff";
        assert_eq!(value(query, "a").as_deref(), Some("1"));
        assert_eq!(value(query, "b").as_deref(), Some("退 x+y"));
        assert_eq!(value(query, "c").as_deref(), Some(""));
        assert_eq!(value(query, "d"), None);
        assert_eq!(value(query, "e"), None);
        assert_eq!(value(query, "f"), None);
    }
}
