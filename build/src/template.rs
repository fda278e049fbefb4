//! `{{logical name}}` in a script of `public/pkg/` becomes the address of that file in this build.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

/// Fills in every `{{name}}`.
///
/// # Errors
/// When a name is not among `files`, or a bracket is not closed. A script can only name what was put before it: the
/// module's files and the stylesheet, and scripts earlier in the alphabet.
pub fn fill(text: &str, files: &BTreeMap<String, String>) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("a {{ is not closed")?;
        let address = files
            .get(name.trim())
            .with_context(|| format!("no file is called {name}"))?;
        filled.push_str(before);
        filled.push_str(address);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        let files = BTreeMap::from([("app.js".to_owned(), "/pkg/app.1.js".to_owned())]);
        let filled = fill("import a from \"{{app.js}}\"; // {{ app.js }}", &files).unwrap();
        assert_eq!(filled, "import a from \"/pkg/app.1.js\"; // /pkg/app.1.js");
        assert!(fill("{{other.js}}", &files).is_err());
        assert!(fill("{{app.js", &files).is_err());
    }
}
