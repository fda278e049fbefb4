//! What can go wrong in the store: facts, no prose.

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a function of the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// PostgreSQL or the way to it failed. For the log, never for people.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// What was asked would break a rule that the database holds.
    #[error("refused by a constraint: {0:?}")]
    Conflict(Conflict),
    /// A stored value that this version of the program can't read.
    #[error("unreadable {what} in the database: {value}")]
    Unreadable {
        /// The column.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The caller's signing failed; nothing was written.
    #[error("the credential could not be signed: {0}")]
    Signing(Box<dyn std::error::Error + Send + Sync>),
}

/// The rules that named constraints hold, each as the fact that it was refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// Another site has this code.
    SiteCodeTaken,
    /// Another site is asked under this host name.
    HostTaken,
    /// Another account signs in with this login.
    LoginTaken,
    /// Another account has this telephone.
    PhoneTaken,
    /// Another server made the site's signing key at the same moment.
    KeyMade,
    /// The zone's number is in use.
    ZoneTaken,
    /// What is named (a zone, a checkpoint, an account) is not in this site.
    Unknown,
    /// One address stands twice in an import.
    AddressTwice,
    /// The account has a claim that waits for the office.
    ClaimPending,
    /// The account is bound to a household already.
    AccountBound,
    /// The household is bound to another telephone.
    HouseholdBound,
    /// This version of the pass kind is published already.
    VersionPublished,
    /// The tablet's key is enrolled already.
    KeyEnrolled,
    /// Another unit has this code.
    UnitTaken,
    /// Somebody else has this staff or student number.
    NumberTaken,
}

impl Error {
    /// The fact, when a constraint refused.
    pub fn conflict(&self) -> Option<Conflict> {
        match self {
            Error::Conflict(fact) => Some(*fact),
            _ => None,
        }
    }

    /// Whether a text that was handed over holds a character that PostgreSQL can't keep (U+0000).
    pub fn is_unstorable_text(&self) -> bool {
        // SQLSTATE character_not_in_repertoire.
        matches!(self, Error::Database(sqlx::Error::Database(cause)) if cause.code().as_deref() == Some("22021"))
    }

    /// A stored value that can't be read.
    pub(crate) fn unreadable(what: &'static str, value: &(impl ToString + ?Sized)) -> Error {
        Error::Unreadable {
            what,
            value: value.to_string(),
        }
    }
}

/// Turns the refusal of a named constraint into its fact.
pub(crate) trait OnConstraint<T> {
    /// `fact` when the constraint `name` refused; everything else stays as it is.
    fn on_constraint(self, name: &str, fact: Conflict) -> Result<T>;
}

impl<T, E: Into<Error>> OnConstraint<T> for std::result::Result<T, E> {
    fn on_constraint(self, name: &str, fact: Conflict) -> Result<T> {
        self.map_err(Into::into).map_err(|error| match &error {
            Error::Database(sqlx::Error::Database(cause)) if cause.constraint() == Some(name) => {
                Error::Conflict(fact)
            }
            _ => error,
        })
    }
}
