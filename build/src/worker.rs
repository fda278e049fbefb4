//! The service worker: the hand-written script of `public/`, preceded by what only the build knows.

use anyhow::Result;

/// Its name in `public/` and on the server. It keeps it: a browser looks for updates at the address it registered.
pub const NAME: &str = "sw.js";

/// The script with `BUILD` (a hash over all files, so that any change is an update) and `FILES` (what it keeps for
/// starting without a network) before it.
///
/// # Errors
/// Never in practice: strings are always JSON.
pub fn with_list(script: &str, build: &str, files: &[String]) -> Result<String> {
    let list = serde_json::to_string(files)?;
    Ok(format!(
        "const BUILD = \"{build}\";\nconst FILES = {list};\n{script}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_stands_before_the_script() {
        let text = with_list("self.x = FILES;\n", "0a1b", &["/pkg/a.js".to_owned()]).unwrap();
        assert_eq!(
            text,
            "const BUILD = \"0a1b\";\nconst FILES = [\"/pkg/a.js\"];\nself.x = FILES;\n"
        );
    }
}
