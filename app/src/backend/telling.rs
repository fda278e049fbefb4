//! Telling people: messages put into words, and how one chooses to be told.

use super::channels::Channels;
use super::{Backend, Viewer, codes, secret};
use crate::account::telling::api::Telling;
use crate::error::{AppError, Fault};
use crate::sentences::notice;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use pass::{Channel, Language};
use store::contact::Contact;
use store::message::Content;
use store::push::{PushKey, Subscription};
use store::rate::Limit;
use store::sign_in::Redeemed;
use store::site::Site;

/// Codes sent for one account: each is a mail to somebody.
const MAIL_ACCOUNT_HOUR: Limit = Limit {
    scope: "mail-account-hour",
    most: 5,
    window: SignedDuration::from_hours(1),
};
/// Codes sent to one address, whoever asks: nobody's mailbox is to be filled from here.
const MAIL_ADDRESS_DAY: Limit = Limit {
    scope: "mail-address-day",
    most: 5,
    window: SignedDuration::from_hours(24),
};

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worded {
    /// A mail's subject, or the title of what a browser shows.
    pub heading: Option<String>,
    /// What it says.
    pub body: String,
    /// The path of the site where it leads.
    pub path: Option<String>,
}

/// Puts a message into words. `origin` is where the site is reached: `https://pass.example.edu`.
pub fn worded(site: &Site, origin: &str, channel: Channel, content: &Content) -> Worded {
    let (said, language) = match content {
        Content::Written { subject, body } => {
            return Worded {
                heading: subject.clone(),
                body: body.clone(),
                path: None,
            };
        }
        Content::Notice(said, language) => (said, *language),
    };
    let path = said.path();
    let link = format!("{origin}{path}");
    let path = Some(path);
    match channel {
        Channel::Sms => Worded {
            heading: None,
            body: notice::sms(&site.name, said, language, &link),
            path,
        },
        Channel::Mail => {
            let account = format!("{origin}/account");
            let words = notice::mail(&site.name, said, language, &link, &account);
            Worded {
                heading: Some(words.heading),
                body: words.body,
                path,
            }
        }
        Channel::Push => {
            let words = notice::words(said, language);
            Worded {
                heading: Some(words.heading),
                body: words.body,
                path,
            }
        }
    }
}

/// A mail address in its one written form. What is refused here is what no mail server takes; whether somebody reads it, a code
/// shows.
///
/// # Errors
/// `mail` missing, malformed, or too long.
pub fn mail_of(given: &str) -> Result<String, AppError> {
    let mail = pass::household::normalise(given);
    if mail.is_empty() {
        return Err(AppError::invalid("mail", Fault::Missing));
    }
    if mail.len() > 254 {
        return Err(AppError::invalid("mail", Fault::TooLong { max_chars: 254 }));
    }
    let malformed = || AppError::invalid("mail", Fault::Malformed);
    let (name, domain) = mail.rsplit_once('@').ok_or_else(malformed)?;
    let good_name = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte));
    let good_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if good_name && domain.contains('.') && domain.split('.').all(good_label) {
        Ok(format!("{name}@{}", domain.to_ascii_lowercase()))
    } else {
        Err(malformed())
    }
}

/// Somebody who looks at how they are told, or changes it.
pub struct Person {
    backend: Backend,
    viewer: Viewer,
    now: Timestamp,
}

impl Person {
    /// The person who asks.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`].
    pub async fn asking() -> Result<Person, AppError> {
        Ok(Person {
            viewer: super::viewer().await?,
            backend: super::backend()?,
            now: super::now(),
        })
    }

    async fn contact(&self) -> Result<Contact, AppError> {
        store::contact::get(&self.backend.pool, self.viewer.site_id(), self.viewer.id())
            .await?
            .ok_or(AppError::SignInNeeded)
    }

    fn channels(&self) -> &Channels {
        &self.backend.channels
    }

    /// Passes when messages of this kind reach people here.
    fn must_reach(&self, channel: Channel) -> Result<(), AppError> {
        if self.channels().reach(&self.viewer.site, channel) {
            Ok(())
        } else {
            Err(AppError::CannotTell { channel })
        }
    }

    /// How the person is told.
    ///
    /// # Errors
    /// The store's.
    pub async fn telling(&self) -> Result<Telling, AppError> {
        let contact = self.contact().await?;
        let site = &self.viewer.site;
        let reach = |channel| self.channels().reach(site, channel);
        let push_key = if reach(Channel::Push) {
            let key = push_key(&self.backend, site, self.now).await?;
            Some(URL_SAFE_NO_PAD.encode(key.public))
        } else {
            None
        };
        Ok(Telling {
            phone: contact.phone.as_deref().map(super::viewer::masked),
            chosen: contact.chosen(),
            possible: Channel::ALL.into_iter().filter(|one| reach(*one)).collect(),
            language: contact.language,
            mail: contact.mail,
            own_mail: contact.own_mail,
            new_mail: contact.new_mail,
            browsers: contact.subscriptions.len(),
            push_key,
        })
    }

    /// Chooses ways and language.
    ///
    /// # Errors
    /// The store's.
    pub async fn choose(&self, channels: &[Channel], language: Language) -> Result<(), AppError> {
        let (site, id) = (self.viewer.site_id(), self.viewer.id());
        store::contact::choose(&self.backend.pool, site, id, channels, language).await?;
        Ok(())
    }

