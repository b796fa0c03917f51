//! What the listeners of one room on this node have been told, and what is to be told next: pure, no room is read and
//! nobody is told from here.
//!
//! Changes come from the store's feed, from other nodes and from looks into the room, late, twice, in any order or not at
//! all. They leave in the order of positions, each once. A read mark leaves after the message that it is on, and only
//! when it moves forward.

use std::collections::BTreeMap;
use std::ops::Range;

use nodechat_domain::model::{AccountId, Message, Note, Position, Reads, Recall, RoomHead, Side, Time};

use super::numbered::Numbered;

/// Messages that are kept while an earlier one is missing. Those beyond are read from the store like the missing one.
const EARLY_MAX: usize = 64;

/// Where news go that are due.
pub trait Tell {
    fn said(&mut self, message: &Message);
    fn read(&mut self, mark: &Mark, time: Time);
    fn recalled(&mut self, recall: &Recall);
    fn noted(&mut self, note: &Note);
}

/// How far a room reaches, as somebody has found it.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    pub next: Position,
    pub reads: Reads,
    pub recalls: i64,
    pub notes: i64,
}

/// A side has read up to and including `pos`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub side: Side,
    pub pos: Position,
    /// Who, where it is known: not when the mark was found in the room.
    pub by: Option<AccountId>,
}

/// As small as it can be for a room in which nothing is missing: there is one for each room with a listener.
#[derive(Debug, Default)]
pub struct Cursor {
    /// What was told; nothing is known before a listener has seen the room.
    told: Option<Told>,
    /// What came before its time.
    ahead: Option<Box<Ahead>>,
}

#[derive(Debug)]
struct Told {
    /// Where telling began: what the first listener was shown before it was told to nobody.
    from: Position,
    /// The position that is told next.
    next: Position,
    reads: Reads,
    /// Numbers of the recall and of the note that are told next.
    recalls: i64,
    notes: i64,
}

#[derive(Debug, Default)]
struct Ahead {
    early: BTreeMap<Position, Message>,
    /// The room reaches at least up to here.
    end: Position,
    visitor: Option<Waiting>,
    agent: Option<Waiting>,
    recalls: Numbered<Recall>,
    notes: Numbered<Note>,
}

/// A mark whose message was not told yet, or whose time is not known.
#[derive(Debug)]
struct Waiting {
    mark: Mark,
    /// When its message was sent.
    time: Option<Time>,
}

impl Cursor {
    /// A message is committed.
    pub fn said(&mut self, message: &Message, tell: &mut impl Tell) {
        match &mut self.told {
            Some(told) if message.pos < told.next => {}
            Some(told) if message.pos == told.next => {
                told.next += 1;
                tell.said(message);
                self.advance(tell);
            }
            _ => self.ahead().keep(message),
        }
    }

    /// A side has read up to a message that was sent at `time`.
    pub fn read(&mut self, mark: Mark, time: Time, tell: &mut impl Tell) {
        self.wait_for(Waiting { mark, time: Some(time) });
        self.advance(tell);
    }

    /// A listener has seen the room up to `next`. The first one is told what comes after; to later ones something that
    /// they have seen may be told again, because the others wait for it. `false`: it has seen less than the first one,
    /// who was quicker, and has to look again, since what lies between is told to nobody.
    pub fn seen(&mut self, reach: Reach, tell: &mut impl Tell) -> bool {
        let Reach { next, reads, recalls, notes } = reach;
        if self.told.is_none() {
            self.told = Some(Told { from: next, next, reads, recalls, notes });
            self.advance(tell);
        }
        self.reached(reach, tell);
        self.told.as_ref().is_none_or(|told| {
            let marked = told.reads.visitor <= reads.visitor && told.reads.agent <= reads.agent;
            told.from <= next && marked && told.recalls <= recalls && told.notes <= notes
        })
    }

    /// A message was taken back. Told after the message itself, so that whoever shows it takes it away again.
    pub fn recalled(&mut self, recall: &Recall, tell: &mut impl Tell) {
        self.ahead().recalls.keep(recall.number, recall);
        self.advance(tell);
    }

    pub fn noted(&mut self, note: &Note, tell: &mut impl Tell) {
        self.ahead().notes.keep(note.number, note);
        self.advance(tell);
    }

