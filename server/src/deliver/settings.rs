//! What an operator sets for telling people: by flags or by the environment, secrets by file.

use app::backend::channels::{BadEntry, PushServices};
use clap::Args;
use lettre::message::Mailbox;
use reqwest::Url;
use std::path::{Path, PathBuf};

/// The push services of the browsers there are.
const SERVICES: &str = "fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com";

/// Settings for telling people. What is left out is a way that is not there.
#[derive(Args, Clone, Debug, Default)]
pub struct TellingSettings {
    /// Where the gateway for text messages takes them: https://…
    #[arg(long, env = "CAMPUS_SMS_URL")]
    pub sms_url: Option<String>,
    /// The name by which the gateway knows the key.
    #[arg(long, env = "CAMPUS_SMS_KEY_ID")]
    pub sms_key_id: Option<String>,
    /// A file with the secret that requests to the gateway are signed with.
    #[arg(long, env = "CAMPUS_SMS_SECRET_FILE")]
    pub sms_secret_file: Option<PathBuf>,
    /// The mail server: smtps://HOST (TLS), smtp://HOST?tls=required (STARTTLS), or smtp://HOST (no encryption: only to this machine
    /// or a network of its own).
    #[arg(long, env = "CAMPUS_SMTP_URL")]
    pub smtp_url: Option<String>,
    /// The login at the mail server, where it wants one.
    #[arg(long, env = "CAMPUS_SMTP_USER")]
    pub smtp_user: Option<String>,
    /// A file with the password of that login.
    #[arg(long, env = "CAMPUS_SMTP_PASSWORD_FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// Whom mails are from: "校园通行 <pass@example.edu>".
    #[arg(long, env = "CAMPUS_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The push services that may be called, with commas between: host names, or http://HOST:PORT; "none" for no notices in browsers.
    #[arg(long, env = "CAMPUS_PUSH_SERVICES", default_value = SERVICES)]
    pub push_services: String,
}

/// The gateway for text messages.
#[derive(Clone)]
pub struct Gateway {
    /// Where it takes them.
    pub url: Url,
    /// The name by which it knows the key.
    pub key_id: String,
    /// What requests are signed with.
    pub secret: Vec<u8>,
}

/// The mail server.
#[derive(Clone)]
pub struct MailServer {
    /// Where and how it is reached.
    pub url: String,
    /// Login and password.
    pub login: Option<(String, String)>,
    /// Whom mails are from.
    pub from: Mailbox,
}

/// Why the settings for telling people cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TellingError {
    /// Some of what belongs together is missing.
    #[error("{given} is set, and {missing} is not")]
    Missing {
        /// What is there.
        given: &'static str,
        /// What is not.
        missing: &'static str,
    },
    /// An address that is none.
    #[error("{name} is not an address that begins with {schemes}")]
    Address {
        /// The setting.
        name: &'static str,
        /// What it may begin with.
        schemes: &'static str,
    },
    /// A secret in an address, where it would be logged and listed.
    #[error(
        "CAMPUS_SMTP_URL holds a password; put it into a file and name that by CAMPUS_SMTP_PASSWORD_FILE"
    )]
    SecretInAddress,
    /// A secret's file that cannot be read, or holds none.
    #[error("{name}: no secret can be read from {path}: {cause}")]
    File {
        /// The setting.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// A sender that is none.
    #[error("CAMPUS_MAIL_FROM is not of the form: 校园通行 <pass@example.edu>")]
    Sender,
    /// A key's name that no header carries.
    #[error("CAMPUS_SMS_KEY_ID may have letters, digits and signs of ASCII only")]
    KeyId,
    /// The mail server's address cannot be used.
    #[error("CAMPUS_SMTP_URL cannot be used: {0}")]
    MailServer(String),
    /// An unreadable list of push services.
    #[error("CAMPUS_PUSH_SERVICES: {0}")]
    Services(#[from] BadEntry),
    /// There is no TLS on this machine.
    #[error("the client for outgoing requests cannot be made: {0}")]
    Client(String),
}

impl TellingSettings {
    /// The gateway, where one is set.
    ///
    /// # Errors
    /// What is missing or cannot be used.
    pub fn sms_gateway(&self) -> Result<Option<Gateway>, TellingError> {
        let Some(url) = &self.sms_url else {
            return Ok(None);
        };
        let given = "CAMPUS_SMS_URL";
        let missing = |missing| TellingError::Missing { given, missing };
        let key_id = self.sms_key_id.as_ref();
        let key_id = key_id.ok_or_else(|| missing("CAMPUS_SMS_KEY_ID"))?;
        if key_id.is_empty() || !key_id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TellingError::KeyId);
        }
        let file = self.sms_secret_file.as_ref();
        let file = file.ok_or_else(|| missing("CAMPUS_SMS_SECRET_FILE"))?;
        let url = Url::parse(url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        Ok(Some(Gateway {
            url: url.ok_or(TellingError::Address {
                name: given,
                schemes: "https:// or http://",
            })?,
            key_id: key_id.clone(),
            secret: secret("CAMPUS_SMS_SECRET_FILE", file)?.into_bytes(),
        }))
    }

    /// The mail server, where one is set.
    ///
    /// # Errors
    /// What is missing or cannot be used.
    pub fn mail_server(&self) -> Result<Option<MailServer>, TellingError> {
        let Some(address) = &self.smtp_url else {
            return Ok(None);
        };
        let given = "CAMPUS_SMTP_URL";
        let url = Url::parse(address).ok();
        let url = url.filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
        let url = url.ok_or(TellingError::Address {
            name: given,
            schemes: "smtps:// or smtp://",
        })?;
        if url.password().is_some() || !url.username().is_empty() {
            return Err(TellingError::SecretInAddress);
        }
        let from = self.mail_from.as_ref().ok_or(TellingError::Missing {
            given,
            missing: "CAMPUS_MAIL_FROM",
        })?;
        let login = match (&self.smtp_user, &self.smtp_password_file) {
            (Some(user), Some(file)) => Some((user.clone(), secret("CAMPUS_SMTP_PASSWORD_FILE", file)?)),
            (None, None) => None,
            (Some(_), None) => {
                return Err(TellingError::Missing {
                    given: "CAMPUS_SMTP_USER",
                    missing: "CAMPUS_SMTP_PASSWORD_FILE",
                });
            }
            (None, Some(_)) => {
                return Err(TellingError::Missing {
                    given: "CAMPUS_SMTP_PASSWORD_FILE",
                    missing: "CAMPUS_SMTP_USER",
                });
            }
        };
        Ok(Some(MailServer {
            url: address.clone(),
            login,
            from: from.parse().map_err(|_| TellingError::Sender)?,
        }))
    }

    /// The push services that may be called.
    ///
    /// # Errors
    /// The first entry that is none.
    pub fn push_services(&self) -> Result<PushServices, TellingError> {
        Ok(PushServices::read(&self.push_services)?)
    }
}

