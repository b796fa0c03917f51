//! A company's numbers: rows of counts and sums for each day, group and agent, which only ever grow by what happens.

use super::{AccountId, GroupId};

macro_rules! figures {
    ($($(#[doc = $about:literal])* $name:ident,)*) => {
        /// Counts and sums; whatever is not said otherwise counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Figures {
            $($(#[doc = $about])* pub $name: i64,)*
        }

        impl Figures {
            /// The names, in the order of [`Figures::values`].
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];

            pub fn values(&self) -> Vec<i64> {
                vec![$(self.$name,)*]
            }

            /// The other way round; `None` when there are too few.
            pub fn from_values(values: &[i64]) -> Option<Self> {
                let mut values = values.iter().copied();
                Some(Self { $($name: values.next()?,)* })
            }

            pub fn add(&mut self, other: &Figures) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

figures! {
    /// Visitors who asked for an agent.
    asked,
    /// Visitors who asked when nobody was there.
    missed,
    /// Messages that were left for when somebody is there.
    left_behind,
    /// Consultations that went on after their end.
    reopened,
    /// Visitors who went before an agent had time for them.
    abandoned,
    /// Consultations given to an agent.
    assigned,
    /// How long those had waited, in milliseconds.
    waited_ms,
    /// Consultations that an agent has answered.
    answered,
    /// How long the first answers took, in milliseconds.
    response_ms,
    /// Consultations that an agent did not answer in time and lost.
    passed,
    /// Consultations given away to another agent.
    transferred,
    /// Consultations got from another agent.
    received,
    /// Consultations that are over.
    ended,
    /// How long those took, in milliseconds.
    served_ms,
    /// Messages said while an agent had the consultation, the visitor's included.
    messages,
    /// Ratings, from the best to the worst.
    best,
    good,
    justsoso,
    bad,
    rubbish,
}

/// A day of the company's calendar as a number: 20261123.
pub type Day = i64;

/// What happened on a day in one group, to one agent. No agent: what concerns none, such as a visitor's asking. No
/// group: any agent would have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsRow {
    pub day: Day,
    pub group: Option<GroupId>,
    pub agent: Option<AccountId>,
    pub figures: Figures,
}
