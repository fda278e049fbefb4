//! The real provider and the real CAS server, each a process of its own on a free port. They end with their standard input, so none outlives
//! the tests, however those end.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running one.
pub struct Running {
    child: Child,
    /// Kept open: whoever writes into a pipe that nobody reads is ended.
    _output: BufReader<ChildStdout>,
    /// Where it is.
    pub url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The OpenID provider, which leads back to these addresses.
pub fn oidc(back: &[&str]) -> Running {
    let mut command = Command::new("node");
    command.arg(folder("end2end/providers/oidc.mjs")).args(back);
    start(command)
}

/// The CAS server, whose tickets are for services that this pattern fits.
pub fn cas(pattern: &str) -> Running {
    let mut command = Command::new(folder("var/cas/bin/python"));
    command.arg(folder("end2end/providers/cas.py")).arg(pattern);
    start(command)
}

fn folder(path: &str) -> PathBuf {
    Path::new("..").join(path)
}

fn start(mut command: Command) -> Running {
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = child
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; script/need test installs it"));
    let mut url = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut url).unwrap();
    let url = url.trim().to_owned();
    assert!(
        url.starts_with("http://"),
        "{command:?} did not start; script/need test installs what it needs"
    );
    Running {
        child,
        _output: output,
        url,
    }
}
