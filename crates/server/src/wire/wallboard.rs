//! How a desk stands, as a wallboard hears it and `/api/v1/stats/now` answers it.

use std::collections::{BTreeMap, HashMap};

use nodechat_domain::model::desk::{Consultation, Desk};
use nodechat_domain::model::{AccountId, CompanyId, GroupId};
use serde::Serialize;
use utoipa::ToSchema;

use super::status_letter;

/// Event `wallboard`.
#[derive(Debug, Serialize)]
pub struct WallboardEvent<'a> {
    companyid: &'a str,
    #[serde(flatten)]
    now: &'a Now,
}

impl<'a> WallboardEvent<'a> {
    pub fn new(company: &'a CompanyId, now: &'a Now) -> Self {
        Self { companyid: company.as_str(), now }
    }
}

/// How the desk stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Now {
    /// Visitors who wait for an agent.
    waiting: i64,
    /// Since when the one does who waits longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<i64>,
    /// Messages that were left and wait for an owner.
    messages_left: i64,
    /// Consultations that an agent has.
    serving: i64,
    /// Agents who are there, busy ones included.
    agents: i64,
    /// Consultations that could be given out right now.
    free_seats: i64,
    /// Each of those agents.
    staff: Vec<AtWork>,
    /// Each group; without an id, those who asked for none.
    groups: Vec<GroupNow>,
}

/// An agent who is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AtWork {
    csid: String,
    nick: String,
    /// `O` or `B`.
    status: &'static str,
    /// Consultations that it has, those that are offered to it included.
    serving: u32,
    /// How many it may have at once.
    cap: u32,
    /// How many wait, as its page has said last with `setWaitCount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_count: Option<u32>,
}

/// How a group stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroupNow {
    /// Absent: those who asked for no group, and all agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    groupid: Option<String>,
    /// Visitors who wait for it.
    waiting: i64,
    /// Since when the one does who waits longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<i64>,
    /// Consultations for it that an agent has.
    serving: i64,
    /// What its agents who are there have, and could be given; whoever is of two groups counts in both.
    seats: i64,
    /// Consultations that they could be given right now.
    free_seats: i64,
}

impl Now {
    /// Reads each consultation and each agent once: it is made for every change while somebody watches.
    pub fn of(desk: &Desk) -> Self {
        let mut all = GroupNow::default();
        let mut groups: BTreeMap<Option<GroupId>, GroupNow> =
            desk.groups.keys().map(|group| (Some(*group), GroupNow::default())).collect();
        let mut loads: HashMap<&AccountId, u32> = HashMap::new();
        for open in desk.consultations.values() {
            all.count(open);
            groups.entry(open.group).or_default().count(open);
            for seat in open.seats() {
                *loads.entry(seat).or_default() += 1;
            }
        }
        let mut staff = Vec::new();
        for agent in desk.agents.values().filter(|agent| agent.is_here()) {
            let serving = loads.get(&agent.aid).copied().unwrap_or_default();
            let free = if agent.takes_new() { agent.cap.saturating_sub(serving) } else { 0 };
            all.seat(serving, free);
            for group in agent.groups.iter().copied().map(Some).chain([None]) {
                if let Some(now) = groups.get_mut(&group) {
                    now.seat(serving, free);
                }
            }
            staff.push(AtWork {
                csid: agent.aid.to_string(),
                nick: agent.nick.to_string(),
                status: status_letter(agent.status),
                serving,
                cap: agent.cap,
                wait_count: agent.wait_count,
            });
        }
        let none = groups.remove(&None).map(|now| (None, now));
        let named = |(group, now): (Option<GroupId>, GroupNow)| GroupNow {
            groupid: group.map(|group| group.to_string()),
            ..now
        };
        Self {
            waiting: all.waiting,
            waiting_since: all.waiting_since,
            messages_left: desk.consultations.values().filter(|open| open.is_left()).count() as i64,
            serving: all.serving,
            agents: staff.len() as i64,
            free_seats: all.free_seats,
            staff,
            groups: groups.into_iter().chain(none).map(named).collect(),
        }
    }
}

impl GroupNow {
    fn count(&mut self, open: &Consultation) {
        if let Some(waiting) = open.waiting().filter(|_| !open.is_left()) {
            self.waiting += 1;
            self.waiting_since = self.waiting_since.into_iter().chain([waiting.since]).min();
        } else if open.serving().is_some() {
            self.serving += 1;
        }
    }

    fn seat(&mut self, taken: u32, free: u32) {
        self.seats += i64::from(taken + free);
        self.free_seats += i64::from(free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wallboard_hears_how_the_desk_stands() {
        let company = CompanyId::parse("c1").unwrap();
        let none = GroupNow {
            groupid: None,
            waiting: 2,
            waiting_since: Some(7),
            serving: 5,
            seats: 9,
            free_seats: 4,
        };
        let staff = AtWork {
            csid: "a1".into(),
            nick: "Ann".into(),
            status: "O",
            serving: 5,
            cap: 9,
            wait_count: None,
        };
        let now = Now {
            waiting: 2,
            waiting_since: Some(7),
            messages_left: 1,
            serving: 5,
            agents: 1,
            free_seats: 4,
            staff: vec![staff],
            groups: vec![none],
        };
        assert_eq!(
            serde_json::to_string(&WallboardEvent::new(&company, &now)).unwrap(),
            concat!(
                r#"{"companyid":"c1","waiting":2,"waiting_since":7,"messages_left":1,"serving":5,"agents":1,"free_seats":4,"#,
                r#""staff":[{"csid":"a1","nick":"Ann","status":"O","serving":5,"cap":9}],"#,
                r#""groups":[{"waiting":2,"waiting_since":7,"serving":5,"seats":9,"free_seats":4}]}"#
            )
        );
    }
}
