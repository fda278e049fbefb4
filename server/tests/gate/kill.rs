//! The server is killed in the middle of uploads, again and again: what it acknowledged is there, once.

use crate::world::{SEAL_KEY, Tablet, World, now, upload_body};
use app::gate::wire::Acknowledged;
use sqlx::ConnectOptions as _;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::Pool;

/// The server's own program, ended with this value.
struct Program {
    child: Child,
    port: u16,
}

impl Program {
    fn start(database: &str, folder: &std::path::Path) -> Self {
        std::fs::write(folder.join("files.json"), "{}").unwrap();
        std::fs::write(folder.join("seal.key"), SEAL_KEY).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_campus-pass"))
            .arg("serve")
            .env("DATABASE_URL", database)
            .env("CAMPUS_SEAL_KEY_FILE", folder.join("seal.key"))
            .env("CAMPUS_SITE_DIR", folder)
            .env("CAMPUS_LISTEN", "127.0.0.1:0")
            .env("NO_COLOR", "1")
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it listens; what follows is read away, so that it never waits for a full pipe.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| port_in(&line))
            .expect("the server says its address");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// SIGKILL: no last words.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// One upload over a connection of its own; none when the server died over it.
fn upload(port: u16, tablet: &Tablet, events: &[(u64, Vec<u8>)]) -> Option<Acknowledged> {
    let body = upload_body(events);
    let path = "/api/gate/v1/events";
    let authorization = tablet.authorization("POST", path, &body, now());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(body).ok()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_killed_server_acknowledged_is_there_once(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let mut tablet = world.tablet(1).await;
    let database = pool.connect_options().to_url_lossy().to_string();
    let folder = std::env::temp_dir().join(format!("campus-pass-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();

    let events = tablet.events(600);
    let mut acknowledged = 0_u64;
    let mut kills = 0;
    while usize::try_from(acknowledged).unwrap() < events.len() {
        let program = Program::start(&database, &folder);
        let port = program.port;
        // Killed a little later each time: before, in and after a transaction.
        let life = Duration::from_millis(40 + 35 * kills % 400);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(life);
            program.kill();
        });
        while let Some(rest) = events
            .get(usize::try_from(acknowledged).unwrap()..)
            .filter(|rest| !rest.is_empty())
        {
            let Some(answer) = upload(port, &tablet, &rest[..rest.len().min(7)]) else {
                break;
            };
            assert_eq!(answer.quarantined, 0);
            assert!(
                answer.acknowledged >= acknowledged,
                "an acknowledgement is never taken back"
            );
            acknowledged = answer.acknowledged;
        }
        killer.join().unwrap();
        kills += 1;
        assert!(kills < 200, "{acknowledged} acknowledged after {kills} kills");
    }
    assert!(kills >= 3, "the server was killed only {kills} times");

    let stored = world.admissions().await;
    assert_eq!(stored.len(), events.len());
    let numbers: BTreeSet<u64> = stored.iter().map(|admission| admission.seq).collect();
    assert_eq!(numbers, (1..=acknowledged).collect());
    let kept = store::tablet::get(&pool, world.site, tablet.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.acknowledged, acknowledged);
    std::fs::remove_dir_all(folder).unwrap();
}
