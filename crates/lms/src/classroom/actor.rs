//! On whose behalf something is done.

use serde::{Deserialize, Serialize};

use super::ids::UserId;

/// What somebody is on this site. One role per account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Learns.
    Student,
    /// Owns courses.
    Teacher,
    /// Runs the site.
    Admin,
    /// The server itself, after it has checked a launch token, a webhook's signature or a password.
    Service,
}

impl Role {
    /// The name that stores and wire formats use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::Admin => "admin",
            Self::Service => "service",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Student, Self::Teacher, Self::Admin, Self::Service]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Who acts. A unit of work carries one, from its first statement to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in: reads what is published, and nothing else.
    Anonymous,
    /// A signed-in person.
    Person {
        /// Who.
        user: UserId,
        /// As what; never [`Role::Service`] for a request from outside.
        role: Role,
    },
    /// The server on its own account.
    Service,
}

impl Actor {
    /// A signed-in person.
    #[must_use]
    pub const fn person(user: UserId, role: Role) -> Self {
        Self::Person { user, role }
    }

    /// Who, where it is a person.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Person { user, .. } => Some(*user),
            Self::Anonymous | Self::Service => None,
        }
    }

    /// As what, for anybody who has a role.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Anonymous => None,
            Self::Person { role, .. } => Some(*role),
            Self::Service => Some(Role::Service),
        }
    }
}
