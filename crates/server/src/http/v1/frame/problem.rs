//! A refusal: problem details (RFC 9457) beside `errcode` and `errmsg`, which are made as everywhere else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nodechat_domain::{Code, Error};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::ErrorBody;

/// What handlers of `/api/v1` fail with.
#[derive(Debug)]
pub struct Refusal(pub Error);

pub type Reply<T> = Result<T, Refusal>;

/// Problem details (RFC 9457), and the same error as the chat channel words it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:nodechat:error:` and the `errcode`.
    r#type: String,
    /// What kind of problem it is; the same for every problem of this type.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// The number for programs.
    errcode: u16,
    /// The same sentence as `detail`.
    errmsg: String,
    /// Milliseconds after which the same request may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Names the log line of a defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    requestid: Option<String>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(status(&self.0), ErrorBody::of(&self.0), title(self.0.code()))
    }
}

/// The noun is there, but cannot be called like this. The router adds `Allow`.
pub async fn wrong_method() -> Response {
    let body = ErrorBody::of(&Error::UnknownCall);
    answer(StatusCode::METHOD_NOT_ALLOWED, body, title(Code::CallFailed))
}

fn answer(status: StatusCode, body: ErrorBody, title: &'static str) -> Response {
    let problem = Problem {
        r#type: format!("urn:nodechat:error:{}", body.errcode),
        title,
        status: status.as_u16(),
        detail: body.errmsg.clone(),
        errcode: body.errcode,
        errmsg: body.errmsg,
        retry_after: body.retry_after,
        requestid: body.requestid,
    };
    let retry_after = problem.retry_after;
    let mut response = (status, Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(wait_ms) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1000)));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Unlike the documented calls of old, these say with the status what is the matter.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::BadKey | Error::BadTicket | Error::BadToken | Error::BadLogin => StatusCode::UNAUTHORIZED,
        other => match other.code() {
            Code::Missing | Code::Invalid | Code::Json | Code::EmptyFile => StatusCode::BAD_REQUEST,
            Code::NotAllowed => StatusCode::FORBIDDEN,
            Code::NotFound | Code::CallFailed => StatusCode::NOT_FOUND,
            Code::Conflict => StatusCode::CONFLICT,
            Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Code::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::FileKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

fn title(code: Code) -> &'static str {
    match code {
        Code::CallFailed => "No such call",
        Code::Missing => "Something is missing",
        Code::Invalid => "Something is not valid",
        Code::NotAllowed => "Not allowed",
        Code::NotFound => "Not found",
        Code::Conflict => "In conflict with the present state",
        Code::TooMany => "Too many requests",
        Code::Internal => "Internal error",
        Code::Unavailable => "Temporarily unavailable",
        Code::Json => "No JSON",
        Code::EmptyFile => "Empty file",
        Code::FileKind => "Kind of file not allowed",
        Code::FileTooLarge => "File too large",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_refusal_says_the_same_as_an_ack_and_more() {
        let error = || Error::TooMany { retry_after_ms: 1500 };
        let response = Refusal(error()).into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let ack = serde_json::to_value(ErrorBody::of(&error())).unwrap();
        for (key, value) in ack.as_object().unwrap() {
            assert_eq!(&problem[key], value);
        }
        assert_eq!(problem["type"], "urn:nodechat:error:4029");
        assert_eq!((&problem["status"], &problem["detail"]), (&429.into(), &ack["errmsg"]));
    }

    #[test]
    fn whoever_is_unknown_is_told_so_and_whoever_is_known_is_not_allowed() {
        assert_eq!(status(&Error::BadKey), 401);
        assert_eq!(status(&Error::BadTicket), 401);
        assert_eq!(status(&Error::Forbidden), 403);
    }
}
