//! Answers that are kept for those who ask the same again.

use futures_util::FutureExt as _;
use nodechat_domain::model::Time;
use nodechat_domain::port::{Answer, Claim, KeptAnswer, KeptAnswers, Repetition};

use super::{Books, Row, Stop, Tx};
use crate::stored;
use crate::value::Value;

impl KeptAnswers for Books {
    fn claim(&self, claim: Claim) -> Answer<'_, Repetition> {
        self.write(move |tx| {
            let claim = claim.clone();
            async move { settle(tx, &claim).await }.boxed()
        })
    }

    fn keep(&self, asker: &str, name: &str, answer: KeptAnswer) -> Answer<'_, ()> {
        let row: [Value; 5] = [
            asker.into(),
            name.into(),
            i64::from(answer.status).into(),
            answer.media_type.into(),
            Value::Bytes(answer.body),
        ];
        self.write(move |tx| {
            let row = row.clone();
            async move {
                tx.change(KEEP, &row).await?;
                Ok(())
            }
            .boxed()
        })
    }

    fn release(&self, asker: &str, name: &str) -> Answer<'_, ()> {
        let asked: [Value; 2] = [asker.into(), name.into()];
        self.write(move |tx| {
            let asked = asked.clone();
            async move {
                tx.change(RELEASE, &asked).await?;
                Ok(())
            }
            .boxed()
        })
    }

    fn forget(&self, expired: Time) -> Answer<'_, u64> {
        self.write(move |tx| async move { tx.change(FORGET, &[expired.into()]).await }.boxed())
    }
}

async fn settle(tx: &Tx<'_>, claim: &Claim) -> Result<Repetition, Stop> {
    let row = [
        (*claim.asker).into(),
        (*claim.name).into(),
        claim.asked.into(),
        claim.now.into(),
        claim.stale.into(),
        claim.expired.into(),
    ];
    if tx.change(CLAIM, &row).await? > 0 {
        return Ok(Repetition::First);
    }
    let known = tx.row(KNOWN, &row[..2]).await?;
    let Some(known) = known else {
        return Err(stored::broken("an answer is neither kept nor free to be kept").into());
    };
    if known.hash(0)? != claim.asked {
        return Ok(Repetition::Another);
    }
    Ok(match known.maybe_number(1)? {
        None => Repetition::Running,
        Some(status) => Repetition::Answered(answer(&known, status)?),
    })
}

fn answer(row: &Row, status: i64) -> Result<KeptAnswer, Stop> {
    let status = u16::try_from(status).map_err(|_| stored::broken("an answer was kept with no status"))?;
    Ok(KeptAnswer { status, media_type: row.text(2)?.into(), body: row.bytes(3)?.into() })
}

// Puts the claim there, or in the place of one that nobody will answer or ask for any more; else changes nothing.
// The primary key.
const CLAIM: &str = "insert into kept_answer (asker, name, asked, begun) values ($1, $2, $3, $4)
    on conflict (asker, name) do update set asked = excluded.asked, begun = excluded.begun,
    status = null, media_type = null, body = null
    where kept_answer.begun < $6
    or (kept_answer.status is null and kept_answer.begun < $5 and kept_answer.asked = excluded.asked)";
const KNOWN: &str = "select asked, status, media_type, body from kept_answer where asker = $1 and name = $2"; // primary key
const KEEP: &str = "update kept_answer set status = $3, media_type = $4, body = $5
    where asker = $1 and name = $2"; // primary key
const RELEASE: &str = "delete from kept_answer where asker = $1 and name = $2 and status is null"; // primary key
const FORGET: &str = "delete from kept_answer where begun < $1"; // kept_answer_begun
