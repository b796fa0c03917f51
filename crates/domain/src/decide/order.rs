//! What may become of a work order: forward step by step, back from solved, closed for good.

use crate::error::{Error, Result};
use crate::limits;
use crate::model::{
    Author, Changed, Comment, Details, Order, OrderChange, OrderEvent, OrderField, OrderLine, OrderState,
    Time, Words,
};

/// Whether a work order may go from one state to another. Staying is no step.
pub fn may_move(from: OrderState, to: OrderState) -> bool {
    use OrderState::{Accepted, Closed, InProgress, New, Solved};
    matches!(
        (from, to),
        (New, Accepted | InProgress | Closed)
            | (Accepted, InProgress | Solved | Closed)
            | (InProgress, Accepted | Solved | Closed)
            | (Solved, InProgress | Closed)
    )
}

/// A work order as it begins.
pub fn open(order: Order, by: Author) -> Changed {
    let line = OrderLine { number: 0, time: order.created, by, what: OrderEvent::Created };
    Changed { order: Order { lines: 1, ..order }, lines: vec![line] }
}

/// The work order after what `by` wants. An agent who moves one that nobody looks after becomes its owner. A closed
/// one takes comments and nothing else.
pub fn change(order: &Order, wanted: &OrderChange, by: &Author, now: Time) -> Result<Changed> {
    let mut after = order.clone();
    let mut events = Vec::new();
    let moves = wanted.state.filter(|state| *state != order.state);
    if let Some(details) = &wanted.details {
        let edited = differing(&order.details, details);
        if !edited.is_empty() {
            after.details = details.clone();
            events.push(OrderEvent::Edited(edited));
        }
    }
    let taken = match (&wanted.owner, by) {
        (Some(owner), _) => Some(owner.clone()),
        (None, Author::Agent(agent)) if moves.is_some() && order.owner.is_none() => Some(Some(agent.clone())),
        _ => None,
    };
    if let Some(owner) = taken.filter(|owner| *owner != order.owner) {
        events.push(OrderEvent::Owned { from: order.owner.clone(), to: owner.clone() });
        after.owner = owner;
    }
    if let Some(to) = moves {
        if !may_move(order.state, to) {
            return Err(illegal(order.state, to));
        }
        events.push(OrderEvent::Moved { from: order.state, to });
        after.state = to;
    }
    if order.state == OrderState::Closed && !events.is_empty() {
        return Err(Error::conflict("the work order is closed"));
    }
    if let Some(Comment { words, public }) = &wanted.comment {
        if *public {
            after.feedback = with_answer(&order.feedback, words)?;
            events.push(OrderEvent::Answered(words.clone()));
        } else {
            events.push(OrderEvent::Noted(words.clone()));
        }
    }
    if events.is_empty() {
        return Ok(Changed { order: after, lines: Vec::new() });
    }
    // A clock that was set back must not make a history run backwards.
    after.updated = now.max(order.updated);
    after.lines = order.lines + events.len() as i64;
    if after.lines > limits::ORDER_LINES {
        return Err(Error::conflict("the history of this work order is full, make a new one"));
    }
    let line = |(number, what)| OrderLine { number, time: after.updated, by: by.clone(), what };
    let lines = (order.lines..).zip(events).map(line).collect();
    Ok(Changed { order: after, lines })
}

fn illegal(from: OrderState, to: OrderState) -> Error {
    Error::conflict(format!("a work order cannot go from {} to {}", from.name(), to.name()))
}

fn with_answer(before: &str, words: &Words) -> Result<Box<str>> {
    let feedback =
        if before.is_empty() { words.as_str().to_owned() } else { format!("{before}\n{}", words.as_str()) };
    if feedback.chars().count() > limits::FEEDBACK_CHARS {
        return Err(Error::conflict("this work order has no room for more answers, make a new one"));
    }
    Ok(feedback.into())
}

