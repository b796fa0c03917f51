//! The table of Nodechat beside its yardsticks.

use super::rows::{Figure, Row, grouped, plain, row, speed, thousands};
use super::{Budget, Results, Table, figure};
use crate::scenario::Plan;
use crate::scenario::chat::Rate;
use crate::target::Target;

const MEGABYTE: f64 = 1024.0 * 1024.0;
const OURS: usize = Target::Nodechat as usize;

/// Scenarios that were not asked for leave no line.
pub fn table(results: &Results, plan: &Plan) -> Table {
    let mut rows = Vec::new();
    if !results.chat.is_empty() {
        let what = format!("1:1 chat, {} pairs: acks/s", plan.pairs);
        let line =
            || line_of(&what, |target| speed(&results.chat, target, |rate| *rate, Rate::acks_per_second));
        rows.push(line().against(
            over(Target::NodeSqlite),
            Target::NodeSqlite.title(),
            Some(Budget::at_least(8.0, 20.0)),
        ));
        rows.push(
            line()
                .against(
                    over(Target::NodeMemory),
                    Target::NodeMemory.title(),
                    Some(Budget::at_least(1.0, 2.0)),
                )
                .ditto(),
        );
        rows.push(
            line().against(over(Target::NodeSqliteGrouped), Target::NodeSqliteGrouped.title(), None).ditto(),
        );
        let each = |target| figure(&results.chat, target, Rate::acks_per_cpu_second).map(thousands);
        rows.push(line_of("1:1 chat: acks per CPU-second", each).against(
            over(Target::Floor),
            Target::Floor.title(),
            None,
        ));
    }
    if !results.rooms.is_empty() {
        let what = format!("{} rooms of 100: events per CPU-second", plan.rooms);
        let each = |target| figure(&results.rooms, target, Rate::events_per_cpu_second).map(thousands);
        rows.push(line_of(&what, each).against(
            over(Target::Floor),
            Target::Floor.title(),
            Some(Budget::at_least(0.6, 0.85)),
        ));
        let each = |target| speed(&results.rooms, target, |rate| *rate, Rate::events_per_second);
        rows.push(line_of("rooms of 100: events/s", each).against(
            over(Target::NodeMemory),
            Target::NodeMemory.title(),
            None,
        ));
    }
    if !results.idle.is_empty() {
        let what = format!("idle, {} connections: KB each", grouped(plan.idle_connections as f64));
        let each = |target| figure(&results.idle, target, |idle| idle.connected_bytes / 1024.0).map(plain);
        rows.push(line_of(&what, each).itself(OURS, Budget::at_most(4.0, 2.5)));
        let each = |target| figure(&results.idle, target, |idle| idle.joined_bytes / 1024.0).map(plain);
        rows.push(line_of("idle, each in its own room: KB each", each).against(
            over(Target::NodeMemory),
            Target::NodeMemory.title(),
            None,
        ));
    }
    if !results.page.is_empty() {
        let long = format!("{} messages", grouped(plan.history as f64));
        let of =
            |value: fn(&crate::scenario::page::Page) -> f64| figure(&results.page, Target::Nodechat, value);
        let budget = Budget::at_most(1.5, 1.1);
        let line = |what: &str, short, long_room: Option<f64>| {
            line_of(what, |target| long_room.filter(|_| target == Target::Nodechat).map(plain)).judged(
                "× room of 100",
                long_room.zip(short).map(|(long, short): (f64, f64)| long / short),
                budget,
            )
        };
        let join = of(|page| page.long.join_us);
        let back = of(|page| page.long.page_us);
        rows.push(line(&format!("join, room with {long}: µs"), of(|page| page.short.join_us), join));
        rows.push(line(&format!("page back, room with {long}: µs"), of(|page| page.short.page_us), back));
    }
    if !results.start.is_empty() {
        let each = |target| figure(&results.start, target, |start| start.first_ack_ms).map(plain);
        rows.push(line_of("start to first ack: ms", each).itself(OURS, Budget::at_most(300.0, 100.0)));
        let each = |target| figure(&results.start, target, |start| start.memory_bytes / MEGABYTE).map(plain);
        rows.push(line_of("empty server: MB of memory", each).itself(OURS, Budget::at_most(30.0, 15.0)));
        let each =
            |target| figure(&results.start, target, |start| start.program_bytes as f64 / MEGABYTE).map(plain);
        rows.push(line_of("program: MB on disk", each).itself(OURS, Budget::at_most(40.0, 20.0)));
    }
    Table { columns: Target::ALL.iter().map(|target| target.title()).collect(), rows }
}

fn line_of(what: &str, figure: impl Fn(Target) -> Option<Figure>) -> Row {
    row(what, &Target::ALL, figure)
}

/// Nodechat's column, over another one's.
fn over(other: Target) -> (usize, usize) {
    (OURS, other as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(acks: u64, generator_cpu_seconds: f64) -> Rate {
        Rate {
            acks,
            events: 2 * acks,
            seconds: 1.0,
            server_cpu_seconds: 0.5,
            generator_cpu_seconds,
            ..Rate::default()
        }
    }

    fn plan() -> Plan {
        crate::scenario::tests::plan()
    }

    #[test]
    fn a_ratio_is_judged_and_a_missing_figure_is_a_dash() {
        let chat = vec![(Target::Nodechat, rate(90, 0.1)), (Target::NodeSqlite, rate(10, 0.95))];
        let Table { rows, .. } = table(&Results { chat, ..Results::default() }, &plan());
        assert_eq!(
            rows[0].cells()[1..],
            ["90", "–", "–", "≥ 10", "–", "× Node, SQLite", "9.00", "≥ 8", "≥ 20", "must"]
        );
        assert_eq!(rows[1].cells()[6..], ["–", "–", "≥ 1", "≥ 2", "–"]);
        assert!(!rows.iter().any(Row::misses_must));
    }

    #[test]
    fn the_median_of_the_rounds_counts() {
        let rooms = [1, 100, 30].map(|acks| (Target::Nodechat, rate(acks, 0.1)));
        let floor = [100, 100, 100].map(|acks| (Target::Floor, rate(acks, 0.1)));
        let rooms = rooms.into_iter().chain(floor).collect();
        let Table { rows, .. } = table(&Results { rooms, ..Results::default() }, &plan());
        assert_eq!(rows[0].cells()[7], "0.30");
        assert!(rows[0].misses_must());
    }
}
