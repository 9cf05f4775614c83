//! What was measured, beside what it should be.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// All rows, in the order in which they were measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

/// What was measured, with its budget if it has one.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    budget: Option<Budget>,
}

/// What a value should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Budget {
    AtLeast(f64),
    AtMost(f64),
}

impl Budget {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl Report {
    /// Notes a value that has a budget, and tells it.
    pub(crate) fn judge(&mut self, what: impl Into<String>, value: f64, unit: &'static str, budget: Budget) {
        self.push(Row { what: what.into(), value, unit, budget: Some(budget) });
    }

    /// Notes a value that explains others, and tells it.
    pub(crate) fn note(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.push(Row { what: what.into(), value, unit, budget: None });
    }

    fn push(&mut self, row: Row) {
        eprintln!("  {}", row.line());
        self.rows.push(row);
    }

    /// The table to print.
    pub(crate) fn table(&self) -> String {
        let mut table = "| what | measured | budget | |\n|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            let _ = writeln!(table, "{}", row.line());
        }
        let missed = self.rows.iter().filter(|row| row.is_missed()).count();
        let judged = self.rows.iter().filter(|row| row.budget.is_some()).count();
        let _ = writeln!(table, "\n{} of {judged} budgets are met.", judged - missed);
        table
    }

    /// Keeps the rows as JSON, to be compared over time.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)?;
        std::fs::write(file, json + "\n").with_context(|| format!("cannot write {}", file.display()))
    }
}

impl Row {
    fn is_missed(&self) -> bool {
        self.budget.is_some_and(|budget| !budget.is_met(self.value))
    }

    fn line(&self) -> String {
        let budget = match self.budget {
            None => String::new(),
            Some(Budget::AtLeast(least)) => format!("≥ {}", number(least)),
            Some(Budget::AtMost(most)) => format!("≤ {}", number(most)),
        };
        let verdict = match self.budget {
            None => "",
            Some(_) if self.is_missed() => "MISSED",
            Some(_) => "met",
        };
        format!("| {} | {} {} | {budget} | {verdict} |", self.what, number(self.value), self.unit)
    }
}

// Three digits that mean something.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The value in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value that a share of all is below.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((values.len() as f64 - 1.0) * share).round().max(0.0) as usize;
    values.get(index).copied().unwrap_or(f64::NAN)
}
