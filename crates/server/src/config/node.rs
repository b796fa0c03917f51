//! The name of a node, short and plain enough to begin session ids with.

use std::fmt;
use std::str::FromStr;

/// Letters and digits, so that a balancer's rule for one node cannot fit another; empty: no name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeName(String);

#[derive(Debug, thiserror::Error)]
#[error("it may have letters and digits, at most {LONGEST}")]
pub struct NodeNameError;

const LONGEST: usize = 16;

impl NodeName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the ids of this node's sessions begin with.
    pub fn sid_prefix(&self) -> String {
        if self.0.is_empty() { String::new() } else { format!("{}-", self.0) }
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for NodeName {
    type Err = NodeNameError;

    fn from_str(text: &str) -> Result<Self, NodeNameError> {
        let fits = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(NodeNameError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_short() {
        let prefix = |text: &str| text.parse::<NodeName>().map(|name| name.sid_prefix()).ok();
        assert_eq!(prefix("n1").as_deref(), Some("n1-"));
        assert_eq!(prefix("").as_deref(), Some(""), "a server alone needs none");
        for unfit in ["n-1", "n.1", "n 1", "节点", "n&sid=", "abcdefghijklmnopq"] {
            assert_eq!(prefix(unfit), None, "{unfit}");
        }
    }
}
