//! Mail, by SMTP.
//!
//! **Twice?** A mail may be handed over again when the server took it and its answer did not arrive. SMTP knows no names of its own for
//! that; the `Message-ID` is the message's, so that many mailboxes show it once, but none has to.

use super::settings::MailServer;
use super::settings::TellingError;
use super::{ANSWER, Undelivered};
use app::backend::telling::Worded;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use store::message::Due;

/// The mail server.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// What the settings say. Nothing is connected to yet.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn new(server: &MailServer) -> Result<Mail, TellingError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&server.url)
            .map_err(|error| TellingError::MailServer(error.to_string()))?
            .timeout(Some(ANSWER));
        if let Some((user, password)) = &server.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Mail {
            transport: builder.build(),
            from: server.from.clone(),
        })
    }

    /// Hands one mail over.
    ///
    /// # Errors
    /// Why the server did not take it.
    pub async fn send(&self, due: &Due, words: &Worded) -> Result<(), Undelivered> {
        let mail = self.written(due, words)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) => Err(undelivered(&error)),
        }
    }

    fn written(&self, due: &Due, words: &Worded) -> Result<Message, Undelivered> {
        let unusable = || Undelivered::Never("unusable".to_owned());
        let to = due.recipient.parse().map_err(|_| unusable())?;
        let domain = self.from.email.domain();
        // Nobody's absence is answered to a machine (RFC 3834 §5).
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let mut mail = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{domain}>", due.id)))
            .date(due.created_at.into())
            .subject(words.heading.clone().unwrap_or_default())
            .header(ContentType::TEXT_PLAIN)
            .body(words.body.clone())
            .map_err(|_| unusable())?;
        mail.headers_mut().insert_raw(automatic);
        Ok(mail)
    }
}

/// What a refusal comes to. A recipient or a text that the server refuses for good stays refused; a login that it refuses is the
/// operator's to mend, and the mail waits for that.
fn undelivered(error: &Error) -> Undelivered {
    let code = error.status().map(u16::from);
    if let Some(code) = code {
        let said = format!("answered {code}");
        let of_login = matches!(code, 530 | 534 | 535 | 538);
        return if error.is_permanent() && !of_login {
            Undelivered::Never(said)
        } else {
            Undelivered::Again(said)
        };
    }
    Undelivered::Again(
        if error.is_timeout() {
            "timeout"
        } else {
            "unreachable"
        }
        .to_owned(),
    )
}
