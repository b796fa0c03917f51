//! What a figure must reach and what it aims at.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    pub must: Bound,
    pub aim: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Aim,
    Must,
    Missed,
}

impl Budget {
    pub fn at_least(must: f64, aim: f64) -> Self {
        Self { must: Bound::AtLeast(must), aim: Bound::AtLeast(aim) }
    }

    pub fn at_most(must: f64, aim: f64) -> Self {
        Self { must: Bound::AtMost(must), aim: Bound::AtMost(aim) }
    }

    pub fn judge(&self, value: f64) -> Verdict {
        match (self.must.holds(value), self.aim.holds(value)) {
            (_, true) => Verdict::Aim,
            (true, false) => Verdict::Must,
            (false, false) => Verdict::Missed,
        }
    }
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aim => "aim",
            Self::Must => "must",
            Self::Missed => "no",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_the_bound_has_reached_it() {
        let more = Budget::at_least(8.0, 20.0);
        assert_eq!(
            [7.99, 8.0, 20.0].map(|value| more.judge(value)),
            [Verdict::Missed, Verdict::Must, Verdict::Aim]
        );
        let less = Budget::at_most(4.0, 2.5);
        assert_eq!(
            [4.01, 4.0, 2.5].map(|value| less.judge(value)),
            [Verdict::Missed, Verdict::Must, Verdict::Aim]
        );
    }

    #[test]
    fn what_is_no_number_reaches_nothing() {
        assert_eq!(Budget::at_most(1.0, 1.0).judge(f64::NAN), Verdict::Missed);
    }
}