    /// The room reaches up to `next` and was read up to `reads`, as somebody has found who is no listener.
    pub fn reached(&mut self, reach: Reach, tell: &mut impl Tell) {
        let Reach { next, reads, recalls, notes } = reach;
        let Some(told) = &self.told else { return };
        if told.recalls < recalls {
            self.ahead().recalls.reaches(recalls);
        }
        let Some(told) = &self.told else { return };
        if told.notes < notes {
            self.ahead().notes.reaches(notes);
        }
        let Some(told) = &self.told else { return };
        if told.next < next {
            let ahead = self.ahead();
            ahead.end = ahead.end.max(next);
        }
        for side in [Side::Visitor, Side::Agent] {
            let mark = Mark { side, pos: reads.of(side), by: None };
            self.wait_for(Waiting { mark, time: None });
        }
        self.advance(tell);
    }

    /// Positions that exist and have to be read before anything else can be told.
    pub fn hole(&self) -> Option<Range<Position>> {
        let (told, ahead) = (self.told.as_ref()?, self.ahead.as_ref()?);
        let first = ahead.early.first_key_value().map_or(ahead.end, |(first, _)| *first);
        (told.next < ahead.end).then_some(told.next..first)
    }

    /// A mark whose message was told, but when that was sent has to be read.
    pub fn untimed(&self) -> Option<(Side, Position)> {
        let (told, ahead) = (self.told.as_ref()?, self.ahead.as_ref()?);
        let waiting = [&ahead.visitor, &ahead.agent].into_iter().flatten();
        let mut untimed = waiting.filter(|waiting| waiting.time.is_none() && waiting.mark.pos < told.next);
        untimed.next().map(|waiting| (waiting.mark.side, waiting.mark.pos))
    }

    /// Recalls that exist and have to be read.
    pub fn missing_recalls(&self) -> Option<Range<i64>> {
        let (told, ahead) = (self.told.as_ref()?, self.ahead.as_ref()?);
        ahead.recalls.missing(told.recalls)
    }

    pub fn missing_notes(&self) -> Option<Range<i64>> {
        let (told, ahead) = (self.told.as_ref()?, self.ahead.as_ref()?);
        ahead.notes.missing(told.notes)
    }

    /// Whether anything has to be read before all can be told.
    pub fn misses(&self) -> bool {
        let aside = || self.missing_recalls().is_some() || self.missing_notes().is_some();
        self.ahead.is_some() && (self.hole().is_some() || self.untimed().is_some() || aside())
    }

    /// The answer to [`Cursor::untimed`].
    pub fn timed(&mut self, side: Side, pos: Position, time: Time, tell: &mut impl Tell) {
        let waiting = self.ahead.as_mut().and_then(|ahead| ahead.waiting(side).as_mut());
        if let Some(waiting) = waiting.filter(|waiting| waiting.mark.pos == pos) {
            waiting.time = Some(time);
        }
        self.advance(tell);
    }

    /// What was said to be missing is not there: the room is not what it was. Waits for nothing any more.
    pub fn give_up(&mut self) {
        self.ahead = None;
    }

    fn wait_for(&mut self, waiting: Waiting) {
        let Mark { side, pos, .. } = waiting.mark;
        if pos < 0 || self.told.as_ref().is_some_and(|told| pos <= told.reads.of(side)) {
            return;
        }
        let ahead = self.ahead();
        ahead.end = ahead.end.max(pos + 1);
        let place = ahead.waiting(side);
        let newer = |known: &Waiting| pos > known.mark.pos || (pos == known.mark.pos && known.time.is_none());
        if place.as_ref().is_none_or(newer) {
            *place = Some(waiting);
        }
    }

    /// Tells what is due now.
    fn advance(&mut self, tell: &mut impl Tell) {
        let (Some(told), Some(ahead)) = (&mut self.told, &mut self.ahead) else { return };
        while let Some(first) = ahead.early.first_entry() {
            if *first.key() > told.next {
                break;
            }
            let message = first.remove();
            if message.pos == told.next {
                told.next += 1;
                tell.said(&message);
            }
        }
        for side in [Side::Visitor, Side::Agent] {
            let known = told.reads.of(side);
            let Some(waiting) = ahead.waiting(side).take_if(|waiting| waiting.is_due(told.next, known))
            else {
                continue;
            };
            if let (true, Some(time)) = (waiting.mark.pos > known, waiting.time) {
                told.moved(side, waiting.mark.pos);
                tell.read(&waiting.mark, time);
            }
        }
        let said = told.next;
        while let Some(recall) = ahead.recalls.due(told.recalls, |recall| recall.pos < said) {
            told.recalls += 1;
            tell.recalled(&recall);
        }
        while let Some(note) = ahead.notes.due(told.notes, |_| true) {
            told.notes += 1;
            tell.noted(&note);
        }
        let quiet = ahead.recalls.is_over(told.recalls) && ahead.notes.is_over(told.notes);
        if quiet && ahead.end <= told.next && ahead.visitor.is_none() && ahead.agent.is_none() {
            self.ahead = None;
        }
    }

