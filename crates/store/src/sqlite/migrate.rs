//! The schema, brought forward from any released version when the database is opened.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::OpenError;
use crate::schema::{Dialect, Step, complete, missing, steps};

/// The steps that SQLite alone makes.
const OWN: &[Step] = &[
    own(1, "ledger", include_str!("../../migrations/sqlite/0001_ledger.sql")),
    own(9, "search", include_str!("../../migrations/sqlite/0009_search.sql")),
    own(11, "parts", include_str!("../../migrations/sqlite/0011_parts.sql")),
];

const fn own(number: i64, name: &'static str, script: &'static str) -> Step {
    Step { number, name, script, dialect: Dialect::Own }
}

/// Tells a database of ours from another one ("NoCh").
const APPLICATION_ID: i32 = 0x4e6f_4368;

/// Brings the schema up to date inside the caller's transaction, so that two processes that start
/// at once do it one after the other.
pub fn run(db: &Transaction<'_>) -> Result<(), OpenError> {
    forward(db, &steps(OWN))
}

/// Whether this is a database of ours with this program's schema; changes nothing.
pub fn check(db: &Connection) -> Result<(), OpenError> {
    let id: i32 = db.query_row("pragma application_id", [], |row| row.get(0))?;
    if id != APPLICATION_ID {
        return Err(OpenError::Foreign);
    }
    Ok(complete(&steps(OWN), &done(db)?)?)
}

fn forward(db: &Connection, steps: &[Step]) -> Result<(), OpenError> {
    claim(db)?;
    let done = done(db)?;
    for step in missing(steps, &done)? {
        db.execute_batch(step.script)?;
        db.execute(
            "insert into migration (number, name, checksum) values ($1, $2, $3)",
            params![step.number, step.name, step.checksum()],
        )?;
    }
    Ok(())
}

/// An empty database becomes ours; one that is somebody else's is left alone.
fn claim(db: &Connection) -> Result<(), OpenError> {
    let id: i32 = db.query_row("pragma application_id", [], |row| row.get(0))?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    let table: Option<String> =
        db.query_row("select name from sqlite_schema limit 1", [], |row| row.get(0)).optional()?;
    if id != 0 || table.is_some() {
        return Err(OpenError::Foreign);
    }
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    db.execute_batch(
        "create table migration (number integer primary key, name text not null, checksum text not null)
         strict",
    )?;
    Ok(())
}

fn done(db: &Connection) -> rusqlite::Result<Vec<(i64, String)>> {
    let mut statement = db.prepare("select number, checksum from migration order by number")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Misfit;

    const FIRST: Step =
        Step { number: 1, name: "one", script: "create table one (a integer)", dialect: Dialect::Own };
    const SECOND: Step = Step {
        number: 2,
        name: "two",
        script: "alter table one add column b integer",
        dialect: Dialect::Own,
    };

    fn database() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn an_older_database_is_brought_forward_once() {
        let db = database();
        forward(&db, &[FIRST]).unwrap();
        db.execute("insert into one (a) values (1)", []).unwrap();
        forward(&db, &[FIRST, SECOND]).unwrap();
        forward(&db, &[FIRST, SECOND]).unwrap();
        let row = db.query_row("select a, b from one", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row.unwrap(), (1, None::<i64>));
    }

    #[test]
    fn a_newer_database_is_refused_by_name() {
        let db = database();
        forward(&db, &[FIRST, SECOND]).unwrap();
        let refused = forward(&db, &[FIRST]).unwrap_err();
        assert!(matches!(refused, OpenError::Misfit(Misfit::Newer { found: 2, known: 1 })));
    }

    #[test]
    fn an_edited_step_is_refused() {
        let db = database();
        forward(&db, &[FIRST]).unwrap();
        let edited = Step { script: "create table one (a text)", ..FIRST };
        assert!(matches!(
            forward(&db, &[edited]).unwrap_err(),
            OpenError::Misfit(Misfit::Changed { number: 1 })
        ));
    }

    #[test]
    fn another_programs_database_is_left_alone() {
        let db = database();
        db.execute_batch("create table theirs (a integer)").unwrap();
        assert!(matches!(forward(&db, &[FIRST]).unwrap_err(), OpenError::Foreign));
    }

    #[test]
    fn no_statement_reads_a_whole_table() {
        let db = schema();
        // All companies are asked for.
        let whole = ["COMPANIES", "SETTINGS_OF_ALL"];
        let all = crate::sql::ALL_OF.iter().chain(crate::book::statements());
        for (name, text) in all.filter(|(name, _)| !whole.contains(name)) {
            for step in plan(&db, text) {
                assert!(!step.starts_with("SCAN") && !step.contains("TEMP B-TREE"), "{name}: {step}");
            }
        }
    }

    #[test]
    fn each_index_is_used_by_the_statement_it_is_for() {
        use crate::sql;
        let db = schema();
        for (text, index) in [
            (sql::KNOWN, "message_id"),
            (sql::HISTORY_OF_KIND, "message_kind"),
            (sql::END_TOKENS, "token_person"),
            (sql::FORGET_TOKENS, "token_expires"),
            (sql::END_TICKETS, "ticket_person"),
            (sql::END_OTHER_TICKETS, "ticket_person"),
            (sql::FORGET_TICKETS, "ticket_expires"),
            (sql::ADOPT_VISITOR, "visitor_person"),
        ] {
            let plan = plan(&db, text);
            assert!(plan.iter().any(|step| step.contains(index)), "{text}: {plan:?}");
        }
    }

    fn schema() -> Connection {
        let db = database();
        forward(&db, &steps(OWN)).unwrap();
        db
    }

    fn plan(db: &Connection, text: &str) -> Vec<String> {
        let mut plan = db.prepare(&format!("explain query plan {text}")).unwrap();
        for parameter in 1..=plan.parameter_count() {
            plan.raw_bind_parameter(parameter, 1).unwrap();
        }
        let mut rows = plan.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
        steps
    }
}
