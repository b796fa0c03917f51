//! What a company's own systems are told, and under which name.

use crate::model::desk::{Happening, What};
use crate::model::{Author, Changed, CompanyId, Facts, Notice, NoticeId, Order, OrderEvent, Topic};

/// The notices of a change to a work order, one for each line of its history. What only agents read is said to be there,
/// not what it says: whoever looks after the receiver need not be one of them.
pub fn of_order(changed: &Changed) -> Vec<Notice> {
    let order = &changed.order;
    let id = order.id.to_string();
    let notice = |line: &crate::model::OrderLine| {
        let facts = facts(order).text("by", side(&line.by)).text("by_id", line.by.id());
        let (kind, facts) = match &line.what {
            OrderEvent::Created => ("order.created", facts),
            OrderEvent::Moved { from, to } => {
                ("order.state", facts.text("from", from.name()).text("to", to.name()))
            }
            OrderEvent::Owned { from, to } => (
                "order.owner",
                facts
                    .maybe("from", from.as_ref().map(|aid| aid.as_str()))
                    .maybe("to", to.as_ref().map(|aid| aid.as_str())),
            ),
            OrderEvent::Answered(words) => ("order.answered", facts.text("comment", words.as_str())),
            OrderEvent::Noted(_) => ("order.noted", facts),
            OrderEvent::Edited(fields) => {
                let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
                ("order.edited", facts.text("fields", &names.join(" ")))
            }
        };
        Notice {
            id: NoticeId::of(line.time, &[order.company.as_str(), &id, &line.number.to_string()]),
            company: order.company.clone(),
            topic: Topic::Order,
            kind,
            thread: id.as_str().into(),
            time: line.time,
            facts,
        }
    };
    changed.lines.iter().map(notice).collect()
}

fn facts(order: &Order) -> Facts {
    Facts::default()
        .text("order", &order.id.to_string())
        .text("title", order.details.title.as_str())
        .text("order_kind", order.details.kind.as_str())
        .text("state", order.state.name())
        .text("visitor", order.submitter.as_str())
        .maybe("owner", order.owner.as_ref().map(|aid| aid.as_str()))
        .maybe("room", order.room.as_ref().map(|room| room.as_str()))
        .maybe("consultation", order.chat.as_deref())
}

fn side(by: &Author) -> &'static str {
    match by {
        Author::Visitor(_) => "visitor",
        Author::Agent(_) => "agent",
        Author::Key(_) => "key",
    }
}

