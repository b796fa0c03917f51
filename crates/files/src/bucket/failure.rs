//! What went wrong with the bucket: whether it is away or refuses, and a sentence for whoever runs it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use nodechat_domain::Error;

const PERMISSIONS: &str = "; the keys need s3:PutObject, s3:GetObject, s3:DeleteObject, s3:AbortMultipartUpload and \
                           s3:ListBucket";

/// One call that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No answer within the time limit.
    Silent(Duration),
    Answered(object_store::Error),
}

/// Why the bucket cannot be used, as a sentence for the one who set it up.
#[derive(Debug)]
pub struct Unusable {
    sentence: String,
    /// Whether waiting may help; otherwise a setting, a key or a permission is wrong.
    pub is_away: bool,
}

impl Failure {
    /// There is no such object, or no such upload. A missing bucket is something else.
    pub(crate) fn is_not_there(&self) -> bool {
        match self {
            Failure::Answered(error @ object_store::Error::NotFound { .. }) => {
                code(&error.to_string()) != Some("NoSuchBucket")
            }
            _ => false,
        }
    }

    pub(crate) fn of_a_file(self) -> Error {
        if self.is_not_there() { Error::NotFound("file") } else { self.into() }
    }

    pub(crate) fn unusable(&self, bucket: &str, doing: &str) -> Unusable {
        let sentence = format!("cannot {doing} in the bucket {bucket}: {self}{}", self.advice());
        Unusable { sentence, is_away: !self.is_refusal() }
    }

    /// The bucket, or its door, has answered, and will answer the same again.
    fn is_refusal(&self) -> bool {
        let Failure::Answered(error) = self else { return false };
        match status(&error.to_string()) {
            Some(408 | 429) => false,
            Some(status) => status < 500,
            None => is_redirect(error) || is_stranger(error),
        }
    }

    fn advice(&self) -> &'static str {
        let Failure::Answered(error) = self else { return "" };
        match code(&error.to_string()) {
            Some("InvalidAccessKeyId" | "SignatureDoesNotMatch") => {
                "; see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            }
            Some("AccessDenied") => PERMISSIONS,
            // The answer to HEAD has no body that could say more.
            None if matches!(error, object_store::Error::PermissionDenied { .. }) => PERMISSIONS,
            Some("NoSuchBucket") => "; make the bucket first, or see `files` and `files_endpoint`",
            Some("AuthorizationHeaderMalformed" | "PermanentRedirect") => "; see `files_region`",
            Some("RequestTimeTooSkewed") => "; see the clock of this machine",
            None if is_redirect(error) => "; see `files_region` and `files_endpoint`",
            None if is_stranger(error) => {
                "; the variable SSL_CERT_FILE names a file with the certificates that are trusted"
            }
            _ => "",
        }
    }
}

impl Unusable {
    pub(crate) fn setting(sentence: String) -> Self {
        Self { sentence, is_away: false }
    }
}

impl From<object_store::Error> for Failure {
    fn from(error: object_store::Error) -> Self {
        Failure::Answered(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Error::unavailable(failure)
    }
}

/// Short: what S3 says in its XML, or the innermost cause. The long form has the whole answer in it.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self {
            Failure::Silent(limit) => return write!(f, "no answer within {} ms", limit.as_millis()),
            Failure::Answered(error) => error,
        };
        let text = error.to_string();
        match (code(&text), element(&text, "Message")) {
            (Some(code), Some(message)) => write!(f, "{code} ({})", message.trim_end_matches('.')),
            (Some(code), None) => f.write_str(code),
            (None, _) => write!(f, "{}", innermost(error)),
        }
    }
}

impl StdError for Failure {}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl StdError for Unusable {}

/// object_store keeps status and body of an answer in a type of its own that only its text shows.
fn status(text: &str) -> Option<u16> {
    text.split_once("status code: ")?.1.get(..3)?.parse().ok()
}

fn is_redirect(error: &object_store::Error) -> bool {
    error.to_string().contains("redirect")
}

/// Its certificate is from somebody unknown, or for somebody else.
fn is_stranger(error: &object_store::Error) -> bool {
    innermost(error).to_string().contains("peer certificate")
}

fn code(text: &str) -> Option<&str> {
    element(text, "Code")
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (content, _) = rest.split_once(&format!("</{name}>"))?;
    Some(content.trim()).filter(|content| !content.is_empty())
}

fn innermost(error: &object_store::Error) -> &dyn StdError {
    let mut error: &dyn StdError = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: &str, body: &str) -> Failure {
        let text =
            format!("Error performing PUT in 1ms - Server returned non-2xx status code: {status}: {body}");
        let source = text.into();
        Failure::Answered(match &status[..3] {
            "403" => object_store::Error::PermissionDenied { path: "check".into(), source },
            "404" => object_store::Error::NotFound { path: "check".into(), source },
            _ => object_store::Error::Generic { store: "S3", source },
        })
    }

    fn told(failure: &Failure) -> (bool, String) {
        let unusable = failure.unusable("s3://chat", "write");
        (unusable.is_away, unusable.to_string())
    }

    #[test]
    fn what_a_setting_would_heal_is_told_from_what_time_will() {
        let body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        assert_eq!(
            told(&answered("503 Service Unavailable", body)),
            (
                true,
                "cannot write in the bucket s3://chat: SlowDown (Please reduce your request rate)".to_owned()
            )
        );
        assert!(told(&answered("429 Too Many Requests", "")).0);
        assert!(told(&Failure::Silent(Duration::from_secs(1))).0);
        for (status, code, advice) in [
            ("403 Forbidden", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
            ("403 Forbidden", "AccessDenied", "s3:ListBucket"),
            ("404 Not Found", "NoSuchBucket", "make the bucket first"),
            ("400 Bad Request", "AuthorizationHeaderMalformed", "files_region"),
            ("403 Forbidden", "RequestTimeTooSkewed", "clock"),
        ] {
            let (is_away, sentence) = told(&answered(status, &format!("<Error><Code>{code}</Code></Error>")));
            assert!(!is_away && sentence.contains(code) && sentence.contains(advice), "{sentence}");
        }
        let (is_away, sentence) = told(&answered("403 Forbidden", ""));
        assert!(!is_away && sentence.contains("s3:ListBucket"), "{sentence}");
    }

    #[test]
    fn a_missing_bucket_is_no_missing_file() {
        assert!(answered("404 Not Found", "<Code>NoSuchKey</Code>").is_not_there());
        assert!(answered("404 Not Found", "").is_not_there());
        assert!(!answered("404 Not Found", "<Code>NoSuchBucket</Code>").is_not_there());
    }
}
