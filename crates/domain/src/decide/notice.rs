//! What a company's own systems are told, and under which name.

use crate::model::{Author, Changed, Facts, Notice, NoticeId, Order, OrderEvent, Topic};

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
