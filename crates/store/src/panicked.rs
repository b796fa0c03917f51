//! A decision that panics is a defect of the decision: told to its caller, nobody else notices.

use nodechat_domain::error::Error;

pub fn panicked(payload: &(dyn std::any::Any + Send)) -> Error {
    let said = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("a decision panicked: {said}"))
}
