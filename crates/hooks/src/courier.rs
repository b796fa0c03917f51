//! Makes one request to a receiver, trusting neither its address nor its answer.

use std::error::Error as StdError;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use nodechat_domain::decide::hook::Outcome;
use nodechat_domain::decide::is_public;
use nodechat_domain::port::{Courier, Parcel};
use nodechat_domain::{Error, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use rustls::{ClientConfig, RootCertStore};

/// Of an answer so much is read, so that the connection can be used again; nothing of it is kept.
const ANSWER_BYTES: usize = 16 * 1024;

#[derive(Debug, Clone)]
pub struct CourierOptions {
    /// Whether receivers may be on this machine or in a private net.
    pub private_addresses: bool,
    /// What one attempt may take, from the name's resolution to the end of the answer.
    pub time_limit: Duration,
}

pub struct WebCourier {
    client: Client,
    options: CourierOptions,
}

/// No request can be made at all.
#[derive(Debug, thiserror::Error)]
#[error("webhooks cannot be called")]
pub struct Unusable(#[source] Box<dyn StdError + Send + Sync>);

impl WebCourier {
    pub fn new(options: CourierOptions) -> Result<Self, Unusable> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Checked { private_addresses: options.private_addresses })
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(60))
            .timeout(options.time_limit)
            .build()
            .map_err(|error| Unusable(error.into()))?;
        Ok(Self { client, options })
    }

    async fn try_to_carry(&self, parcel: &Parcel) -> Result<Outcome, Outcome> {
        let url = self.readable(&parcel.url).map_err(|error| Outcome::Barred(error.to_string().into()))?;
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("nodechat/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &*parcel.id)
            .header("webhook-timestamp", parcel.seconds)
            .header("webhook-signature", &*parcel.signatures)
            .body(parcel.body.to_vec());
        let mut answer = request.send().await.map_err(|error| failed(&error))?;
        let outcome = Outcome::Answered {
            status: answer.status().as_u16(),
            retry_after_ms: retry_after_ms(answer.headers()),
        };
        drain(&mut answer).await;
        Ok(outcome)
    }

    fn readable(&self, text: &str) -> Result<Url> {
        let url = Url::parse(text).map_err(|_| Error::invalid("url", "it cannot be read"))?;
        let literal = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if let Some(address) = literal
            && !self.options.private_addresses
            && !is_public(address)
        {
            return Err(Error::invalid("url", "it has to be an address of the public internet"));
        }
        Ok(url)
    }
}

impl Courier for WebCourier {
    fn accepts(&self, url: &str) -> Result<()> {
        self.readable(url).map(drop)
    }

    fn carry<'a>(&'a self, parcel: &'a Parcel) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            let carried = tokio::time::timeout(self.options.time_limit, self.try_to_carry(parcel)).await;
            match carried {
                Ok(Ok(outcome) | Err(outcome)) => outcome,
                Err(_) => Outcome::Unreached("it did not answer in time".into()),
            }
        })
    }
}

/// Resolves names once for each connection and leaves out what may not be called: what is connected to is what was
/// looked at, so that a name cannot lead elsewhere in between.
struct Checked {
    private_addresses: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the name leads to no address of the public internet")]
struct NotPublic;

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let private_addresses = self.private_addresses;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| private_addresses || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn tls() -> Result<ClientConfig, Unusable> {
    let mut roots = RootCertStore::empty();
    // A machine without authorities can still call receivers without TLS; the others are not reached, and say why.
    let (_, _unreadable) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Unusable(error.into()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn failed(error: &reqwest::Error) -> Outcome {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let mut deepest = String::new();
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return Outcome::Barred(error.to_string().into());
        }
        deepest = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() {
        return Outcome::Unreached("it did not answer in time".into());
    }
    // For whoever set the receiver up: the innermost cause is the one that helps.
    Outcome::Unreached(deepest.chars().take(200).collect::<String>().into())
}

/// Seconds, as `Retry-After` mostly has it; a date is not waited for.
fn retry_after_ms(headers: &HeaderMap) -> Option<i64> {
    let seconds: i64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.clamp(0, 1_000_000) * 1000)
}

/// The status has been said; whatever becomes of the rest changes nothing.
async fn drain(answer: &mut Response) {
    let mut left = ANSWER_BYTES;
    while let Ok(Some(chunk)) = answer.chunk().await {
        match left.checked_sub(chunk.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}
