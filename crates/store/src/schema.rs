//! The steps of a schema: numbered, checksummed, made once, never edited.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::translate::for_postgres;

/// A released step is never edited: databases remember its checksum.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub number: i64,
    pub name: &'static str,
    pub script: &'static str,
    pub dialect: Dialect,
}

/// For whom a script is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// For the one engine in whose list the step is.
    Own,
    /// For both, in SQLite's words.
    Shared,
}

/// The steps that both engines make. What only one engine can has a step of its own in that engine's list.
const SHARED: &[Step] = &[
    shared(2, "books", include_str!("../migrations/0002_books.sql")),
    shared(3, "rest", include_str!("../migrations/0003_rest.sql")),
    shared(4, "ledger", include_str!("../migrations/0004_ledger.sql")),
    shared(5, "routing", include_str!("../migrations/0005_routing.sql")),
    shared(6, "questions", include_str!("../migrations/0006_questions.sql")),
    shared(7, "orders", include_str!("../migrations/0007_orders.sql")),
    shared(10, "lists", include_str!("../migrations/0010_lists.sql")),
    shared(12, "erasing", include_str!("../migrations/0012_erasing.sql")),
    shared(14, "rated_agent", include_str!("../migrations/0014_rated_agent.sql")),
    shared(15, "setup", include_str!("../migrations/0015_setup.sql")),
    shared(16, "identity", include_str!("../migrations/0016_identity.sql")),
    shared(17, "sites", include_str!("../migrations/0017_sites.sql")),
    shared(18, "rated_group", include_str!("../migrations/0018_rated_group.sql")),
    shared(19, "pace", include_str!("../migrations/0019_pace.sql")),
    shared(8, "stats", include_str!("../migrations/0008_stats.sql")),
    shared(13, "service", include_str!("../migrations/0013_service.sql")),
];

const fn shared(number: i64, name: &'static str, script: &'static str) -> Step {
    Step { number, name, script, dialect: Dialect::Shared }
}

/// All steps of an engine that has these for itself, in their order.
pub fn steps(own: &[Step]) -> Vec<Step> {
    let mut steps = [own, SHARED].concat();
    steps.sort_by_key(|step| step.number);
    steps
}

/// Why a database does not fit this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error(
        "the database was written by a newer version (its schema is {found}, this program knows up to \
         {known}); use that version or a later one"
    )]
    Newer { found: i64, known: i64 },
    #[error("schema step {number} of the database is not the one this program has; it was edited after use")]
    Changed { number: i64 },
    #[error(
        "the schema of the database is older than this program; start this version of the server on it once"
    )]
    Older,
}

impl Step {
    /// Of the script as it is written here, whatever an engine makes of it.
    pub fn checksum(&self) -> String {
        Sha256::digest(self.script.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What PostgreSQL is told.
    pub fn postgres_script(&self) -> Cow<'static, str> {
        match self.dialect {
            Dialect::Own => self.script.into(),
            Dialect::Shared => for_postgres(self.script).into(),
        }
    }
}

/// The steps that are still to be made. `done`: numbers and checksums of those that the database has had, in order.
pub fn missing<'a>(steps: &'a [Step], done: &[(i64, String)]) -> Result<Vec<&'a Step>, Misfit> {
    let known = steps.last().map_or(0, |step| step.number);
    if let Some((found, _)) = done.last().filter(|(number, _)| *number > known) {
        return Err(Misfit::Newer { found: *found, known });
    }
    let mut missing = Vec::new();
    for step in steps {
        match done.iter().find(|(number, _)| *number == step.number) {
            Some((_, recorded)) if *recorded == step.checksum() => {}
            Some(_) => return Err(Misfit::Changed { number: step.number }),
            None => missing.push(step),
        }
    }
    Ok(missing)
}

/// Whether no step is still to be made, for whoever may not make one.
pub fn complete(steps: &[Step], done: &[(i64, String)]) -> Result<(), Misfit> {
    if missing(steps, done)?.is_empty() { Ok(()) } else { Err(Misfit::Older) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_given_to_two_steps() {
        let steps = steps(&[]);
        assert!(steps.windows(2).all(|pair| pair[0].number < pair[1].number));
    }
}
