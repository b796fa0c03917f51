//! The report file: machine, date and table of this run, then the notes that are written by hand.

use super::{Results, Summary, rows::grouped};
use crate::scenario::chat::Rate;

pub fn page(summary: &Summary<'_>, date: &str, table: &str, notes: &str) -> String {
    let plan = summary.plan;
    format!(
        "<!-- Written by `script/bench --write`; the part behind the table comes from bench/notes.md. -->\n\
         # Benchmarks\n\n\
         Measured on {date}: {machine}.\n\n\
         {table}\n\
         \"reached\" says which of the two bounds holds; `≥` before a figure says that the generator was at its own limit \
         and the server could have done more; a dash that it was not measured, because the target has no such thing. \
         1:1 chat, rooms and commits: median of {rounds} rounds of {seconds} s, warmed up for {warm_up} s. The furthest that a \
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

/// The largest distance of a round from the median of its column, as a share of the median.
fn spread(summary: &Summary<'_>) -> f64 {
    let Results { chat, rooms, talk, commits, .. } = summary.results;
    [
        far(chat, Rate::acks_per_second),
        far(rooms, Rate::events_per_cpu_second),
        far(talk, |it| it.pairs.acks_per_second()),
        far(talk, |it| it.rooms.events_per_cpu_second()),
        far(commits, |it| it.grouped.per_second),
    ]
    .into_iter()
    .fold(0.0, f64::max)
}

fn far<C: Copy + PartialEq, T>(measured: &[(C, T)], value: impl Fn(&T) -> f64) -> f64 {
    let distance = |(column, it): &(C, T)| {
        let middle = super::figure(measured, *column, &value)?;
        Some((value(it) - middle).abs() / middle)
    };
    measured.iter().filter_map(distance).fold(0.0, f64::max)
}
