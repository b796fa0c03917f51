//! What a good answer looks like: `errcode` 0, and the thing or things in `data`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Data<T> {
    /// Always 0.
    errcode: u16,
    data: T,
}

/// Some of many things.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Always 0.
    errcode: u16,
    data: Vec<T>,
    /// Where the next page begins: the `cursor` to ask with. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// It is done, and there is nothing to say.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always 0.
    errcode: u16,
}

impl<T> Data<T> {
    pub fn of(data: impl Into<T>) -> Self {
        Self { errcode: 0, data: data.into() }
    }

    /// The same with the status 201, for what has just been made.
    pub fn made(data: impl Into<T>) -> (StatusCode, Self) {
        (StatusCode::CREATED, Self::of(data))
    }
}

impl<T> Page<T> {
    /// All there is.
    pub fn whole<F: Into<T>>(data: impl IntoIterator<Item = F>) -> Self {
        Self::new(data.into_iter().map(Into::into).collect(), None)
    }

    pub(super) fn new(data: Vec<T>, next: Option<String>) -> Self {
        Self { errcode: 0, data, next }
    }
}

impl Done {
    pub const DONE: Self = Self { errcode: 0 };
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