    /// Sends a code to a mail address.
    ///
    /// # Errors
    /// `mail` unusable, [`AppError::TooMany`], [`AppError::CannotTell`].
    pub async fn ask_mail(&self, given: &str) -> Result<(), AppError> {
        self.must_reach(Channel::Mail)?;
        let mail = mail_of(given)?;
        let (backend, site, id) = (&self.backend, self.viewer.site_id(), self.viewer.id());
        codes::take(backend, site, &MAIL_ACCOUNT_HOUR, &id.to_string(), self.now).await?;
        codes::take(backend, site, &MAIL_ADDRESS_DAY, &mail, self.now).await?;
        let code = secret::six_digits();
        let hash = self.mail_code_hash(&code);
        let words = notice::mail_code(&self.viewer.site.name, &code);
        let words = (words.heading.as_str(), words.body.as_str());
        store::contact::ask_mail(&backend.pool, site, id, &mail, &hash, words, self.now).await?;
        Ok(())
    }

    /// Takes the code that was sent there.
    ///
    /// # Errors
    /// `code` missing, wrong, or expired.
    pub async fn confirm_mail(&self, given: &str) -> Result<(), AppError> {
        let code = codes::code_of(given)?;
        let (pool, site, id) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        let hash = self.mail_code_hash(&code);
        match store::contact::confirm_mail(pool, site, id, &hash, self.now).await? {
            Redeemed::Right => Ok(()),
            Redeemed::Wrong { .. } => Err(AppError::invalid("code", Fault::Wrong)),
            Redeemed::Gone => Err(AppError::invalid("code", Fault::Expired)),
        }
    }

    fn mail_code_hash(&self, code: &str) -> [u8; 32] {
        secret::hash("mail-code", &[&self.viewer.id().to_string(), code])
    }

    /// Forgets the mail address.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_mail(&self) -> Result<(), AppError> {
        store::contact::forget_mail(&self.backend.pool, self.viewer.site_id(), self.viewer.id()).await?;
        Ok(())
    }

    /// Lets a browser show the person's notices. The keys are in base64url, as browsers hand them out.
    ///
    /// # Errors
    /// `endpoint` of no push service that may be called, or the keys malformed; [`AppError::CannotTell`].
    pub async fn subscribe(&self, endpoint: &str, p256dh: &str, auth: &str) -> Result<(), AppError> {
        self.must_reach(Channel::Push)?;
        if !self.channels().push.may_call(endpoint) {
            return Err(AppError::invalid("endpoint", Fault::Malformed));
        }
        let subscription = Subscription {
            endpoint: endpoint.to_owned(),
            p256dh: bytes("p256dh", p256dh)?,
            auth: bytes("auth", auth)?,
        };
        let (pool, site, id) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        store::push::subscribe(pool, site, id, &subscription, self.now).await?;
        Ok(())
    }

    /// Lets a browser show them no more.
    ///
    /// # Errors
    /// The store's.
    pub async fn unsubscribe(&self, endpoint: &str) -> Result<(), AppError> {
        let (pool, site, id) = (&self.backend.pool, self.viewer.site_id(), self.viewer.id());
        store::push::unsubscribe(pool, site, id, endpoint).await?;
        Ok(())
    }
}

fn bytes<const N: usize>(field: &str, given: &str) -> Result<[u8; N], AppError> {
    URL_SAFE_NO_PAD
        .decode(given.trim_end_matches('='))
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| AppError::invalid(field, Fault::Malformed))
}

/// The key by which push services know the site; made when it is first asked for.
///
/// # Errors
/// The store's; [`AppError::Internal`] when sealing fails.
pub async fn push_key(backend: &Backend, site: &Site, now: Timestamp) -> Result<PushKey, AppError> {
    if let Some(key) = store::push::key(&backend.pool, site.id).await? {
        return Ok(key);
    }
    let fresh = backend.issuers.fresh_push_key(site.id)?;
    store::push::keep_key(&backend.pool, site.id, &fresh, now).await?;
    // Another server may have been first.
    store::push::key(&backend.pool, site.id)
        .await?
        .ok_or(AppError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_one_written_form() {
        for (given, mail) in [
            (" Zhang.San@Example.EDU ", "Zhang.San@example.edu"),
            ("a+b@x.cn", "a+b@x.cn"),
            ("ａ＠ｘ．ｃｎ", "a@x.cn"),
        ] {
            assert_eq!(mail_of(given).as_deref(), Ok(mail));
        }
        for given in [
            "zhang",
            "@x.cn",
            "a@",
            "a@x",
            "a@x..cn",
            "a b@x.cn",
            "a@x.cn, b@x.cn",
            "a\n@x.cn",
            "<a@x.cn>",
            "a@-x.cn",
            ".a@x.cn",
            "a..b@x.cn",
            "张@x.cn",
        ] {
            assert_eq!(
                mail_of(given),
                Err(AppError::invalid("mail", Fault::Malformed)),
                "{given:?}"
            );
        }
        let long = format!("a@{}.cn", "x".repeat(254));
        assert!(matches!(
            mail_of(&long),
            Err(AppError::Invalid {
                fault: Fault::TooLong { .. },
                ..
            })
        ));
        assert_eq!(mail_of(" "), Err(AppError::invalid("mail", Fault::Missing)));
    }
}
