//! What a message says, by its kind (contract B1).

use super::FileId;
use crate::error::{Error, Result};
use crate::limits;
use crate::model::secret::hex;
use crate::port::Entropy;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Text(Text),
    Image(ImagePath),
    File {
        id: FileId,
        name: Box<str>,
        size_bytes: u64,
    },
    /// `text` is what was recognised, `seconds` as the client wrote it.
    Voice {
        text: Box<str>,
        url: Url,
        seconds: Box<str>,
    },
    Video {
        url: Url,
        seconds: Box<str>,
    },
    Custom(Custom),
    /// It was taken back or erased: nothing is left but its place.
    Recalled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Image,
    File,
    Voice,
    Video,
    Custom,
    /// Nobody sends one.
    Recalled,
}

/// 1 to 10,000 characters without NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Box<str>);

/// A JSON object as text, without NUL, at most 32,000 bytes. Who parses it is the network layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custom(Box<str>);

/// Path of an uploaded image: `2018-11-08/onlinechat_<32 hex digits>.png`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImagePath(Box<str>);

/// Where a voice message or a video is: an uploaded image path or file id, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(Box<str>);

impl Body {
    pub fn kind(&self) -> Kind {
        match self {
            Body::Text(_) => Kind::Text,
            Body::Image(_) => Kind::Image,
            Body::File { .. } => Kind::File,
            Body::Voice { .. } => Kind::Voice,
            Body::Video { .. } => Kind::Video,
            Body::Custom(_) => Kind::Custom,
            Body::Recalled => Kind::Recalled,
        }
    }
}

impl Kind {
    /// What can be said.
    pub const ALL: [Kind; 6] = [Kind::Text, Kind::Image, Kind::File, Kind::Voice, Kind::Video, Kind::Custom];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Image => "image",
            Kind::File => "file",
            Kind::Voice => "voice",
            Kind::Video => "video",
            Kind::Custom => "custom",
            Kind::Recalled => "recalled",
        }
    }

    pub fn parse(name: &str) -> Result<Self> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| Error::invalid("type", "text, image, file, voice, video or custom"))
    }
}

impl Text {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("msg"));
        }
        no_nul("msg", text)?;
        // A text within the limit in bytes is within it in characters: the usual case is not counted.
        if text.len() > limits::TEXT_CHARS && text.chars().count() > limits::TEXT_CHARS {
            return Err(Error::invalid("msg", "a text has at most 10,000 characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Custom {
    /// `json` must be the text of a JSON object whose strings have no NUL.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > limits::CUSTOM_BYTES {
            return Err(Error::invalid("msg", "a custom message has at most 32,000 bytes"));
        }
        Ok(Self(json.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ImagePath {
    /// `day` is `yyyy-MM-dd`; `extension` belongs to what the content really is.
    pub fn new(day: &str, extension: &str, entropy: &dyn Entropy) -> Self {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        Self(format!("{day}/onlinechat_{}.{extension}", hex(&random)).into())
    }

    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("msg"));
        }
        if !looks_like_image_path(text) {
            return Err(Error::invalid("msg", "no such image was uploaded"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Url {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("url"));
        }
        let known_form = looks_like_image_path(text) || FileId::parse(text).is_ok();
        if !known_form {
            return Err(Error::invalid("url", "no such file was uploaded"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Refuses NUL, which not every store and client can carry.
pub fn no_nul(field: &'static str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(field, "it contains NUL"));
    }
    Ok(())
}

/// `dddd-dd-dd/onlinechat_<32 hex>.<1..5 lower-case letters or digits>` and nothing else, so that a
/// path can never lead anywhere.
fn looks_like_image_path(text: &str) -> bool {
    let Some((day, rest)) = text.split_once('/') else { return false };
    let Some((stem, extension)) = rest.split_once('.') else { return false };
    let Some(random) = stem.strip_prefix("onlinechat_") else { return false };
    let day_fits = day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    day_fits
        && random.len() == 32
        && random.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_limits_in_characters() {
        assert!(Text::parse(&"客".repeat(10_000)).is_ok());
        assert!(Text::parse(&"客".repeat(10_001)).is_err());
        assert!(Text::parse("a\0b").is_err());
        assert_eq!(Text::parse("").unwrap_err().code(), crate::Code::Missing);
    }

    #[test]
    fn only_our_own_shape_is_an_image_path() {
        let good = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
        assert!(ImagePath::parse(good).is_ok());
        for bad in [
            "../../etc/passwd",
            "/2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png",
            "2018-11-08/../onlinechat_0123456789abcdef0123456789abcdef.png",
            "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png/x",
            "2018-11-08/onlinechat_1541665700474.png",
            "https://elsewhere.example/x.png",
        ] {
            assert!(ImagePath::parse(bad).is_err(), "{bad}");
        }
    }
}
