//! An error as an HTTP answer.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nodechat_domain::Error;

use crate::wire::{ErrorBody, http_status};

/// What handlers fail with; the same body as a socket's ack.
#[derive(Debug)]
pub struct Failure(pub Error);

pub type Reply<T> = Result<T, Failure>;

/// For calls whose good answer is bytes: there is no `errcode` to look for, so the status tells.
#[derive(Debug)]
pub struct BytesFailure(pub Error);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = http_status(&self.0);
        answer(status, &self.0)
    }
}

impl IntoResponse for BytesFailure {
    fn into_response(self) -> Response {
        let status = match (http_status(&self.0), self.0.code() as u16) {
            (200, 4003) => 403,
            (200, 4004) => 404,
            (200, _) => 400,
            (status, _) => status,
        };
        answer(status, &self.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

impl From<Error> for BytesFailure {
    fn from(error: Error) -> Self {
        BytesFailure(error)
    }
}

/// There is no such call: 3100, as on a socket.
pub async fn unknown_call() -> Response {
    answer(404, &Error::UnknownCall)
}

fn answer(status: u16, error: &Error) -> Response {
    let status = StatusCode::from_u16(status).expect("the statuses above are valid");
    let mut response = (status, Json(ErrorBody::of(error))).into_response();
    if let Some(wait_ms) = error.retry_after_ms() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1000)));
    }
    response
}
