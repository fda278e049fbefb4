//! What an operator sets: by flags or by the environment, secrets by file.

use crate::deliver::settings::TellingSettings;
use crate::shelf::{Bucket, BucketError, Login, Shelf};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Settings of every command.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Where PostgreSQL is.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
    /// A file with the 256-bit master key, in 64 hexadecimal digits, that seals the issuer keys. Back it up apart from the
    /// database: without it no pass can be signed any more.
    #[arg(long, env = "CAMPUS_SEAL_KEY_FILE")]
    pub seal_key_file: PathBuf,
}

/// Settings of `serve`.
#[derive(Args, Clone, Debug)]
pub struct Serving {
    /// The address and port to listen on.
    #[arg(long, env = "CAMPUS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: std::net::SocketAddr,
    /// The folder of built files.
    #[arg(long, env = "CAMPUS_SITE_DIR", default_value = "target/site")]
    pub site_dir: PathBuf,
    /// Pages are reached by TLS (through a proxy): cookies insist on it.
    #[arg(long, env = "CAMPUS_SECURE")]
    pub secure: bool,
    /// Believe the `X-Forwarded-For` header of the proxy in front; only where nobody can reach the server around it.
    #[arg(long, env = "CAMPUS_TRUST_PROXY")]
    pub trust_proxy: bool,
    /// A TOML document with the sites' own sign-ins (OpenID Connect, CAS); without one, people sign in by phone and password.
    #[arg(long, env = "CAMPUS_SIGN_IN_FILE")]
    pub sign_in_file: Option<PathBuf>,
    /// Connections to PostgreSQL at the most.
    #[arg(long, env = "CAMPUS_DATABASE_CONNECTIONS", default_value_t = 20)]
    pub database_connections: u32,
    /// How people are told something.
    #[command(flatten)]
    pub telling: TellingSettings,
    /// Where attachments go.
    #[command(flatten)]
    pub bucket: BucketSettings,
}

/// A bucket of an S3-compatible store for attachments; without one they are kept in PostgreSQL.
#[derive(Args, Clone, Debug, Default)]
pub struct BucketSettings {
    /// The address of the S3-compatible store that attachments are kept in, for instance https://s3.example.edu.
    #[arg(long, env = "CAMPUS_BUCKET_URL", requires_all = ["bucket_name", "bucket_key", "bucket_secret_file"])]
    pub bucket_url: Option<String>,
    /// The bucket's name. It must be there, and nobody else may read it.
    #[arg(long, env = "CAMPUS_BUCKET_NAME")]
    pub bucket_name: Option<String>,
    /// The region that requests are signed for.
    #[arg(long, env = "CAMPUS_BUCKET_REGION", default_value = "us-east-1")]
    pub bucket_region: String,
    /// The bucket is named by the host (https://NAME.s3.example.edu), and not by the path.
    #[arg(long, env = "CAMPUS_BUCKET_BY_HOST")]
    pub bucket_by_host: bool,
    /// The id of the access key.
    #[arg(long, env = "CAMPUS_BUCKET_KEY")]
    pub bucket_key: Option<String>,
    /// A file with the access key's secret.
    #[arg(long, env = "CAMPUS_BUCKET_SECRET_FILE")]
    pub bucket_secret_file: Option<PathBuf>,
}

impl BucketSettings {
    /// Where attachments go.
    ///
    /// # Errors
    /// When the secret cannot be read, or the address is none.
    pub fn shelf(&self) -> Result<Shelf, SettingsError> {
        let (Some(url), Some(name), Some(key), Some(path)) = (
            &self.bucket_url,
            &self.bucket_name,
            &self.bucket_key,
            &self.bucket_secret_file,
        ) else {
            return Ok(Shelf::Database);
        };
        let secret = std::fs::read_to_string(path).map_err(|cause| SettingsError::BucketSecretFile {
            path: path.clone(),
            cause,
        })?;
        let login = Login {
            url,
            name,
            region: &self.bucket_region,
            by_host: self.bucket_by_host,
            key,
            secret: secret.trim(),
        };
        Ok(Shelf::Bucket(Arc::new(Bucket::new(&login)?)))
    }
}

/// A site that is to be made.
#[derive(Args, Clone, Debug)]
pub struct NewSite {
    /// The short name in every pass: 1 to 15 of a-z, 0-9 and -. It never changes.
    #[arg(long)]
    pub code: String,
    /// What people call it, in Chinese.
    #[arg(long)]
    pub name: String,
    /// What people call it, in English; without it the Chinese name.
    #[arg(long)]
    pub name_en: Option<String>,
    /// The IANA time zone whose days count.
    #[arg(long, default_value = "Asia/Shanghai")]
    pub time_zone: String,
    /// A host name it is asked under, without port; may be given several times.
    #[arg(long, required = true)]
    pub host: Vec<String>,
    /// The login of its first administrator; the password is printed once.
    #[arg(long, default_value = "admin")]
    pub administrator: String,
}

/// Pass kinds that are to be published.
#[derive(Args, Clone, Debug)]
pub struct PublishKinds {
    /// The code of the site they are for.
    #[arg(long)]
    pub site: String,
    /// The folder whose `.toml` documents are published.
    pub folder: PathBuf,
}

/// A preset that is to be published.
#[derive(Args, Clone, Debug)]
pub struct PublishPreset {
    /// The code of the site it is for.
    #[arg(long)]
    pub site: String,
    /// Which one: cqu, hit or everyday.
    pub preset: app::backend::presets::Preset,
}

/// What the demonstration's logins are printed with.
#[derive(Args, Clone, Debug)]
pub struct Showing {
    /// The address and port that the server will listen on.
    #[arg(long, env = "CAMPUS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: std::net::SocketAddr,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The master key's file cannot be read.
    #[error("the master key cannot be read from {path}: {cause}")]
    SealKeyFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The secret of the bucket's access key cannot be read.
    #[error("the secret of the bucket's access key cannot be read from {path}: {cause}")]
    BucketSecretFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The bucket's address is none.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// The file holds something else.
    #[error(
        "{0} does not hold a master key: 64 hexadecimal digits on one line are expected (make one with: openssl rand -hex 32)"
    )]
    SealKey(PathBuf),
}

impl Settings {
    /// The master key.
    ///
    /// # Errors
    /// When the file cannot be read or holds no key.
    pub fn seal_key(&self) -> Result<[u8; 32], SettingsError> {
        let path = self.seal_key_file.clone();
        let text = std::fs::read_to_string(&path).map_err(|cause| SettingsError::SealKeyFile {
            path: path.clone(),
            cause,
        })?;
        from_hex(text.trim()).ok_or(SettingsError::SealKey(path))
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::from_hex;

    #[test]
    fn a_master_key_is_64_hexadecimal_digits() {
        assert_eq!(from_hex(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(from_hex(&"0f".repeat(31)), None);
        assert_eq!(from_hex(&"0g".repeat(32)), None);
    }
}
