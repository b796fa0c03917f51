//! `stats`: how a company's desk stands, and its numbers by day, group and agent.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use nodechat_domain::decide::pace::every_step;
use nodechat_domain::model::{AccountId, Day, Figures, GroupId, Pace, Role, StatsRow};
use nodechat_domain::port::StatsQuery;
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::frame::{Caller, Data, Page, Query, Reply};
use crate::http::Api;
use crate::wire::Now;

/// Rows of the store that one answer is made from at most: a year of fifty agents in four groups.
const DAYS_MAX: i64 = 400;
/// How far back the pace is told.
const RECENT_MS: i64 = 2 * 60 * 60 * 1_000;

pub fn endpoints() -> Endpoints {
    OpenApiRouter::new().routes(routes!(now)).routes(routes!(recent)).routes(routes!(range))
}

/// What was counted; sums of milliseconds are to be divided by the counts beside them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Numbers {
    /// `yyyy-MM-dd` in the company's time zone, where it is asked for by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    /// Where it is asked for by group; absent: any agent would have done.
    #[serde(skip_serializing_if = "Option::is_none")]
    groupid: Option<String>,
    /// Where it is asked for by agent; absent: what concerns no agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    csid: Option<String>,
    /// Visitors who asked for an agent.
    asked: i64,
    /// Visitors who asked when nobody was there.
    missed: i64,
    /// Messages that were left.
    messages_left: i64,
    reopened: i64,
    /// Visitors who went before an agent had time for them.
    abandoned: i64,
    /// Consultations given to agents.
    assigned: i64,
    /// How long those had waited, all together.
    waited_ms: i64,
    /// Consultations that an agent has answered.
    answered: i64,
    /// How long the first answers took, all together.
    response_ms: i64,
    /// Lost because they were not answered in time.
    passed: i64,
    /// Given away to another agent.
    transferred: i64,
    /// Got from another agent.
    received: i64,
    /// Consultations that are over.
    ended: i64,
    /// How long those took, all together.
    served_ms: i64,
    /// Messages said while an agent had the consultation.
    messages: i64,
    /// Ratings: `BEST`, `GOOD`, `JUSTSOSO`, `BAD`, `RUBBISH`.
    ratings: [i64; 5],
}

/// Five minutes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    /// When they began, in milliseconds.
    time: i64,
    /// Visitors who asked for an agent in them.
    asked: i64,
    /// Visitors who waited for one at their end; in the last step, now.
    waiting: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Range {
    /// The first day, `yyyy-MM-dd`.
    from: String,
    /// The last day, `yyyy-MM-dd`; at most 400 days.
    to: String,
    /// `day`, `group`, `agent`, or several of them, with commas between; nothing: one sum.
    by: Option<String>,
    /// Account id of an agent.
    csid: Option<String>,
    groupid: Option<String>,
}

/// By what rows are told apart.
#[derive(Default)]
struct By {
    day: bool,
    group: bool,
    agent: bool,
}

/// How the desk stands now
#[utoipa::path(get, path = "/stats/now", tag = "stats", responses((status = 200, body = Data<Now>)))]
pub async fn now(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Data<Now>> {
    caller.may_read("stats", Role::Supervisor)?;
    let desk = api.desk.look(&caller.company).await?;
    Ok(Data::of(Now::of(&desk)))
}

/// The last two hours, in steps of five minutes
#[utoipa::path(get, path = "/stats/recent", tag = "stats", responses((status = 200, body = Page<Step>)))]
pub async fn recent(State(api): State<Arc<Api>>, caller: Caller) -> Reply<Page<Step>> {
    caller.may_read("stats", Role::Supervisor)?;
    let now = api.clock.now();
    let from = now - RECENT_MS;
    let known = api.stats.paces(&caller.company, from).await?;
    Ok(Page::whole(every_step(&known, from, now)))
}

/// Numbers of a range of days, by day, group and agent
#[utoipa::path(get, path = "/stats", tag = "stats", params(Range), responses((status = 200, body = Page<Numbers>)))]
pub async fn range(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(range): Query<Range>,
) -> Reply<Page<Numbers>> {
    caller.may_read("stats", Role::Supervisor)?;
    let by = By::parse(range.by.as_deref().unwrap_or_default())?;
    let (from, to) = (date("from", &range.from)?, date("to", &range.to)?);
    let days = (to - from).get_days();
    if !(0..DAYS_MAX).contains(&i64::from(days)) {
        return Err(Error::invalid("to", "at most 400 days, the last not before the first").into());
    }
    let query = StatsQuery {
        company: caller.company.clone(),
        from: number(from),
        to: number(to),
        agent: range.csid.as_deref().map(AccountId::parse).transpose()?,
        group: range.groupid.as_deref().map(GroupId::parse).transpose()?,
    };
    Ok(Page::whole(by.put_together(api.stats.rows(query).await?)))
}

impl By {
    fn parse(text: &str) -> Result<Self> {
        let mut by = By::default();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            match word {
                "day" => by.day = true,
                "group" => by.group = true,
                "agent" => by.agent = true,
                _ => return Err(Error::invalid("by", "day, group, agent")),
            }
        }
        Ok(by)
    }

    fn put_together(&self, rows: Vec<StatsRow>) -> Vec<StatsRow> {
        let mut sums: BTreeMap<(Day, Option<GroupId>, Option<AccountId>), Figures> = BTreeMap::new();
        for StatsRow { day, group, agent, figures } in rows {
            let key =
                (if self.day { day } else { 0 }, group.filter(|_| self.group), agent.filter(|_| self.agent));
            sums.entry(key).or_default().add(&figures);
        }
        let row = |((day, group, agent), figures)| StatsRow { day, group, agent, figures };
        sums.into_iter().map(row).collect()
    }
}

fn date(field: &'static str, text: &str) -> Result<jiff::civil::Date> {
    let wrong = |_| Error::invalid(field, "a day is written yyyy-MM-dd");
    jiff::civil::Date::strptime("%Y-%m-%d", text).map_err(wrong)
}

fn number(date: jiff::civil::Date) -> Day {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

impl From<Pace> for Step {
    fn from(pace: Pace) -> Self {
        Self { time: pace.step, asked: pace.asked, waiting: pace.waiting }
    }
}

impl From<StatsRow> for Numbers {
    fn from(row: StatsRow) -> Self {
        let (day, figures) = (row.day, row.figures);
        let text = format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
        Self {
            day: (day != 0).then_some(text),
            groupid: row.group.map(|group| group.0.to_string()),
            csid: row.agent.map(|agent| agent.as_str().to_owned()),
            asked: figures.asked,
            missed: figures.missed,
            messages_left: figures.left_behind,
            reopened: figures.reopened,
            abandoned: figures.abandoned,
            assigned: figures.assigned,
            waited_ms: figures.waited_ms,
            answered: figures.answered,
            response_ms: figures.response_ms,
            passed: figures.passed,
            transferred: figures.transferred,
            received: figures.received,
            ended: figures.ended,
            served_ms: figures.served_ms,
            messages: figures.messages,
            ratings: [figures.best, figures.good, figures.justsoso, figures.bad, figures.rubbish],
        }
    }
}
