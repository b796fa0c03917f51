//! A transaction of either engine, as the ports of this folder see it.

use nodechat_domain::error::Error;
use nodechat_domain::model::{AccountId, CompanyId, Hash, Name, RoomId, Time};
use send_wrapper::SendWrapper;

use crate::postgres::connect::Db;
use crate::stored;
use crate::value::Value;

/// A transaction under way; it is committed by whoever began it.
///
/// SQLite's answers at once, on the one thread that has the connection: a future over it is asked once, and is ready.
/// Hence nothing else may be awaited in a transaction but its own answers.
pub enum Tx<'a> {
    Sqlite(SendWrapper<&'a rusqlite::Connection>),
    Postgres(&'a Db),
}

/// Why a piece of work ends without success.
#[derive(Debug)]
pub enum Stop {
    /// It was decided so; the database is fine.
    Refused(Error),
    Sqlite(rusqlite::Error),
    Postgres(tokio_postgres::Error),
}

/// A row as the statement asked for it, its columns counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Box<[Value]>);

impl Tx<'_> {
    /// All rows that the statement answers.
    pub async fn rows(&self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, Stop> {
        match self {
            Tx::Sqlite(db) => sqlite::rows(db, sql, params),
            Tx::Postgres(db) => postgres::rows(db, sql, params).await,
        }
    }

    /// The first of them.
    pub async fn row(&self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, Stop> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// The statement that this engine understands, where no one statement suits both.
    pub fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Tx::Sqlite(_) => sqlite,
            Tx::Postgres(_) => postgres,
        }
    }

    /// Changes rows; how many. A statement that returns something is asked by the two above.
    pub async fn change(&self, sql: &'static str, params: &[Value]) -> Result<u64, Stop> {
        match self {
            Tx::Sqlite(db) => sqlite::change(db, sql, params),
            Tx::Postgres(db) => postgres::change(db, sql, params).await,
        }
    }
}

#[allow(dead_code, reason = "every kind of value that a port may ask for")]
impl Row {
    pub fn number(&self, column: usize) -> Result<i64, Stop> {
        self.maybe_number(column)?.ok_or_else(|| misfit("a number"))
    }

    pub fn text(&self, column: usize) -> Result<&str, Stop> {
        self.maybe_text(column)?.ok_or_else(|| misfit("a text"))
    }

    pub fn bytes(&self, column: usize) -> Result<&[u8], Stop> {
        self.maybe_bytes(column)?.ok_or_else(|| misfit("bytes"))
    }

    pub fn maybe_number(&self, column: usize) -> Result<Option<i64>, Stop> {
        match self.value(column)? {
            Value::Number(number) => Ok(Some(*number)),
            Value::Null => Ok(None),
            _ => Err(misfit("a number")),
        }
    }

    pub fn maybe_text(&self, column: usize) -> Result<Option<&str>, Stop> {
        match self.value(column)? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(misfit("a text")),
        }
    }

    pub fn maybe_bytes(&self, column: usize) -> Result<Option<&[u8]>, Stop> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Null => Ok(None),
            _ => Err(misfit("bytes")),
        }
    }

    /// 0 or 1.
    pub fn flag(&self, column: usize) -> Result<bool, Stop> {
        Ok(self.number(column)? != 0)
    }

    /// A number that is never below 0 and always small.
    pub fn count(&self, column: usize) -> Result<u32, Stop> {
        u32::try_from(self.number(column)?).map_err(|_| misfit("a small number"))
    }

    pub fn time(&self, column: usize) -> Result<Time, Stop> {
        self.number(column)
    }

    pub fn company(&self, column: usize) -> Result<CompanyId, Stop> {
        Ok(CompanyId::parse(self.text(column)?).map_err(stored::unreadable)?)
    }

    pub fn aid(&self, column: usize) -> Result<AccountId, Stop> {
        Ok(stored::aid(self.text(column)?)?)
    }

    pub fn room(&self, column: usize) -> Result<RoomId, Stop> {
        Ok(RoomId::parse(self.text(column)?).map_err(stored::unreadable)?)
    }

    pub fn name(&self, column: usize) -> Result<Name, Stop> {
        Ok(stored::name(self.text(column)?)?)
    }

    pub fn uuid(&self, column: usize) -> Result<uuid::Uuid, Stop> {
        uuid::Uuid::from_slice(self.bytes(column)?).map_err(|_| misfit("a uuid"))
    }

    pub fn hash(&self, column: usize) -> Result<Hash, Stop> {
        self.bytes(column)?.try_into().map(Hash).map_err(|_| misfit("a hash"))
    }

    fn value(&self, column: usize) -> Result<&Value, Stop> {
        self.0.get(column).ok_or_else(|| misfit("a column that was asked for"))
    }
}

/// A statement and whoever reads its rows do not fit together.
fn misfit(expected: &'static str) -> Stop {
    Stop::Refused(Error::internal(format!("a row of the database does not hold {expected} where it should")))
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Refused(error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Stop::Sqlite(error)
    }
}

impl From<tokio_postgres::Error> for Stop {
    fn from(error: tokio_postgres::Error) -> Self {
        Stop::Postgres(error)
    }
}

mod sqlite {
    use rusqlite::{Connection, Statement};

    use super::{Row, Stop, Value};

    pub fn rows(db: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>, Stop> {
        let mut statement = db.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let columns = statement.column_count();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            found.push(Row((0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?));
        }
        Ok(found)
    }

    pub fn change(db: &Connection, sql: &str, params: &[Value]) -> Result<u64, Stop> {
        let mut statement = db.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        Ok(statement.raw_execute()? as u64)
    }

    /// By the number in the name, which SQLite takes for any name.
    fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), Stop> {
        let mut used = 0;
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
            let number = name.and_then(|name| name.parse::<usize>().ok());
            let value = number.and_then(|number| params.get(number.checked_sub(1)?));
            let value = value.ok_or(rusqlite::Error::InvalidParameterCount(index, params.len()))?;
            statement.raw_bind_parameter(index, value)?;
            used += 1;
        }
        if used != params.len() {
            return Err(rusqlite::Error::InvalidParameterCount(params.len(), used).into());
        }
        Ok(())
    }
}

mod postgres {
    use nodechat_domain::error::Error;
    use tokio_postgres::Statement;
    use tokio_postgres::types::ToSql;

    use super::{Row, Stop, Value};
    use crate::postgres::connect::Db;

    pub async fn rows(db: &Db, sql: &str, params: &[Value]) -> Result<Vec<Row>, Stop> {
        let statement = db.prepare_cached(sql).await?;
        let columns = statement.columns().len();
        let rows = db.query(&statement, &asked(&statement, params)?).await?;
        let row = |row: &tokio_postgres::Row| {
            Ok(Row((0..columns).map(|column| row.try_get(column)).collect::<Result<_, _>>()?))
        };
        rows.iter().map(row).collect()
    }

    pub async fn change(db: &Db, sql: &str, params: &[Value]) -> Result<u64, Stop> {
        let statement = db.prepare_cached(sql).await?;
        Ok(db.execute(&statement, &asked(&statement, params)?).await?)
    }

    fn asked<'p>(statement: &Statement, params: &'p [Value]) -> Result<Vec<&'p (dyn ToSql + Sync)>, Stop> {
        let wanted = statement.params().len();
        if wanted != params.len() {
            let what = format!("a statement wants {wanted} parameters and was given {}", params.len());
            return Err(Error::internal(what).into());
        }
        Ok(params.iter().map(|value| value as _).collect())
    }
}
