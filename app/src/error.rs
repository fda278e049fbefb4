//! What can go wrong between a page and the server, as facts. [`crate::sentences`] turns them into words.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// The error of every server function. It crosses the network, so the internal variant carries nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{self:?}")]
pub enum AppError {
    /// A rule of the domain says no; an outcome, not a fault.
    Refused(pass::Refusal),
    /// Nobody is signed in, or the session has ended.
    SignInNeeded,
    /// Somebody is signed in who may not do this.
    NotAllowed,
    /// No such thing at this site, or not for this person's eyes.
    NotFound,
    /// A limit on how often this may be tried is reached.
    TooMany {
        /// The seconds until it may be tried again.
        wait_seconds: u64,
    },
    /// An input that cannot be used, by the name of its form field.
    Invalid {
        /// The field's name in the form.
        field: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// This form was sent before with other contents, and is this application.
    SentBefore {
        /// Its name in addresses.
        id: uuid::Uuid,
    },
    /// Nothing can be sent this way: the site has not set it up.
    CannotTell {
        /// The way.
        channel: pass::Channel,
    },
    /// Somebody else changed the same thing in the meantime.
    Changed,
    /// The server could not be reached, or its answer did not arrive. Trying again does no harm.
    Unreachable,
    /// This page is older than the server and has to be loaded anew.
    Outdated,
    /// Something is broken on the server; its log says what.
    Internal,
}

/// What is wrong with one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Nothing was given where something is needed.
    Missing,
    /// More characters than the field takes.
    TooLong {
        /// The longest that is taken, in characters.
        max_chars: u16,
    },
    /// Fewer characters than the field needs.
    TooShort {
        /// The fewest that will do, in characters.
        min_chars: u16,
    },
    /// Not of the form the field asks for.
    Malformed,
    /// The name or number is in use already.
    Taken,
    /// A wrong secret: the code or the password does not fit.
    Wrong,
    /// It was right once and is not any more.
    Expired,
    /// A file of a kind that is not read here.
    UnknownFile,
    /// A file with nothing in it.
    EmptyFile,
    /// A text file in no encoding that is known here.
    UnreadableText,
    /// A table with more lines than are taken.
    TooManyLines {
        /// The most that are taken.
        max: u32,
    },
    /// More rows chosen than are dealt with at once.
    TooManyChosen {
        /// The most at once.
        max: u16,
    },
    /// A small file that claims to hold far more than any register.
    TooMuchInside,
    /// A file that an application cannot have.
    Attachment(pass::AttachmentFault),
    /// A file larger than is taken.
    TooLarge {
        /// The largest that is taken, in bytes.
        max_bytes: u64,
    },
}

impl AppError {
    /// An input that cannot be used.
    pub fn invalid(field: &str, fault: Fault) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            fault,
        }
    }

    /// The HTTP status (RFC 9110 §15) of an answer that carries this: an outcome is the client's to deal with, only a fault of
    /// ours is a 5xx.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInNeeded => 401,
            Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::Refused(_) | Self::SentBefore { .. } | Self::Changed => 409,
            Self::Outdated => 410,
            Self::Invalid { .. } => 422,
            Self::TooMany { .. } => 429,
            Self::Internal => 500,
            Self::Unreachable | Self::CannotTell { .. } => 503,
        }
    }

    /// The fault of the named field, where this error is about it.
    pub fn fault_of(&self, name: &str) -> Option<&Fault> {
        match self {
            Self::Invalid { field, fault } if field == name => Some(fault),
            _ => None,
        }
    }
}

impl From<pass::Refusal> for AppError {
    fn from(refusal: pass::Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            // An old page and a new server disagree about a function's arguments or answer.
            ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::Outdated,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_) => Self::Internal,
        }
    }
}