/// The notice of something at a company's desk; none of what is only a step on the way.
pub fn of_happening(company: &CompanyId, happening: &Happening) -> Option<Notice> {
    let (topic, kind) = match happening.what {
        What::Applied => (Topic::Consultation, "consultation.asked"),
        What::Unserved => (Topic::Consultation, "consultation.unserved"),
        What::Left => (Topic::Consultation, "consultation.message_left"),
        What::Missed => (Topic::Consultation, "consultation.missed"),
        What::Ended => (Topic::Consultation, "consultation.ended"),
        What::Reopened => (Topic::Consultation, "consultation.reopened"),
        What::Assigned => (Topic::Assignment, "assignment.assigned"),
        What::Answered => (Topic::Assignment, "assignment.answered"),
        What::Passed => (Topic::Assignment, "assignment.passed"),
        What::Returned => (Topic::Assignment, "assignment.returned"),
        What::Offered => (Topic::Assignment, "assignment.offered"),
        What::Declined => (Topic::Assignment, "assignment.declined"),
        What::Transferred => (Topic::Assignment, "assignment.transferred"),
        What::TakenOver => (Topic::Assignment, "assignment.taken_over"),
        What::Rated => (Topic::Rating, "rating.given"),
        What::Came => (Topic::Status, "status.came"),
        What::Gone => (Topic::Status, "status.gone"),
        What::StatusSet => (Topic::Status, "status.set"),
        What::Accepted | What::IdleSoon | What::RateAsked | What::Went => return None,
    };
    let seq = happening.seq.to_string();
    let chat = happening.chat.map(|chat| chat.0.to_string());
    let group = happening.group.map(|group| group.0.to_string());
    let agent = happening.agent.as_ref().map(|aid| aid.as_str());
    let room = happening.room.as_ref();
    let facts = Facts::default()
        .number("seq", happening.seq)
        .maybe("room", room.map(|room| room.as_str()))
        .maybe("visitor", room.map(|room| room.aid()))
        .maybe("consultation", chat.as_deref())
        .maybe("group", group.as_deref())
        .maybe("agent", agent)
        .maybe("other_agent", happening.other.as_ref().map(|aid| aid.as_str()));
    let note = happening.note.as_deref();
    let facts = match happening.what {
        // Behind the way stands what the rating has replaced, for the numbers.
        What::Rated => facts.maybe("way", note.and_then(|note| note.split(' ').next())),
        _ => facts.maybe("note", note),
    };
    let facts = match happening.number {
        Some(number) => facts.number(number_of(happening.what), number),
        None => facts,
    };
    Some(Notice {
        id: NoticeId::of(happening.time, &[company.as_str(), "desk", &seq]),
        company: company.clone(),
        topic,
        kind,
        // What happens to one visitor keeps its order, what happens to one agent, too.
        thread: room.map(|room| room.as_str()).or(agent).unwrap_or_default().into(),
        time: happening.time,
        facts,
    })
}

/// What the number of a happening means.
fn number_of(what: What) -> &'static str {
    match what {
        What::Assigned | What::Unserved => "waited_ms",
        What::Answered => "response_ms",
        What::Ended => "lasted_ms",
        What::Offered => "until",
        What::Rated => "rate",
        What::StatusSet => "status",
        _ => "number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, ChatId, RoomId};

    fn ended() -> Happening {
        Happening {
            seq: 7,
            time: 1_538_209_333_516,
            what: What::Ended,
            chat: Some(ChatId(uuid::Uuid::nil())),
            room: Some(RoomId::parse("/U2S_u1#c1").unwrap()),
            group: None,
            agent: Some(AccountId::parse("bob").unwrap()),
            other: None,
            note: Some("visitor".into()),
            number: Some(90_000),
        }
    }

    #[test]
    fn a_happening_is_told_in_facts() {
        let company = CompanyId::parse("c1").unwrap();
        let notice = of_happening(&company, &ended()).unwrap();
        assert_eq!((notice.topic, notice.kind), (Topic::Consultation, "consultation.ended"));
        assert_eq!(&*notice.thread, "/U2S_u1#c1");
        assert_eq!(
            notice.facts.json(),
            r#"{"seq":7,"room":"/U2S_u1#c1","visitor":"u1","consultation":"00000000-0000-0000-0000-000000000000","agent":"bob","note":"visitor","lasted_ms":90000}"#
        );
        // The same happening of another company is another one.
        let other = of_happening(&CompanyId::parse("c2").unwrap(), &ended()).unwrap();
        assert!(other.id != notice.id);
    }

    #[test]
    fn a_rating_is_told_with_its_way_and_without_what_it_replaced() {
        let company = CompanyId::parse("c1").unwrap();
        let rated = Happening {
            what: What::Rated,
            note: Some("hand 3 elsewhere".into()),
            number: Some(0),
            ..ended()
        };
        let facts = of_happening(&company, &rated).unwrap().facts.json();
        assert!(facts.ends_with(r#""agent":"bob","way":"hand","rate":0}"#), "{facts}");
    }

    #[test]
    fn steps_on_the_way_are_told_to_nobody() {
        let company = CompanyId::parse("c1").unwrap();
        for what in [What::IdleSoon, What::RateAsked, What::Accepted, What::Went] {
            assert_eq!(of_happening(&company, &Happening { what, ..ended() }), None, "{what:?}");
        }
    }
}
