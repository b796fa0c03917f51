//! The two requests of a polling session: GET fetches packets, POST brings them.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tokio::sync::oneshot;

use super::Refusal;
use super::link::{Link, PollAnswer, Post};
use super::packet::control;
use super::payload::{self, PayloadFormat};
use crate::config::Config;
use crate::reason::Reason;

/// How long a poll that comes during an upgrade waits before it is sent away with a noop; the `upgrade` packet may be
/// on its way on the other connection (the reference server looks every 100 ms).
const UPGRADE_PATIENCE: Duration = Duration::from_millis(100);

/// Waits until there is something to send.
pub(super) async fn get(link: &Arc<Link>) -> Response<Full<Bytes>> {
    let Ok(upgrading) = link.begin_get() else { return Refusal::BadRequest.response() };
    let mut abandoned = AbandonedGet(Some(link));
    let patient = async {
        if !upgrading {
            return None;
        }
        tokio::time::timeout(UPGRADE_PATIENCE, poll_fn(|cx| link.poll_get(cx, true))).await.ok()
    };
    let answer = match patient.await {
        Some(answer) => answer,
        None => poll_fn(|cx| link.poll_get(cx, false)).await,
    };
    abandoned.0 = None;
    match answer {
        PollAnswer::Packets { mut frames, close } => {
            if close {
                frames.push(control(b'1', ""));
            }
            self::answer(&frames, link.format)
        }
        PollAnswer::Noop => self::answer(&[control(b'6', "")], link.format),
        PollAnswer::TooLate => Refusal::BadRequest.response(),
        PollAnswer::Stopped => Refusal::Stopping.response(),
        PollAnswer::Close => self::answer(&[control(b'1', "")], link.format),
    }
}

/// Answered once the session has taken every packet: a client that waits for that sends no faster than it is served.
pub(super) async fn post<B>(link: &Arc<Link>, config: &Config, request: Request<B>) -> Response<Full<Bytes>>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    if link.begin_post().is_err() {
        return Refusal::BadRequest.response();
    }
    let _end = EndOfPost(link);
    let body = match read_body(request, config).await {
        Ok(body) => body,
        Err((refusal, reason)) => {
            link.close(reason);
            return refusal.response();
        }
    };
    let Ok(packets) = payload::decode(&body, link.protocol()) else {
        link.close(Reason::ParseError);
        return Refusal::BadRequest.response();
    };
    let (done, taken) = oneshot::channel();
    link.deliver(Post { packets: packets.into(), done });
    match taken.await {
        Ok(()) => ok(),
        Err(_) if poll_fn(|cx| link.poll_late_post(cx)).await => ok(),
        Err(_) => Refusal::BadRequest.response(),
    }
}

/// A response that carries packets.
pub(super) fn answer(frames: &[Bytes], format: PayloadFormat) -> Response<Full<Bytes>> {
    let (body, binary) = payload::encode(frames, format);
    let mut response = Response::new(Full::from(body));
    let kind = if binary { "application/octet-stream" } else { "text/plain; charset=UTF-8" };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn ok() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("ok"));
    // Not plain text: an old browser must not guess (the reference server does the same).
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// The limit holds while reading, whatever the request has announced.
async fn read_body<B>(request: Request<B>, config: &Config) -> Result<Bytes, (Refusal, Reason)>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let body = request.into_body();
    if body.size_hint().lower() > config.max_payload as u64 {
        return Err((Refusal::TooLarge, Reason::TooLarge));
    }
    let read = Box::pin(Limited::new(body, config.max_payload).collect());
    match tokio::time::timeout(config.body_timeout, read).await {
        Ok(Ok(body)) => {
            let mut body = body.aggregate();
            Ok(body.copy_to_bytes(body.remaining()))
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err((Refusal::TooLarge, Reason::TooLarge)),
        Ok(Err(_)) => Err((Refusal::BadRequest, Reason::TransportError)),
        Err(_) => Err((Refusal::TooSlow, Reason::TransportError)),
    }
}

/// Dropped with the link still in it when the client goes away before its poll is answered.
struct AbandonedGet<'a>(Option<&'a Link>);

impl Drop for AbandonedGet<'_> {
    fn drop(&mut self) {
        if let Some(link) = self.0 {
            link.abandon_get();
        }
    }
}

struct EndOfPost<'a>(&'a Link);

impl Drop for EndOfPost<'_> {
    fn drop(&mut self) {
        self.0.end_post();
    }
}
