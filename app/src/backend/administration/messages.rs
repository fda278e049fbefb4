//! What was sent, what waits, and what could not be sent.

use super::Administrator;
use crate::admin::messages::api::{MessageQuery, Messages, Row};
use crate::backend::{telling, viewer};
use crate::error::AppError;
use pass::Channel;
use store::MessageId;
use store::message::{CODE, Filter, Message, Standing};
use uuid::Uuid;

/// Messages on a page.
const PAGE: u16 = 50;

impl Administrator {
    /// Messages, newest first. The text of codes stays with their recipients.
    ///
    /// # Errors
    /// The store's.
    pub async fn messages(&self, query: &MessageQuery) -> Result<Messages, AppError> {
        let standing = query.state.as_deref();
        let filter = Filter {
            standing: Standing::ALL
                .into_iter()
                .find(|one| Some(one.as_str()) == standing),
            channel: query.channel,
        };
        let after = query.after.as_ref().and_then(|after| after.parse().ok());
        let page = store::message::search(self.pool(), self.site(), filter, after, PAGE).await?;
        let origin = viewer::origin(self.backend.secure)?;
        Ok(Messages {
            rows: page
                .rows
                .into_iter()
                .map(|message| self.row(message, &origin))
                .collect(),
            next: page.next.map(|cursor| cursor.to_string()),
            failed: store::message::failed_count(self.pool(), self.site()).await?,
            missing: self.missing_channels(),
            demo: self.viewer.site.demo,
        })
    }

    /// The ways that are not set up.
    pub(super) fn missing_channels(&self) -> Vec<Channel> {
        let reach = |channel: &Channel| self.backend.channels.reach(&self.viewer.site, *channel);
        Channel::ALL.into_iter().filter(|one| !reach(one)).collect()
    }

    fn row(&self, message: Message, origin: &str) -> Row {
        let is_code = message.kind == CODE;
        let again = message.may_be_tried_again(self.now);
        let standing = message.standing().as_str().to_owned();
        let words = telling::worded(&self.viewer.site, origin, message.channel, &message.content);
        Row {
            id: message.id.0,
            at: self.local(message.created_at),
            channel: message.channel,
            // A subscription's name says nothing to anybody.
            recipient: Some(message.recipient).filter(|_| message.channel != Channel::Push),
            heading: words.heading,
            body: Some(words.body).filter(|_| !is_code),
            state: standing,
            attempts: message.attempts,
            error: message.last_error,
            again,
        }
    }

    /// Lets one message that was given up be sent again, or all. Says how many.
    ///
    /// # Errors
    /// [`AppError::Changed`] when the one is not given up any more, or of no use any more.
    pub async fn try_again(&self, id: Option<Uuid>) -> Result<u64, AppError> {
        let count = store::message::try_again(self.pool(), self.site(), id.map(MessageId), self.now).await?;
        if id.is_some() && count == 0 {
            return Err(AppError::Changed);
        }
        Ok(count)
    }
}
