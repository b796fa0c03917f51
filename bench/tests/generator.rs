//! The generator must notice what a misbehaving server does: a figure never counts a lost or doubled message.

mod fake;

use fake::{Fake, Mischief};
use nodechat_bench::error::{Error, Result};
use nodechat_bench::floor;
use nodechat_bench::ledger::Fault;
use nodechat_bench::scenario::chat::{Load, Pace, Rate, Used, drive, seat};
use nodechat_bench::server::own_cpu;
use nodechat_bench::target::Target;
use std::net::TcpListener;
use std::time::Duration;

const ROOMS: usize = 3;
const MEMBERS: usize = 4;

/// Lets three rooms of four talk on a fake server.
fn talk_on(mischief: Mischief, pace: Pace) -> Result<Rate> {
    let fake = Fake::start(mischief);
    let (mut swarm, mut ledger) = seat(Target::NodeMemory, &[fake.address], ROOMS, MEMBERS)?;
    drive(&used, &mut swarm, &mut ledger, &load(pace))
}

fn load(pace: Pace) -> Load {
    let (warm_up, measure) = (Duration::from_millis(20), Duration::from_millis(200));
    Load { pace, warm_up, measure, stall: Duration::from_secs(2) }
}

/// A fake is a thread of this process.
fn used() -> Result<Used> {
    Ok(Used { servers: own_cpu()?, ..Used::default() })
}

/// The faults that the two paces find.
fn found(mischief: Mischief) -> [Fault; 2] {
    [Pace::OnAck, Pace::OnAllCopies].map(|pace| match talk_on(mischief, pace) {
        Err(Error::Checked(fault)) => fault,
        Err(other) => panic!("{mischief:?} was taken for: {other}"),
        Ok(rate) => panic!("{mischief:?} was not noticed: {rate:?}"),
    })
}

macro_rules! finds {
    ($mischief:expr, $fault:pat) => {
        for fault in found($mischief) {
            assert!(matches!(fault, $fault), "{:?} was taken for {fault:?}", $mischief);
        }
    };
}

#[test]
fn an_honest_server_is_counted_in_full() {
    for pace in [Pace::OnAck, Pace::OnAllCopies] {
        let rate = talk_on(Mischief::None, pace).expect("nothing is wrong");
        assert!(rate.acks > 0 && rate.events > rate.acks, "{rate:?}");
    }
}

#[test]
fn the_floor_acks_and_copies_every_message() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    // It serves until the test's process ends.
    std::thread::spawn(move || floor::serve(listener));
    for pace in [Pace::OnAck, Pace::OnAllCopies] {
        let (mut swarm, mut ledger) = seat(Target::Floor, &[address], ROOMS, MEMBERS).expect("seated");
        let rate = drive(&used, &mut swarm, &mut ledger, &load(pace)).expect("nothing is wrong");
        assert!(rate.acks > 0 && rate.events > rate.acks, "{rate:?}");
        drop(swarm);
    }
}

#[test]
fn a_lost_ack_is_noticed() {
    finds!(Mischief::LosesAck, Fault::LostAcks { .. } | Fault::StrayAck { .. });
}

#[test]
fn a_doubled_ack_is_noticed() {
    finds!(Mischief::DoublesAck, Fault::StrayAck { .. });
}

#[test]
fn a_refusal_is_no_ack() {
    finds!(Mischief::Refuses, Fault::WrongAck { .. });
}

#[test]
fn a_lost_message_is_noticed() {
    finds!(Mischief::LosesCopy, Fault::Skipped { .. } | Fault::LostMessages { .. });
}

#[test]
fn a_doubled_message_is_noticed() {
    finds!(Mischief::DoublesCopy, Fault::Doubled { .. });
}

#[test]
fn a_message_in_the_wrong_room_is_noticed() {
    finds!(Mischief::MixesRooms, Fault::Foreign { .. });
}

#[test]
fn an_altered_text_is_noticed() {
    finds!(Mischief::AltersText, Fault::Altered { .. });
}

#[test]
fn a_hole_in_the_positions_is_noticed() {
    finds!(Mischief::LeavesHole, Fault::WrongAck { .. } | Fault::Misplaced { .. });
}

#[test]
fn a_closed_connection_ends_the_run() {
    assert!(matches!(talk_on(Mischief::Closes, Pace::OnAck), Err(Error::Ended { .. })));
}

#[test]
fn a_connection_that_is_not_let_in_ends_the_run() {
    assert!(matches!(talk_on(Mischief::RefusesConnection, Pace::OnAck), Err(Error::Refused { .. })));
}
