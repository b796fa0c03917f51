//! A long queue in front of one agent: how soon a seat that became free is taken, and everybody behind knows his new place.

use super::{Plan, median};
use crate::client::Swarm;
use crate::client::packet::{Needle, Packet, number_field, text_field};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::service::Services;
use crate::target::Target;
use serde_json::json;
use std::time::Instant;

/// What an agent serves at once when nothing else is set.
const CAP: usize = 10;
/// Seats that become free before the measured ones.
const WARM_UP: usize = 10;

/// Milliseconds from the moment an agent says that a consultation ends.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    pub waiting: usize,
    /// Until the agent was given the next visitor.
    pub given_p50_ms: f64,
    pub given_p99_ms: f64,
    /// Until the last of those who wait had heard the new place.
    pub told_p50_ms: f64,
    pub told_p99_ms: f64,
}

/// A visitor who has asked for an agent.
struct Asked {
    room: String,
    chat: String,
}

/// What visitors and agents hear is found by these.
struct Words {
    roomid: Needle,
    chatid: Needle,
    status: Needle,
    kind: Needle,
    position: Needle,
}

/// The agent serves as many as it may, the others wait; then one consultation after the other ends. Whoever was served
/// asks again, so that the queue stays as long as it is.
pub fn queue(plan: &Plan, form: Form, services: &Services) -> Result<Queue> {
    let house = form.start(&plan.programs, &plan.work, services)?;
    let (nodes, target, words) = (house.addresses(), Target::Nodechat, Words::new());
    let agent = plan.queue + CAP;
    let mut entries = target.visitors(nodes[0], agent)?;
    entries.extend(target.agents(nodes[0], 1)?);
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.server = nodes[index % nodes.len()];
    }
    let mut swarm = Swarm::new()?;
    swarm.connect(entries)?;
    swarm.ask_all(&[(agent, "mgr", json!({"type": "setStatus", "status": "O"}).to_string())])?;
    let joins: Vec<_> = (0..agent).map(|visitor| (visitor, "join", target.visitor_join(visitor))).collect();
    let rooms = swarm.ask_all(&joins)?;
    let mut asked = Vec::with_capacity(agent);
    for (visitor, answer) in rooms.iter().enumerate() {
        // One after the other, so that who waits behind whom is known.
        asked.push(words.asks(&mut swarm, visitor, &words.text(answer, &words.roomid)?)?);
    }
    let mut line: std::collections::VecDeque<usize> = (0..agent).collect();
    let (mut given, mut told) = (Vec::new(), Vec::new());
    for sample in 0..WARM_UP + plan.queue_samples {
        let first = line.pop_front().expect("as many are in line as there are visitors");
        let (given_ms, told_ms) = words.one_ends(&mut swarm, agent, &asked[first], plan.queue)?;
        if sample >= WARM_UP {
            given.push(given_ms);
            told.push(told_ms);
        }
        let room = asked[first].room.clone();
        asked[first] = words.asks(&mut swarm, first, &room)?;
        line.push_back(first);
    }
    Ok(Queue {
        waiting: plan.queue,
        given_p50_ms: median(&given),
        given_p99_ms: ninety_nine(&given),
        told_p50_ms: median(&told),
        told_p99_ms: ninety_nine(&told),
    })
}

impl Words {
    fn new() -> Self {
        Self {
            roomid: Needle::new("roomid"),
            chatid: Needle::new("chatid"),
            status: Needle::new("status"),
            kind: Needle::new("type"),
            position: Needle::new("position"),
        }
    }

    fn asks(&self, swarm: &mut Swarm, visitor: usize, room: &str) -> Result<Asked> {
        let wish = json!({"type": "applycs", "roomid": room}).to_string();
        let answers = swarm.ask_all(&[(visitor, "user", wish)])?;
        let status = self.text(&answers[0], &self.status)?;
        if !["serving", "waiting"].contains(&status.as_str()) {
            return Err(Error::Protocol(format!("who asked for an agent is told `{status}`")));
        }
        Ok(Asked { room: room.into(), chat: self.text(&answers[0], &self.chatid)? })
    }

    /// Ends it and waits until the agent has the next one and all others know their places: `(given, told)` in
    /// milliseconds.
    fn one_ends(&self, swarm: &mut Swarm, agent: usize, ends: &Asked, waiting: usize) -> Result<(f64, f64)> {
        let end = json!({"type": "endChat", "roomid": ends.room, "chatid": ends.chat}).to_string();
        let began = Instant::now();
        swarm.say(|outbox| outbox.ask(agent, 0, "mgr", &end))?;
        // One goes, so the places of all but that one change: from 1 to one less than there were.
        let mut places = vec![false; waiting - 1];
        let (mut left, mut given, mut acked) = (places.len(), None, false);
        while left > 0 || given.is_none() || !acked {
            let before = (left, given);
            swarm.turn(super::PATIENCE, &mut |client, packet, _| {
                match packet {
                    Packet::Ack { body, .. } if client == agent => {
                        acked = true;
                        if !body.starts_with(b"[null,") {
                            return Err(Error::Protocol("a consultation could not be ended".into()));
                        }
                    }
                    Packet::Event { name: b"assign", .. } if client == agent => given = Some(began.elapsed()),
                    Packet::Event { name: b"service", body }
                        if text_field(body, &self.kind) == Some(b"waiting") =>
                    {
                        let place =
                            number_field(body, &self.position).and_then(|place| usize::try_from(place).ok());
                        // The last place is that of who asked again before.
                        match place.and_then(|place| places.get_mut(place.checked_sub(1)?)) {
                            Some(known @ false) => {
                                *known = true;
                                left -= 1;
                            }
                            Some(_) => {
                                return Err(Error::Protocol("a place in the queue was told twice".into()));
                            }
                            None => {}
                        }
                    }
                    _ => {}
                }
                Ok(())
            })?;
            if (left, given) == before && began.elapsed() > super::PATIENCE {
                return Err(Error::Deadline {
                    what: format!("{left} of those who wait to be told their place"),
                    seconds: super::PATIENCE.as_secs(),
                });
            }
        }
        let told = began.elapsed();
        let given = given.expect("waited for above");
        Ok((given.as_secs_f64() * 1e3, told.as_secs_f64() * 1e3))
    }

    fn text(&self, json: &[u8], needle: &Needle) -> Result<String> {
        text_field(json, needle)
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .ok_or_else(|| Error::Protocol("an answer without a field that it must have".into()))
    }
}

/// What 99 of 100 do not exceed.
fn ninety_nine(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * 99).div_ceil(100).saturating_sub(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_are_not_above_it() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(ninety_nine(&hundred), 99.0);
        assert_eq!(ninety_nine(&[7.0]), 7.0);
    }
}
