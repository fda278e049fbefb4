//! Handing messages over: to a gateway for text messages, a mail server, the push services of browsers.
//!
//! Nothing is lost: what was written in a transaction is tried until it was handed over, or given up where an operator sees it.
//! Nothing is sent twice as long as nobody dies: a message is claimed by one job at a time, for longer than a try may take. A job that
//! dies between handing over and noting it leaves its claim to lapse, and the message is handed over once more **under the same
//! name**. What that comes to is up to the other side, and each adapter says so. Exactly once is not to be had between two machines.

pub mod mail;
pub mod push;
pub mod settings;
pub mod sms;

use app::backend::channels::Channels;
use app::backend::issuer::Issuers;
use app::backend::telling::{Worded, worded};
use mail::Mail;
use pass::Channel;
use push::Push;
use settings::{TellingError, TellingSettings};
use sms::Sms;
use std::sync::Arc;
use std::time::Duration;
use store::Pool;
use store::message::Due;
use store::site::Site;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the other side may take to answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long one message may take in all. A claim is held longer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Why a message was not handed over: a word that [`app::sentences::trouble`] knows, and what there is to say besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// Another try may go better.
    Again(String),
    /// No further try will.
    Never(String),
}

/// Where the pages are reached from outside; messages lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// By TLS.
    pub secure: bool,
    /// The port that browsers must name; absent where it is the usual one.
    pub port: Option<u16>,
}

impl Outside {
    /// Where a site is reached: the first of its host names.
    pub fn origin(&self, site: &Site) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let host = site.hosts.first().map_or("localhost", String::as_str);
        match self.port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }
}

/// The ways out of this server.
pub struct Delivery {
    sms: Option<Sms>,
    mail: Option<Mail>,
    push: Push,
    outside: Outside,
}

impl Delivery {
    /// What the settings say.
    ///
    /// # Errors
    /// What cannot be used, in one sentence.
    pub fn new(
        settings: &TellingSettings,
        issuers: Arc<Issuers>,
        outside: Outside,
    ) -> Result<Delivery, TellingError> {
        let services = settings.push_services()?;
        // One client: its connections are shared. Nobody sends it elsewhere.
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("campus-pass/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| TellingError::Client(error.to_string()))?;
        Ok(Delivery {
            sms: settings
                .sms_gateway()?
                .map(|gateway| Sms::new(client.clone(), gateway)),
            mail: settings
                .mail_server()?
                .map(|server| Mail::new(&server))
                .transpose()?,
            push: Push::new(client, services, issuers),
            outside,
        })
    }

    /// What is set up.
    pub fn channels(&self) -> Channels {
        Channels {
            sms: self.sms.is_some(),
            mail: self.mail.is_some(),
            push: self.push.services().clone(),
        }
    }

    /// Hands a message over.
    ///
    /// # Errors
    /// Why that failed, and whether to try again.
    pub async fn deliver(&self, pool: &Pool, site: &Site, due: &Due) -> Result<(), Undelivered> {
        if site.demo {
            // Its page of messages is where it is delivered.
            return Ok(());
        }
        let words = worded(site, &self.outside.origin(site), due.channel, &due.content);
        let handed_over = self.hand_over(pool, site, due, &words);
        tokio::time::timeout(PATIENCE, handed_over)
            .await
            .unwrap_or_else(|_| Err(Undelivered::Again("timeout".to_owned())))
    }

    async fn hand_over(
        &self,
        pool: &Pool,
        site: &Site,
        due: &Due,
        words: &Worded,
    ) -> Result<(), Undelivered> {
        let missing = |word: &str| Undelivered::Again(word.to_owned());
        match due.channel {
            Channel::Sms => {
                let sms = self.sms.as_ref().ok_or_else(|| missing("no-gateway"))?;
                sms.send(site, due, words).await
            }
            Channel::Mail => {
                let mail = self.mail.as_ref().ok_or_else(|| missing("no-mail-server"))?;
                mail.send(due, words).await
            }
            Channel::Push => {
                let contact = self.outside.origin(site);
                self.push.send(pool, site, due, words, &contact).await
            }
        }
    }
}

/// What a failed call over HTTP comes to.
fn unanswered(error: &reqwest::Error) -> Undelivered {
    Undelivered::Again(
        if error.is_timeout() {
            "timeout"
        } else {
            "unreachable"
        }
        .to_owned(),
    )
}

/// What an answer over HTTP comes to: handed over, to be tried again, or never to be taken. A request that the other side does not
/// understand or allow is not mended by repeating it.
fn answered(status: reqwest::StatusCode) -> Result<(), Undelivered> {
    let said = || format!("answered {}", status.as_u16());
    if status.is_success() {
        Ok(())
    } else if status.is_client_error() && !matches!(status.as_u16(), 408 | 429) {
        Err(Undelivered::Never(said()))
    } else {
        Err(Undelivered::Again(said()))
    }
}
