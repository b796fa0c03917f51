//! How a desk stands, as a wallboard hears it and `/api/v1/stats/now` answers it.

use nodechat_domain::decide::stats::standing;
use nodechat_domain::model::desk::{Consultation, Desk, DeskAgent};
use nodechat_domain::model::{CompanyId, DeskStanding, GroupId};
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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
    pub fn of(desk: &Desk) -> Self {
        let DeskStanding { waiting, waiting_since, left_behind, serving, agents, free_seats } =
            standing(desk);
        let staff = here(desk).map(|agent| AtWork {
            csid: agent.aid.to_string(),
            nick: agent.nick.to_string(),
            status: status_letter(agent.status),
            serving: desk.load(&agent.aid),
            cap: agent.cap,
            wait_count: agent.wait_count,
        });
        let asked_for_none = desk.consultations.values().any(|open| open.group.is_none());
        let groups = desk.groups.keys().copied().map(Some).chain(asked_for_none.then_some(None));
        Self {
            waiting,
            waiting_since,
            messages_left: left_behind,
            serving,
            agents,
            free_seats,
            staff: staff.collect(),
            groups: groups.map(|group| GroupNow::of(desk, group)).collect(),
        }
    }
}

impl GroupNow {
    fn of(desk: &Desk, group: Option<GroupId>) -> Self {
        let open = || desk.consultations.values().filter(|open| open.group == group);
        let waiting = || open().filter(|open| open.left.is_none()).filter_map(Consultation::waiting);
        let agents = || here(desk).filter(|agent| group.is_none_or(|group| agent.groups.contains(&group)));
        let taken: i64 = agents().map(|agent| i64::from(desk.load(&agent.aid))).sum();
        let free = |agent: &DeskAgent| i64::from(agent.cap.saturating_sub(desk.load(&agent.aid)));
        let free_seats = agents().filter(|agent| agent.takes_new()).map(free).sum();
        Self {
            groupid: group.map(|group| group.to_string()),
            waiting: waiting().count() as i64,
            waiting_since: waiting().map(|waiting| waiting.since).min(),
            serving: open().filter(|open| open.serving().is_some()).count() as i64,
            seats: taken + free_seats,
            free_seats,
        }
    }
}

fn here(desk: &Desk) -> impl Iterator<Item = &DeskAgent> {
    desk.agents.values().filter(|agent| agent.is_here())
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
