//! Read marks: one for each side, moving forward only.

use crate::error::{Error, Result};
use crate::model::{AccountId, Position, Side};
use crate::port::{Change, Decision, Snapshot};

/// Marks everything up to `pos`, or all there is, as read by `side`. A mark that would not move is
/// no change.
pub fn mark_read(
    snapshot: &Snapshot,
    side: Side,
    by: &AccountId,
    pos: Option<Position>,
) -> Result<Decision<()>> {
    let head = snapshot.head.as_ref().ok_or(Error::NotFound("room"))?;
    let last = head.next_pos - 1;
    let pos = pos.unwrap_or(last);
    if pos > last || pos < -1 {
        return Err(Error::invalid("pos", "there is no such message"));
    }
    if pos <= head.reads.of(side) {
        return Ok(Decision::nothing(()));
    }
    let time = if pos == last { Some(head.last_time) } else { snapshot.time_at };
    let time = time.ok_or_else(|| Error::internal("the store did not look up the message to mark"))?;
    Ok(Decision::one(Change::Read { side, by: by.clone(), pos, time }, ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Name, Reads, RoomHead, RoomId};

    fn room_of_five(read_by_agent: Position) -> Snapshot {
        let room = RoomId::parse("/U2S_ann#c1").unwrap();
        let reads = Reads { visitor: -1, agent: read_by_agent };
        let head = RoomHead { next_pos: 5, reads, ..RoomHead::new(room, Name::default(), 50) };
        Snapshot { head: Some(head), time_at: Some(20), ..Snapshot::default() }
    }

    #[rstest::rstest]
    #[case::all(-1, None, Some((4, 50)))]
    #[case::part(-1, Some(2), Some((2, 20)))]
    #[case::again(4, None, None)]
    #[case::backwards(3, Some(1), None)]
    fn a_mark_only_moves_forward(
        #[case] before: Position,
        #[case] pos: Option<Position>,
        #[case] moved: Option<(Position, i64)>,
    ) {
        let agent = AccountId::parse("a1").unwrap();
        let decision = mark_read(&room_of_five(before), Side::Agent, &agent, pos).unwrap();
        let marks: Vec<_> = decision
            .changes
            .iter()
            .map(|change| match change {
                Change::Read { pos, time, .. } => (*pos, *time),
                other => panic!("unexpected {other:?}"),
            })
            .collect();
        assert_eq!(marks, moved.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn nobody_reads_what_was_not_said() {
        let agent = AccountId::parse("a1").unwrap();
        for pos in [5, 6, -2] {
            let refused = mark_read(&room_of_five(-1), Side::Agent, &agent, Some(pos));
            assert_eq!(refused.unwrap_err().code() as u16, 4002, "{pos}");
        }
    }
}
