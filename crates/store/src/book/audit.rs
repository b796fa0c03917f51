//! Lines of the audit, written in the transaction of the act itself.

use nodechat_domain::model::{Actor, AuditLine};

use super::{Stop, Tx};
use crate::value::Value;

pub(crate) async fn note(tx: &Tx<'_>, line: &AuditLine) -> Result<(), Stop> {
    let kind = match line.actor {
        Actor::Agent(_) => 0,
        Actor::Key(_) => 1,
        Actor::Platform(_) => 2,
        Actor::Operator => 3,
    };
    let address = line.address.map_or(Value::Null, |address| address.to_string().into());
    let row = [
        line.company.as_str().into(),
        line.time.into(),
        Value::Number(kind),
        line.actor.name().into(),
        line.act.into(),
        (*line.subject).into(),
        (*line.note).into(),
        address,
    ];
    tx.change(ADD, &row).await?;
    Ok(())
}

const ADD: &str = "insert into audit (company, time, actor_kind, actor, act, subject, note, address)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
