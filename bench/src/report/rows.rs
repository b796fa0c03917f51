//! The lines of the table, each with its budget.

use super::{Budget, Results, Verdict, figure};
use crate::scenario::Plan;
use crate::scenario::chat::Rate;
use crate::target::Target;

/// One line. A figure that was not measured is absent, never zero.
#[derive(Debug)]
pub struct Row {
    pub what: String,
    /// In the order of [`Target::ALL`].
    pub figures: [Option<Figure>; Target::ALL.len()],
    /// What is judged, and what it is compared with, in words.
    pub judged: Option<(String, f64)>,
    pub budget: Option<Budget>,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub value: f64,
    pub text: String,
}

impl Row {
    pub fn misses_must(&self) -> bool {
        self.verdict() == Some(Verdict::Missed)
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let dash = || "–".to_string();
        let mut cells = vec![self.what.clone()];
        cells.extend(
            self.figures.iter().map(|figure| figure.as_ref().map_or_else(dash, |figure| figure.text.clone())),
        );
        cells.push(self.judged.as_ref().map_or_else(dash, |(with, _)| with.clone()));
        cells.push(self.judged.as_ref().map_or_else(dash, |(_, value)| ratio(*value)));
        cells.push(self.budget.map_or_else(dash, |budget| budget.must.to_string()));
        cells.push(self.budget.map_or_else(dash, |budget| budget.aim.to_string()));
        cells.push(self.verdict().map_or_else(dash, |verdict| verdict.to_string()));
        cells
    }

    fn verdict(&self) -> Option<Verdict> {
        Some(self.budget?.judge(self.judged.as_ref()?.1))
    }

    /// Judges Nodechat's figure divided by another target's.
    fn against(mut self, other: Target, budget: Option<Budget>) -> Self {
        let value = |target: Target| self.figures[target as usize].as_ref().map(|figure| figure.value);
        if let (Some(ours), Some(theirs)) = (value(Target::Nodechat), value(other)) {
            self.judged = Some((format!("× {}", other.title()), ours / theirs));
        }
        self.budget = budget;
        self
    }

    /// Judges Nodechat's figure as it is.
    fn itself(mut self, budget: Budget) -> Self {
        self.judged =
            self.figures[Target::Nodechat as usize].as_ref().map(|figure| ("itself".into(), figure.value));
        self.budget = Some(budget);
        self
    }

    /// Shows that the figures are those of the line above.
    fn ditto(mut self) -> Self {
        self.what = "the same".into();
        for figure in self.figures.iter_mut().flatten() {
            figure.text = "″".into();
        }
        self
    }

    fn judged(mut self, with: &str, value: Option<f64>, budget: Budget) -> Self {
        self.judged = value.map(|value| (with.into(), value));
        self.budget = Some(budget);
        self
    }
}

