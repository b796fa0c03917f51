//! The report file: machine, date and table of this run, then the notes that are written by hand.

use super::{Summary, rows::grouped};
use crate::scenario::chat::Rate;
use crate::target::Target;

pub fn page(summary: &Summary<'_>, date: &str, table: &str, notes: &str) -> String {
    let plan = summary.plan;
    format!(
        "<!-- Written by `script/bench --write`; the part behind the table comes from bench/notes.md. -->\n\
         # Benchmarks\n\n\
         Measured on {date}: {machine}.\n\n\
         {table}\n\
         \"reached\" says which of the two bounds holds; `≥` before a figure says that the generator was at its own limit \
         and the server could have done more; a dash that it was not measured, because the target has no such thing. \
         1:1 chat and rooms: median of {rounds} rounds of {seconds} s, warmed up for {warm_up} s. The furthest that a \
         round lay from its median was {spread:.0} %. 1:1 chat used {pairs} pairs, rooms {rooms} × 100 sockets, idle \
         {idle} connections, page medians {samples} samples in each room, starts {starts}.\n\n\
         {notes}",
        machine = summary.machine,
        rounds = summary.rounds,
        seconds = plan.measure.as_secs_f64(),
        warm_up = plan.warm_up.as_secs_f64(),
        spread = 100.0 * spread(summary),
        pairs = plan.pairs,
        rooms = plan.rooms,
        idle = grouped(plan.idle_connections as f64),
        samples = grouped(plan.page_samples as f64),
        starts = plan.starts,
    )
}

/// The largest distance of a round from the median of its target, as a share of the median.
fn spread(summary: &Summary<'_>) -> f64 {
    let far = |measured: &[(Target, Rate)], value: fn(&Rate) -> f64| {
        measured
            .iter()
            .filter_map(|(target, rate)| {
                let middle = super::figure(measured, *target, value)?;
                Some((value(rate) - middle).abs() / middle)
            })
            .fold(0.0, f64::max)
    };
    far(&summary.results.chat, Rate::acks_per_second)
        .max(far(&summary.results.rooms, Rate::events_per_cpu_second))
}
