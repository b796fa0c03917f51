//! What is counted: one documented line each, given out at `/metrics`.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge as Level};
use prometheus_client::registry::Registry;
use tokio::time::Instant;

/// Counters that the parts of the server add to.
pub struct Metrics {
    /// Messages that were stored.
    pub messages: Counter,
    /// Socket requests by event and errcode (0 = fine).
    pub requests: Family<Request, Counter>,
    /// Uploads that were kept.
    pub uploads: Counter,
    /// Commits that other nodes were told of.
    pub publications: Counter,
    /// Commits that they were, or may have been, not told of.
    pub unpublished: Counter,
    /// Looks into a room for messages that nobody told this node.
    pub holes_filled: Counter,
    /// Looks at all rooms with listeners.
    pub sweeps: Counter,
    /// 1 while Redis answers.
    pub redis_up: Level,
    /// 1 while the database hears this node's heartbeat.
    store_up: Level,
    last_beat: Arc<Mutex<Option<Instant>>>,
    registry: Registry,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Request {
    /// Only names of events that exist, so that a stranger cannot fill the table.
    pub event: &'static str,
    pub errcode: u16,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("nodechat");
        let messages = Counter::default();
        let requests = Family::default();
        let uploads = Counter::default();
        registry.register("messages", "Messages stored", messages.clone());
        registry.register("socket_requests", "Socket requests by event and errcode", requests.clone());
        registry.register("uploads", "Images and files kept", uploads.clone());
        registry.register_collector(Box::new(Process));
        Self {
            messages,
            requests,
            uploads,
            publications: Counter::default(),
            unpublished: Counter::default(),
            holes_filled: Counter::default(),
            sweeps: Counter::default(),
            redis_up: Level::default(),
            store_up: Level::default(),
            last_beat: Arc::default(),
            registry,
        }
    }
}

impl Metrics {
    /// Gives out what only a node among others has.
    pub fn with_nodes(mut self, redis: bool) -> Self {
        let counters = [
            ("publications", "Commits that other nodes were told of", &self.publications),
            (
                "unpublished",
                "Commits that other nodes were or may have been not told of; they look for them",
                &self.unpublished,
            ),
            (
                "holes_filled",
                "Looks into a room for messages that no other node has told",
                &self.holes_filled,
            ),
            (
                "sweeps",
                "Looks at all rooms with listeners, after something may have been missed",
                &self.sweeps,
            ),
        ];
        for (name, help, counter) in counters {
            self.registry.register(name, help, counter.clone());
        }
        if redis {
            self.registry.register("redis_up", "1 while Redis answers in time", self.redis_up.clone());
        }
        let help = "1 while the database hears the heartbeat of this node";
        self.registry.register("store_up", help, self.store_up.clone());
        let last = self.last_beat.clone();
        self.gauge("beat_age_ms", "Milliseconds since the database last heard this node", move || {
            let last = *last.lock().unwrap_or_else(PoisonError::into_inner);
            last.map_or(-1, |last| i64::try_from(last.elapsed().as_millis()).unwrap_or(i64::MAX))
        });
        self
    }

    /// The database has heard this node, or has not.
    pub fn beat(&self, heard: bool, now: Instant) {
        self.store_up.set(heard.into());
        if heard {
            *self.last_beat.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
    }

    pub fn request(&self, event: &'static str, errcode: u16) {
        self.requests.get_or_create(&Request { event, errcode }).inc();
    }

    /// A gauge that is asked for when somebody looks.
    pub fn gauge(
        &mut self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> i64 + Send + Sync + 'static,
    ) {
        self.registry.register_collector(Box::new(Gauge { name, help, read: Box::new(read) }));
    }

    /// A counter that somebody else keeps.
    pub fn counter(
        &mut self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> u64 + Send + Sync + 'static,
    ) {
        self.registry.register_collector(Box::new(Kept { name, help, read: Box::new(read) }));
    }

    /// OpenMetrics text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .expect("writing to a string cannot fail");
        text
    }
}

struct Gauge {
    name: &'static str,
    help: &'static str,
    read: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl std::fmt::Debug for Gauge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Collector for Gauge {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let gauge = ConstGauge::new((self.read)());
        gauge.encode(encoder.encode_descriptor(self.name, self.help, None, gauge.metric_type())?)
    }
}

struct Kept {
    name: &'static str,
    help: &'static str,
    read: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Collector for Kept {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let counter = ConstCounter::new((self.read)());
        counter.encode(encoder.encode_descriptor(self.name, self.help, None, counter.metric_type())?)
    }
}

/// Memory and processor time of this process, as Linux tells them; nothing elsewhere.
#[derive(Debug)]
struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        if let Some(bytes) = resident_bytes() {
            let gauge = ConstGauge::new(bytes);
            let help = "Memory in use (RSS)";
            gauge.encode(encoder.encode_descriptor(
                "process_resident_memory_bytes",
                help,
                None,
                gauge.metric_type(),
            )?)?;
        }
        if let Some(seconds) = cpu_seconds() {
            let counter = ConstCounter::new(seconds);
            let help = "Processor time used, user and system";
            counter.encode(encoder.encode_descriptor(
                "process_cpu_seconds",
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        Ok(())
    }
}

fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn cpu_seconds() -> Option<f64> {
    /// `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Rust runs on.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may contain spaces; fields are counted behind it.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |i: usize| fields.get(i)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_given_out() {
        let mut metrics = Metrics::default();
        metrics.gauge("sockets", "Sockets connected", || 7);
        metrics.counter("store_commits", "Commits on disk", || 9);
        metrics.messages.inc();
        metrics.request("chat", 4001);
        let text = metrics.text();
        assert!(text.contains("nodechat_messages_total 1\n"), "{text}");
        assert!(text.contains("nodechat_sockets 7\n"), "{text}");
        assert!(text.contains("nodechat_store_commits_total 9\n"), "{text}");
        assert!(text.contains(r#"nodechat_socket_requests_total{event="chat",errcode="4001"} 1"#), "{text}");
    }
}
