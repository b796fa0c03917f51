//! Limits that all nodes share: the generic cell rate algorithm, in one step, by the clock of Redis.

use std::num::NonZeroU32;

use redis::{Cmd, RedisResult, cmd};

use super::session::Session;

/// The time up to which the key's share is used up, in microseconds; how long to wait, 0: it may. One key, so that it
/// runs on a cluster, too.
const SPEND: &str = "\
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used < now then used = now end
used = used + ARGV[1]
local wait = used - now - ARGV[1] * ARGV[2]
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', used), 'PX', math.ceil((used - now) / 1000))
return 0";

/// Spends one of `per_minute`; otherwise the milliseconds until there is one.
pub async fn spend(session: &Session, key: String, per_minute: NonZeroU32) -> RedisResult<Option<u64>> {
    let wait = session.ask::<u64>(&command(&key, per_minute)).await?;
    Ok((wait > 0).then_some(wait))
}

fn command(key: &str, per_minute: NonZeroU32) -> Cmd {
    let interval_us = 60_000_000 / per_minute.get();
    let mut eval = cmd("EVAL");
    eval.arg(SPEND).arg(1).arg(key).arg(interval_us).arg(per_minute.get());
    eval
}
