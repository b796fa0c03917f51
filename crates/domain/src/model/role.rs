//! What an agent is in its company.

use crate::error::{Error, Result};

/// Each may do what those before it may, and more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Talks to visitors.
    Agent,
    /// Watches every room, steps in, sees everybody's numbers.
    Supervisor,
    /// Administers the company.
    Admin,
    /// Makes admins, and owns what cannot be undone.
    Owner,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Agent, Role::Supervisor, Role::Admin, Role::Owner];

    pub fn name(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    /// As it is kept: apart, so that another role may come between two.
    pub fn stored(self) -> i64 {
        match self {
            Role::Agent => 10,
            Role::Supervisor => 20,
            Role::Admin => 30,
            Role::Owner => 40,
        }
    }

    pub fn from_stored(number: i64) -> Result<Self> {
        let role = Role::ALL.into_iter().find(|role| role.stored() == number);
        role.ok_or_else(|| Error::invalid("role", "it is of a later version"))
    }

    pub fn parse(name: &str) -> Result<Self> {
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        role.ok_or_else(|| Error::invalid("role", "owner, admin, supervisor or agent"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_what_the_lesser_ones_may() {
        assert!(
            Role::Agent < Role::Supervisor && Role::Supervisor < Role::Admin && Role::Admin < Role::Owner
        );
        for role in Role::ALL {
            assert_eq!(Role::parse(role.name()).unwrap(), role);
            assert_eq!(Role::from_stored(role.stored()).unwrap(), role);
        }
        assert!(Role::parse("king").is_err());
    }
}
