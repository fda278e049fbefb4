//! By which ways this server can tell people something.

use pass::Channel;
use store::site::Site;

/// What is set up. A demonstration needs nothing of it: its messages are shown on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// A gateway for text messages.
    pub sms: bool,
    /// A mail server.
    pub mail: bool,
    /// The push services that may be talked to.
    pub push: PushServices,
}

impl Channels {
    /// Whether messages of this kind reach people of the site.
    pub fn reach(&self, site: &Site, channel: Channel) -> bool {
        site.demo
            || match channel {
                Channel::Sms => self.sms,
                Channel::Mail => self.mail,
                Channel::Push => !self.push.is_empty(),
            }
    }
}

/// The push services that may be talked to. A browser names its service's address itself, and the server calls there: without a list,
/// whoever can sign in could make it call anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushServices(Vec<Allowed>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Allowed {
    /// This host and those below it, by TLS on its usual port.
    Host(String),
    /// Scheme, host and port, as written.
    Origin(String),
}

/// An entry that is neither a host name nor an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a host name nor http(s)://HOST:PORT")]
pub struct BadEntry(String);

impl PushServices {
    /// The longest address of a subscription that is taken, in bytes.
    pub const LONGEST: usize = 1000;

    /// Reads host names and origins with commas between; `none` for no service at all.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn read(list: &str) -> Result<Self, BadEntry> {
        let entries = list
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty() && *entry != "none");
        let read = entries.map(|entry| {
            let entry = entry.to_ascii_lowercase();
            if entry.contains("://") {
                return origin_of(&entry)
                    .filter(|origin| *origin == entry)
                    .map(Allowed::Origin)
                    .ok_or(BadEntry(entry));
            }
            let good = entry
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
            if good {
                Ok(Allowed::Host(entry))
            } else {
                Err(BadEntry(entry))
            }
        });
        Ok(Self(read.collect::<Result<_, _>>()?))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a subscription's address is one of theirs.
    pub fn may_call(&self, endpoint: &str) -> bool {
        if endpoint.len() > Self::LONGEST {
            return false;
        }
        let Ok(address) = endpoint.parse::<http::Uri>() else {
            return false;
        };
        let (Some(host), Some(origin)) = (address.host(), origin_of(endpoint)) else {
            return false;
        };
        let host = host.to_ascii_lowercase();
        self.0.iter().any(|allowed| match allowed {
            Allowed::Origin(one) => *one == origin,
            Allowed::Host(one) => {
                address.scheme_str() == Some("https")
                    && address.port().is_none()
                    && (host == *one || host.ends_with(&format!(".{one}")))
            }
        })
    }
}

/// The scheme, host and port of an address without a user's name in it.
pub fn origin_of(address: &str) -> Option<String> {
    let address: http::Uri = address.parse().ok()?;
    let scheme = address
        .scheme_str()
        .filter(|one| matches!(*one, "http" | "https"))?;
    let authority = address.authority()?;
    let plain = !authority.as_str().contains('@');
    plain.then(|| format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_services_of_the_list_are_called() {
        let services =
            PushServices::read("fcm.googleapis.com, push.services.mozilla.com,http://127.0.0.1:9").unwrap();
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://FCM.googleapis.com/x",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "http://127.0.0.1:9/x",
        ] {
            assert!(services.may_call(good), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://evilfcm.googleapis.com.example/x",
            "https://notfcm.googleapis.com/x",
            "https://fcm.googleapis.com@10.0.0.1/x",
            "http://x@127.0.0.1:9/x",
            "http://127.0.0.1:90/x",
            "https://10.0.0.1/",
            "fcm.googleapis.com",
            "/x",
            "",
        ] {
            assert!(!services.may_call(bad), "{bad}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "x".repeat(1000));
        assert!(!services.may_call(&long));
    }

    #[test]
    fn the_list_is_read_strictly() {
        assert!(PushServices::read("none").unwrap().is_empty());
        assert!(PushServices::read("").unwrap().is_empty());
        for bad in ["a b", "ftp://x", "https://x/path", "x/y", "*.example"] {
            assert!(PushServices::read(bad).is_err(), "{bad}");
        }
    }
}
