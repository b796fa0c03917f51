//! How a desk stands, as a wallboard hears it.

use nodechat_domain::model::{CompanyId, DeskStanding};
use serde::Serialize;

/// Event `wallboard`.
#[derive(Debug, Serialize)]
pub struct WallboardEvent<'a> {
    companyid: &'a str,
    waiting: i64,
    /// Since when the one does who waits longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<i64>,
    messages_left: i64,
    serving: i64,
    agents: i64,
    free_seats: i64,
}

impl<'a> WallboardEvent<'a> {
    pub fn new(company: &'a CompanyId, standing: &DeskStanding) -> Self {
        let DeskStanding { waiting, waiting_since, left_behind, serving, agents, free_seats } = *standing;
        let companyid = company.as_str();
        Self { companyid, waiting, waiting_since, messages_left: left_behind, serving, agents, free_seats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wallboard_hears_how_the_desk_stands() {
        let company = CompanyId::parse("c1").unwrap();
        let standing = DeskStanding {
            waiting: 2,
            waiting_since: Some(7),
            left_behind: 1,
            serving: 5,
            agents: 3,
            free_seats: 4,
        };
        assert_eq!(
            serde_json::to_string(&WallboardEvent::new(&company, &standing)).unwrap(),
            r#"{"companyid":"c1","waiting":2,"waiting_since":7,"messages_left":1,"serving":5,"agents":3,"free_seats":4}"#
        );
    }
}
