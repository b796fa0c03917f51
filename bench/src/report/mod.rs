//! The tables: a figure for each column, the ratio that a budget is about, the budget, and whether it is reached.

mod budget;
mod forms;
mod page;
mod rows;
mod targets;

pub use budget::{Bound, Budget, Verdict};
pub use page::page;
pub use rows::Row;

use crate::form::Form;
use crate::scenario::chat::Rate;
use crate::scenario::commits::Commits;
use crate::scenario::idle::Idle;
use crate::scenario::nodes::{self, Talk};
use crate::scenario::page::Page;
use crate::scenario::queue::Queue;
use crate::scenario::start::Start;
use crate::scenario::{Plan, median};
use crate::target::Target;

/// Everything measured in one run; a target or form may appear several times, once for each round.
#[derive(Debug, Default)]
pub struct Results {
    pub chat: Vec<(Target, Rate)>,
    pub rooms: Vec<(Target, Rate)>,
    pub idle: Vec<(Target, Idle)>,
    pub page: Vec<(Target, Page)>,
    pub start: Vec<(Target, Start)>,
    pub talk: Vec<(Form, Talk)>,
    pub queue: Vec<(Form, Queue)>,
    pub idle_nodes: Vec<(Form, nodes::Idle)>,
    pub commits: Vec<(Form, Commits)>,
}

/// Lines under the same columns.
#[derive(Debug)]
pub struct Table {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Row>,
}

/// What stands around the table.
pub struct Summary<'a> {
    pub machine: String,
    pub rounds: usize,
    pub quick: bool,
    pub plan: &'a Plan,
    pub results: &'a Results,
}

/// The median of a column's rounds; `None` when it was not measured.
pub fn figure<C: PartialEq, T>(measured: &[(C, T)], column: C, value: impl Fn(&T) -> f64) -> Option<f64> {
    let values: Vec<f64> =
        measured.iter().filter(|(of, _)| *of == column).map(|(_, measured)| value(measured)).collect();
    (!values.is_empty()).then(|| median(&values))
}

/// What was measured, in as many tables as it takes.
pub fn tables(results: &Results, plan: &Plan) -> Vec<Table> {
    [targets::table(results, plan), forms::table(results, plan)]
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect()
}

/// Markdown that also reads well in a terminal.
pub fn text(tables: &[Table]) -> String {
    tables.iter().map(Table::text).collect::<Vec<_>>().join("\n")
}

impl Table {
    fn text(&self) -> String {
        let mut lines = vec![self.heading()];
        lines.extend(self.rows.iter().map(Row::cells));
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

    fn heading(&self) -> Vec<String> {
        let columns = self.columns.iter().copied();
        let names =
            ["what"].into_iter().chain(columns).chain(["compared", "ratio", "must", "aim", "reached"]);
        names.map(String::from).collect()
    }
}
