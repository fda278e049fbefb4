//! The commands that are not `serve`.

use crate::demo;
use crate::settings::{NewSite, Settings, Showing};
use app::backend::channels::Channels;
use app::backend::issuer::Issuers;
use app::backend::{Assets, Backend, now, password, secret, session};
use pass::{Role, SiteCode, Text};
use std::io::Write as _;
use std::sync::Arc;
use store::account::NewAccount;

type Done = Result<(), Box<dyn std::error::Error>>;

/// Brings the database up to this version.
///
/// # Errors
/// What is missing, in one sentence.
pub async fn migrate(settings: &Settings) -> Done {
    let pool = open(settings, 1).await?;
    store::migrate(&pool).await?;
    Ok(())
}

/// Makes a site with its first administrator, whose password is printed once.
///
/// # Errors
/// What is missing or taken, in one sentence.
pub async fn create_site(settings: &Settings, new: &NewSite) -> Done {
    let code: SiteCode = new
        .code
        .parse()
        .map_err(|_| "a site's code has 1 to 15 of the characters a-z, 0-9 and -")?;
    if jiff::tz::TimeZone::get(&new.time_zone).is_err() {
        return Err(format!("{} is no time zone of the IANA database", new.time_zone).into());
    }
    let backend = backend(settings, 2).await?;
    let hosts: Vec<String> = new.host.iter().map(|host| host.to_ascii_lowercase()).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let name = Text::new(&new.name, new.name_en.as_deref().unwrap_or(&new.name));
    let site = store::site::NewSite {
        code: &code,
        name: &name,
        time_zone: &new.time_zone,
        hosts: &hosts,
        demo: false,
    };
    let login =
        session::login_of(&new.administrator).map_err(|_| "a login has 1 to 64 characters and no spaces")?;
    let word = secret::password();
    let hash = password::hash(&word).map_err(|_| "the password could not be hashed")?;
    let account = NewAccount {
        display_name: &login,
        login: Some(&login),
        password_hash: Some(&hash),
        phone: None,
    };
    let make_key = |site| backend.issuers.fresh(site).map_err(Into::into);
    store::site::found(&backend.pool, site, account, make_key, now())
        .await
        .map_err(|error| match error.conflict() {
            Some(store::Conflict::SiteCodeTaken) => "another site has this code".to_owned(),
            Some(store::Conflict::HostTaken) => "another site is asked under this host name".to_owned(),
            _ => error.to_string(),
        })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "site           {}", new.code)?;
    writeln!(out, "administrator  {login}")?;
    writeln!(
        out,
        "password       {word}    (shown this once; change it after signing in)"
    )?;
    Ok(())
}

/// Makes the demonstration sites, as far as they are not there, and prints their logins.
///
/// # Errors
/// What is missing, in one sentence.
pub async fn demo(settings: &Settings, showing: &Showing) -> Done {
    let backend = backend(settings, 4).await?;
    demo::make(&backend, now())
        .await
        .map_err(|error| format!("the demonstration could not be made: {error}"))?;
    let port = showing.listen.port();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "云岭大学（演示） Yunling University (demonstration)  http://localhost:{port}"
    )?;
    writeln!(out, "  居民 resident    手机号 phone  {}", demo::VISITOR_PHONE)?;
    writeln!(
        out,
        "                   短信验证码 codes appear at  http://localhost:{port}/demo/messages"
    )?;
    for (role, name) in [
        (Role::Office, "社区办 office "),
        (Role::Guard, "门岗 guard    "),
        (Role::Administrator, "管理员 admin  "),
    ] {
        if let Some(staff) = demo::STAFF.iter().find(|staff| staff.role == role) {
            writeln!(
                out,
                "  {name}   账号 login  {:<8}密码 password  {}",
                staff.login, staff.password
            )?;
        }
    }
    for login in demo::LOGINS {
        writeln!(
            out,
            "  {} {}  账号 login  {:<12}密码 password  {}",
            login.zh, login.en, login.login, login.password
        )?;
    }
    let second = &demo::SECOND;
    writeln!(
        out,
        "海棠学院（第二单位） Haitang College, a second site   http://second.localhost:{port}"
    )?;
    writeln!(
        out,
        "  管理员 admin     账号 login  {:<8}密码 password  {}",
        second.login, second.password
    )?;
    Ok(())
}

async fn open(settings: &Settings, connections: u32) -> Result<store::Pool, String> {
    store::open(&settings.database_url, connections, None)
        .await
        .map_err(|error| format!("the database cannot be reached: {error}"))
}

async fn backend(settings: &Settings, connections: u32) -> Result<Backend, Box<dyn std::error::Error>> {
    Ok(Backend {
        pool: open(settings, connections).await?,
        issuers: Arc::new(Issuers::new(&settings.seal_key()?)),
        assets: Arc::new(Assets::default()),
        secure: false,
        channels: Channels::default(),
    })
}
