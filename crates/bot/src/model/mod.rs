//! A language model behind an interface of the OpenAI kind: `POST <url>/chat/completions`, the answer as a stream of
//! server-sent events. Whatever the other side does, an answer ends: in time, and bounded in what it takes.

mod address;
mod prompt;
mod stream;

use std::sync::OnceLock;
use std::time::Duration;

use nodechat_domain::model::LanguageModel;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, redirect};

pub use self::prompt::Prompt;
use self::stream::Pieces;

/// Characters of an answer; what is longer ends there.
pub const ANSWER_CHARS: usize = 4_000;

/// Of all that comes for one answer.
const RECEIVED_BYTES: usize = 2_000_000;

const CONNECT: Duration = Duration::from_secs(5);

pub struct Caller {
    private_addresses: bool,
    /// Made when first needed: it reads the system's certificates.
    client: OnceLock<Result<Client, String>>,
}

/// Why there is no answer. Nothing of what was asked or said is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("its url cannot be called: {0}")]
    Address(&'static str),
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("it took longer than it may")]
    Late,
    #[error("its answer broke off")]
    BrokenOff,
    #[error("its answer cannot be read")]
    Unreadable,
    #[error("it sent too much")]
    TooMuch,
    #[error("its answer was empty")]
    Empty,
}

impl Caller {
    pub fn new(private_addresses: bool) -> Self {
        Self { private_addresses, client: OnceLock::new() }
    }

    /// The whole answer, within the model's time; `piece` hears it as it comes.
    pub async fn answer(
        &self,
        model: &LanguageModel,
        prompt: &Prompt<'_>,
        piece: impl FnMut(&str) + Send,
    ) -> Result<String, Failure> {
        let limit = Duration::from_millis(model.timeout_ms.into());
        tokio::time::timeout(limit, self.called(model, prompt, piece)).await.map_err(|_| Failure::Late)?
    }

    async fn called(
        &self,
        model: &LanguageModel,
        prompt: &Prompt<'_>,
        mut piece: impl FnMut(&str) + Send,
    ) -> Result<String, Failure> {
        let url = address::checked(&model.url, self.private_addresses)?;
        let mut request = self
            .client()?
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream")
            .body(prompt.request(model.name.as_str()));
        if let Some(key) = &model.key {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(Failure::Status(response.status().as_u16()));
        }
        let mut pieces = Pieces::of(is_stream(&response));
        let mut received = 0;
        while let Some(bytes) = response.chunk().await.map_err(|_| Failure::BrokenOff)? {
            received += bytes.len();
            if received > RECEIVED_BYTES {
                return Err(Failure::TooMuch);
            }
            let fresh = pieces.take(&bytes)?;
            if !fresh.is_empty() {
                piece(&fresh);
            }
            if pieces.is_done() {
                return pieces.whole();
            }
        }
        let fresh = pieces.end()?;
        if !fresh.is_empty() {
            piece(&fresh);
        }
        pieces.whole()
    }

    fn client(&self) -> Result<&Client, Failure> {
        let client = self.client.get_or_init(|| {
            // Fails when there is one already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let builder = Client::builder()
                .connect_timeout(CONNECT)
                .redirect(redirect::Policy::none())
                .no_proxy()
                .dns_resolver(std::sync::Arc::new(address::Resolver { private: self.private_addresses }));
            builder.build().map_err(|error| error.to_string())
        });
        client.as_ref().map_err(|why| Failure::Unreachable(why.clone()))
    }
}

/// A service may not know how to stream, and answer at once.
fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    !kind.is_some_and(|kind| kind.starts_with("application/json"))
}

fn unreachable(error: reqwest::Error) -> Failure {
    // With the address of the service, which is of no use to anybody who reads the log.
    Failure::Unreachable(error.without_url().to_string())
}
