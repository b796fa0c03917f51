//! `Nodes`: what the nodes that share the database tell each other through it.

use nodechat_domain::port::{Answer, Beat, Ending, Nodes, Other, Round};
use tokio_postgres::Row;

use super::failure::Stop;
use super::{Store, row, sql};

impl Nodes for Store {
    fn beat(&self, beat: Beat) -> Answer<'_, Round> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let lives = db.prepare_cached(sql::BEAT).await?;
            let others = db.prepare_cached(sql::OTHER_NODES).await?;
            let endings = db.prepare_cached(sql::ENDINGS).await?;
            let (node, unpublished) = (&*beat.node, i64::try_from(beat.unpublished).unwrap_or(i64::MAX));
            let (me, state): (row::Params<'_>, row::Params<'_>) = (&[&node], &[&node, &unpublished]);
            let (endings, told, others) = tokio::join!(
                biased;
                db.query(&endings, me),
                db.execute(&lives, state),
                db.query(&others, me),
            );
            told?;
            let round = Round {
                others: others?.iter().map(other).collect::<Result<_, _>>()?,
                endings: endings?.iter().map(ending).collect::<Result<_, _>>()?,
            };
            db.give_back();
            Ok(round)
        })
    }

    fn leave(&self, node: &str) -> Answer<'_, ()> {
        let node: Box<str> = node.into();
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let left = row::change(&db, sql::LEAVE, &[&&*node]).await;
            db.done(left).map(drop)
        })
    }
}

fn other(row: &Row) -> Result<Other, Stop> {
    Ok(Other {
        node: row.try_get::<_, &str>(0)?.into(),
        unpublished: row.try_get::<_, i64>(1)?.unsigned_abs(),
        silent_ms: row.try_get::<_, i64>(2)?.unsigned_abs(),
    })
}

fn ending(row: &Row) -> Result<Ending, Stop> {
    Ok(Ending { number: row.try_get(7)?, person: row::person(row)? })
}
