//! Which sign-ins of its own each site has: a TOML document, read strictly when the server starts.

use super::{SignIns, SiteSignIn, cas::Cas, oidc::Oidc};
use pass::site::{SiteCode, Text};
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another server may take to take a connection, and to answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);

/// What one site has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    oidc: Option<OidcConfig>,
    cas: Option<CasConfig>,
}

/// An OpenID provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The issuer, exactly as its discovery document names it.
    pub issuer: String,
    /// The name this server is registered under.
    pub client_id: String,
    /// The file with its secret; without one, it is a public client.
    client_secret_file: Option<PathBuf>,
    /// What the file held.
    #[serde(skip)]
    pub secret: Option<String>,
    /// The claim with the staff or student number.
    #[serde(default = "subject")]
    pub number_claim: String,
    /// Scopes to ask for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What the button says.
    #[serde(default = "label")]
    pub label: Text,
}

/// A CAS server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasConfig {
    /// Where it is; `/login` and the others are below.
    pub url: String,
    /// The attribute with the staff or student number; without one, the user's name is the number.
    pub number_attribute: Option<String>,
    /// What the button says.
    #[serde(default = "label")]
    pub label: Text,
}

fn subject() -> String {
    "sub".to_owned()
}

fn label() -> Text {
    Text::new("统一身份认证登录", "University sign-in")
}

/// Why the document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// It is not what is expected.
    #[error("{path} cannot be used: {cause}")]
    Document {
        /// The file.
        path: PathBuf,
        /// Where and why.
        cause: Box<toml::de::Error>,
    },
    /// A site's part of it has a fault.
    #[error("the sign-in of site {site} cannot be used: {what}")]
    Site {
        /// The site's code.
        site: String,
        /// What is wrong.
        what: String,
    },
    /// No client for the network can be made.
    #[error("no connections to a sign-in can be made: {0}")]
    Network(#[from] reqwest::Error),
}

/// Reads the document and the secrets that it names.
///
/// # Errors
/// What is wrong, and where.
pub fn read(path: &Path) -> Result<SignIns, ConfigError> {
    let text = text_of(path)?;
    let sites: BTreeMap<String, Site> = toml::from_str(&text).map_err(|cause| ConfigError::Document {
        path: path.to_owned(),
        cause: Box::new(cause),
    })?;
    // What another server answers is not followed elsewhere: it could lead to addresses that only this machine reaches.
    let network = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .build()?;
    let mut read = BTreeMap::new();
    for (code, site) in sites {
        let fault = |what: String| ConfigError::Site {
            site: code.clone(),
            what,
        };
        code.parse::<SiteCode>()
            .map_err(|_| fault("this is no site's code".to_owned()))?;
        if site.oidc.is_none() && site.cas.is_none() {
            return Err(fault("it names neither oidc nor cas".to_owned()));
        }
        let oidc = match site.oidc {
            Some(config) => {
                Some(Oidc::new(checked(config)?.map_err(&fault)?, network.clone()).map_err(&fault)?)
            }
            None => None,
        };
        let cas = match site.cas {
            Some(config) => {
                let url = address(&config.url).map_err(|what| fault(format!("url {what}")))?;
                Some(Cas::new(config, url, network.clone()))
            }
            None => None,
        };
        read.insert(code.clone(), SiteSignIn { oidc, cas });
    }
    Ok(SignIns(read))
}

/// The provider's part with its secret.
fn checked(mut config: OidcConfig) -> Result<Result<OidcConfig, String>, ConfigError> {
    if let Some(path) = &config.client_secret_file {
        let secret = text_of(path)?.trim().to_owned();
        if secret.is_empty() {
            return Ok(Err(format!("{} holds no secret", path.display())));
        }
        config.secret = Some(secret);
    }
    if let Err(what) = address(&config.issuer) {
        return Ok(Err(format!("issuer {what}")));
    }
    for (name, value) in [
        ("client_id", &config.client_id),
        ("number_claim", &config.number_claim),
    ] {
        if value.trim().is_empty() {
            return Ok(Err(format!("{name} is empty")));
        }
    }
    Ok(Ok(config))
}

/// An address that secrets may be sent to: by TLS, or on this machine.
fn address(text: &str) -> Result<Url, String> {
    let url: Url = text
        .parse()
        .map_err(|cause| format!("{text} is no address: {cause}"))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" || url.scheme() == "http" && here {
        Ok(url)
    } else {
        Err(format!("{text} does not begin with https://"))
    }
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::File {
        path: path.to_owned(),
        cause,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> Result<SignIns, String> {
        let folder = std::env::temp_dir().join(format!("campus-sign-in-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("secret"), "  quiet\n").unwrap();
        std::fs::write(folder.join("empty"), "\n").unwrap();
        let file = folder.join("sign-in.toml");
        std::fs::write(&file, text.replace("DIR", folder.to_str().unwrap())).unwrap();
        let read = read(&file).map_err(|error| error.to_string());
        std::fs::remove_dir_all(&folder).unwrap();
        read
    }

    #[test]
    fn each_site_has_its_own() {
        let read = read_text(
            "good",
            r#"
            [one.oidc]
            issuer = "https://id.example.edu"
            client_id = "campus-pass"
            client_secret_file = "DIR/secret"
            number_claim = "employee_number"
            scopes = ["profile"]
            label = { zh = "校园统一认证", en = "Campus ID" }
            [two.cas]
            url = "http://localhost:8000/cas"
            "#,
        )
        .unwrap();
        let ways = read.ways();
        assert_eq!(ways.0["one"].oidc, Some(Text::new("校园统一认证", "Campus ID")));
        assert_eq!(ways.0["one"].cas, None);
        assert_eq!(ways.0["two"].cas, Some(label()));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        for (name, text, says) in [
            (
                "word",
                "[one.oidc]\nissuer = 'https://a.example'\nclient = 'x'",
                "client",
            ),
            ("none", "[one]", "neither oidc nor cas"),
            (
                "code",
                "['One!'.cas]\nurl = 'https://a.example'",
                "no site's code",
            ),
            ("plain", "[one.cas]\nurl = 'http://a.example'", "https://"),
            (
                "address",
                "[one.oidc]\nissuer = 'a'\nclient_id = 'x'",
                "no address",
            ),
            (
                "id",
                "[one.oidc]\nissuer = 'https://a.example'\nclient_id = ' '",
                "client_id is empty",
            ),
            (
                "empty",
                "[one.oidc]\nissuer = 'https://a.example'\nclient_id = 'x'\nclient_secret_file = 'DIR/empty'",
                "holds no secret",
            ),
            (
                "missing",
                "[one.oidc]\nissuer = 'https://a.example'\nclient_id = 'x'\nclient_secret_file = 'DIR/missing'",
                "missing cannot be read",
            ),
        ] {
            let error = read_text(name, text).err().unwrap();
            assert!(error.contains(says), "{name}: {error}");
        }
    }
}