/// A file's secret: its text without the line's end.
fn secret(name: &'static str, path: &Path) -> Result<String, TellingError> {
    let fault = |cause: String| TellingError::File {
        name,
        path: path.to_owned(),
        cause,
    };
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(fault("it is empty".to_owned()));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(settings: &TellingSettings) -> String {
        let sms = settings.sms_gateway().err().map(|error| error.to_string());
        let mail = settings.mail_server().err().map(|error| error.to_string());
        sms.or(mail).unwrap_or_default()
    }

    #[test]
    fn what_is_left_out_is_not_there_and_halves_are_told() {
        let some = |text: &str| Some(text.to_owned());
        let none = TellingSettings::default();
        assert!(none.sms_gateway().unwrap().is_none() && none.mail_server().unwrap().is_none());
        assert!(none.push_services().unwrap().is_empty());
        let file = std::env::temp_dir().join(format!("campus-secret-{}", std::process::id()));
        std::fs::write(&file, "s3cret\n").unwrap();
        let good = TellingSettings {
            sms_url: some("https://sms.example/v1?app=1"),
            sms_key_id: some("campus"),
            sms_secret_file: Some(file.clone()),
            smtp_url: some("smtps://mail.example"),
            smtp_user: some("pass"),
            smtp_password_file: Some(file.clone()),
            mail_from: some("校园通行 <pass@example.edu>"),
            push_services: SERVICES.to_owned(),
        };
        assert_eq!(said(&good), "");
        assert_eq!(good.sms_gateway().unwrap().unwrap().secret, b"s3cret");
        let server = good.mail_server().unwrap().unwrap();
        assert_eq!(server.login, Some(("pass".to_owned(), "s3cret".to_owned())));
        assert!(!good.push_services().unwrap().is_empty());
        type Spoil = fn(&mut TellingSettings);
        let spoilt: [(Spoil, &str); 8] = [
            (|one| one.sms_key_id = None, "CAMPUS_SMS_KEY_ID is not"),
            (|one| one.sms_secret_file = None, "CAMPUS_SMS_SECRET_FILE is not"),
            (
                |one| one.sms_url = Some("sms.example".into()),
                "CAMPUS_SMS_URL is not an address",
            ),
            (|one| one.sms_key_id = Some("键".into()), "CAMPUS_SMS_KEY_ID may"),
            (
                |one| one.sms_secret_file = Some("/no/such/file".into()),
                "/no/such/file",
            ),
            (|one| one.mail_from = None, "CAMPUS_MAIL_FROM is not"),
            (
                |one| one.smtp_url = Some("smtp://a:b@mail.example".into()),
                "holds a password",
            ),
            (
                |one| one.smtp_password_file = None,
                "CAMPUS_SMTP_PASSWORD_FILE is not",
            ),
        ];
        for (spoil, words) in spoilt {
            let mut settings = good.clone();
            spoil(&mut settings);
            assert!(said(&settings).contains(words), "{words}: {}", said(&settings));
        }
        std::fs::remove_file(file).unwrap();
    }
}
