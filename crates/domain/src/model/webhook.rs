//! A webhook: an address of a company's own that is told what happens, and what was delivered there.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use super::{CompanyId, NoticeId, Time, Topics};
use crate::error::{Error, Result};
use crate::limits;
use crate::port::Entropy;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub company: CompanyId,
    pub url: WebhookUrl,
    pub topics: Topics,
    pub secret: SigningSecret,
    /// Signs as well until then, so that a receiver can change over without losing anything.
    pub former: Option<(SigningSecret, Time)>,
    pub on: bool,
    /// Why it was switched off, if the server did it.
    pub off_because: Option<Box<str>>,
    /// Since when nothing has been delivered, although it was tried.
    pub failing_since: Option<Time>,
    pub created: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebhookId(pub Uuid);

/// `http://…` or `https://…` without user, password or fragment. Where it leads is looked at with every delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Box<str>);

/// 32 random bytes, shown as `whsec_<base64>` when it is made and never again. Kept as it is, because it signs.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Box<[u8]>);

/// One notice on its way to one webhook, or at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// In the order of what happened.
    pub number: i64,
    pub company: CompanyId,
    pub webhook: WebhookId,
    pub notice: NoticeId,
    pub kind: Box<str>,
    pub time: Time,
    pub subject: Subject,
    pub state: DeliveryState,
    pub attempts: u32,
    /// Since when it is tried.
    pub first_due: Time,
    /// When it is tried next, while it waits.
    pub due: Time,
    /// When the last attempt ended.
    pub tried: Option<Time>,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    /// Why the last attempt was no success.
    pub failure: Option<Box<str>>,
}

/// What a delivery says: written down, or to be read from the room when it is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The text of a flat JSON object ([`Facts`](super::Facts)).
    Facts(Box<str>),
    Message {
        room: super::RoomId,
        pos: super::Position,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// Tried for a day in vain, or its webhook is gone.
    GivenUp,
}

impl WebhookId {
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid("id", "it is not a uuid"))
    }

    pub fn at(time_ms: Time, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

impl WebhookUrl {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("url"));
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
        let plain = text.len() <= limits::WEBHOOK_URL_BYTES
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#' && b != b'\\')
            && host.is_some_and(|host| !host.is_empty() && !host.contains('@'));
        if !plain {
            return Err(Error::invalid("url", "http:// or https://, without user, password or `#`"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SigningSecret {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut random = [0; 32];
        entropy.fill(&mut random);
        Self(random.as_slice().into())
    }

    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As whoever sets up the receiver needs it.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    /// One signature of Standard Webhooks 1.0.0: `v1,` and the base64 of HMAC-SHA256 over `<id>.<seconds>.<body>`.
    fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

impl Webhook {
    /// The header `webhook-signature`: by the secret, and by the former one while it holds.
    pub fn signatures(&self, id: &str, now: Time, body: &[u8]) -> String {
        let seconds = now.div_euclid(1000);
        let signature = self.secret.sign(id, seconds, body);
        match &self.former {
            Some((former, until)) if now < *until => {
                format!("{signature} {}", former.sign(id, seconds, body))
            }
            _ => signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(secret: &[u8], former: Option<(&[u8], Time)>) -> Webhook {
        Webhook {
            id: WebhookId::at(1, [0; 10]),
            company: CompanyId::parse("c1").unwrap(),
            url: WebhookUrl::parse("https://shop.example/hook").unwrap(),
            topics: Topics::default(),
            secret: SigningSecret::from_bytes(secret),
            former: former.map(|(bytes, until)| (SigningSecret::from_bytes(bytes), until)),
            on: true,
            off_because: None,
            failing_since: None,
            created: 0,
        }
    }

    /// The example that the libraries of Standard Webhooks test themselves with.
    #[test]
    fn a_signature_is_the_one_that_standard_webhooks_describes() {
        let key = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = webhook(&key, None).signatures(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330_999,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn both_secrets_sign_while_one_takes_over_from_the_other() {
        let hook = webhook(&[2; 32], Some((&[1; 32], 10_000)));
        let now = hook.signatures("m", 9_999, b"x");
        let only = webhook(&[2; 32], None).signatures("m", 9_999, b"x");
        let former = webhook(&[1; 32], None).signatures("m", 9_999, b"x");
        assert_eq!(now, format!("{only} {former}"));
        assert_eq!(hook.signatures("m", 10_000, b"x"), webhook(&[2; 32], None).signatures("m", 10_000, b"x"));
    }

    #[test]
    fn an_address_is_one_of_the_web_and_carries_no_password() {
        for good in ["https://shop.example/hook?a=1", "http://127.0.0.1:8080", "https://[::1]/x", "http://a"]
        {
            assert!(WebhookUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "ftp://shop.example/",
            "shop.example/hook",
            "https://",
            "https:///hook",
            "https://me:secret@shop.example/",
            "https://shop.example/#part",
            "https://shop.example\\@elsewhere.example/",
            "https://shop.example/a b",
            "https://商店.example/",
            "javascript:alert(1)",
        ] {
            assert!(WebhookUrl::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(format!("{:?}", SigningSecret::from_bytes(b"secret")), "SigningSecret(…)");
    }
}
