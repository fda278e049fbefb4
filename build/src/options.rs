//! The command line.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// What `--help` says.
pub const USAGE: &str = "campus-build [--dev] [--out DIR]
  --dev      an unoptimised module with names, built in seconds
  --out DIR  where the site is put (default: var/site, with --dev var/dev/site)";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// An unoptimised build, for working on the pages; otherwise what is tested is what ships.
    pub dev: bool,
    /// The directory that the server serves.
    pub out: PathBuf,
}

impl Options {
    /// Reads the arguments after the program's name; `None` asks for help.
    ///
    /// # Errors
    /// On an argument it does not know.
    pub fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>> {
        let (mut dev, mut out) = (false, None);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--dev" => dev = true,
                "--out" => match arguments.next() {
                    Some(directory) => out = Some(PathBuf::from(directory)),
                    None => bail!("--out needs a directory"),
                },
                "--help" | "-h" => return Ok(None),
                other => bail!("{other} is not known here\n{USAGE}"),
            }
        }
        let out = out.unwrap_or_else(|| PathBuf::from(if dev { "var/dev/site" } else { "var/site" }));
        Ok(Some(Self { dev, out }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Options>> {
        Options::from_arguments(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_default_is_what_ships() {
        let options = read("").unwrap().unwrap();
        assert_eq!(
            options,
            Options {
                dev: false,
                out: "var/site".into()
            }
        );
    }

    #[test]
    fn a_directory_can_be_named() {
        assert_eq!(
            read("--dev --out x/y").unwrap().unwrap(),
            Options {
                dev: true,
                out: "x/y".into()
            }
        );
        assert_eq!(read("--help").unwrap(), None);
        assert!(read("--out").is_err());
        assert!(read("--what").is_err());
    }
}
