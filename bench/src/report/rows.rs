//! A line of a table: figures, what is judged, its budget.

use super::{Budget, Verdict};
use crate::scenario::chat::Rate;

/// One line. A figure that was not measured is absent, never zero.
#[derive(Debug)]
pub struct Row {
    pub what: String,
    /// One for each column.
    pub figures: Vec<Option<Figure>>,
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

    /// Judges the figure of one column divided by that of another, which is called `with`.
    pub(super) fn against(
        mut self,
        (ours, theirs): (usize, usize),
        with: &str,
        budget: Option<Budget>,
    ) -> Self {
        if let (Some(ours), Some(theirs)) = (self.value(ours), self.value(theirs)) {
            self.judged = Some((format!("× {with}"), ours / theirs));
        }
        self.budget = budget;
        self
    }

    /// Judges the figure of a column as it is.
    pub(super) fn itself(mut self, column: usize, budget: Budget) -> Self {
        self.judged = self.value(column).map(|value| ("itself".into(), value));
        self.budget = Some(budget);
        self
    }

    /// Shows that the figures are those of the line above.
    pub(super) fn ditto(mut self) -> Self {
        self.what = "the same".into();
        for figure in self.figures.iter_mut().flatten() {
            figure.text = "″".into();
        }
        self
    }

    pub(super) fn judged(mut self, with: &str, value: Option<f64>, budget: Budget) -> Self {
        self.judged = value.map(|value| (with.into(), value));
        self.budget = Some(budget);
        self
    }

    fn value(&self, column: usize) -> Option<f64> {
        self.figures[column].as_ref().map(|figure| figure.value)
    }
}

/// From here on the generator may have been the limit, so that the target could have done more.
const GENERATOR_BUSY: f64 = 0.9;

/// A line with a figure for each of `columns`.
pub(super) fn row<C: Copy>(what: &str, columns: &[C], figure: impl Fn(C) -> Option<Figure>) -> Row {
    let figures = columns.iter().map(|column| figure(*column)).collect();
    Row { what: what.into(), figures, judged: None, budget: None }
}

/// Work per second of the clock, marked where the generator was as busy as one thread can be.
pub(super) fn speed<T: Copy, C: Copy + PartialEq>(
    measured: &[(C, T)],
    column: C,
    rate: impl Fn(&T) -> Rate,
    value: impl Fn(&Rate) -> f64,
) -> Option<Figure> {
    let mut figure = super::figure(measured, column, |it| value(&rate(it))).map(thousands)?;
    if super::figure(measured, column, |it| rate(it).generator_share())? > GENERATOR_BUSY {
        figure.text = format!("≥ {}", figure.text);
    }
    Some(figure)
}

pub(super) fn thousands(value: f64) -> Figure {
    Figure { value, text: grouped(value) }
}

pub(super) fn plain(value: f64) -> Figure {
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

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0.0, 12.0, 999.0, 1000.0, 12_345.6, 1_234_567.0];
        assert_eq!(numbers.map(grouped), ["0", "12", "999", "1,000", "12,346", "1,234,567"]);
    }
}
