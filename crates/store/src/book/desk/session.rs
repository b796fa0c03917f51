//! One transaction at a desk: lock, load, decide for each command, write what is different.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use nodechat_domain::decide::desk::route;
use nodechat_domain::error::Result;
use nodechat_domain::model::desk::{Command, Desk, DeskAnswer, Happening};
use nodechat_domain::model::{CompanyId, Settings, Time};

use super::{load, sql, write};
use crate::book::{Books, Stop, Tx, aftermath, stats};

pub struct Asked {
    pub command: Command,
    pub now: Time,
}

/// What has become of the commands.
pub struct Done {
    pub answers: Vec<Result<DeskAnswer>>,
    pub happenings: Vec<Happening>,
    pub kept: Kept,
}

/// A desk as it was left, good for as long as its version is the stored one.
pub struct Kept {
    pub desk: Desk,
    settings: Settings,
    version: i64,
    /// What is due next, as it is stored.
    next_due: Option<Time>,
}

pub async fn run(
    books: &Books,
    company: &CompanyId,
    asked: Arc<[Asked]>,
    kept: Option<Kept>,
) -> Result<Done> {
    let company = company.clone();
    // A transaction that runs again finds nothing here, and loads the desk.
    let kept = Arc::new(Mutex::new(kept));
    let work = books.write(move |tx| {
        let (company, asked, kept) = (company.clone(), Arc::clone(&asked), Arc::clone(&kept));
        async move {
            let kept = kept.lock().expect("no holder of this lock can panic").take();
            within(tx, &company, &asked, kept).await
        }
        .boxed()
    });
    work.await
}

async fn within(tx: &Tx<'_>, company: &CompanyId, asked: &[Asked], kept: Option<Kept>) -> Result<Done, Stop> {
    // The lock. Nothing of this desk changes from here on but by this transaction.
    let locked = tx.row(sql::LOCK, &[company.into()]).await?;
    let version = locked.map_or(Ok(1), |row| row.number(0))?;
    // What is due depends on what was said in rooms, which is no change of the desk.
    let looks_at_rooms = asked.iter().any(|asked| matches!(asked.command, Command::Tick));
    let kept = kept.filter(|kept| kept.version + 1 == version && !looks_at_rooms);
    let now = asked.first().map_or(0, |asked| asked.now);
    let (mut desk, settings, stored_due) = match kept {
        Some(kept) => (kept.desk, kept.settings, Some(kept.next_due)),
        None => {
            let (desk, settings) = load::desk(tx, company).await?;
            (desk, settings, None)
        }
    };
    for asked in asked {
        load::wanted(tx, &mut desk, asked.command.wants()).await?;
    }
    let waited = stats::waiting(&desk);
    let (mut answers, mut happenings) = (Vec::with_capacity(asked.len()), Vec::new());
    if desk.is_doubled() {
        // Rooms were put together since; nobody has asked for it, so nobody is answered.
        happenings.extend(route(&mut desk, &Command::Look, now)?.happenings);
    }
    for Asked { command, now } in asked {
        desk.open = settings.open_at(*now);
        let routed = route(&mut desk, command, *now).map(|routed| {
            happenings.extend(routed.happenings);
            routed.answer
        });
        answers.push(routed);
    }
    let next_due = desk.next_due();
    write::touched(tx, &desk).await?;
    write::happenings(tx, company, &happenings).await?;
    // Whatever else is to be true together with what happened.
    aftermath::write(tx, company, &happenings).await?;
    stats::keep_pace(tx, &desk, waited, &happenings).await?;
    if !happenings.is_empty() || stored_due != Some(next_due) {
        write::head(tx, &desk, next_due).await?;
    }
    load::forget_rest(&mut desk);
    Ok(Done { answers, happenings, kept: Kept { desk, settings, version, next_due } })
}