    fn ahead(&mut self) -> &mut Ahead {
        self.ahead.get_or_insert_default()
    }
}

impl From<&RoomHead> for Reach {
    fn from(head: &RoomHead) -> Self {
        Self { next: head.next_pos, reads: head.reads, recalls: head.recalls, notes: head.notes }
    }
}

impl Told {
    fn moved(&mut self, side: Side, pos: Position) {
        match side {
            Side::Visitor => self.reads.visitor = pos,
            Side::Agent => self.reads.agent = pos,
        }
    }
}

impl Ahead {
    fn keep(&mut self, message: &Message) {
        self.end = self.end.max(message.pos + 1);
        self.early.entry(message.pos).or_insert_with(|| message.clone());
        if self.early.len() > EARLY_MAX {
            // `end` remembers that it is there.
            self.early.pop_last();
        }
    }

    fn waiting(&mut self, side: Side) -> &mut Option<Waiting> {
        match side {
            Side::Visitor => &mut self.visitor,
            Side::Agent => &mut self.agent,
        }
    }
}

impl Waiting {
    /// Told already, or everything is there that is needed to tell it.
    fn is_due(&self, next: Position, known: Position) -> bool {
        self.mark.pos <= known || (self.mark.pos < next && self.time.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Heard, message, note};
    use super::*;

    fn mark(pos: Position) -> Mark {
        Mark { side: Side::Agent, pos, by: None }
    }

    fn reach(next: Position, reads: Reads) -> Reach {
        Reach { next, reads, recalls: 0, notes: 0 }
    }

    fn known(next: Position) -> Cursor {
        let mut cursor = Cursor::default();
        cursor.seen(reach(next, Reads::NONE), &mut Heard::default());
        cursor
    }

    #[test]
    fn what_comes_in_order_is_told_at_once_and_leaves_nothing() {
        let (mut cursor, mut heard) = (known(0), Heard::default());
        for pos in 0..3 {
            cursor.said(&message(pos), &mut heard);
        }
        assert_eq!(heard.positions(), [0, 1, 2]);
        assert!(cursor.ahead.is_none());
    }

    #[test]
    fn what_comes_early_waits_for_the_hole_to_be_filled() {
        let (mut cursor, mut heard) = (known(0), Heard::default());
        cursor.said(&message(2), &mut heard);
        cursor.said(&message(2), &mut heard);
        assert_eq!((heard.positions(), cursor.hole()), (vec![], Some(0..2)));
        cursor.said(&message(0), &mut heard);
        assert_eq!(cursor.hole(), Some(1..2));
        cursor.said(&message(1), &mut heard);
        assert_eq!((heard.positions(), cursor.hole()), (vec![0, 1, 2], None));
        cursor.said(&message(1), &mut heard);
        assert_eq!(heard.positions(), [0, 1, 2]);
    }

    #[test]
    fn before_the_first_view_everything_waits_and_what_it_showed_is_not_told() {
        let (mut cursor, mut heard) = (Cursor::default(), Heard::default());
        for pos in 5..8 {
            cursor.said(&message(pos), &mut heard);
        }
        cursor.read(mark(5), 1, &mut heard);
        cursor.reached(reach(9, Reads::NONE), &mut heard);
        assert_eq!((heard.positions(), cursor.hole()), (vec![], None));
        cursor.seen(reach(7, Reads { visitor: -1, agent: 5 }), &mut heard);
        assert_eq!(heard.positions(), [7]);
        assert!(heard.marks.is_empty());
    }

    #[test]
    fn a_later_view_does_not_skip_what_earlier_listeners_wait_for() {
        let (mut cursor, mut heard) = (known(3), Heard::default());
        cursor.seen(reach(5, Reads::NONE), &mut heard);
        assert_eq!(cursor.hole(), Some(3..5));
    }

    #[test]
    fn who_has_seen_less_than_the_first_listener_looks_again() {
        let (mut cursor, mut heard) = (Cursor::default(), Heard::default());
        assert!(cursor.seen(reach(5, Reads { visitor: 3, agent: -1 }), &mut heard));
        assert!(!cursor.seen(reach(4, Reads { visitor: 3, agent: -1 }), &mut heard));
        assert!(!cursor.seen(reach(5, Reads { visitor: 2, agent: -1 }), &mut heard));
        cursor.said(&message(5), &mut heard);
        assert!(cursor.seen(reach(5, Reads { visitor: 3, agent: -1 }), &mut heard), "it was told the rest");
    }

    #[test]
    fn no_more_is_kept_than_the_limit_and_the_rest_is_read() {
        let (mut cursor, mut heard) = (known(0), Heard::default());
        for pos in (1..200).rev() {
            cursor.said(&message(pos), &mut heard);
        }
        assert_eq!(cursor.ahead.as_ref().unwrap().early.len(), EARLY_MAX);
        cursor.said(&message(0), &mut heard);
        assert_eq!(heard.positions().len(), 1 + EARLY_MAX);
        assert_eq!(cursor.hole(), Some(1 + EARLY_MAX as i64..200));
    }

    #[test]
    fn a_mark_is_told_after_its_message_and_only_forward() {
        let (mut cursor, mut heard) = (known(0), Heard::default());
        cursor.read(mark(1), 11, &mut heard);
        assert_eq!((heard.marks.len(), cursor.hole()), (0, Some(0..2)));
        cursor.said(&message(0), &mut heard);
        cursor.said(&message(1), &mut heard);
        cursor.read(mark(0), 10, &mut heard);
        cursor.read(mark(1), 11, &mut heard);
        assert_eq!(heard.marks, [(Side::Agent, 1, 11)]);
        assert!(cursor.ahead.is_none());
    }

    #[test]
    fn a_mark_that_was_found_asks_for_its_time() {
        let (mut cursor, mut heard) = (known(2), Heard::default());
        cursor.reached(reach(2, Reads { visitor: -1, agent: 1 }), &mut heard);
        assert_eq!(cursor.untimed(), Some((Side::Agent, 1)));
        cursor.timed(Side::Agent, 1, 11, &mut heard);
        assert_eq!(heard.marks, [(Side::Agent, 1, 11)]);
        assert!(cursor.ahead.is_none());
    }

    fn recall(number: i64, pos: Position) -> Recall {
        Recall { number, id: message(pos).id, pos }
    }

    #[test]
    fn a_recall_is_told_once_after_its_message_and_in_the_order_of_numbers() {
        let (mut cursor, mut heard) = (known(0), Heard::default());
        cursor.recalled(&recall(1, 0), &mut heard);
        assert_eq!(cursor.missing_recalls(), Some(0..1));
        cursor.recalled(&recall(0, 1), &mut heard);
        assert_eq!((heard.recalls.len(), cursor.missing_recalls()), (0, None));
        cursor.said(&message(0), &mut heard);
        assert_eq!(heard.recalls.len(), 0, "the one before waits for its message");
        cursor.said(&message(1), &mut heard);
        cursor.recalled(&recall(0, 1), &mut heard);
        assert_eq!(heard.recalls, [recall(0, 1), recall(1, 0)]);
        assert!(cursor.ahead.is_none());
    }

    #[test]
    fn asides_that_nobody_has_told_are_asked_for() {
        let (mut cursor, mut heard) = (known(1), Heard::default());
        cursor.reached(Reach { recalls: 2, notes: 3, ..reach(1, Reads::NONE) }, &mut heard);
        assert_eq!((cursor.missing_recalls(), cursor.missing_notes()), (Some(0..2), Some(0..3)));
        (0..2).for_each(|number| cursor.recalled(&recall(number, 0), &mut heard));
        (0..3).for_each(|number| cursor.noted(&note(number), &mut heard));
        assert_eq!((heard.recalls.len(), heard.notes), (2, vec![0, 1, 2]));
        assert!(cursor.ahead.is_none());
    }

    #[test]
    fn whoever_has_seen_fewer_asides_than_the_first_listener_looks_again() {
        let (mut cursor, mut heard) = (Cursor::default(), Heard::default());
        let first = Reach { recalls: 1, notes: 1, ..reach(1, Reads::NONE) };
        assert!(cursor.seen(first, &mut heard));
        assert!(!cursor.seen(Reach { recalls: 0, ..first }, &mut heard));
        assert!(!cursor.seen(Reach { notes: 0, ..first }, &mut heard));
        assert!(heard.recalls.is_empty() && heard.notes.is_empty(), "the first view has shown them");
    }

    #[test]
    fn a_quiet_room_costs_little() {
        assert!(size_of::<Cursor>() <= 64, "{}", size_of::<Cursor>());
    }
}
