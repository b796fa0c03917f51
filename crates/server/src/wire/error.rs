//! An error as clients see it: in an ack, in a refused connect, in an HTTP body. Made here only.

use nodechat_domain::error::{Class, Error};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    pub errcode: u16,
    pub errmsg: String,
    /// Milliseconds after which the same request may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Names the log line of a defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestid: Option<String>,
}

impl ErrorBody {
    /// What the caller may know. Failures of ours are logged here, once, where they are answered.
    pub fn of(error: &Error) -> Self {
        let requestid = match error.class() {
            Class::Caller => None,
            Class::Later => {
                if let Some(cause) = std::error::Error::source(error) {
                    tracing::warn!(cause, "a request was put off: {error}");
                }
                None
            }
            Class::Bug => {
                let requestid = uuid::Uuid::new_v4().to_string();
                tracing::error!(requestid, cause = std::error::Error::source(error), "a request failed");
                Some(requestid)
            }
        };
        Self {
            errcode: error.code() as u16,
            errmsg: error.to_string(),
            retry_after: error.retry_after_ms(),
            requestid,
        }
    }
}

/// Old pages read `errcode` from a reply with status 200, so what the caller did wrong is no HTTP
/// error; what we could not do is one, for balancers and monitors (docs/decisions/0004).
pub fn http_status(error: &Error) -> u16 {
    match error {
        Error::Unavailable { .. } => 503,
        Error::TooMany { .. } => 429,
        Error::Internal(_) => 500,
        _ => 200,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_carries_its_code_its_sentence_and_when_to_come_back() {
        let body = ErrorBody::of(&Error::TooMany { retry_after_ms: 1500 });
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(
            json,
            r#"{"errcode":4029,"errmsg":"too many requests, try again later","retry_after":1500}"#
        );
    }

    #[test]
    fn a_defect_shows_its_request_id_and_not_its_cause() {
        let body = ErrorBody::of(&Error::internal("the secret cause"));
        assert_eq!((body.errcode, body.errmsg.as_str()), (5000, "internal error"));
        assert!(body.requestid.is_some());
    }
}