fn differing(before: &Details, after: &Details) -> Vec<OrderField> {
    let differs = |field: &OrderField| match field {
        OrderField::Title => before.title != after.title,
        OrderField::Phone => before.phone != after.phone,
        OrderField::Describe => before.describe != after.describe,
        OrderField::Kind => before.kind != after.kind,
        OrderField::Discovered => before.discovered != after.discovered,
        OrderField::Pictures => before.pictures != after.pictures,
    };
    OrderField::ALL.into_iter().filter(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, CompanyId, Name, OrderId, OrderKind};

    fn agent(aid: &str) -> Author {
        Author::Agent(AccountId::parse(aid).unwrap())
    }

    fn words(text: &str) -> Words {
        Words::parse("comment", text).unwrap()
    }

    fn order(state: OrderState) -> Order {
        let title = Name::parse("title", "printer").unwrap();
        let details = Details::new(title, words("it smokes"), OrderKind::parse("repair").unwrap());
        Order {
            id: OrderId::at(1, [1; 10]),
            company: CompanyId::parse("c1").unwrap(),
            details,
            submitter: AccountId::parse("ann").unwrap(),
            room: None,
            chat: None,
            state,
            owner: None,
            feedback: "".into(),
            created: 10,
            updated: 10,
            lines: 1,
        }
    }

    fn to(state: OrderState) -> OrderChange {
        OrderChange { state: Some(state), ..OrderChange::default() }
    }

    fn says(text: &str, public: bool) -> OrderChange {
        OrderChange { comment: Some(Comment { words: words(text), public }), ..OrderChange::default() }
    }

    #[test]
    fn only_the_steps_of_the_table_are_legal() {
        let table = [
            // new, accepted, in progress, solved, closed
            [false, true, true, false, true],
            [false, false, true, true, true],
            [false, true, false, true, true],
            [false, false, true, false, true],
            [false, false, false, false, false],
        ];
        for (from, row) in OrderState::ALL.into_iter().zip(table) {
            for (state, legal) in OrderState::ALL.into_iter().zip(row) {
                let changed = change(&order(from), &to(state), &agent("bob"), 20);
                match changed {
                    Ok(changed) if from == state => assert!(changed.lines.is_empty()),
                    Ok(changed) => assert!(legal && changed.order.state == state, "{from:?} to {state:?}"),
                    Err(error) => {
                        assert!(!legal, "{from:?} to {state:?}");
                        assert_eq!(error.code() as u16, 4009);
                    }
                }
            }
        }
    }

    #[test]
    fn whoever_takes_an_order_that_nobody_has_owns_it() {
        let changed = change(&order(OrderState::New), &to(OrderState::Accepted), &agent("bob"), 20).unwrap();
        assert_eq!(changed.order.owner.as_ref().map(AccountId::as_str), Some("bob"));
        assert_eq!(changed.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(changed.order.lines, 3);
        let next = change(&changed.order, &to(OrderState::Solved), &agent("eve"), 30).unwrap();
        assert_eq!(next.order.owner.as_ref().map(AccountId::as_str), Some("bob"));
        let by_program = Author::Key("till".into());
        let moved = change(&order(OrderState::New), &to(OrderState::Accepted), &by_program, 20).unwrap();
        assert_eq!(moved.order.owner, None);
    }

    #[test]
    fn the_visitor_reads_answers_and_never_notes() {
        let noted = change(&order(OrderState::New), &says("a fraud?", false), &agent("bob"), 20).unwrap();
        assert_eq!(&*noted.order.feedback, "");
        assert!(!noted.concerns_visitor());
        let one = change(&noted.order, &says("we come", true), &agent("bob"), 30).unwrap();
        let two = change(&one.order, &says("tomorrow", true), &agent("bob"), 40).unwrap();
        assert_eq!(&*two.order.feedback, "we come\ntomorrow");
        assert!(two.concerns_visitor());
    }

    #[test]
    fn a_closed_order_takes_comments_and_nothing_else() {
        let closed = order(OrderState::Closed);
        assert!(change(&closed, &says("thanks", true), &agent("bob"), 20).is_ok());
        let bob = AccountId::parse("bob").unwrap();
        let owned = OrderChange { owner: Some(Some(bob)), ..OrderChange::default() };
        assert_eq!(change(&closed, &owned, &agent("bob"), 20).unwrap_err().code() as u16, 4009);
        let title = Name::parse("title", "other").unwrap();
        let edited = OrderChange {
            details: Some(Details { title, ..closed.details.clone() }),
            ..to(OrderState::Closed)
        };
        assert_eq!(change(&closed, &edited, &agent("bob"), 20).unwrap_err().code() as u16, 4009);
    }

    #[test]
    fn a_history_is_bounded_and_never_runs_backwards() {
        let full = Order { lines: limits::ORDER_LINES, ..order(OrderState::New) };
        assert!(change(&full, &says("one more", false), &agent("bob"), 20).is_err());
        let early = change(&order(OrderState::New), &says("early", true), &agent("bob"), 1).unwrap();
        assert_eq!((early.order.updated, early.lines[0].time), (10, 10));
        let long = Order { feedback: "x".repeat(limits::FEEDBACK_CHARS).into(), ..order(OrderState::New) };
        assert!(change(&long, &says("y", true), &agent("bob"), 20).is_err());
        assert!(change(&long, &says("y", false), &agent("bob"), 20).is_ok());
    }
}
