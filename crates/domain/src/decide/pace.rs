//! The steps of the last hours, those included in which nothing changed.

use crate::model::{Pace, Time};

/// Each step from that of `from` to that of `to`. `known`: in their order, the last one before `from` among them.
pub fn every_step(known: &[Pace], from: Time, to: Time) -> Vec<Pace> {
    let mut known = known.iter().peekable();
    let mut waiting = 0;
    let mut steps = Vec::new();
    let mut step = Pace::step_of(from);
    while step <= to {
        let mut asked = 0;
        while let Some(pace) = known.next_if(|pace| pace.step <= step) {
            waiting = pace.waiting;
            asked = if pace.step == step { pace.asked } else { 0 };
        }
        steps.push(Pace { step, asked, waiting });
        step += Pace::STEP_MS;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = 1_538_193_600_000;

    fn pace(steps: i64, asked: i64, waiting: i64) -> Pace {
        Pace { step: NOON + steps * Pace::STEP_MS, asked, waiting }
    }

    #[test]
    fn a_step_without_a_row_is_as_the_one_before_was_at_its_end() {
        let known = [pace(-30, 9, 4), pace(1, 2, 5), pace(2, 1, 0)];
        let minutes = |n: i64| NOON + n * 60_000;
        assert_eq!(
            every_step(&known, minutes(3), minutes(19)),
            [pace(0, 0, 4), pace(1, 2, 5), pace(2, 1, 0), pace(3, 0, 0)]
        );
        assert_eq!(every_step(&known[1..], minutes(0), minutes(5)), [pace(0, 0, 0), pace(1, 2, 5)]);
        assert_eq!(every_step(&[], minutes(0), minutes(0)), [pace(0, 0, 0)]);
    }
}