/// The table of a run; scenarios that were not asked for leave no line.
pub fn rows(results: &Results, plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    if !results.chat.is_empty() {
        let what = format!("1:1 chat, {} pairs: acks/s", plan.pairs);
        let line = || row(&what, |target| speed(&results.chat, target, Rate::acks_per_second));
        rows.push(line().against(Target::NodeSqlite, Some(Budget::at_least(8.0, 20.0))));
        rows.push(line().against(Target::NodeMemory, Some(Budget::at_least(1.0, 2.0))).ditto());
        rows.push(line().against(Target::NodeSqliteGrouped, None).ditto());
        let each = |target| figure(&results.chat, target, Rate::acks_per_cpu_second).map(thousands);
        rows.push(row("1:1 chat: acks per CPU-second", each).against(Target::Floor, None));
    }
    if !results.rooms.is_empty() {
        let what = format!("{} rooms of 100: events per CPU-second", plan.rooms);
        let each = |target| figure(&results.rooms, target, Rate::events_per_cpu_second).map(thousands);
        rows.push(row(&what, each).against(Target::Floor, Some(Budget::at_least(0.6, 0.85))));
        let each = |target| speed(&results.rooms, target, Rate::events_per_second);
        rows.push(row("rooms of 100: events/s", each).against(Target::NodeMemory, None));
    }
    if !results.idle.is_empty() {
        let what = format!("idle, {} connections: KB each", grouped(plan.idle_connections as f64));
        let each = |target| figure(&results.idle, target, |idle| idle.connected_bytes / 1024.0).map(plain);
        rows.push(row(&what, each).itself(Budget::at_most(4.0, 2.5)));
        let each = |target| figure(&results.idle, target, |idle| idle.joined_bytes / 1024.0).map(plain);
        rows.push(row("idle, each in its own room: KB each", each).against(Target::NodeMemory, None));
    }
    if !results.page.is_empty() {
        let long = format!("{} messages", grouped(plan.history as f64));
        let of =
            |value: fn(&crate::scenario::page::Page) -> f64| figure(&results.page, Target::Nodechat, value);
        let budget = Budget::at_most(1.5, 1.1);
        let line = |what: &str, short, long_room: Option<f64>| {
            row(what, |target| long_room.filter(|_| target == Target::Nodechat).map(plain)).judged(
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
        rows.push(row("start to first ack: ms", each).itself(Budget::at_most(300.0, 100.0)));
        let each = |target| figure(&results.start, target, |start| start.memory_bytes / MEGABYTE).map(plain);
        rows.push(row("empty server: MB of memory", each).itself(Budget::at_most(30.0, 15.0)));
        let each =
            |target| figure(&results.start, target, |start| start.program_bytes as f64 / MEGABYTE).map(plain);
        rows.push(row("program: MB on disk", each).itself(Budget::at_most(40.0, 20.0)));
    }
    rows
}

const MEGABYTE: f64 = 1024.0 * 1024.0;
/// From here on the generator may have been the limit, so that the target could have done more.
const GENERATOR_BUSY: f64 = 0.9;

fn row(what: &str, figure: impl Fn(Target) -> Option<Figure>) -> Row {
    Row { what: what.into(), figures: Target::ALL.map(figure), judged: None, budget: None }
}

/// Work per second of the clock, marked where the generator was as busy as one thread can be.
fn speed(measured: &[(Target, Rate)], target: Target, value: impl Fn(&Rate) -> f64) -> Option<Figure> {
    let mut figure = figure(measured, target, value).map(thousands)?;
    if super::figure(measured, target, Rate::generator_share)? > GENERATOR_BUSY {
        figure.text = format!("≥ {}", figure.text);
    }
    Some(figure)
}

fn thousands(value: f64) -> Figure {
    Figure { value, text: grouped(value) }
}

fn plain(value: f64) -> Figure {
    let text = if value < 100.0 { format!("{value:.1}") } else { grouped(value) };
    Figure { value, text }
}

fn ratio(value: f64) -> String {
    if value < 100.0 { format!("{value:.2}") } else { grouped(value) }
}

/// A whole number with its thousands apart.
pub(super) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let first = digits.len() % 3;
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first % 3 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(acks: u64, generator_cpu_seconds: f64) -> Rate {
        Rate { acks, events: 2 * acks, seconds: 1.0, server_cpu_seconds: 0.5, generator_cpu_seconds }
    }

    fn plan() -> Plan {
        crate::scenario::tests::plan()
    }

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0.0, 12.0, 999.0, 1000.0, 12_345.6, 1_234_567.0];
        assert_eq!(numbers.map(grouped), ["0", "12", "999", "1,000", "12,346", "1,234,567"]);
    }

    #[test]
    fn a_ratio_is_judged_and_a_missing_figure_is_a_dash() {
        let chat = vec![(Target::Nodechat, rate(90, 0.1)), (Target::NodeSqlite, rate(10, 0.95))];
        let rows = rows(&Results { chat, ..Results::default() }, &plan());
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
        let rows = rows(&Results { rooms, ..Results::default() }, &plan());
        assert_eq!(rows[0].cells()[7], "0.30");
        assert!(rows[0].misses_must());
    }
}
