//! A value of a column, the same in both engines.

use std::error::Error;

use nodechat_domain::model::{AccountId, ChatId, CompanyId, GroupId, Hash, MessageId, Name, RoomId};
use rusqlite::types::{FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Type, to_sql_checked};

/// Ordered as both engines order their keys: numbers by size, texts and bytes bytewise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Number(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

impl Value {
    pub fn number(&self) -> i64 {
        match self {
            Value::Number(number) => *number,
            // The descriptions of the tables say which columns are numbers, and the engines check types.
            _ => unreachable!("this column holds numbers"),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            _ => unreachable!("this column holds texts"),
        }
    }

    /// About how much memory it takes.
    pub fn size_bytes(&self) -> usize {
        size_of::<Value>()
            + match self {
                Value::Null | Value::Number(_) => 0,
                Value::Text(text) => text.len(),
                Value::Bytes(bytes) => bytes.len(),
            }
    }

    /// The one form in which both sides are summed: no two values have the same bytes, and none is the
    /// beginning of another.
    pub fn canonical(&self, out: &mut Vec<u8>) {
        let mut long = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        match self {
            Value::Text(text) => long(b't', text.as_bytes()),
            Value::Bytes(bytes) => long(b'b', bytes),
            Value::Null => out.push(b'0'),
            Value::Number(number) => {
                out.push(b'n');
                out.extend_from_slice(&number.to_be_bytes());
            }
        }
    }

    pub fn shown(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Bytes(bytes) => bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

macro_rules! value_from {
    ($($from:ty, $value:ident => $to:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        })*
    };
}

value_from! {
    i64, number => Value::Number(number);
    u32, number => Value::Number(number.into());
    bool, flag => Value::Number(flag.into());
    &str, text => Value::Text(text.into());
    Box<str>, text => Value::Text(text);
    String, text => Value::Text(text.into());
    &[u8], bytes => Value::Bytes(bytes.into());
    Hash, hash => Value::Bytes(hash.0.as_slice().into());
    &CompanyId, id => id.as_str().into();
    &AccountId, id => id.as_str().into();
    &RoomId, id => id.as_str().into();
    &Name, name => name.as_str().into();
    MessageId, id => Value::Bytes(id.0.as_bytes().as_slice().into());
    ChatId, id => Value::Bytes(id.0.as_bytes().as_slice().into());
    GroupId, id => Value::Bytes(id.0.as_bytes().as_slice().into());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Number(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl rusqlite::types::FromSql for Value {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Number(number),
            ValueRef::Text(_) => Value::Text(value.as_str()?.into()),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
            // The tables are strict and have no such column.
            ValueRef::Real(_) => return Err(FromSqlError::InvalidType),
        })
    }
}

impl tokio_postgres::types::ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            // Beside a number in the text of a statement, PostgreSQL takes a parameter for a small one.
            Value::Number(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Value::Number(number) => number.to_sql(ty, out),
            Value::Text(text) => (&**text).to_sql(ty, out),
            // A uuid travels as its sixteen bytes.
            Value::Bytes(bytes) => (&**bytes).to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> tokio_postgres::types::FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Value::Number(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Number(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Number(bool::from_sql(ty, raw)?.into()),
            Type::TEXT => Value::Text(<&str>::from_sql(ty, raw)?.into()),
            _ => Value::Bytes(raw.into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BOOL | Type::TEXT | Type::BYTEA | Type::UUID)
    }
}
