//! The one table: a figure for each target, the ratio that a budget is about, the budget, and whether it is reached.

mod budget;
mod page;
mod rows;

pub use budget::{Bound, Budget, Verdict};
pub use page::page;
pub use rows::{Row, rows};

use crate::scenario::chat::Rate;
use crate::scenario::idle::Idle;
use crate::scenario::page::Page;
use crate::scenario::start::Start;
use crate::scenario::{Plan, median};
use crate::target::Target;

/// Everything measured in one run; a target may appear several times, once for each round.
#[derive(Debug, Default)]
pub struct Results {
    pub chat: Vec<(Target, Rate)>,
    pub rooms: Vec<(Target, Rate)>,
    pub idle: Vec<(Target, Idle)>,
    pub page: Vec<(Target, Page)>,
    pub start: Vec<(Target, Start)>,
}

/// What stands around the table.
pub struct Summary<'a> {
    pub machine: String,
    pub rounds: usize,
    pub quick: bool,
    pub plan: &'a Plan,
    pub results: &'a Results,
}

/// The median of a target's rounds; `None` when it was not measured.
pub fn figure<T>(measured: &[(Target, T)], target: Target, value: impl Fn(&T) -> f64) -> Option<f64> {
    let values: Vec<f64> =
        measured.iter().filter(|(of, _)| *of == target).map(|(_, measured)| value(measured)).collect();
    (!values.is_empty()).then(|| median(&values))
}

/// Markdown that also reads well in a terminal.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![heading()];
    lines.extend(rows.iter().map(Row::cells));
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text += &format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "));
        if number == 0 {
            let rules = widths.iter().map(|width| "-".repeat(*width));
            text += &format!("| {} |\n", rules.collect::<Vec<_>>().join(" | "));
        }
    }
    text
}

fn heading() -> Vec<String> {
    let targets = Target::ALL.iter().map(|target| target.title());
    let names = std::iter::once("what").chain(targets).chain(["compared", "ratio", "must", "aim", "reached"]);
    names.map(String::from).collect()
}
