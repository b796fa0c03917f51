//! Whether a long history slows anybody: joining a room and reading one page back, in a short and in a long room.

use super::{Plan, median};
use crate::client::Swarm;
use crate::client::packet::{Needle, number_field, text_field};
use crate::error::{Error, Result};
use crate::history;
use crate::target::Target;
use std::time::Instant;

const SHORT_ROOM: u64 = 100;
const PAGE: u64 = 10;

/// One room's medians, in microseconds, as a client sees them.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub join_us: f64,
    pub page_us: f64,
}

#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub short: Times,
    pub long: Times,
}

/// Two rooms are made by the server and filled while it stands still. It starts anew with caches as cold for one room
/// as for the other, and is asked about them in turns, so that both see the same weather.
pub fn page(plan: &Plan, target: Target) -> Result<Page> {
    let server = plan.fresh(target)?;
    let mut visitors = target.visitors(server.address, 2)?;
    let mut swarm = Swarm::new()?;
    swarm.connect(visitors.clone())?;
    let joins: Vec<_> = (0..2).map(|visitor| (visitor, "join", target.visitor_join(visitor))).collect();
    let rooms = swarm.ask_all(&joins)?.iter().map(|answer| roomid(answer)).collect::<Result<Vec<_>>>()?;
    drop(swarm);
    server.stop()?;
    let counts = [SHORT_ROOM, plan.history];
    history::fill(&plan.database(target), &[(rooms[0].clone(), counts[0]), (rooms[1].clone(), counts[1])])?;

    let server = plan.again(target)?;
    visitors.iter_mut().for_each(|visitor| visitor.server = server.address);
    let mut swarm = Swarm::new()?;
    swarm.connect(visitors)?;
    let mut samples = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for _ in 0..plan.page_samples {
        for (visitor, (joins, pages)) in samples.iter_mut().enumerate() {
            let (join_us, page_us) = look(&mut swarm, visitor, &rooms[visitor], counts[visitor])?;
            joins.push(join_us);
            pages.push(page_us);
        }
    }
    let [short, long] =
        samples.map(|(joins, pages)| Times { join_us: median(&joins), page_us: median(&pages) });
    Ok(Page { short, long })
}

/// Joins, reads the page before the newest, and checks that both brought what lies there.
fn look(swarm: &mut Swarm, visitor: usize, room: &str, count: u64) -> Result<(f64, f64)> {
    let join = [(visitor, "join", format!("{{\"roomid\":\"{room}\"}}"))];
    let began = Instant::now();
    let answer = swarm.ask_all(&join)?;
    let join_us = began.elapsed().as_secs_f64() * 1e6;
    expect_page(&answer[0], count - PAGE)?;
    let msg_pos = number_field(&answer[0], &Needle::new("msg_pos"));
    if msg_pos != Some(count - PAGE) {
        return Err(Error::Protocol(format!(
            "a room of {count} messages has its newest page at {msg_pos:?}"
        )));
    }

    let start = count - 2 * PAGE;
    let view = format!("{{\"type\":\"viewchat\",\"roomid\":\"{room}\",\"start\":{start}}}");
    let began = Instant::now();
    let answer = swarm.ask_all(&[(visitor, "user", view)])?;
    let page_us = began.elapsed().as_secs_f64() * 1e6;
    expect_page(&answer[0], start)?;
    Ok((join_us, page_us))
}

/// The positions `start … start + 9`, each once and in order.
fn expect_page(answer: &[u8], start: u64) -> Result<()> {
    let pos = Needle::new("pos");
    let found: Vec<u64> = pos.places(answer).filter_map(|at| number_field(&answer[at..], &pos)).collect();
    if found.iter().copied().eq(start..start + PAGE) {
        return Ok(());
    }
    Err(Error::Protocol(format!("a page from {start} on has the positions {found:?}")))
}

fn roomid(answer: &[u8]) -> Result<String> {
    text_field(answer, &Needle::new("roomid"))
        .map(|id| String::from_utf8_lossy(id).into_owned())
        .ok_or_else(|| Error::Protocol("a join without a roomid".into()))
}
