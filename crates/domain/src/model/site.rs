//! Where a company shows itself: pages of other origins.

use super::Time;
use super::company::is_origin;

/// Scheme, host and port of a page, such as `https://shop.example`, as browsers write it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(Box<str>);

/// Pages of one origin that have shown a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub origin: Origin,
    pub first: Time,
    pub last: Time,
}

impl Origin {
    /// None for what has none: a file, a page in a sandbox, anything that only looks like one.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = is_origin(text) && text.bytes().all(|b| b.is_ascii_graphic());
        plain.then(|| Self(text.to_ascii_lowercase().into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_would_call_one() {
        assert_eq!(Origin::parse("https://Shop.example:8443").unwrap().as_str(), "https://shop.example:8443");
        assert!(Origin::parse("http://localhost").is_some() && Origin::parse("http://[::1]:80").is_some());
        for text in [
            "",
            "null",
            "file://",
            "shop.example",
            "ftp://shop.example",
            "https://",
            "https://shop.example/",
            "https://a@shop.example",
            "https://shop.example?x",
            "https://店.example",
            "https://shop.example\0",
            "javascript://x",
        ] {
            assert_eq!(Origin::parse(text), None, "{text:?}");
        }
        assert_eq!(Origin::parse(&format!("https://{}.example", "a".repeat(300))), None);
    }
}
